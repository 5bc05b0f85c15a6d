"""ReflectionPadding2D: against np.pad, its adjoint, counted by hand, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numpygan import ReflectionPadding2D


def built(padding, shape):
    return ReflectionPadding2D(padding).build(shape, dtype=np.float64)


def test_a_row_and_a_column_by_hand():
    x = np.array([[1.0, 2, 3], [4, 5, 6]]).reshape(1, 2, 3, 1)
    y = built(1, (2, 3, 1)).forward(x)
    expected = [[5, 4, 5, 6, 5], [2, 1, 2, 3, 2], [5, 4, 5, 6, 5], [2, 1, 2, 3, 2]]
    np.testing.assert_array_equal(y[0, ..., 0], expected)


def test_ones_come_back_as_the_number_of_copies():
    layer = built(1, (4, 4, 1))
    layer.forward(np.zeros((1, 4, 4, 1)))
    rows = np.array([1, 2, 2, 1])  # rows 1 and 2 are seen in the mirror too
    np.testing.assert_array_equal(
        layer.input_gradient(np.ones((1, 6, 6, 1)))[0, ..., 0], np.outer(rows, rows)
    )
    layer = built(2, (3, 3, 1))
    layer.forward(np.zeros((1, 3, 3, 1)))
    rows = np.array([2, 3, 2])  # row 1 twice beside its own, rows 0 and 2 once
    np.testing.assert_array_equal(
        layer.input_gradient(np.ones((1, 7, 7, 1)))[0, ..., 0], np.outer(rows, rows)
    )


@given(
    size=st.tuples(st.integers(2, 6), st.integers(2, 6)),
    C=st.integers(1, 3),
    data=st.data(),
    seed=st.integers(0, 99),
)
def test_as_numpys_pad_and_its_adjoint(size, C, data, seed):
    H, W = size
    ph, pw = data.draw(st.integers(1, H - 1)), data.draw(st.integers(1, W - 1))
    layer, rng = built((ph, pw), (H, W, C)), np.random.default_rng(seed)
    x = rng.standard_normal((2, H, W, C))
    y = layer.forward(x)
    np.testing.assert_array_equal(y, np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)), mode="reflect"))
    dy = rng.standard_normal(y.shape)
    before = dy.copy()
    assert np.vdot(y, dy) == pytest.approx(np.vdot(x, layer.input_gradient(dy)), rel=1e-9, abs=1e-12)
    np.testing.assert_array_equal(dy, before)


def test_a_single_number_stands_for_both_directions():
    assert built(2, (3, 4, 1)).output_shape == (7, 8, 1)
    assert built((1, 2), (3, 4, 1)).output_shape == (5, 8, 1)


@pytest.mark.parametrize(
    ("padding", "error"),
    [(0, ValueError), (-1, ValueError), ((1, 2, 3), ValueError), (1.5, TypeError), (None, TypeError),
     ("same", TypeError), (True, TypeError)],
)  # fmt: skip
def test_wrong_paddings(padding, error):
    with pytest.raises(error, match="ReflectionPadding2D: padding must be a positive integer"):
        ReflectionPadding2D(padding)


@pytest.mark.parametrize(("padding", "shape"), [(3, (3, 9, 1)), ((1, 4), (5, 4, 2)), (1, (1, 1, 1))])
def test_a_mirror_larger_than_the_image(padding, shape):
    with pytest.raises(ValueError, match="mirrors more rows or columns than an image of"):
        built(padding, shape)


def test_no_image():
    with pytest.raises(
        ValueError, match=r"ReflectionPadding2D expects samples of shape \(H, W, C\), got \(12,\)"
    ):
        built(1, (12,))
