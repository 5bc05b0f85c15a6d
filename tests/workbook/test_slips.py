"""Each slip in a solution has a sentence, and what cannot be explained is not."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from numpygan import workbook
from numpygan.workbook.exercises import find, load_all
from numpygan.workbook.language import messages
from numpygan.workbook.made_of import made_of
from numpygan.workbook.replay import Recorder
from numpygan.workbook.slips import slips


@pytest.mark.parametrize("name", [exercise.name for exercise in load_all()])
def test_each_slip_can_be_said(name):
    solution = find(name).solution
    for function in ast.parse(solution).body:
        text = ast.get_source_segment(solution, function)
        found = list(slips(text, {}))
        assert found and all(changed != text for _, _, changed in found)
        for cause, values, _ in found:
            sentences = find(name).causes.get(cause) or messages()[cause]
            for sentence in sentences.values():
                assert sentence.format(array="x", **values)


def test_a_variable_in_the_place_of_another():
    def backward(dy, y):
        return dy * (1 - dy * y)

    verdict = workbook.check("tanh", {"tanh_forward": np.tanh, "tanh_backward": backward}, lang="en")
    assert verdict.cause == "wrong_name"
    assert verdict.reason == "dx: dy stands where y belongs"


def test_a_mistake_in_one_result_is_named_beside_another_that_has_no_name():
    def dense_backward(x, W, dy):
        return x[1:].T @ dy[1:], dy.sum(axis=0) + W[0] ** 3, dy @ W.T

    assert workbook.check("dense_backward", dense_backward).cause == "first_left_out"


def test_the_same_error_has_the_same_cause():
    def autoencoder_step(E, D, x):
        y = D.forward(E.forward(x))
        E.parameter_gradients(y - x)

    verdict = workbook.check("autoencoder_step", autoencoder_step, lang="en")
    assert verdict.status == "broken" and "D.input_gradient is missing" in str(verdict)


def test_an_error_of_another_kind_is_told_as_it_is():
    def dense_forward(x, W, b):
        return x @ undefined  # noqa: F821

    assert workbook.check("dense_forward", dense_forward).cause == "raises"


def test_made_of():
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(5, 4)), "W": rng.normal(size=(4, 3)), "t": rng.normal(size=(5, 4))}

    def same(a, b):
        return np.shape(a) == np.shape(b) and np.allclose(a, b)

    assert made_of(arrays["x"] * arrays["t"], arrays, same) == "x * t"
    assert made_of(-arrays["x"] @ arrays["W"], arrays, same) == "-(the matrix product of x and W)"
    assert made_of(np.exp(arrays["W"]).sum(axis=0), arrays, same) == "the sum of exp(W) along axis 0"
    assert made_of(rng.normal(size=(5, 4)), arrays, same) is None


def test_masks_may_be_of_booleans():
    mask = np.array([True, False, True])
    arrays = {"mask": mask, "dy": np.array([0.5, 2.0, 3.0])}
    assert made_of(arrays["dy"] - mask, arrays, np.array_equal) == "-(mask - dy)"


def test_arguments_with_which_the_solution_fails_explain_nothing():
    recorder = Recorder()
    backward = SimpleNamespace(dropout_backward=lambda dy, mask: dy)
    recorder.watch(backward, ["dropout_backward"]).dropout_backward(np.ones(3), None)
    assert recorder.explain(find("dropout").whole_solution) == (None, {})
