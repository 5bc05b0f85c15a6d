"""The same verdict on functions that are there already, as in a notebook."""

import numpy as np
import pytest

from numpygan import workbook


def dense_forward(x, W, b):
    return x @ W


def test_a_function():
    verdict = workbook.check("dense_forward", dense_forward, lang="en")
    assert not verdict and verdict.cause == "no_bias"
    assert workbook.check(2, lambda x, W, b: x @ W + b)


def test_several_functions():
    functions = {"tanh_forward": lambda x: x, "tanh_backward": lambda dy, y: dy}
    assert workbook.check("tanh", functions).status == "wrong"
    with pytest.raises(ValueError, match="pass a dict such as {'tanh_forward': tanh_forward"):
        workbook.check("tanh", lambda x: x)
    assert workbook.check("tanh", {}).cause == "missing"


def test_a_notebook_shows_it_with_what_it_says():
    def dense_forward(x, W, b):
        raise RuntimeError("<b>no</b>")

    shown = workbook.check("dense_forward", dense_forward, lang="en")._repr_html_()
    assert "&lt;b&gt;no" in shown and "<b>no" not in shown
    assert "cannot be judged" in shown and "#D55E00" in shown


def test_korean():
    assert "편향 b가 빠졌습니다" in str(workbook.check("dense_forward", dense_forward, lang="ko"))


@pytest.mark.parametrize("name", ["dense", 0, 27, None])
def test_no_such_exercise(name):
    with pytest.raises(ValueError, match="no exercise"):
        workbook.check(name, dense_forward)


def test_a_function_without_a_signature():
    answer = {"tanh_forward": np.tanh, "tanh_backward": lambda dy, y: dy * (1 - y * y)}
    assert workbook.check("tanh", answer)


def test_ctrl_c_is_passed_on():
    def interrupted(x, W, b):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workbook.check("dense_forward", interrupted)
