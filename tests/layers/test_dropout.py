"""Dropout: the mask's values, its statistics, and the same mask on the way back."""

import math

import numpy as np
import pytest

from numpygan import Dropout

SHAPE = (200, 500)  # 100,000 numbers


def test_training_drops_the_share_rate_and_scales_the_rest():
    rate = 0.3
    layer = Dropout(rate).build(SHAPE[1:], rng=1, dtype=np.float64)
    y = layer.forward(np.ones(SHAPE), training=True)
    assert set(np.unique(y)) == {0, 1 / (1 - rate)}
    # Standard deviation of a share over n draws: sqrt(0.3 * 0.7 / 100000) = 0.00145.
    assert abs((y == 0).mean() - rate) < 4 * 0.00145
    # Of the mean of y: sqrt(0.3 / 0.7 / 100000) = 0.00207.
    assert abs(y.mean() - 1) < 4 * 0.00207


def test_each_number_is_dropped_on_its_own():
    y = Dropout(0.5).build((500,), rng=2).forward(np.ones(SHAPE), training=True)
    dropped = y == 0
    # Neither whole samples nor whole features: shares vary as 1/sqrt(n), not as 0 or 1.
    assert 0.3 < dropped.mean(axis=0).min() and dropped.mean(axis=0).max() < 0.7
    assert 0.4 < dropped.mean(axis=1).min() and dropped.mean(axis=1).max() < 0.6


def test_gradient_passes_through_the_same_mask():
    rng = np.random.default_rng(3)
    layer = Dropout(0.4).build((6,), rng=rng, dtype=np.float64)
    x, dy = rng.uniform(1, 2, (5, 6)), rng.standard_normal((5, 6))
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(layer.input_gradient(dy), dy * (y / x), rtol=1e-14)
    assert (y == 0).any() and (y != 0).any()


def test_inference_changes_nothing_even_after_training():
    rng = np.random.default_rng(4)
    layer = Dropout(0.9).build((6,), rng=rng)
    x, dy = rng.standard_normal((2, 5, 6), dtype=np.float32)
    layer.forward(x, training=True)
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.input_gradient(dy), dy)


def test_rate_zero_keeps_everything():
    layer = Dropout(0).build((6,), rng=5)
    x = np.random.default_rng(5).standard_normal((5, 6), dtype=np.float32)
    np.testing.assert_array_equal(layer.forward(x, training=True), x)


def test_masks_differ_from_call_to_call_and_repeat_with_the_seed():
    x = np.ones((4, 50), np.float32)

    def two_masks(seed):
        layer = Dropout(0.5).build((50,), rng=seed)
        return layer.forward(x, training=True), layer.forward(x, training=True)

    first, second = two_masks(6)
    assert (first != second).any()
    for again, before in zip(two_masks(6), (first, second), strict=True):
        np.testing.assert_array_equal(again, before)


@pytest.mark.parametrize("rate", [-0.1, 1, 50, math.nan])
def test_rate_out_of_range(rate):
    with pytest.raises(ValueError, match=r"Dropout 'drop': rate must be in \[0, 1\), got"):
        Dropout(rate, name="drop")


@pytest.mark.parametrize("rate", ["0.5", None, True])
def test_rate_of_a_wrong_type(rate):
    with pytest.raises(TypeError, match=r"Dropout: rate must be a number in \[0, 1\), got"):
        Dropout(rate)
