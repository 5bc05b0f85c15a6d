"""Whole training steps: nothing in float64, nothing from NumPy's global randomness."""

import sys

import numpy as np
import pytest

from numpygan import (
    SGD,
    Adam,
    BatchNormalization,
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Dense,
    Flatten,
    LeakyReLU,
    MeanAbsoluteError,
    MeanSquaredError,
    RMSprop,
    Sequential,
    Sigmoid,
)
from tests.networks import batch, every_layer, train


def arrays_of(thing, path):
    """Yield (path, array) for every array that an object of ours holds, however deep."""
    if isinstance(thing, (np.ndarray, np.generic)):
        yield path, thing
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from arrays_of(value, f"{path}[{key}]")
    elif isinstance(thing, (list, tuple)):
        for key, value in enumerate(thing):
            yield from arrays_of(value, f"{path}[{key}]")
    elif type(thing).__module__.startswith("numpygan"):
        yield from arrays_of(vars(thing), f"{path}.{type(thing).__name__}")


def float64_variables(function):
    """Run function() and return where a variable in numpygan held a float64 array.

    Looks at every local variable and returned value on every line of the package.
    """
    found = set()

    def look(frame, event, arg):
        if frame.f_globals.get("__name__", "").split(".")[0] != "numpygan":
            return None
        for name, value in (*frame.f_locals.items(), ("what it returned", arg)):
            if isinstance(value, (np.ndarray, np.generic)) and value.dtype == np.float64:
                found.add(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}: {name}")
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        function()
    finally:
        sys.settrace(before)
    return found


STEPS = {
    "BCE, Adam": (BinaryCrossEntropy, Adam, 1),
    "BCE from logits, SGD": (BinaryCrossEntropyFromLogits, lambda: SGD(momentum=0.9), 0.9),
    "MSE, RMSprop": (MeanSquaredError, RMSprop, 0.0),
    "MAE, Adam": (MeanAbsoluteError, Adam, 0.25),
}


@pytest.mark.parametrize("loss, optimizer, target", STEPS.values(), ids=STEPS)
def test_a_float32_step_makes_no_float64_array(loss, optimizer, target):
    network, loss, optimizer = every_layer(), loss(), optimizer()
    x = batch()
    t = np.full((6, 1), target, np.float32)
    assert float64_variables(lambda: train(network, loss, optimizer, x, t)) == set()
    assert float64_variables(lambda: network.predict(x, batch_size=4)) == set()
    held = [*arrays_of(network, "network"), *arrays_of(loss, "loss"), *arrays_of(optimizer, "optimizer")]
    assert len(held) > 60  # parameters, gradients, caches, memory: the search does find them
    assert [path for path, array in held if array.dtype == np.float64] == []


@pytest.mark.parametrize("loss, optimizer, target", STEPS.values(), ids=STEPS)
def test_float64_data_and_python_targets_do_not_spread(loss, optimizer, target):
    network, loss, optimizer = every_layer(), loss(), optimizer()
    optimizer.learning_rate = np.float64(0.01)
    train(network, loss, optimizer, batch(dtype=np.float64), target)
    held = [*arrays_of(network, "network"), *arrays_of(loss, "loss"), *arrays_of(optimizer, "optimizer")]
    assert [path for path, array in held if array.dtype == np.float64] == []
    dx = network.input_gradient(np.ones((6, 1)))  # a float64 dy
    assert dx.dtype == np.float32
    assert network.predict(batch(dtype=np.float64)).dtype == np.float32


def test_the_search_for_float64_finds_it():
    network = every_layer(dtype=np.float64)
    found = float64_variables(lambda: network.forward(batch(dtype=np.float64)))
    assert "numpygan.layers.dense.forward: y" in found
    assert "numpygan.layers.activations.sigmoid: e" in found


def test_float32_follows_float64():
    layers = [Flatten(), Dense(12), BatchNormalization(), LeakyReLU(), Dense(1), Sigmoid()]
    single = Sequential(layers, input_shape=(4, 4, 2), rng=0)  # no Dropout: its masks depend on the dtype
    double = single.astype(np.float64)
    start = double.flat_params.copy()
    for network in (single, double):
        train(network, BinaryCrossEntropy(), SGD(0.1), batch(), 1, steps=10)
    assert np.abs(double.flat_params - start).max() > 0.05
    np.testing.assert_allclose(single.flat_params, double.flat_params, atol=1e-5)
    np.testing.assert_allclose(single.predict(batch()), double.predict(batch()), rtol=1e-4)


def test_training_lowers_the_loss():
    x = batch(32)
    t = (x[:, 0, 0, :1] > 0).astype(np.float32)
    network, loss = every_layer(), BinaryCrossEntropy()
    before = loss.forward(network.predict(x), t)
    train(network, loss, Adam(0.01), x, t, steps=100)
    assert loss.forward(network.predict(x), t) < 0.5 * before


def test_the_same_seed_gives_the_same_parameters_whatever_numpys_global_seed():
    results = []
    for global_seed in (1, 2):
        np.random.seed(global_seed)
        before = np.random.get_state()
        network = every_layer(seed=7)
        train(network, BinaryCrossEntropy(), Adam(0.01), batch(), 1, steps=20)
        results.append(network.flat_params.tobytes())
        after = np.random.get_state()
        assert before[0] == after[0] and before[2:] == after[2:]
        np.testing.assert_array_equal(before[1], after[1])
    assert results[0] == results[1]
    other = every_layer(seed=8)
    train(other, BinaryCrossEntropy(), Adam(0.01), batch(), 1, steps=20)
    assert other.flat_params.tobytes() != results[0]


def test_a_seed_and_a_generator_of_that_seed_are_the_same():
    seeded = Sequential([Dense(3), Dense(2)], input_shape=(4,), rng=5)
    passed = Sequential([Dense(3), Dense(2)], input_shape=(4,), rng=np.random.default_rng(5))
    np.testing.assert_array_equal(seeded.flat_params, passed.flat_params)
    assert not np.array_equal(seeded.params["dense_1.W"][:3, :2], seeded.params["dense_2.W"])
