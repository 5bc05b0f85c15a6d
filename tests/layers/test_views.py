"""Assigning to an array of a layer changes what is trained and saved, or is refused."""

import copy
import pickle

import numpy as np
import pytest

from numpygan import BatchNormalization, Conv2D, Dense, Flatten, Sequential, SpectralNormalization


@pytest.fixture
def net():
    layers = [Conv2D(2, 3), BatchNormalization(), Flatten(), SpectralNormalization(Dense(3))]
    return Sequential(layers, (4, 4, 1), rng=0)


def places(net):
    """Return pairs (dict, name): by the layer and by the network, the same array."""
    yield from ((net.layers[0].params, "W"), (net.params, "conv2d_1.W"))
    yield from ((net.layers[1].state, "moving_mean"), (net.state, "batch_normalization_1.moving_mean"))
    yield from ((net.layers[3].params, "dense_1.W"), (net.params, "spectral_normalization_1.dense_1.W"))
    yield from ((net.layers[0].grads, "b"), (net.grads, "conv2d_1.b"))


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("how", ["assign", "update", "or"])
def test_an_assigned_array_is_copied_into_the_view(net, place, how):
    pairs = list(places(net))
    arrays, name = pairs[place]
    new = np.random.default_rng(1).standard_normal(arrays[name].shape)
    view = arrays[name]
    if how == "assign":
        arrays[name] = new
    elif how == "update":
        arrays.update({name: new})
    else:
        arrays |= {name: new}
    assert arrays[name] is view and view.dtype == np.float32
    twin, twin_name = pairs[place ^ 1]
    np.testing.assert_allclose(twin[twin_name], new, rtol=1e-6)
    if arrays is net.layers[0].params:
        np.testing.assert_allclose(net.flat_params[: new.size], new.ravel(), rtol=1e-6)


def test_what_does_not_fit_is_refused_before_anything_changes(net):
    params, before = net.layers[0].params, net.flat_params.copy()
    with pytest.raises(
        ValueError, match=r"'W' holds real numbers of shape \(3, 3, 1, 2\), got float64 of shape \(2,\)"
    ):
        params["W"] = np.zeros(2)
    with pytest.raises(ValueError, match="'b' holds real numbers"):
        params["b"] = ["a", "b"]
    with pytest.raises(ValueError, match=r"there is no array 'w' here, only 'W', 'b'"):
        params["w"] = np.zeros((3, 3, 1, 2))
    assert np.array_equal(net.flat_params, before)


def test_after_a_copy_and_a_cast_too(net):
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net)), net.astype(np.float64)):
        other.layers[0].params["W"] = np.ones((3, 3, 1, 2))
        other.layers[1].state["moving_mean"] = [5, 6]
        assert (other.flat_params[:18] == 1).all() and not (net.flat_params[:18] == 1).any()
        assert other.state["batch_normalization_1.moving_mean"].tolist() == [5, 6]
        assert other.state["spectral_normalization_1.u"].dtype == other.dtype


def test_gradients_that_add_up_make_no_copy(net):
    grads = net.layers[0].grads
    before = grads["b"]
    grads["b"] += np.ones(2, np.float32)
    assert grads["b"] is before and net.grads["conv2d_1.b"].tolist() == [1, 1]
