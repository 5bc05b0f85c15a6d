"""Sequential: one flat vector, and the two questions passed down a chain."""

import numpy as np
import pytest

from numpygan import (
    Adam,
    BatchNormalization,
    Dense,
    Flatten,
    LeakyReLU,
    ReLU,
    Residual,
    Sequential,
    Tanh,
)
from numpygan.layers.sequential import innermost, walk
from tests.networks import batch, every_layer

# --- one flat vector --------------------------------------------------------------


def test_every_parameter_is_a_view_of_the_outermost_vector():
    network = every_layer()
    inner = network.layers[8]
    for flat, arrays in (("flat_params", "params"), ("flat_grads", "grads")):
        outer = getattr(network, flat)
        outer[...] = np.arange(outer.size)
        # every number once, in the order of the layers, at each depth
        joined = np.concatenate([value.ravel() for value in getattr(network, arrays).values()])
        np.testing.assert_array_equal(joined, outer)
        for layer in network.layers:
            for key, value in getattr(layer, arrays).items():
                assert np.shares_memory(value, outer)
                assert getattr(network, arrays)[f"{layer.name}.{key}"] is value
        assert np.shares_memory(getattr(inner, flat), outer)
        getattr(inner.layers[1], arrays)["b"][...] = -5  # and from the inside out
        assert (getattr(network, arrays)["inner.dense_1.b"] == -5).all()
        assert (outer == -5).sum() == 8
    assert network.flat_params.flags.c_contiguous and network.flat_grads.flags.c_contiguous


def test_state_is_shared_with_the_layers():
    network = every_layer()
    network.forward(batch(), training=True)
    inner = network.layers[8].layers[2]
    assert network.state["inner.batch_normalization_1.moving_mean"] is inner.state["moving_mean"]
    assert inner.state["moving_mean"].any()


def test_names_are_numbered_by_kind_and_given_ones_kept():
    layers = [
        Dense(2),
        LeakyReLU(),
        Dense(2, name="dense_2"),
        Dense(2),
        BatchNormalization(),
        ReLU(name="last"),
    ]
    network = Sequential(layers, input_shape=(3,), rng=0)
    assert [layer.name for layer in network.layers] == [
        "dense_1", "leaky_relu_1", "dense_2", "dense_3", "batch_normalization_1", "last"
    ]  # fmt: skip
    assert list(network.params) == [
        "dense_1.W", "dense_1.b", "dense_2.W", "dense_2.b", "dense_3.W", "dense_3.b",
        "batch_normalization_1.gamma", "batch_normalization_1.beta",
    ]  # fmt: skip


def test_an_inner_network_may_be_built_by_the_outer_one():
    inner = Sequential([Dense(5), Tanh()])
    network = Sequential([inner, Dense(1)], input_shape=(3,), rng=4)
    flat = Sequential([Dense(5), Tanh(), Dense(1)], input_shape=(3,), rng=4)
    np.testing.assert_array_equal(network.flat_params, flat.flat_params)
    assert inner.input_shape == (3,) and inner.output_shape == (5,)


# --- the two questions ------------------------------------------------------------


class Spied(Dense):
    """A Dense that counts the questions it is asked."""

    asked = ()

    def parameter_gradients(self, dy):
        self.asked += ("parameters",)
        super().parameter_gradients(dy)

    def input_gradient(self, dy):
        self.asked += ("input",)
        return super().input_gradient(dy)


def test_forward_and_backward_are_the_chain_done_by_hand():
    rng = np.random.default_rng(2)
    network = Sequential([Dense(4), Tanh(), Dense(2)], input_shape=(3,), rng=rng, dtype=np.float64)
    x, dy = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    W1, b1, W2, b2 = network.params.values()
    b1 += 0.3
    h = np.tanh(x @ W1 + b1)
    np.testing.assert_allclose(network.forward(x), h @ W2 + b2, rtol=1e-14)
    dx = network.backward(dy)
    dh = dy @ W2.T * (1 - h**2)
    np.testing.assert_allclose(dx, dh @ W1.T, rtol=1e-13)
    expected = [x.T @ dh, dh.sum(axis=0), h.T @ dy, dy.sum(axis=0)]
    for got, right in zip(network.grads.values(), expected, strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-13)


def test_gradients_of_two_passes_add_up():
    network = every_layer(dtype=np.float64)
    x1, x2 = batch(5, 1), batch(7, 2)
    passes = []
    for x in (x1, x2):
        network.zero_grad()
        network.forward(x)
        network.backward(np.full((len(x), 1), 0.5))
        passes.append(network.flat_grads.copy())
    network.zero_grad()
    for x in (x1, x2):
        network.forward(x)
        network.backward(np.full((len(x), 1), 0.5))
    np.testing.assert_allclose(network.flat_grads, passes[0] + passes[1], rtol=1e-12, atol=1e-15)
    network.zero_grad()
    assert not network.flat_grads.any()


@pytest.mark.parametrize("training", [False, True])
def test_the_first_question_gives_the_gradients_of_backward(training):
    one, two = every_layer(dtype=np.float64), every_layer(dtype=np.float64)
    x, dy = batch(), np.random.default_rng(3).standard_normal((6, 1))
    one.forward(x, training)
    two.forward(x, training)
    one.parameter_gradients(dy)
    two.backward(dy)
    np.testing.assert_array_equal(one.flat_grads, two.flat_grads)
    assert all(np.abs(grad).max() > 0 for grad in one.grads.values())


def test_nobody_below_the_lowest_parameters_is_asked_anything():
    lowest, upper = Spied(4), Spied(2)

    class Untouchable(Flatten):
        def input_gradient(self, dy):
            raise AssertionError("nothing below needs to hear")

    layers = [Untouchable(), Sequential([lowest, LeakyReLU()]), Tanh(), upper]
    network = Sequential(layers, input_shape=(2, 2, 1), rng=0)
    network.forward(np.ones((3, 2, 2, 1)))
    network.parameter_gradients(np.ones((3, 2)))
    assert lowest.asked == ("parameters",)
    assert sorted(upper.asked) == ["input", "parameters"]


def test_the_second_question_asks_nobody_for_parameters_and_leaves_everything_as_it_was():
    spied = Spied(3)
    network = Sequential([Flatten(), spied, BatchNormalization(), Dense(1)], input_shape=(4, 4, 2), rng=0)
    dy = np.random.default_rng(4).standard_normal((6, 1), dtype=np.float32)
    network.forward(batch(), training=True)
    dx_both = network.backward(dy)
    params, grads = network.flat_params.tobytes(), network.flat_grads.tobytes()
    spied.asked = ()
    dx = network.input_gradient(dy)
    assert spied.asked == ("input",)
    assert (network.flat_params.tobytes(), network.flat_grads.tobytes()) == (params, grads)
    np.testing.assert_array_equal(dx, dx_both)


def test_a_network_without_parameters_has_no_parameter_gradients():
    network = Sequential([Flatten(), Tanh()], input_shape=(2, 2, 1))
    network.forward(np.ones((3, 2, 2, 1)))
    network.parameter_gradients(np.ones((3, 4)))
    assert network.count_params() == 0
    Adam().update(network.flat_params, network.flat_grads)


def test_the_callers_arrays_are_left_alone():
    network = every_layer()
    x, dy = batch(), np.ones((6, 1), np.float32)
    x.flags.writeable = dy.flags.writeable = False
    for training in (False, True):
        network.forward(x, training)
        network.backward(dy)


def test_walk_and_innermost():
    tanh, dense, inner, relu = Tanh(), Dense(2), Dense(2), ReLU()
    residual = Residual([inner])
    block = Sequential([dense, residual])
    chain = Sequential([tanh, block, relu])
    assert list(walk(chain)) == [chain, tanh, block, dense, residual, inner, relu]
    assert list(innermost(chain)) == [tanh, dense, inner, relu]
    assert list(innermost(chain, whole=Residual)) == [tanh, dense, residual, relu]
    assert list(walk(tanh)) == list(innermost(tanh)) == [tanh]
    tanh.layers = [1, "not a layer"]  # an attribute of that name need not hold layers
    assert list(walk(tanh)) == list(innermost(tanh)) == [tanh]
