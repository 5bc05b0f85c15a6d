"""The contract of a layer, asked of every layer; and what a layer of one's own needs."""

import copy
import json

import numpy as np
import pytest

from numpygan import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Residual,
    Sequential,
    Sigmoid,
    Skip,
    Tanh,
    UpSampling2D,
    check_layer,
)

IMAGE = (4, 3, 2)
EVERY = {
    "Dense": (lambda: Dense(4), (6,)),
    "LeakyReLU": (lambda: LeakyReLU(0.2), IMAGE),
    "ReLU": (ReLU, IMAGE),
    "Tanh": (Tanh, IMAGE),
    "Sigmoid": (Sigmoid, IMAGE),
    "Flatten": (Flatten, IMAGE),
    "Reshape": (lambda: Reshape((2, 12)), IMAGE),
    "Dropout": (lambda: Dropout(0.5), IMAGE),
    "Conv2D": (lambda: Conv2D(5, 3, strides=2, padding="same"), IMAGE),
    "Conv2DTranspose": (lambda: Conv2DTranspose(5, (3, 2), strides=2), IMAGE),
    "MaxPooling2D": (MaxPooling2D, IMAGE),
    "AveragePooling2D": (lambda: AveragePooling2D(2, padding="same"), IMAGE),
    "UpSampling2D": (lambda: UpSampling2D((2, 3)), IMAGE),
    "BatchNormalization (N, C)": (BatchNormalization, (6,)),
    "BatchNormalization (N, H, W, C)": (BatchNormalization, IMAGE),
    "InstanceNormalization": (InstanceNormalization, IMAGE),
    "ReflectionPadding2D": (lambda: ReflectionPadding2D((2, 1)), IMAGE),
    "Residual": (lambda: Residual([Conv2D(2, 3, padding="same"), BatchNormalization(), Tanh()]), IMAGE),
    "Skip": (lambda: Skip([Conv2D(3, 3, padding="same"), BatchNormalization(), Tanh()]), IMAGE),
    "Sequential": (
        lambda: Sequential([Flatten(), BatchNormalization(), Dense(4), Dropout(0.5), Tanh()]),
        IMAGE,
    ),
}
every_layer = pytest.mark.parametrize("make, shape", EVERY.values(), ids=EVERY)
both_modes = pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def built(make, shape, dtype=np.float64):
    """Return the layer with random parameters, and x and dy for a batch of 3."""
    rng = np.random.default_rng(0)
    layer = make().build(shape, rng=rng, dtype=dtype)
    layer.flat_params += rng.uniform(0.1, 0.5, layer.flat_params.shape).astype(dtype)
    x = rng.standard_normal((3, *shape)).astype(dtype)
    dy = rng.standard_normal((3, *layer.output_shape)).astype(dtype)
    return layer, x, dy


def snapshot(layer):
    """Return copies of everything a layer saves or collects."""
    arrays = {("state", key): value for key, value in layer.state.items()}
    arrays |= {("params", ""): layer.flat_params, ("grads", ""): layer.flat_grads}
    return {key: value.copy() for key, value in arrays.items()}


def assert_same(before, after):
    assert before.keys() == after.keys()
    for key in before:
        np.testing.assert_array_equal(before[key], after[key], err_msg=str(key))


@every_layer
@both_modes
@both_dtypes
def test_shapes_and_dtypes_whatever_comes_in(make, shape, training, dtype):
    layer, x, dy = built(make, shape, dtype)
    other = np.float64 if dtype == np.float32 else np.float32
    for xs, dys in ((x, dy), (x.astype(other), dy.astype(other)), (x.astype(int).tolist(), dy.astype(int))):
        y = layer.forward(xs, training)
        dx = layer.backward(dys)
        assert y.shape == (3, *layer.output_shape) and dx.shape == (3, *shape)
        assert y.dtype == dx.dtype == layer.flat_params.dtype == layer.flat_grads.dtype == dtype


@every_layer
@both_modes
def test_the_callers_arrays_are_left_alone(make, shape, training):
    layer, x, dy = built(make, shape)
    x.flags.writeable = dy.flags.writeable = False  # writing would raise
    y = layer.forward(x, training)
    y.flags.writeable = False  # and so must the layer's own cache stay as it is
    layer.parameter_gradients(dy)
    layer.input_gradient(dy)
    layer.backward(dy)


@every_layer
@both_modes
def test_the_second_question_changes_nothing(make, shape, training):
    layer, x, dy = built(make, shape)
    layer.forward(x, training)
    layer.parameter_gradients(dy)
    before = snapshot(layer)
    layer.input_gradient(dy)
    assert_same(before, snapshot(layer))


@every_layer
@both_modes
def test_backward_asks_both_questions_and_gradients_add(make, shape, training):
    layer, x, dy = built(make, shape)
    layer.forward(x, training)
    layer.parameter_gradients(dy)
    once = layer.flat_grads.copy()
    dx = layer.backward(dy)
    np.testing.assert_allclose(layer.flat_grads, 2 * once, rtol=1e-15)
    np.testing.assert_array_equal(dx, layer.input_gradient(dy))
    layer.parameter_gradients(-3 * dy)
    np.testing.assert_allclose(layer.flat_grads, -once, rtol=1e-12, atol=1e-14)
    assert layer.count_params() == 0 or np.abs(once).max() > 0.01
    layer.zero_grad()
    assert not layer.flat_grads.any()
    assert all(not grad.any() for grad in layer.grads.values())


@every_layer
def test_params_and_grads_have_the_same_keys_and_shapes_and_are_views(make, shape):
    layer, _, _ = built(make, shape)
    assert layer.params.keys() == layer.grads.keys()
    assert layer.count_params() == layer.flat_params.size == layer.flat_grads.size
    for key, value in layer.params.items():
        assert value.shape == layer.grads[key].shape
    layer.flat_params[...] = np.arange(layer.flat_params.size)
    layer.flat_grads[...] = -layer.flat_params
    for arrays, flat in ((layer.params, layer.flat_params), (layer.grads, layer.flat_grads)):
        joined = [value.ravel() for value in arrays.values()]
        np.testing.assert_array_equal(np.concatenate([*joined, []]), flat)


@every_layer
def test_a_wrong_input_names_the_shapes_and_changes_nothing(make, shape):
    layer, x, dy = built(make, shape)
    layer.forward(x, training=True)
    dx = layer.backward(dy)
    before = snapshot(layer)
    expected = "(N, " + ", ".join(map(str, shape)) + ")"
    wrong = np.zeros((3, *shape[:-1], shape[-1] + 1))
    for bad in (wrong, wrong[..., 0], np.zeros((0, *wrong.shape[1:])), np.float64(1)):
        with pytest.raises(ValueError) as error:
            layer.forward(bad, training=True)
        assert f"{layer} expects {expected}, got {np.shape(bad)}" in str(error.value)
    for bad in (x + 0j, x.astype(str)):
        with pytest.raises(TypeError, match="expects a real numeric input, got dtype"):
            layer.forward(bad, training=True)
    assert_same(before, snapshot(layer))
    np.testing.assert_array_equal(layer.input_gradient(dy), dx)


@every_layer
def test_a_wrong_gradient_names_the_shapes_and_changes_nothing(make, shape):
    layer, x, dy = built(make, shape)
    layer.forward(x, training=True)
    before = snapshot(layer)
    for bad in (dy[:1], dy[:2], dy[..., None], np.float64(1)):  # the first would broadcast
        for ask in (layer.parameter_gradients, layer.input_gradient, layer.backward):
            if ask.__func__ is Layer.parameter_gradients:
                continue  # without parameters there is nothing to ask
            with pytest.raises(ValueError) as error:
                ask(bad)
            assert f"so dy must have it too, got {np.shape(bad)}" in str(error.value)
            assert str(dy.shape) in str(error.value)
    with pytest.raises(TypeError, match="expects a real numeric gradient, got dtype complex128"):
        layer.backward(dy + 0j)
    assert_same(before, snapshot(layer))


@every_layer
def test_no_gradient_before_a_forward_pass(make, shape):
    layer, _, dy = built(make, shape)
    for ask in (layer.input_gradient, layer.backward):
        with pytest.raises(ValueError, match=r"has no output yet: call forward\(x\) before"):
            ask(dy)


@every_layer
def test_an_unbuilt_layer_says_what_is_missing(make, shape):
    layer = make()
    for ask in (lambda: layer.forward(np.ones((3, *shape))), layer.zero_grad, layer.count_params):
        with pytest.raises(ValueError) as error:
            ask()
        assert str(error.value) == (
            f"{layer} has no parameters yet: put it into a Sequential with an input_shape, "
            "or call build(input_shape)"
        )
    with pytest.raises(ValueError, match="has no parameters yet"):
        layer.astype(np.float64)


@every_layer
def test_building_twice_would_lose_the_parameters(make, shape):
    layer, _, _ = built(make, shape)
    before = snapshot(layer)
    with pytest.raises(ValueError) as error:
        layer.build(shape)
    assert f"{layer} is already built, for samples of {shape}" in str(error.value)
    assert_same(before, snapshot(layer))


@every_layer
@both_modes
def test_a_copy_computes_the_same_and_lives_its_own_life(make, shape, training):
    layer, x, dy = built(make, shape)
    layer.backward(0 * layer.forward(x, training) + dy)
    twin = copy.deepcopy(layer)
    assert_same(snapshot(layer), snapshot(twin))
    before = snapshot(layer)
    # An optimiser changes flat_params; what the layers compute with must follow.
    twin.flat_params[...] = 7
    twin.zero_grad()
    for key, value in twin.params.items():
        assert (value == 7).all(), key
        assert not twin.grads[key].any(), key
    for value in twin.state.values():
        value += 1
    assert_same(before, snapshot(layer))
    twin.flat_params[...] = layer.flat_params
    for key, value in twin.state.items():
        value[...] = layer.state[key]
    np.testing.assert_array_equal(twin.forward(x, training), layer.forward(x, training))


@every_layer
def test_astype_gives_a_copy_in_the_other_dtype(make, shape):
    layer, x, dy = built(make, shape)
    layer.forward(x, training=True)
    layer.backward(dy)
    single = layer.astype(np.float32)
    for key, value in snapshot(single).items():
        assert value.dtype == np.float32
        np.testing.assert_array_equal(value, snapshot(layer)[key].astype(np.float32))
    with pytest.raises(ValueError, match="has no output yet"):
        single.backward(dy)  # its forward pass was made in float64
    y = single.forward(x)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, layer.forward(x), rtol=1e-4, atol=1e-5)
    single.flat_params += 1
    assert all((np.abs(single.params[key] - layer.params[key]) > 0.5).all() for key in layer.params)


@every_layer
def test_config_holds_the_constructors_arguments(make, shape):
    layer = make()
    config = json.loads(json.dumps(layer.config()))
    if not isinstance(layer, Sequential):
        twin = type(layer)(**config)
        assert twin.config() == layer.config()
        assert twin.build(shape).output_shape == layer.build(shape).output_shape


class Scale(Layer):
    """y = s x, the smallest layer with a parameter: ds = sum(dy x), dx = s dy."""

    def create_params(self):
        self.params["s"] = np.full(1, 2.0, self.dtype)

    def forward(self, x, training=False):
        self._x = self._check_input(x)
        return self._x * self.params["s"]

    def parameter_gradients(self, dy):
        self.grads["s"] += (self._check_gradient(dy) * self._x).sum()

    def input_gradient(self, dy):
        return self._check_gradient(dy) * self.params["s"]


def test_a_layer_of_ones_own():
    layer = Scale().build((2,), dtype=np.float64)
    np.testing.assert_array_equal(layer.forward([[1, 2], [3, 4]]), [[2, 4], [6, 8]])
    np.testing.assert_array_equal(layer.backward([[1, 0], [0, -1]]), [[2, 0], [0, -2]])
    assert layer.grads["s"] == 1 - 4
    network = Sequential([Scale(), Dense(3), Scale()], input_shape=(2,), rng=0)
    assert list(network.params) == ["scale_1.s", "dense_1.W", "dense_1.b", "scale_2.s"]


def test_a_layer_that_lacks_a_method_says_which():
    class Lazy(Layer):
        pass

    layer = Lazy().build((2,))
    with pytest.raises(TypeError, match=r"Lazy must define forward\(x, training\)"):
        layer.forward(np.ones((1, 2)))
    with pytest.raises(TypeError, match=r"Lazy must define input_gradient\(dy\)"):
        layer.backward(np.ones((1, 2)))


def test_a_list_of_layers_can_be_read():
    network = Sequential([Dense(4), ReLU()], (3,), rng=0)
    assert repr(network.layers) == "[Dense 'dense_1', ReLU 'relu_1']"


def test_an_init_that_forgot_its_parents_is_told_so():
    class Forgetful(Layer):
        def __init__(self, units):
            self.units = units

    for use in (lambda layer: Sequential([layer], (3,)), lambda layer: check_layer(layer, np.ones((4, 3)))):
        with pytest.raises(
            TypeError, match=r"Forgetful: its __init__ must begin with super\(\).__init__\(name=name\)"
        ):
            use(Forgetful(3))
