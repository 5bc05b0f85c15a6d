"""Spectral normalisation: sigma, its gradient, and copies, casts and files of a wrapped layer."""

import copy

import numpy as np
import pytest

from numpygan import (
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Sequential,
    SpectralNormalization,
    check_layer,
)
from numpygan.layers import GlorotUniform


def wrapped(kind=Dense, shape=(6,), seed=0, dtype=np.float64):
    layer = {Dense: Dense(4), Conv2D: Conv2D(3, 3), Conv2DTranspose: Conv2DTranspose(2, 3)}[kind]
    return SpectralNormalization(layer).build(shape, rng=seed, dtype=dtype)


def settle(layer, x, times=1000):
    for _ in range(times):
        layer.forward(x, training=True)


@pytest.mark.parametrize(
    ("kind", "shape"), [(Dense, (6,)), (Conv2D, (5, 4, 2)), (Conv2DTranspose, (3, 3, 2))]
)
def test_the_layer_computes_with_w_over_its_largest_singular_value(kind, shape):
    layer = wrapped(kind, shape)
    x = np.random.default_rng(1).standard_normal((3, *shape))
    settle(layer, x)
    plain = layer.layer
    W = plain.params["W"].copy()
    largest = np.linalg.svd(W.reshape(-1, W.shape[-1]), compute_uv=False)[0]
    y = layer.forward(x)
    np.testing.assert_array_equal(plain.params["W"], W)  # which is what the optimiser sees
    plain.params["W"][...] = W / largest
    np.testing.assert_allclose(y, plain.forward(x), rtol=1e-9, atol=1e-12)


def test_a_dense_layer_stretches_nothing():
    layer = wrapped()
    layer.params["dense_1.W"][...] *= 50
    x = np.random.default_rng(2).standard_normal((200, 6))
    settle(layer, x)
    y = layer.forward(x) - layer.params["dense_1.b"]
    ratio = np.linalg.norm(y, axis=1) / np.linalg.norm(x, axis=1)
    assert ratio.max() <= 1 + 1e-9
    v = layer.state["u"][np.newaxis]
    np.testing.assert_allclose(np.linalg.norm(layer.forward(v) - layer.forward(0 * v)), 1, rtol=1e-9)


class SigmaConstant(SpectralNormalization):
    """The slip: as if s did not depend on W."""

    def _add_gradients(self, question, *arrays):
        before = self.grads["dense_1.W"].copy()
        question(*arrays)
        G = self.grads["dense_1.W"] - before
        self.grads["dense_1.W"][...] = before + G / self._s


def test_leaving_sigma_constant_is_caught():
    x = np.random.default_rng(3).standard_normal((5, 6))
    assert check_layer(SpectralNormalization(Dense(4)), x)
    report = check_layer(SigmaConstant(Dense(4)), x)
    assert not report and report["dense_1.W"].wrong and not report["dense_1.b"].wrong
    assert report["dense_1.W"].error > 0.05


def test_the_gradient_is_orthogonal_to_w():
    layer = wrapped()
    x, dy = np.random.default_rng(4).standard_normal((5, 6)), np.random.default_rng(5).standard_normal((5, 4))
    layer.zero_grad()
    layer.forward(x)
    layer.backward(dy)
    W, dW = layer.params["dense_1.W"], layer.grads["dense_1.W"]
    assert abs(np.vdot(W, dW)) < 1e-12 * np.linalg.norm(W) * np.linalg.norm(dW)  # a longer W changes nothing


def test_weights_that_were_replaced_are_recognised():
    layer = wrapped()
    layer.params["dense_1.W"][...] = np.random.default_rng(6).standard_normal((6, 4))
    largest = np.linalg.svd(layer.params["dense_1.W"], compute_uv=False)[0]
    layer.state["u"][...] *= -1  # the worst case: s negative
    layer.forward(np.zeros((1, 6)))
    assert abs(layer._s / largest - 1) < 0.05
    layer.params["dense_1.W"][...] = 0
    np.testing.assert_array_equal(layer.forward(np.ones((2, 6))), 0)


def test_means_of_unit_vectors_are_recognised():
    """A ParameterAverage leaves means, too short, in `state`; s would be too small by their lengths."""
    layer = wrapped()
    settle(layer, np.zeros((1, 6)))
    expected = layer.forward(np.ones((1, 6)))
    layer.state["u"][...] *= 0.9
    layer.state["v"][...] *= 0.6
    np.testing.assert_allclose(layer.forward(np.ones((1, 6))), expected, rtol=1e-6)


def test_inference_leaves_the_vectors_and_training_moves_them():
    layer = wrapped()
    layer.params["dense_1.W"][...] += 0.1 * np.random.default_rng(7).standard_normal((6, 4))
    before = {key: value.copy() for key, value in layer.state.items()}
    layer.forward(np.ones((2, 6)))
    assert all(np.array_equal(layer.state[key], value) for key, value in before.items())
    layer.forward(np.ones((2, 6)), training=True)
    assert not any(np.array_equal(layer.state[key], value) for key, value in before.items())


def test_copies_and_casts_in_a_network():
    layers = [SpectralNormalization(Conv2D(3, 3)), LeakyReLU(), Flatten(), SpectralNormalization(Dense(2))]
    network = Sequential(layers, (5, 5, 1), rng=0)
    x = np.random.default_rng(8).standard_normal((4, 5, 5, 1), dtype=np.float32)
    dy = np.random.default_rng(9).standard_normal((4, 2), dtype=np.float32)
    network.forward(x, training=True)
    twin, wide = copy.deepcopy(network), network.astype(np.float64)
    for each in (twin, wide):
        np.testing.assert_array_equal(each.flat_params, network.flat_params)
        assert all(value.dtype == each.dtype for value in each.state.values())
    results = []
    for each in (network, twin, wide):
        each.zero_grad()
        y = each.forward(x, training=True)
        dx = each.backward(dy)
        assert y.dtype == dx.dtype == each.dtype
        results.append((y, dx, each.flat_grads, *each.state.values()))
    for a, b, c in zip(*results, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(a, c, rtol=0, atol=1e-5)
    twin.flat_params[...] = 0
    assert network.flat_params.any()


def test_what_can_be_wrapped():
    with pytest.raises(ValueError, match=r"SpectralNormalization wraps a layer with weights.*Flatten"):
        SpectralNormalization(Flatten()).build((3, 2))
    with pytest.raises(ValueError, match="wraps one layer, got 2"):
        SpectralNormalization([Dense(2), Dense(2)])
    assert SpectralNormalization([Dense(2, initializer=GlorotUniform())]).build((3,)).output_shape == (2,)


def test_built_at_once_as_a_network_of_its_own():
    layer = SpectralNormalization(Dense(2), (3,), rng=0, dtype=np.float64)
    assert layer.layer.units == 2 and layer.flat_params.dtype == np.float64
    assert layer.predict(np.zeros((4, 3))).shape == (4, 2)
