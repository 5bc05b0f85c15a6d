"""Residual: the sum of two paths, one flat vector, saving, naming what diverged, errors."""

import copy
import json

import numpy as np
import pytest

from numpygan import (
    GAN,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Residual,
    Sequential,
    Tanh,
    check_layer,
)
from numpygan.checkpoint import load, save
from numpygan.models import dense_discriminator
from numpygan.saving.architecture import ZeroGenerator, build_network, describe
from numpygan.training.divergence import DivergenceError, require_finite

SHAPE = (4, 5, 2)


def block(name=None):
    return Residual([ReflectionPadding2D(1), Conv2D(2, 3), InstanceNormalization(), ReLU()], name=name)


def batch(N=3, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).standard_normal((N, *shape))


def test_by_hand():
    layer = Residual([Dense(2)]).build((2,), dtype=np.float64)
    layer.flat_params[:] = [1, 2, 3, 4, 10, 20]  # W, then b
    np.testing.assert_array_equal(layer.forward([[1, 1]]), [[1 + 4 + 10, 1 + 6 + 20]])
    np.testing.assert_array_equal(layer.backward([[1, 0]]), [[1 + 1, 0 + 3]])
    np.testing.assert_array_equal(layer.flat_grads, [1, 0, 1, 0, 1, 0])


def test_dx_is_the_sum_of_both_paths():
    layer = block().build(SHAPE, rng=0, dtype=np.float64)
    layers = [ReflectionPadding2D(1), Conv2D(2, 3), InstanceNormalization(), ReLU()]
    chain = Sequential(layers, SHAPE, dtype=np.float64)
    chain.flat_params[:] = layer.flat_params
    x, dy = batch(), batch(seed=1)
    np.testing.assert_array_equal(layer.forward(x), x + chain.forward(x))
    np.testing.assert_array_equal(layer.backward(dy), dy + chain.backward(dy))
    np.testing.assert_array_equal(layer.flat_grads, chain.flat_grads)


@pytest.mark.parametrize("lost", ["bypass", "chain"])
def test_a_lost_path_is_caught(lost):
    class Wrong(Residual):
        def backward(self, dy):
            return Sequential.backward(self, dy) if lost == "bypass" else super().backward(dy) * 0 + dy

        def input_gradient(self, dy):
            return Sequential.input_gradient(self, dy) if lost == "bypass" else dy.copy()

    assert not check_layer(Wrong([Dense(4), Tanh(), Dense(3)]), batch(5, (3,))).ok


def test_its_parameters_lie_in_the_outer_vector():
    network = Sequential([Conv2D(2, 1), block("first"), block("second")], SHAPE, rng=0)
    assert network.flat_params.size == sum(value.size for value in network.params.values())
    assert "first.conv2d_1.W" in network.params and "second.instance_normalization_1.gamma" in network.grads
    network.flat_params[:] = 0.25
    network.flat_grads[:] = 2
    inner = network.layers[2].layers[1]
    assert (inner.params["W"] == 0.25).all() and (inner.grads["b"] == 2).all()
    twin = copy.deepcopy(network)
    twin.flat_params[:] = 1
    assert (twin.layers[1].layers[1].params["W"] == 1).all() and (inner.params["W"] == 0.25).all()


def test_a_description_and_back():
    network = Sequential(
        [block(), Residual([Residual([Flatten(), Reshape(SHAPE)]), Dropout(0.5)])], SHAPE, name="n"
    )
    text = json.loads(json.dumps(describe(network)))
    twin = build_network(
        text, layers={}, rng=ZeroGenerator(network.count_params()), limit=network.count_params()
    )
    assert describe(twin) == text
    assert [type(layer) for layer in twin.layers] == [Residual, Residual]
    assert type(twin.layers[1].layers[0]) is Residual


def test_a_model_with_residuals_in_it_is_saved_and_loaded(tmp_path):
    rng = np.random.default_rng(0)
    layers = [Dense(40), Reshape(SHAPE), block(), Residual([block(), LeakyReLU(0.2)]), Tanh()]
    G = Sequential(layers, (3,), rng=rng, name="generator")
    gan = GAN(G, dense_discriminator(SHAPE, hidden=4, rng=rng), rng=rng)
    gan.train_on_batch(np.zeros((4, *SHAPE), np.float32))
    save(gan, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert np.array_equal(twin.generator.flat_params, G.flat_params)
    assert np.array_equal(twin.generate(3, rng=1), gan.generate(3, rng=1))


def test_a_float32_block_stays_in_float32():
    layer = block().build(SHAPE)
    assert layer.forward(batch()).dtype == layer.backward(batch()).dtype == np.float32


def test_it_bounds_nothing_though_its_last_layer_does():
    layer = Residual([Dense(3), Tanh()]).build((3,))
    assert layer.output_range is None and layer.keeps_values is False
    assert Sequential([Residual([Tanh()]), Flatten()], (2,)).output_range is None


def test_the_culprit_of_a_divergence_is_named_as_a_whole():
    network = Sequential([Dense(3), Residual([Dense(3)], name="block"), Dense(1)], (3,), rng=0, name="n")
    network.layers[1].layers[0].params["W"][0, 0] = np.inf
    message = r"dense_1\.W of Residual 'block' in the n"
    with np.errstate(invalid="ignore"), pytest.raises(DivergenceError, match=message):
        require_finite(np.inf, [network], np.ones((3, 3), np.float32))


def test_shapes_that_cannot_be_added():
    message = r"Residual 'r' adds its input .* same shape, got \(4, 5, 2\) and \(4, 5, 3\)"
    with pytest.raises(ValueError, match=message):
        Residual([Conv2D(3, 1)], SHAPE, name="r")
    with pytest.raises(ValueError, match=r"got \(4, 5, 2\) and \(2, 3, 2\)"):
        Sequential([Residual([Conv2D(2, 3)])], SHAPE)


@pytest.mark.parametrize(
    ("layers", "error"), [([], ValueError), (Dense(3), TypeError), (None, TypeError), ([3], TypeError)]
)
def test_layers_that_are_none(layers, error):
    with pytest.raises(error, match="Residual"):
        Residual(layers, (3,))


def test_a_gradient_of_the_wrong_shape():
    layer = Residual([Dense(3)]).build((3,))
    layer.forward(batch(4, (3,)))
    for question in (layer.backward, layer.input_gradient, layer.parameter_gradients):
        with pytest.raises(
            ValueError, match=r"returned shape \(4, 3\), so dy must have it too, got \(1, 3\)"
        ):
            question(np.ones((1, 3)))
