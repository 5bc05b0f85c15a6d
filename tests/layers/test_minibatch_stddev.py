"""Minibatch standard deviation: values by hand, and what it is for."""

import numpy as np
import pytest

from numpygan import MinibatchStddev


def test_values_by_hand():
    layer = MinibatchStddev(epsilon=1e-12).build((2,), dtype=np.float64)
    y = layer.forward(np.array([[1.0, 0.0], [3.0, 8.0]]))
    np.testing.assert_allclose(y, [[1, 0, 2.5], [3, 8, 2.5]])  # deviations 1 and 4
    dx = layer.input_gradient(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 3.0]]))
    np.testing.assert_allclose(dx, [[-1, -1], [1, 1]])  # dm = 4, K N = 4, (x - mean) / std = -1 or 1


def test_one_feature_is_added_with_the_same_number_in_every_place():
    layer = MinibatchStddev().build((3, 4, 2))
    assert layer.output_shape == (3, 4, 3)
    x = np.random.default_rng(0).standard_normal((5, 3, 4, 2), dtype=np.float32)
    y = layer.forward(x)
    np.testing.assert_array_equal(y[..., :2], x)
    assert y.dtype == np.float32 and np.unique(y[..., 2]).size == 1
    np.testing.assert_allclose(y[0, 0, 0, 2], x.std(axis=0).mean(), rtol=1e-6)


def test_equal_samples_show():
    layer = MinibatchStddev().build((3,))
    x = np.full((4, 3), 7.0, np.float32)
    y = layer.forward(x)
    assert y[0, 3] < 1e-3
    dx = layer.input_gradient(np.ones_like(y))
    np.testing.assert_array_equal(dx, 1)  # finite, where the deviation has no derivative


def test_it_has_no_tangent():
    layer = MinibatchStddev().build((3,))
    layer.forward(np.zeros((2, 3)))
    with pytest.raises(TypeError, match="mixes the samples of a batch"):
        layer.tangent(np.zeros((2, 3)))
