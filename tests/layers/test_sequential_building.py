"""Sequential: what cannot be built, and what the errors say."""

import numpy as np
import pytest

from numpygan import (
    Dense,
    LeakyReLU,
    ReLU,
    Reshape,
    Sequential,
)


def test_networks_that_are_none():
    with pytest.raises(ValueError, match="Sequential 'empty' needs at least one layer"):
        Sequential([], (3,), name="empty")
    with pytest.raises(TypeError, match="Sequential is made of layers, got <class '.*Dense'>"):
        Sequential([Dense])
    with pytest.raises(TypeError, match="Sequential expects a list of layers, got"):
        Sequential(Dense(3))


def test_one_layer_object_cannot_stand_in_two_places():
    shared = Dense(3)
    with pytest.raises(ValueError, match="the same layer object is in a Sequential twice"):
        Sequential([shared, LeakyReLU(), shared], input_shape=(3,))
    with pytest.raises(ValueError, match="Dense .* is already built"):
        Sequential([shared, Sequential([shared])], input_shape=(3,))


def test_names_must_differ():
    with pytest.raises(ValueError, match=r"layer names must differ, got \['a', None, 'a'\]"):
        Sequential([Dense(3, name="a"), ReLU(), Dense(3, name="a")])


def test_a_trained_network_is_not_built_over():
    trained = Sequential([Dense(3)], input_shape=(2,), rng=0, name="trained")
    before = trained.flat_params.copy()
    with pytest.raises(ValueError, match=r"Sequential 'trained' is already built, for samples of \(2,\)"):
        Sequential([trained, Dense(1)], input_shape=(2,))
    with pytest.raises(ValueError, match="Dense 'dense_1' is already built"):
        Sequential(trained.layers)
    np.testing.assert_array_equal(trained.flat_params, before)


def test_layers_that_do_not_fit_leave_nothing_half_built():
    first, second = Dense(6), Dense(2, name="second")
    with pytest.raises(
        ValueError, match=r"Dense 'second' expects samples of shape \(features,\), got \(2, 3\)"
    ):
        Sequential([first, Reshape((2, 3)), second], input_shape=(4,))
    network = Sequential([first, second], input_shape=(4,), rng=0)
    assert network.count_params() == 4 * 6 + 6 + 6 * 2 + 2


def test_an_unbuilt_network_says_so():
    with pytest.raises(ValueError, match="Sequential 'later' has no parameters yet"):
        Sequential([Dense(3)], name="later").forward(np.ones((2, 2)))
    with pytest.raises(ValueError, match="Sequential 'later' has no parameters yet"):
        Sequential([Dense(3)], name="later").predict(np.ones((2, 2)))


@pytest.mark.parametrize("arguments", [{"rng": 0}, {"dtype": np.float64}])
def test_a_seed_or_dtype_without_an_input_shape_would_be_ignored(arguments):
    with pytest.raises(ValueError, match="Sequential: rng and dtype are for building, so give input_shape"):
        Sequential([Dense(3)], **arguments)


def test_input_shape_without_its_comma():
    with pytest.raises(
        TypeError, match=r"Sequential: input_shape must be a tuple such as \(784,\) .*got 784"
    ):
        Sequential([Dense(3)], input_shape=784)
