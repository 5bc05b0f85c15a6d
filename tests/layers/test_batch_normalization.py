"""BatchNormalization: values by hand, a version made of loops, running averages."""

import math

import numpy as np
import pytest

from numpygan import BatchNormalization


def built(shape, dtype=np.float64, **settings):
    return BatchNormalization(**settings).build(shape, dtype=dtype)


def test_training_by_hand():
    # Channel 0: 1, 3  mean 2, var 1;  channel 1: 0, 4  mean 2, var 4.
    # With epsilon 1e-3: xhat = -+1 / sqrt(1.001) and -+2 / sqrt(4.001).
    layer = built((2,))
    layer.params["gamma"][...] = [2, 10]
    layer.params["beta"][...] = [5, -1]
    y = layer.forward([[1.0, 0.0], [3.0, 4.0]], training=True)
    a, b = 2 / math.sqrt(1.001), 20 / math.sqrt(4.001)
    np.testing.assert_allclose(y, [[5 - a, -1 - b], [5 + a, -1 + b]], rtol=1e-14)


def test_running_averages_by_hand_and_their_use_in_inference():
    layer = built((1,), momentum=0.9, epsilon=0.01)
    layer.forward([[1.0], [3.0]], training=True)  # mean 2, var 1
    # 0.9 * 0 + 0.1 * 2 = 0.2      0.9 * 1 + 0.1 * 1 = 1
    np.testing.assert_allclose(layer.state["moving_mean"], [0.2], rtol=1e-14)
    np.testing.assert_allclose(layer.state["moving_variance"], [1.0], rtol=1e-14)
    layer.forward([[0.0], [4.0]], training=True)  # mean 2, var 4 (with 1/m, not 1/(m - 1))
    # 0.9 * 0.2 + 0.1 * 2 = 0.38   0.9 * 1 + 0.1 * 4 = 1.3
    np.testing.assert_allclose(layer.state["moving_mean"], [0.38], rtol=1e-14)
    np.testing.assert_allclose(layer.state["moving_variance"], [1.3], rtol=1e-14)
    y = layer.forward([[0.38], [2.38]])
    np.testing.assert_allclose(y, [[0], [2 / math.sqrt(1.31)]], rtol=1e-14, atol=1e-15)
    # dx = gamma / std * dy, one sample at a time: the other one has no say.
    np.testing.assert_allclose(layer.input_gradient([[1.0], [0.0]]), [[1 / math.sqrt(1.31)], [0]], rtol=1e-14)


def test_inference_leaves_the_running_averages_alone():
    layer = built((3,))
    x = np.random.default_rng(0).standard_normal((4, 3))
    layer.forward(x, training=True)
    before = {key: value.copy() for key, value in layer.state.items()}
    layer.forward(10 * x)
    for key, value in layer.state.items():
        np.testing.assert_array_equal(value, before[key])


def test_running_averages_approach_the_mean_and_variance_of_the_data():
    rng = np.random.default_rng(1)
    layer = built((2,), momentum=0.9)
    for _ in range(300):
        layer.forward(rng.normal([3, -1], [0.5, 2], (256, 2)), training=True)
    # A batch mean has standard deviation 2 / sqrt(256), averaged over about 20 batches: 0.03.
    np.testing.assert_allclose(layer.state["moving_mean"], [3, -1], atol=0.12)
    np.testing.assert_allclose(layer.state["moving_variance"], [0.25, 4], rtol=0.1)


@pytest.mark.parametrize("shape", [(64, 3), (8, 5, 4, 3)])
def test_each_channel_gets_mean_zero_and_variance_one(shape):
    x = np.random.default_rng(2).normal([5, -3, 0], [1, 4, 9], shape)
    y = built(shape[1:], epsilon=1e-9).forward(x, training=True)
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(axis=axes), 1, rtol=1e-7)


def test_images_are_normalised_per_channel_and_not_per_pixel():
    # A bright column in every image stays brighter than the rest, and there is
    # one gamma per channel, not one per pixel.
    x = np.random.default_rng(3).standard_normal((16, 4, 4, 2))
    x[:, :, 1, :] += 5
    layer = built((4, 4, 2))
    y = layer.forward(x, training=True)
    assert layer.params["gamma"].shape == layer.state["moving_mean"].shape == (2,)
    assert (y[:, :, 1, :].mean(axis=(0, 1)) > 1).all()


def test_images_are_rows_of_pixels():
    rng = np.random.default_rng(4)
    x, dy = rng.standard_normal((2, 3, 4, 5, 2))
    images, rows = built((4, 5, 2)), built((2,))
    y_rows = rows.forward(x.reshape(-1, 2), training=True)
    np.testing.assert_allclose(images.forward(x, training=True), y_rows.reshape(x.shape), rtol=1e-12)
    dx_rows = rows.backward(dy.reshape(-1, 2))
    np.testing.assert_allclose(images.backward(dy), dx_rows.reshape(x.shape), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(images.flat_grads, rows.flat_grads, rtol=1e-12)


def batch_norm_with_loops(x, gamma, beta, epsilon, dy):
    """Return y, dgamma, dbeta, dx for (N, C), with the chain rule through mean and var.

    Step by step as in Ioffe & Szegedy 2015, section 3, not as in the layer:

        dvar  = sum(dxhat (x - mean)) * -1/2 (var + eps)^(-3/2)
        dmean = sum(dxhat) * -1 / sqrt(var + eps)   (the path through var sums to zero)
        dx    = dxhat / sqrt(var + eps) + dvar 2 (x - mean) / m + dmean / m
    """
    m, C = x.shape
    y, dx = np.zeros_like(x), np.zeros_like(x)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c in range(C):
        mean = sum(x[n, c] for n in range(m)) / m
        var = sum((x[n, c] - mean) ** 2 for n in range(m)) / m
        std = math.sqrt(var + epsilon)
        dvar = dmean = 0
        for n in range(m):
            xhat = (x[n, c] - mean) / std
            y[n, c] = gamma[c] * xhat + beta[c]
            dgamma[c] += dy[n, c] * xhat
            dbeta[c] += dy[n, c]
            dvar -= dy[n, c] * gamma[c] * (x[n, c] - mean) / (2 * std**3)
            dmean -= dy[n, c] * gamma[c] / std
        for n in range(m):
            dx[n, c] = dy[n, c] * gamma[c] / std + dvar * 2 * (x[n, c] - mean) / m + dmean / m
    return y, dgamma, dbeta, dx


def test_agrees_with_loops():
    rng = np.random.default_rng(5)
    layer = built((3,), epsilon=0.05)
    layer.params["gamma"][...], layer.params["beta"][...] = rng.standard_normal((2, 3))
    x, dy = rng.standard_normal((2, 7, 3))
    y = layer.forward(x, training=True)
    dx = layer.backward(dy)
    slow = batch_norm_with_loops(x, layer.params["gamma"], layer.params["beta"], 0.05, dy)
    for fast, loops in zip((y, layer.grads["gamma"], layer.grads["beta"], dx), slow, strict=True):
        np.testing.assert_allclose(fast, loops, rtol=1e-12, atol=1e-14)


def test_dx_is_blind_to_moving_and_stretching_the_batch():
    rng = np.random.default_rng(6)
    layer = built((4, 4, 3), epsilon=1e-9)
    x, dy = rng.standard_normal((2, 5, 4, 4, 3))
    xhat = layer.forward(x, training=True)  # gamma is 1, beta 0
    dx = layer.input_gradient(dy)
    np.testing.assert_allclose(dx.sum(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose((dx * xhat).sum(axis=(0, 1, 2)), 0, atol=1e-6)
    assert np.abs(dx).max() > 0.1


@pytest.mark.parametrize("training", [True, False])
def test_backward_asks_both_questions(training):
    rng = np.random.default_rng(7)
    together, apart = built((2,)), built((2,))
    x, dy = rng.standard_normal((2, 5, 2))
    together.forward(x, training)
    apart.forward(x, training)
    dx = together.backward(dy)
    apart.parameter_gradients(dy)
    np.testing.assert_array_equal(dx, apart.input_gradient(dy))
    np.testing.assert_array_equal(together.flat_grads, apart.flat_grads)


def test_float32_sums_over_a_hundred_thousand_pixels_stay_precise():
    # One float32 sum over m = 128 * 28 * 28 values far from zero is wrong in its
    # fourth digit, and y and dx with it.
    rng = np.random.default_rng(8)
    x = rng.normal(10, 1, (128, 28, 28, 4)).astype(np.float32)
    dy = rng.normal(1, 1, x.shape).astype(np.float32)
    single, double = built(x.shape[1:], np.float32), built(x.shape[1:], np.float64)
    y, y64 = single.forward(x, training=True), double.forward(x, training=True)
    np.testing.assert_allclose(y, y64, rtol=0, atol=2e-5)
    np.testing.assert_allclose(single.backward(dy), double.backward(dy), rtol=0, atol=1e-4)
    np.testing.assert_allclose(single.grads["beta"], double.grads["beta"], rtol=2e-6)


def test_a_constant_channel_gives_beta():
    layer = built((2,), np.float32)
    layer.params["beta"][...] = [7, 8]
    y = layer.forward(np.full((4, 2), 1000, np.float32), training=True)
    np.testing.assert_array_equal(y, np.tile(np.float32([7, 8]), (4, 1)))


@pytest.mark.parametrize("shape", [(3,), (1, 1, 3)])
def test_one_value_per_channel_is_refused_in_training_before_anything_changes(shape):
    layer = BatchNormalization(name="norm").build(shape, dtype=np.float64)
    x = np.ones((1, *shape))
    with pytest.raises(ValueError, match="BatchNormalization 'norm' needs at least 2 values per channel"):
        layer.forward(x, training=True)
    np.testing.assert_array_equal(layer.state["moving_mean"], 0)
    np.testing.assert_array_equal(layer.state["moving_variance"], 1)
    with pytest.raises(ValueError, match="no output yet"):
        layer.backward(x)
    np.testing.assert_allclose(layer.forward(x), x / math.sqrt(1.001), rtol=1e-14)


def test_one_image_is_enough():
    x = np.random.default_rng(9).standard_normal((1, 4, 4, 2))
    y = built((4, 4, 2)).forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-14)


@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4, 5), ()])
def test_samples_that_are_neither_features_nor_images(shape):
    with pytest.raises(ValueError) as error:
        BatchNormalization().build(shape)
    assert f"BatchNormalization expects (N, C) or (N, H, W, C), got samples of {shape}" in str(error.value)


@pytest.mark.parametrize(
    "argument, value", [("momentum", 1), ("momentum", -0.1), ("epsilon", 0), ("epsilon", 0.8)]
)
def test_arguments_out_of_range(argument, value):
    interval = {"momentum": "[0, 1)", "epsilon": "(0, 0.1)"}[argument]
    with pytest.raises(ValueError) as error:
        BatchNormalization(**{argument: value})
    assert str(error.value) == f"BatchNormalization: {argument} must be in {interval}, got {value}"


def test_arguments_of_a_wrong_type_or_without_a_name():
    with pytest.raises(TypeError, match="BatchNormalization: momentum must be a number"):
        BatchNormalization(momentum="0.9")
    with pytest.raises(TypeError, match="BatchNormalization: epsilon must be a number"):
        BatchNormalization(epsilon=None)
    with pytest.raises(TypeError):
        BatchNormalization(0.8)  # would be momentum here and epsilon elsewhere
