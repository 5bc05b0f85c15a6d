"""InstanceNormalization: values, what it takes away, independence of the samples, errors."""

import numpy as np
import pytest

from numpygan import BatchNormalization, InstanceNormalization, check_layer

SHAPE = (5, 4, 3)


def built(shape=SHAPE, dtype=np.float64, **options):
    return InstanceNormalization(**options).build(shape, dtype=dtype)


def images(N=4, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).standard_normal((N, *shape))


def test_by_hand():
    layer = built((2, 2, 1), epsilon=0.04)
    layer.params["gamma"][:], layer.params["beta"][:] = 2, 1
    x = np.array([[1.0, 3, 3, 1], [0, 0, 0, 0]]).reshape(2, 2, 2, 1)
    y = layer.forward(x)
    std = np.sqrt(1.04)  # mean 2, var 1
    expected = [[1 - 2 / std, 1 + 2 / std, 1 + 2 / std, 1 - 2 / std], [1] * 4]
    np.testing.assert_allclose(y.reshape(2, 4), expected, rtol=1e-14)


def test_every_channel_of_every_image_has_mean_0_and_variance_1():
    y = built().forward(5 + 100 * images())
    np.testing.assert_allclose(y.mean(axis=(1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(1, 2)), 1, rtol=1e-5)


def test_brightness_and_contrast_of_an_image_are_forgotten():
    layer, x = built(), images()
    scale, shift = (
        np.array([3.0, 1, 50, 7]).reshape(4, 1, 1, 1),
        np.array([0.0, 4, -20, 1]).reshape(4, 1, 1, 1),
    )
    np.testing.assert_allclose(layer.forward(100 * x), layer.forward(100 * x * scale + shift), atol=1e-4)


def test_no_sample_hears_of_another():
    layer, x, dy = built(), images(), images(seed=1)
    together, dx = layer.forward(x), layer.input_gradient(dy)
    for n in range(len(x)):
        np.testing.assert_allclose(layer.forward(x[n : n + 1]), together[n : n + 1], rtol=1e-12)
        np.testing.assert_allclose(layer.input_gradient(dy[n : n + 1]), dx[n : n + 1], rtol=1e-11)


def test_it_is_batch_normalisation_of_a_batch_of_one():
    batch, instance = BatchNormalization().build(SHAPE, dtype=np.float64), built()
    for layer in (batch, instance):
        layer.params["gamma"][:], layer.params["beta"][:] = (0.5, 2, -1), (1, 0, 3)
    x, dy = images(1), images(1, seed=1)
    np.testing.assert_allclose(instance.forward(x), batch.forward(x, training=True), rtol=1e-12)
    np.testing.assert_allclose(instance.backward(dy), batch.backward(dy), rtol=1e-11)
    np.testing.assert_allclose(instance.flat_grads, batch.flat_grads, rtol=1e-11)


def test_training_and_inference_are_the_same():
    layer, x = built(), images()
    assert np.array_equal(layer.forward(x, training=True), layer.forward(x, training=False))
    assert layer.state == {}


def test_float32_is_as_good_as_float64_after_a_large_offset():
    x = images(2, (28, 28, 2)).astype(np.float32) + np.float32(10)
    exact = built((28, 28, 2)).forward(x)
    np.testing.assert_allclose(built((28, 28, 2), np.float32).forward(x), exact, atol=3e-5)


@pytest.mark.parametrize("value", [0.0, 1000.0, -1000.0])
def test_an_image_that_is_the_same_all_over(value):
    layer = built()
    layer.params["beta"][:] = 0.5
    y = layer.forward(np.full((3, *SHAPE), value))
    np.testing.assert_allclose(y, 0.5, atol=1e-9)
    assert np.isfinite(layer.backward(images(3))).all()


def test_a_path_left_out_is_caught():
    class WithoutStd(InstanceNormalization):
        def _dx(self, dy, dy_sum, product_sum):
            return super()._dx(dy, dy_sum, 0 * product_sum)

    class WithoutMean(InstanceNormalization):
        def _dx(self, dy, dy_sum, product_sum):
            return super()._dx(dy, 0 * dy_sum, product_sum)

    for wrong in (WithoutStd, WithoutMean):
        report = check_layer(wrong(), images())
        assert not report.ok and report["x"].differ == report["x"].checked


@pytest.mark.parametrize("shape", [(6,), (4, 3), (1, 1, 5)])
def test_samples_that_it_cannot_take(shape):
    with pytest.raises(
        ValueError, match=r"InstanceNormalization expects samples \(H, W, C\) of at least 2 pixels"
    ):
        built(shape)


@pytest.mark.parametrize("epsilon", [0, -1e-3, 0.1, float("nan")])
def test_epsilon_out_of_range(epsilon):
    with pytest.raises(ValueError, match=r"InstanceNormalization: epsilon must be in \(0, 0.1\)"):
        InstanceNormalization(epsilon=epsilon)
