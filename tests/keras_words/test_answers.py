"""What the answers must not disturb: own classes, completion, signatures, copies, errors of properties."""

import copy
import importlib
import inspect
import pickle

import numpy as np
import pytest

import numpygan
from numpygan import GAN, Adam, Conv2D, Dense, Layer, MeanSquaredError, Sequential
from numpygan.optimizers import Optimizer
from numpygan.training import History


def test_signatures_are_those_that_are_written():
    assert list(inspect.signature(Dense).parameters) == ["units", "initializer", "name"]
    assert list(inspect.signature(GAN.fit).parameters)[:3] == ["self", "x", "iterations"]
    assert Dense.__init__.__wrapped__.__code__.co_filename.endswith("dense.py")


def test_completion_offers_nothing_of_keras():
    for thing in (Dense(3), Sequential([Dense(3)], (2,)), Adam(), MeanSquaredError(), GAN(rng=0), History()):
        assert not {"trainable", "lr", "stop_training", "compile", "weights"} & set(dir(thing))
        for name in ("compile", "trainable", "lr", "stop_training", "nothing_of_this_name", "__array__"):
            assert not hasattr(thing, name)
    assert not set(dir(numpygan)) & {"Input", "Model", "keras_words"}


def test_an_argument_that_nobody_knows_is_refused_with_those_that_there_are():
    with pytest.raises(
        TypeError, match=r"^Conv2D, size=3: there is no such argument; there are filters, initializer,"
    ):
        Conv2D(3, 3, size=3)
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'units'"):
        Dense()
    with pytest.raises(
        TypeError, match=r"^Dense got 2 arguments without a name: .* only units may go without"
    ):
        Dense(3, 4)
    with pytest.raises(TypeError, match="negative_slope here, which was given too"):
        numpygan.LeakyReLU(negative_slope=0.1, alpha=0.2)
    with pytest.raises(TypeError, match="activation"):
        Dense(3, activation=np.ones(3))


def test_unknown_attributes_and_names_get_pythons_error():
    with pytest.raises(AttributeError, match="^'Dense' object has no attribute 'unit'") as caught:
        Dense(3).unit  # noqa: B018
    assert caught.value.name == "unit" and isinstance(
        caught.value.obj, Dense
    )  # so that Python suggests `units`
    for module in (numpygan, numpygan.layers, numpygan.optimizers, numpygan.datasets, numpygan.models):
        assert not hasattr(module, "nothing_of_this_name")
    with pytest.raises(TypeError, match="'Adam' object is not callable"):
        Adam()()


@pytest.mark.parametrize(
    "module", ["numpygan", "numpygan.layers", "numpygan.optimizers", "numpygan.datasets.mnist"]
)
def test_names_of_keras_are_import_errors_in_imports_and_attribute_errors_elsewhere(module):
    with pytest.raises(
        ImportError, match=f"^{module} has no Input: a network is one chain of layers"
    ) as caught:
        exec(f"from {module} import Input")
    assert not isinstance(caught.value, AttributeError)
    there = importlib.import_module(module)
    with pytest.raises(AttributeError, match=f"^{module} has no Input: a network is one chain of layers"):
        there.Input  # noqa: B018
    assert not hasattr(there, "Input") and getattr(there, "Model", 3) == 3
    with pytest.raises(ImportError, match="cannot import name 'nothing_of_this_name'"):
        exec(f"from {module} import nothing_of_this_name")


def test_a_property_that_fails_says_why():
    class Fails(Layer):
        @property
        def size(self):
            return self.nothing

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        Fails().size  # noqa: B018


class Own(Dense):
    """A layer of one's own may have arguments and attributes that are Keras's elsewhere."""

    def __init__(self, units, activation=None, **more):
        super().__init__(units, **more)
        self.lr, self.compile, self.weights = 3, activation, "own"


class Rule(Optimizer):
    def __init__(self, rate, *, decay=0.5):
        super().__init__(rate)
        self.decay = decay


def test_classes_of_ones_own_may_use_the_words():
    layer = Own(3, "tanh", input_shape=(2,), name="mine")
    assert (layer.lr, layer.compile, layer.weights, layer.input_shape) == (3, "tanh", "own", (2,))
    assert Rule(0.1, decay=0.3).decay == 0.3
    net = Sequential([layer], rng=0)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(other.predict(np.ones((1, 2))), net.predict(np.ones((1, 2))))
        assert other[0].lr == 3


def test_positional_arguments_of_the_optimisers():
    assert Adam(2e-4, 0.5, 0.9).config() == Adam(2e-4, beta_1=0.5, beta_2=0.9).config()
    assert numpygan.SGD(0.1, 0.9).config() == numpygan.SGD(0.1, momentum=0.9).config()
    assert numpygan.RMSprop(0.1, 0.8).config() == numpygan.RMSprop(0.1, rho=0.8).config()
    assert Adam(lr=0.3).learning_rate == 0.3


@pytest.mark.parametrize("name", ["he_normal", "he_uniform", "glorot_normal", "glorot_uniform"])
def test_names_of_initialisers(name):
    kind = getattr(numpygan.layers, "".join(part.title() for part in name.split("_")))
    one, two = (
        Sequential([Dense(5, **words)], (4,), rng=0)
        for words in ({"kernel_initializer": name}, {"initializer": kind()})
    )
    np.testing.assert_array_equal(one.flat_params, two.flat_params)
    assert one[0].config() == two[0].config()
