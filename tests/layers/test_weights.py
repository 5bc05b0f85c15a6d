"""get_weights, set_weights, and chains to which layers are added one by one."""

import copy

import numpy as np
import pytest

from numpygan import (
    GAN,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Residual,
    Sequential,
    SpectralNormalization,
    Tanh,
)


def layers():
    inner = [Conv2D(1, 3, padding="same"), BatchNormalization()]
    return [
        Residual(inner),
        BatchNormalization(),
        Flatten(),
        SpectralNormalization(Dense(4)),
        LeakyReLU(0.2),
        Dense(2),
    ]


def test_weights_come_back():
    first, second = (Sequential(layers(), (4, 4, 1), rng=seed) for seed in (0, 1))
    x = np.random.default_rng(2).standard_normal((5, 4, 4, 1))
    first.forward(x, training=True)  # so that the running averages have moved
    arrays = first.get_weights()
    assert len(arrays) == 2 + 4 + 4 + (2 + 2) + 2
    second.set_weights(arrays)
    np.testing.assert_array_equal(second.predict(x), first.predict(x))
    arrays[0][...] = 7  # copies
    assert not (first.layers[0].params["conv2d_1.W"] == 7).any()


@pytest.mark.parametrize(
    "spoil", [lambda a: a[:-1], lambda a: [*a, a[0]], lambda a: [a[0].T, *a[1:]], lambda a: ["x", *a[1:]]]
)
def test_weights_that_do_not_fit_change_nothing(spoil):
    net = Sequential([Dense(3), Dense(2)], (4,), rng=0)
    before = net.flat_params.copy()
    with pytest.raises(
        ValueError, match=r"Sequential has arrays of real numbers of shapes \[\(4, 3\), \(3,\)"
    ):
        net.set_weights(spoil([array + 1 for array in net.get_weights()]))
    np.testing.assert_array_equal(net.flat_params, before)


def test_weights_of_a_network_that_is_not_built():
    with pytest.raises(ValueError, match="has no parameters yet"):
        Sequential([Dense(3)]).set_weights([])


# --- add ------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["first layer", "input_dim", "constructor", "build"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_chain_that_grows_is_the_chain_made_at_once(where, dtype):
    made = [Dense(5), BatchNormalization(), LeakyReLU(), Sequential([Dense(4), Tanh()]), Dense(2)]
    whole = Sequential(copy.deepcopy(made), (3,), rng=0, dtype=dtype)
    if where == "first layer":
        made[0] = Dense(5, input_shape=(3,))
    if where == "input_dim":
        made[0] = Dense(5, input_dim=3)
    if where == "constructor":
        grown = Sequential(made[:1], (3,), rng=0, dtype=dtype)
        made = made[1:]
    else:
        grown = Sequential(rng=0, dtype=dtype)
    for layer in made:
        grown.add(layer)
    if where == "build":
        grown.build((3,), rng=0, dtype=dtype)
    assert [layer.name for layer in grown] == [layer.name for layer in whole]
    assert list(grown.params) == list(whole.params) and list(grown.state) == list(whole.state)
    assert grown.flat_params.dtype == dtype and grown.output_shape == (2,)
    np.testing.assert_array_equal(grown.flat_params, whole.flat_params)
    x, dy = np.ones((4, 3)) * np.arange(1, 5)[:, None], np.ones((4, 2))
    np.testing.assert_array_equal(grown.forward(x, True), whole.forward(x, True))
    np.testing.assert_array_equal(grown.backward(dy), whole.backward(dy))
    np.testing.assert_array_equal(grown.flat_grads, whole.flat_grads)
    assert np.shares_memory(grown[0].params["W"], grown.flat_params)


def test_len_index_and_iteration_are_those_of_the_layers():
    net = Sequential([Dense(3), Tanh()], (2,))
    assert (
        len(net) == 2 and list(net) == net.layers and net[-1] is net.layers[1] and net[:1] == net.layers[:1]
    )


def test_a_layer_that_does_not_fit_is_not_added():
    net = Sequential([Dense(6)], (4,), rng=0)
    with pytest.raises(ValueError, match=r"cannot turn \(6,\)"):
        net.add(Reshape((5,)))
    with pytest.raises(TypeError, match="is made of layers, got 'Dense'"):
        net.add("Dense")
    assert len(net) == 1 and net.output_shape == (6,)
    empty = Sequential()
    with pytest.raises(ValueError, match=r"expects samples of shape \(features,\)"):
        empty.add(Dense(3, input_shape=(4, 4)))
    assert len(empty) == 0
    net.add(Reshape((2, 3)))
    assert net.predict(np.ones((2, 4))).shape == (2, 2, 3)


def test_a_name_that_is_taken_is_refused():
    net = Sequential([Dense(6, name="a")], (4,), rng=0)
    with pytest.raises(ValueError, match="layer names must differ"):
        net.add(Dense(2, name="a"))
    assert len(net) == 1 and net.output_shape == (6,)


def test_a_network_in_use_does_not_grow():
    used = Sequential([Dense(3)], (2,), rng=0)
    used.forward(np.ones((1, 2)))
    with pytest.raises(ValueError, match="is in use: add Dense before the first forward pass"):
        used.add(Dense(1))
    taken = GAN(image_shape=(2, 2, 1), rng=0).generator
    with pytest.raises(ValueError, match="is in use"):
        taken.add(Tanh())


def test_an_input_shape_that_is_not_the_first_layers_own():
    with pytest.raises(ValueError, match=r"Dense 'dense_2' was made for samples of \(5,\), got \(3,\)"):
        Sequential([Dense(3), Dense(2, input_shape=(5,))], (4,))
    net = Sequential([Dense(3, input_shape=(4,)), Dense(2, input_shape=(3,))])
    assert net.input_shape == (4,)
    with pytest.raises(ValueError, match=r"Dense 'dense_1' was made for samples of \(5,\), got \(4,\)"):
        Sequential([Dense(3, input_shape=(5,))], (4,))


def test_an_empty_chain_says_so_when_it_is_built():
    with pytest.raises(ValueError, match="needs at least one layer"):
        Sequential().build((3,))
    with pytest.raises(ValueError, match="has no parameters yet"):
        Sequential().summary()
