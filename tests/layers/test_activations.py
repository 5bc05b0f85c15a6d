"""Activations: values by hand, large inputs, and what a saturated sigmoid does."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from numpygan import LeakyReLU, ReLU, Sigmoid, Tanh
from numpygan.layers import sigmoid

DTYPES = [np.float32, np.float64]


def run(layer, x, dy, dtype=np.float64):
    """Return y and dx of an activation for one sample per row."""
    x, dy = np.atleast_2d(x).astype(dtype), np.atleast_2d(dy).astype(dtype)
    layer.build(x.shape[1:], dtype=dtype)
    return layer.forward(x), layer.input_gradient(dy)


@pytest.mark.parametrize(
    "layer, x, y, dx",
    [
        # dy is [10, 10, 10]; f' = 1, slope at 0, slope
        (LeakyReLU(), [2, 0, -3], [2, 0, -0.03], [10, 0.1, 0.1]),
        (LeakyReLU(0.25), [2, 0, -3], [2, 0, -0.75], [10, 2.5, 2.5]),
        (LeakyReLU(0), [2, 0, -3], [2, 0, 0], [10, 0, 0]),
        (ReLU(), [2, 0, -3], [2, 0, 0], [10, 0, 0]),
        # tanh(log 2) = (2 - 1/2) / (2 + 1/2) = 0.6,  1 - 0.36 = 0.64
        (Tanh(), [math.log(2), 0, -math.log(2)], [0.6, 0, -0.6], [6.4, 10, 6.4]),
        # sigmoid(log 3) = 1 / (1 + 1/3) = 0.75,  0.75 * 0.25 = 0.1875
        (Sigmoid(), [math.log(3), 0, -math.log(3)], [0.75, 0.5, 0.25], [1.875, 2.5, 1.875]),
    ],
)
def test_by_hand(layer, x, y, dx):
    got_y, got_dx = run(layer, x, [10, 10, 10])
    np.testing.assert_allclose(got_y, [y], rtol=1e-14)
    np.testing.assert_allclose(got_dx, [dx], rtol=1e-14)


@pytest.mark.parametrize("slope", [0.01, 0.1, 0.2, 0.3, 0.7])
def test_leaky_relu_has_slope_exactly_one_where_x_is_positive(slope):
    # 0.99 + 0.01 in float32 might not be 1.
    _, dx = run(LeakyReLU(slope), [5, -5], [1, 1], np.float32)
    np.testing.assert_array_equal(dx, np.array([[1, slope]], np.float32))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "layer, y, dx",
    [
        (LeakyReLU(), [1000, -10], [1, 0.01]),
        (ReLU(), [1000, 0], [1, 0]),
        (Tanh(), [1, -1], [0, 0]),
        (Sigmoid(), [1, 0], [0, 0]),
    ],
)
def test_plus_and_minus_a_thousand(layer, y, dx, dtype):
    layer = type(layer)()  # parametrize hands the same object to every test
    got_y, got_dx = run(layer, [1000, -1000], [1, 1], dtype)
    np.testing.assert_array_equal(got_y, np.array([y], dtype))
    np.testing.assert_array_equal(got_dx, np.array([dx], dtype))


def test_sigmoid_keeps_small_probabilities():
    # For very negative x, sigmoid(x) = e^x / (1 + e^x) = e^x to double precision.
    for dtype, rtol in ((np.float32, 1e-6), (np.float64, 1e-14)):
        x = np.array([-40.0, -60.0, -80.0], dtype)
        np.testing.assert_allclose(sigmoid(x), [math.exp(value) for value in x], rtol=rtol)


def test_a_saturated_float32_sigmoid_has_gradient_exactly_zero():
    y, dx = run(Sigmoid(), [20, 1000], [1, 1], np.float32)
    np.testing.assert_array_equal(y, [[1, 1]])
    np.testing.assert_array_equal(dx, [[0, 0]])
    # In float64 the same x = 20 still learns: f' = e^-20 to nine digits.
    _, dx = run(Sigmoid(), [20], [1], np.float64)
    np.testing.assert_allclose(dx, [[math.exp(-20)]], rtol=1e-7)


@given(hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(-1e6, 1e6)))
def test_sigmoid_of_x_and_of_minus_x_add_up_to_one(x):
    np.testing.assert_allclose(sigmoid(x) + sigmoid(-x), 1, rtol=1e-15)


@given(hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(-30, 30)))
def test_tanh_is_a_stretched_sigmoid(x):
    # tanh(x) = 2 sigmoid(2 x) - 1
    y, _ = run(Tanh(), x, np.ones_like(x))
    np.testing.assert_allclose(y[0], 2 * sigmoid(2 * x) - 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("kind", [LeakyReLU, ReLU, Tanh, Sigmoid])
def test_nan_is_passed_on(kind):
    y, _ = run(kind(), [np.nan, 1], [1, 1])
    assert np.isnan(y[0, 0]) and np.isfinite(y[0, 1])


def test_sigmoid_stays_in_the_dtype_of_x_even_for_a_scalar_array():
    assert sigmoid(np.zeros((2, 1), np.float32)).dtype == np.float32
    assert sigmoid(np.zeros((2, 1))).dtype == np.float64


def test_output_ranges():
    assert (Tanh.output_range, Sigmoid.output_range) == ((-1, 1), (0, 1))
    assert LeakyReLU.output_range is None


@pytest.mark.parametrize("slope", [-0.01, 1, 1.5, math.nan, math.inf])
def test_negative_slope_out_of_range(slope):
    with pytest.raises(ValueError, match=r"LeakyReLU 'act': negative_slope must be in \[0, 1\), got"):
        LeakyReLU(slope, name="act")


@pytest.mark.parametrize("slope", ["a", None, True, [0.1]])
def test_negative_slope_of_a_wrong_type(slope):
    with pytest.raises(TypeError, match=r"LeakyReLU: negative_slope must be a number in \[0, 1\), got"):
        LeakyReLU(slope)
