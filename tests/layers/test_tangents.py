"""The third question: values by hand, biases left out, errors, and the first two questions' transpose."""

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    InstanceNormalization,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    MinibatchStddev,
    Residual,
    Sequential,
    Tanh,
)
from numpygan.gradcheck.cases import layer_cases

REFUSED = (BatchNormalization, InstanceNormalization, MinibatchStddev)


def test_every_layer_of_the_library_answers_or_says_why_not():
    kinds = set()
    for layer, shape, _ in layer_cases():
        kinds.add(type(layer))
        if isinstance(layer, REFUSED):
            layer.build(shape[1:])
            layer.forward(np.ones(shape))
            with pytest.raises(
                TypeError, match=f"{type(layer).__name__} cannot be in a network with a gradient penalty"
            ):
                layer.tangent(np.ones(shape))
        elif not isinstance(layer, Sequential):
            assert layer.no_tangent is None, layer
    assert set(REFUSED) <= kinds


def test_dense_by_hand():
    layer = Dense(2).build((2,), dtype=np.float64)
    layer.params["W"][...] = [[1, 2], [3, 4]]
    layer.params["b"][...] = 100
    layer.zero_grad()
    layer.forward(np.array([[7.0, 8.0]]))
    np.testing.assert_array_equal(layer.tangent(np.array([[1.0, -1.0]])), [[-2, -2]])
    assert layer.tangent_gradients(np.array([[1.0, -1.0]]), np.array([[5.0, 6.0]])) is None
    np.testing.assert_array_equal(layer.grads["W"], [[5, 6], [-5, -6]])  # t^T dy, whatever x was
    np.testing.assert_array_equal(layer.grads["b"], 0)


def test_leaky_relu_and_tanh_by_hand():
    layer = LeakyReLU(0.1).build((3,), dtype=np.float64)
    layer.forward(np.array([[2.0, -2.0, 0.0]]))
    np.testing.assert_allclose(layer.tangent(np.ones((1, 3))), [[1, 0.1, 0.1]])
    tanh = Tanh().build((1,), dtype=np.float64)
    tanh.forward(np.array([[0.5]]))
    y = np.tanh(0.5)
    np.testing.assert_allclose(tanh.tangent(np.array([[3.0]])), [[3 * (1 - y * y)]])
    curved = tanh.tangent_gradients(np.array([[3.0]]), np.array([[5.0]]))
    np.testing.assert_allclose(curved, [[15 * -2 * y * (1 - y * y)]])


def test_max_pooling_moves_as_its_largest_pixel():
    layer = MaxPooling2D(2).build((2, 2, 1), dtype=np.float64)
    layer.forward(np.array([[1.0, 5.0], [5.0, 2.0]]).reshape(1, 2, 2, 1))
    t = np.array([[1.0, 20.0], [300.0, 4000.0]]).reshape(1, 2, 2, 1)
    assert layer.tangent(t).item() == 20  # of two equal pixels, the first


def test_gradients_add_and_questions_do_not_disturb_each_other():
    layers = [
        Conv2D(3, 3),
        LeakyReLU(),
        Residual([Conv2D(3, 3, padding="same"), Tanh()]),
        Flatten(),
        Dense(1),
    ]
    D = Sequential(layers, (5, 5, 2), rng=0)
    rng = np.random.default_rng(1)
    x, t = rng.standard_normal((2, 4, 5, 5, 2), dtype=np.float32)
    ones = np.ones((4, 1), np.float32)
    D.forward(x)
    params = D.flat_params.copy()
    D.zero_grad()
    before = D.input_gradient(ones)
    D.tangent(t)
    assert not D.flat_grads.any()
    D.tangent_gradients(t, ones)
    once = D.flat_grads.copy()
    D.tangent_gradients(t, ones)
    np.testing.assert_allclose(D.flat_grads, 2 * once, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(D.input_gradient(ones), before)
    np.testing.assert_array_equal(D.flat_params, params)
    assert once.any() and D.flat_grads.dtype == np.float32


def test_tangents_are_linear_in_t():
    D = Sequential([Flatten(), Dense(5), LeakyReLU(), Dense(2)], (3, 2), rng=0, dtype=np.float64)
    rng = np.random.default_rng(2)
    x, s, t = rng.standard_normal((3, 4, 3, 2))
    D.forward(x)
    np.testing.assert_allclose(D.tangent(2 * s - 3 * t), 2 * D.tangent(s) - 3 * D.tangent(t), atol=1e-14)
    np.testing.assert_array_equal(D.tangent(0 * t), 0)


def test_errors_name_the_layer_and_the_shapes():
    layer = Dense(2, name="first").build((3,))
    with pytest.raises(ValueError, match=r"Dense 'first' has no input yet: call forward\(x\)"):
        layer.tangent(np.zeros((4, 3)))
    layer.forward(np.zeros((4, 3)))
    with pytest.raises(
        ValueError, match=r"Dense 'first' was given x of shape \(4, 3\), so t must have it too, got \(4, 2\)"
    ):
        layer.tangent(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"t must have it too, got \(5, 3\)"):
        layer.tangent_gradients(np.zeros((5, 3)), np.zeros((4, 2)))
    with pytest.raises(TypeError, match="expects a real numeric tangent, got dtype complex128"):
        layer.tangent(np.zeros((4, 3), complex))


def test_a_layer_of_your_own_is_refused_with_the_reason():
    class Mine(Layer):
        def forward(self, x, training=False):
            return self._check_input(x)

        def input_gradient(self, dy):
            return dy

    D = Sequential([Dense(3), Mine(name="mine")], (2,), rng=0)
    D.forward(np.zeros((1, 2)))
    with pytest.raises(TypeError, match=r"Mine 'mine' .*it does not define tangent\(t\)"):
        D.tangent(np.zeros((1, 2)))
    assert D.no_tangent == "Mine 'mine': it does not define tangent(t)"
