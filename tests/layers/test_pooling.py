"""MaxPooling2D, AveragePooling2D and UpSampling2D: values, gradients, ties, errors."""

import numpy as np
import pytest

from numpygan import AveragePooling2D, MaxPooling2D, UpSampling2D
from tests.layers.numeric import numeric_gradient

GRID = [
    # pool_size, strides, padding, image
    (2, None, "valid", (4, 6)),
    (2, None, "valid", (5, 7)),
    (2, None, "same", (5, 4)),
    (3, 2, "same", (6, 5)),
    (3, 1, "same", (4, 3)),
    ((2, 3), (1, 2), "valid", (4, 7)),
    (1, 2, "same", (5, 5)),
]


def check_dx(layer, x, rng):
    layer.build(x.shape[1:], dtype=np.float64)
    dy = rng.standard_normal((len(x), *layer.output_shape))
    numeric = numeric_gradient(lambda: layer.forward(x), x, dy)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(dy), numeric, rtol=0, atol=1e-7)


@pytest.mark.parametrize("kind", [MaxPooling2D, AveragePooling2D])
@pytest.mark.parametrize("case", GRID, ids=str)
def test_pooling_gradients(kind, case):
    pool_size, strides, padding, image = case
    rng = np.random.default_rng(0)
    x = rng.permutation(3.0 * np.prod(image) * 2 + np.arange(3 * np.prod(image) * 2)).reshape(3, *image, 2)
    check_dx(kind(pool_size, strides, padding), x, rng)  # distinct numbers: no ties in max


@pytest.mark.parametrize("size", [1, 2, (2, 3)])
def test_upsampling_gradients(size):
    rng = np.random.default_rng(0)
    check_dx(UpSampling2D(size), rng.standard_normal((3, 3, 2, 2)), rng)


@pytest.mark.parametrize("case", GRID, ids=str)
def test_pooling_against_loops(case):
    (pool_size, strides, padding, (H, W)) = case
    x = np.random.default_rng(1).standard_normal((2, H, W, 3))
    layers = [kind(pool_size, strides, padding).build((H, W, 3), dtype=np.float64)
              for kind in (MaxPooling2D, AveragePooling2D)]  # fmt: skip
    largest, mean = (layer.forward(x) for layer in layers)
    (kh, kw), (sh, sw) = layers[0].pool_size, layers[0].strides
    H_out, W_out, _ = layers[0].output_shape
    top = max((H_out - 1) * sh + kh - H, 0) // 2 if padding == "same" else 0
    left = max((W_out - 1) * sw + kw - W, 0) // 2 if padding == "same" else 0
    for p in range(H_out):
        for q in range(W_out):
            rows = slice(max(p * sh - top, 0), p * sh - top + kh)
            window = x[:, rows, max(q * sw - left, 0) : q * sw - left + kw]
            np.testing.assert_array_equal(largest[:, p, q], window.max(axis=(1, 2)))
            np.testing.assert_allclose(mean[:, p, q], window.mean(axis=(1, 2)), rtol=1e-12)


def test_values_worked_by_hand():
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    for layer, expected in (
        (MaxPooling2D(2), [[4]]),
        (MaxPooling2D(2, padding="same"), [[4, 5], [7, 8]]),
        (AveragePooling2D(2, 1), [[2, 3], [5, 6]]),
        (AveragePooling2D(2, padding="same"), [[2, 3.5], [6.5, 8]]),  # the edge counts real pixels only
    ):
        layer.build((3, 3, 1), dtype=np.float64)
        assert layer.forward(x)[0, :, :, 0].tolist() == expected
    up = UpSampling2D((1, 2)).build((1, 2, 1), dtype=np.float64)
    assert up.forward(np.array([[[[1.0], [2]]]]))[0, :, :, 0].tolist() == [[1, 1, 2, 2]]
    assert up.input_gradient(np.array([[[[1.0], [2], [3], [4]]]]))[0, :, :, 0].tolist() == [[3, 7]]


def test_of_equal_pixels_the_first_one_gets_the_gradient():
    layer = MaxPooling2D(2).build((2, 4, 1), dtype=np.float64)
    layer.forward(np.array([[[0.0], [5], [0], [0]], [[5], [5], [0], [0]]])[None])
    dx = layer.input_gradient(np.array([[[[3.0], [7]]]]))
    assert dx[0, :, :, 0].tolist() == [[0, 3, 7, 0], [0, 0, 0, 0]]


def test_max_pooling_sends_back_what_came_however_many_ties_there_are():
    rng = np.random.default_rng(2)
    layer = MaxPooling2D(3, 2, "same").build((7, 6, 2), dtype=np.float64)
    layer.forward(rng.integers(0, 3, (4, 7, 6, 2)))
    dy = rng.standard_normal((4, *layer.output_shape))
    np.testing.assert_allclose(layer.input_gradient(dy).sum(), dy.sum(), rtol=1e-10)


def test_max_pooling_of_negative_pixels_ignores_the_edge():
    layer = MaxPooling2D(3, 1, "same").build((2, 2, 1))
    assert (layer.forward(np.full((1, 2, 2, 1), -7)) == -7).all()


@pytest.mark.parametrize("kind", [MaxPooling2D, AveragePooling2D, UpSampling2D])
def test_dtype_is_kept_and_arguments_are_left_alone(kind):
    rng = np.random.default_rng(3)
    layer = kind(2).build((4, 4, 2))
    x = rng.standard_normal((3, 4, 4, 2), dtype=np.float32)
    dy = rng.standard_normal((3, *layer.output_shape), dtype=np.float32)
    copies = x.copy(), dy.copy()
    y, dx = layer.forward(x), layer.backward(dy)
    assert y.dtype == dx.dtype == np.float32
    np.testing.assert_array_equal(x, copies[0])
    np.testing.assert_array_equal(dy, copies[1])
    kept = y.copy()
    layer.forward(-x)
    np.testing.assert_array_equal(y, kept)


def test_config_rebuilds_the_layer():
    for layer in (MaxPooling2D((2, 3), 1, "same"), AveragePooling2D(2), UpSampling2D((2, 1))):
        assert type(layer)(**layer.config()).config() == layer.config()


@pytest.mark.parametrize("kind", [MaxPooling2D, AveragePooling2D])
def test_errors_name_what_came(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__} 'p': pool_size must be a positive integer"):
        kind(0, name="p")
    with pytest.raises(ValueError, match="strides must be a positive integer"):
        kind(2, 0)
    with pytest.raises(ValueError, match='padding must be "valid" or "same", got 1'):
        kind(2, padding=1)
    with pytest.raises(ValueError, match=r"a kernel of \(3, 3\) does not fit into an image of \(2, 5\)"):
        kind(3).build((2, 5, 1))
    with pytest.raises(ValueError, match=r"expects samples of shape \(H, W, C\), got \(4,\)"):
        kind(2).build((4,))


def test_upsampling_errors():
    with pytest.raises(ValueError, match="size must be a positive integer"):
        UpSampling2D(0)
    with pytest.raises(ValueError, match=r"expects samples of shape \(H, W, C\), got \(4,\)"):
        UpSampling2D(2).build((4,))
