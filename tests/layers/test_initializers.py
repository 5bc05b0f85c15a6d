"""Initialisers: their variances, measured, and what these are good for."""

import json
import math

import numpy as np
import pytest

from numpygan import Conv2D, Conv2DTranspose, Dense, ReLU, Sequential
from numpygan.layers.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Initializer,
    Normal,
    fans,
)

DENSE, KERNEL = (300, 200), (3, 5, 40, 100)  # fans 300, 200 and 3 * 5 * 40 = 600, 1500

VARIANCES = [
    (GlorotNormal(), DENSE, 2 / 500),
    (GlorotUniform(), DENSE, 2 / 500),
    (HeNormal(), DENSE, 2 / 300),
    (HeUniform(), DENSE, 2 / 300),
    (Normal(), DENSE, 0.0004),
    (Normal(0.5), DENSE, 0.25),
    (GlorotNormal(), KERNEL, 2 / 2100),
    (GlorotUniform(), KERNEL, 2 / 2100),
    (HeNormal(), KERNEL, 2 / 600),
    (HeUniform(), KERNEL, 2 / 600),
]


def test_fans_by_hand():
    assert fans((4, 7)) == (4, 7)
    # Each output sums a window of 3 * 3 pixels with 4 channels.
    assert fans((3, 3, 4, 7)) == (36, 63)


@pytest.mark.parametrize("initializer, shape, variance", VARIANCES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mean_and_variance(initializer, shape, variance, dtype):
    W = initializer(shape, np.random.default_rng(0), dtype)
    assert W.shape == shape and W.dtype == dtype
    # 60,000 numbers: a variance is known to sqrt(2 / 60000) = 0.6 %, a mean to std / 245.
    assert W.var() == pytest.approx(variance, rel=0.025)
    assert abs(W.mean()) < 4 * math.sqrt(variance / W.size)


@pytest.mark.parametrize("initializer, shape, variance", VARIANCES)
def test_shapes_of_the_distributions(initializer, shape, variance):
    W = initializer(shape, np.random.default_rng(1), np.float64) / math.sqrt(variance)
    if "Uniform" in type(initializer).__name__:
        # Between -sqrt(3) and sqrt(3), up to the edges; half of it within sqrt(3) / 2.
        assert 0.999 * math.sqrt(3) < np.abs(W).max() <= math.sqrt(3)
        assert (np.abs(W) < math.sqrt(3) / 2).mean() == pytest.approx(0.5, abs=0.01)
    else:
        # 68.3 % within one standard deviation, 0.27 % beyond three.
        assert (np.abs(W) < 1).mean() == pytest.approx(0.6827, abs=0.01)
        assert (np.abs(W) > 3).mean() == pytest.approx(0.0027, abs=0.001)


def test_the_same_seed_draws_the_same_numbers():
    for initializer in (GlorotUniform(), HeNormal()):
        one = initializer((3, 4), np.random.default_rng(5), np.float32)
        two = initializer((3, 4), np.random.default_rng(5), np.float32)
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    "initializer, low, high", [(HeNormal(), 0.25, 4), (HeUniform(), 0.25, 4), (Normal(), 0, 1e-9)]
)
def test_he_carries_a_signal_through_twenty_relu_layers(initializer, low, high):
    # He keeps the mean square of what enters each ReLU at 1, give or take chance in 20
    # layers (Glorot would end at 2^-20); 0.02 shrinks it by 256 * 0.0004 / 2 = 0.05 per layer.
    layers = []
    for _ in range(20):
        layers += [ReLU(), Dense(256, initializer=initializer)]
    x = np.random.default_rng(2).standard_normal((64, 256), dtype=np.float32)
    y = Sequential(layers, input_shape=(256,), rng=3).forward(x)
    assert low <= np.square(y).mean() < high


def test_glorot_keeps_the_variance_forwards_and_backwards_where_the_fans_are_equal():
    rng = np.random.default_rng(4)
    layer = Dense(400).build((400,), rng=rng)  # GlorotUniform unless told otherwise
    x, dy = rng.standard_normal((2, 100, 400), dtype=np.float32)
    assert layer.forward(x).var() == pytest.approx(1, abs=0.05)
    assert layer.input_gradient(dy).var() == pytest.approx(1, abs=0.05)


def test_kernels_need_two_axes():
    with pytest.raises(ValueError, match=r"fans need a kernel shape \(..., in, out\), got \(5,\)"):
        GlorotUniform()((5,), np.random.default_rng(0), np.float32)


@pytest.mark.parametrize(
    "stddev, error", [(-1, ValueError), (math.nan, ValueError), ("a", TypeError), (None, TypeError)]
)
def test_standard_deviations_that_are_none(stddev, error):
    with pytest.raises(error, match=r"Normal: stddev must be .*\[0, inf\), got"):
        Normal(stddev)


@pytest.mark.parametrize("initializer", [HeNormal(), HeUniform(), GlorotNormal(), Normal(0.5)])
@pytest.mark.parametrize("kind, sizes", [(Dense, [2]), (Conv2D, [2, 3]), (Conv2DTranspose, [2, 3])])
def test_a_layers_config_holds_its_initializer(kind, sizes, initializer):
    twin = kind(**json.loads(json.dumps(kind(*sizes, initializer=initializer).config())))
    assert type(twin.initializer) is type(initializer)
    assert vars(twin.initializer) == vars(initializer)


def test_a_config_without_an_initializer_means_glorot():
    assert Dense(2).config() == {"units": 2, "initializer": None}
    assert type(Dense(units=2, initializer=None).initializer) is GlorotUniform


def test_an_initializer_of_ones_own_is_not_described():
    class HeNormal(Initializer):  # a name of the library's does not make it one
        def variance(self, shape):
            return 1.0

    for own in (HeNormal(), lambda shape, rng, dtype: np.zeros(shape, dtype)):
        assert Dense(2, initializer=own).initializer is own
        assert Dense(2, initializer=own).config()["initializer"] is None


@pytest.mark.parametrize("description", [{}, {"kind": "Dense"}, {"kind": None}])
def test_descriptions_of_no_initializer(description):
    with pytest.raises(ValueError, match="Dense: no initializer .*: expected one of GlorotNormal,"):
        Dense(2, initializer=description)


def test_an_initializer_without_a_variance_says_so():
    with pytest.raises(TypeError, match=r"Initializer must define variance\(shape\)"):
        Initializer()((2, 3), np.random.default_rng(0), np.float32)
