"""Flatten and Reshape: the order of the numbers, the way back, and errors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numpygan import Flatten, Reshape

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


def test_flatten_by_hand():
    layer = Flatten().build((2, 2, 1))
    # The last axis runs fastest: rows of the image one after another.
    x = [[[[1], [2]], [[3], [4]]], [[[5], [6]], [[7], [8]]]]
    np.testing.assert_array_equal(layer.forward(x), [[1, 2, 3, 4], [5, 6, 7, 8]])
    dx = layer.input_gradient([[10, 20, 30, 40], [50, 60, 70, 80]])
    np.testing.assert_array_equal(dx[0, :, :, 0], [[10, 20], [30, 40]])
    assert layer.output_shape == (4,)


def test_reshape_by_hand():
    layer = Reshape((2, 3)).build((6,))
    np.testing.assert_array_equal(layer.forward([[1, 2, 3, 4, 5, 6]]), [[[1, 2, 3], [4, 5, 6]]])
    np.testing.assert_array_equal(layer.input_gradient([[[6, 5, 4], [3, 2, 1]]]), [[6, 5, 4, 3, 2, 1]])


@given(shape=SHAPES, N=st.integers(1, 3), seed=st.integers(0, 999))
def test_there_and_back_again(shape, N, seed):
    x = np.random.default_rng(seed).standard_normal((N, *shape))
    flatten = Flatten().build(shape, dtype=np.float64)
    reshape = Reshape(shape).build(flatten.output_shape, dtype=np.float64)
    y = flatten.forward(x)
    assert y.shape == (N, math.prod(shape))
    np.testing.assert_array_equal(reshape.forward(y), x)
    np.testing.assert_array_equal(flatten.input_gradient(reshape.input_gradient(x)), x)


def test_an_array_in_another_memory_order_is_read_in_index_order():
    x = np.arange(24.0, dtype=np.float32).reshape(2, 3, 4)
    layer = Flatten().build((3, 4))
    np.testing.assert_array_equal(layer.forward(np.asfortranarray(x)), x.reshape(2, 12))


def test_sizes_that_do_not_fit():
    with pytest.raises(ValueError) as error:
        Reshape((28, 28), name="image").build((100,))
    assert str(error.value) == "Reshape 'image' cannot turn (100,) (100 numbers) into (28, 28) (784 numbers)"


@pytest.mark.parametrize("shape", [784, "28", None, 2.5])
def test_target_shape_that_is_no_tuple(shape):
    with pytest.raises(TypeError, match=r"Reshape: target_shape must be a tuple such as \(784,\) or"):
        Reshape(shape)


@pytest.mark.parametrize("shape, error", [((0, 3), ValueError), ((-1, 7), ValueError), ((2.5, 2), TypeError)])
def test_sizes_that_are_not_positive_integers(shape, error):
    with pytest.raises(error) as raised:
        Reshape(shape)
    assert f"Reshape: each size in target_shape {shape} must be a positive integer" in str(raised.value)
