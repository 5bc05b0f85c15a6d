"""Dense: values by hand, a version made of loops, and errors that name the layer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numpygan import Dense
from numpygan.layers import HeNormal

X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.0]])
DY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -1.0], [2.0, 0.0, 1.0]])


def small_dense():
    layer = Dense(3).build((2,), rng=0, dtype=np.float64)
    layer.params["W"][...] = [[1, 2, 3], [4, 5, 6]]
    layer.params["b"][...] = [10, 20, 30]
    return layer


def test_forward_by_hand():
    # y[0] = 1 [1 2 3] + 2 [4 5 6] + b = [ 9 12 15] + b = [19 32 45]
    # y[1] = 0 [1 2 3] - 1 [4 5 6] + b = [-4 -5 -6] + b = [ 6 15 24]
    # y[2] = 3 [1 2 3] + 0 [4 5 6] + b = [ 3  6  9] + b = [13 26 39]
    y = small_dense().forward(X)
    np.testing.assert_array_equal(y, [[19, 32, 45], [6, 15, 24], [13, 26, 39]])


def test_gradients_by_hand():
    # dW[0] = 1 dy[0] + 0 dy[1] + 3 dy[2] = [1 0 0] + [6 0 3] = [7 0 3]
    # dW[1] = 2 dy[0] - 1 dy[1] + 0 dy[2] = [2 0 0] - [0 1 -1] = [2 -1 1]
    # db    = dy[0] + dy[1] + dy[2]       = [3 1 0]
    # dx[0] = W[:, 0] = [1 4];  dx[1] = W[:, 1] - W[:, 2] = [-1 -1]
    # dx[2] = 2 W[:, 0] + W[:, 2] = [2 8] + [3 6] = [5 14]
    layer = small_dense()
    layer.forward(X)
    dx = layer.backward(DY)
    np.testing.assert_array_equal(layer.grads["W"], [[7, 0, 3], [2, -1, 1]])
    np.testing.assert_array_equal(layer.grads["b"], [3, 1, 0])
    np.testing.assert_array_equal(dx, [[1, 4], [-1, -1], [5, 14]])


def dense_with_loops(x, W, b, dy):
    """Return y, dW, db, dx, straight from y[n, j] = sum_i x[n, i] W[i, j] + b[j]."""
    y = np.zeros((len(x), len(b)))
    dW, db, dx = np.zeros_like(W), np.zeros_like(b), np.zeros_like(x)
    for n in range(len(x)):
        for j in range(len(b)):
            y[n, j] = b[j]
            db[j] += dy[n, j]  # dy[n, j]/db[j] = 1
            for i in range(x.shape[1]):
                y[n, j] += x[n, i] * W[i, j]
                dW[i, j] += dy[n, j] * x[n, i]  # dy[n, j]/dW[i, j] = x[n, i]
                dx[n, i] += dy[n, j] * W[i, j]  # dy[n, j]/dx[n, i] = W[i, j]
    return y, dW, db, dx


@given(
    N=st.integers(1, 5),
    features=st.integers(1, 6),
    units=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_agrees_with_loops(N, features, units, seed):
    rng = np.random.default_rng(seed)
    layer = Dense(units).build((features,), rng=rng, dtype=np.float64)
    layer.params["b"][...] = rng.standard_normal(units)
    x, dy = rng.standard_normal((N, features)), rng.standard_normal((N, units))
    y = layer.forward(x)
    dx = layer.backward(dy)
    assert y.shape == dy.shape and dx.shape == x.shape
    slow = dense_with_loops(x, layer.params["W"], layer.params["b"], dy)
    for fast, loops in zip((y, layer.grads["W"], layer.grads["b"], dx), slow, strict=True):
        np.testing.assert_allclose(fast, loops, rtol=1e-12, atol=1e-12)


def test_a_batch_that_repeats_its_samples_doubles_the_gradients():
    once, twice = small_dense(), small_dense()
    once.forward(X)
    once.parameter_gradients(DY)
    twice.forward(np.concatenate([X, X]))
    twice.parameter_gradients(np.concatenate([DY, DY]))
    np.testing.assert_array_equal(twice.flat_grads, 2 * once.flat_grads)


def test_bias_starts_at_zero_and_W_comes_from_the_initializer():
    layer = Dense(5, initializer=HeNormal()).build((7,), rng=3)
    expected = HeNormal()((7, 5), np.random.default_rng(3), np.float32)
    np.testing.assert_array_equal(layer.params["W"], expected)
    np.testing.assert_array_equal(layer.params["b"], np.zeros(5))
    assert layer.count_params() == 7 * 5 + 5


@pytest.mark.parametrize("units", ["10", 2.5, True, None, (10,)])
def test_units_of_a_wrong_type(units):
    with pytest.raises(TypeError) as error:
        Dense(units, name="hidden")
    assert "Dense 'hidden': units must be a positive integer, got" in str(error.value)
    assert repr(units) in str(error.value)


@pytest.mark.parametrize("units", [0, -3])
def test_units_that_are_not_positive(units):
    with pytest.raises(ValueError, match=f"Dense: units must be a positive integer, got {units}"):
        Dense(units)


def test_units_may_be_a_numpy_integer():
    assert type(Dense(np.int64(4)).units) is int


def test_initializer_that_cannot_be_called():
    with pytest.raises(TypeError, match="Dense: initializer must be .* such as HeNormal.., got 'he'"):
        Dense(3, initializer="he")


def test_images_are_sent_to_flatten():
    layer = Dense(3, name="hidden").build((784,), rng=0)
    with pytest.raises(ValueError) as error:
        layer.forward(np.zeros((32, 28, 28)))
    assert str(error.value) == "Dense 'hidden' expects (N, 784), got (32, 28, 28): add Flatten() first"
    with pytest.raises(ValueError, match=r"Dense expects .*\(features,\), got \(28, 28, 1\): add Flatten"):
        Dense(3).build((28, 28, 1))
