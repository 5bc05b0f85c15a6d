"""Conv2D and Conv2DTranspose: values, gradients, adjointness, sizes, errors."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import numpygan.layers.conv_products
from numpygan import Conv2D, Conv2DTranspose, LeakyReLU, Sequential
from numpygan.layers import HeNormal, Normal, conv2d_im2col, conv2d_loop, conv2d_transpose_loop
from numpygan.layers.layer_list import with_own_memory
from tests.layers.numeric import numeric_gradient

BOTH = [Conv2D, Conv2DTranspose]
GRID = [
    # kernel, strides, padding, image, C_in, C_out
    (3, 2, "same", (6, 6), 2, 3),
    (3, 2, "same", (5, 7), 1, 2),
    (3, 1, "same", (4, 3), 2, 1),
    (4, 2, "same", (5, 4), 1, 1),
    (3, 2, "valid", (7, 6), 2, 2),
    (3, 1, "valid", (5, 4), 2, 2),
    (4, 1, 1, (4, 5), 3, 2),
    (4, 1, "same", (4, 5), 2, 2),
    (1, 1, "valid", (3, 4), 3, 2),
    (1, 2, "same", (5, 4), 2, 2),
    (2, 3, "valid", (8, 5), 1, 2),
    ((2, 3), (1, 2), "same", (4, 5), 2, 2),
    ((3, 1), (2, 1), "valid", (5, 3), 1, 3),
    ((3, 2), (1, 3), 1, (4, 6), 2, 1),
    (5, 1, 2, (5, 4), 1, 2),
    (5, 2, "same", (2, 3), 1, 2),
]


def built(kind, filters, kernel, strides, padding, image, channels, seed=0, dtype=np.float64):
    """Return a layer with random W and b, and an rng for what flows through it."""
    rng = np.random.default_rng(seed)
    layer = kind(filters, kernel, strides, padding).build((*image, channels), rng=rng, dtype=dtype)
    layer.params["b"][...] = rng.standard_normal(filters)
    return layer, rng


def worst_error(analytic, numeric):
    return np.abs(analytic - numeric).max() / max(1, np.abs(numeric).max())


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("case", GRID, ids=str)
def test_gradients(kind, case):
    kernel, strides, padding, image, channels, filters = case
    layer, rng = built(kind, filters, kernel, strides, padding, image, channels)
    x = rng.standard_normal((3, *image, channels))
    dy = rng.standard_normal((3, *layer.output_shape))

    def forward():
        return layer.forward(x)

    forward()
    dx = layer.backward(dy)
    assert worst_error(dx, numeric_gradient(forward, x, dy)) <= 1e-7
    for key in ("W", "b"):
        assert worst_error(layer.grads[key], numeric_gradient(forward, layer.params[key], dy)) <= 1e-7


@pytest.mark.parametrize("piece", [1 << 20, 40])
@pytest.mark.parametrize("case", GRID, ids=str)
def test_the_three_plain_products_are_those_in_pieces(case, piece, monkeypatch):
    monkeypatch.setattr(numpygan.layers.conv_products, "PIECE", piece)
    kernel, strides, padding, image, channels, filters = case
    layer, rng = built(Conv2D, filters, kernel, strides, padding, image, channels)
    x = rng.standard_normal((3, *image, channels))
    dy = rng.standard_normal((3, *layer.output_shape))
    y = layer.forward(x) - layer.params["b"]
    dx = layer.backward(dy)
    plain = conv2d_im2col(x, layer.params["W"], dy, strides, padding)
    for fast, slow in zip((y, layer.grads["W"], dx), plain):
        np.testing.assert_allclose(fast, slow, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", BOTH)
def test_the_gradient_check_sees_a_turned_kernel_and_a_forgotten_overlap(kind):
    layer, rng = built(kind, 2, 3, 1, "same", (4, 4), 2)
    x, dy = rng.standard_normal((3, 4, 4, 2)), rng.standard_normal((3, 4, 4, 2))

    def forward():
        return layer.forward(x)

    forward()
    numeric = numeric_gradient(forward, x, dy)
    layer.params["W"][...] = layer.params["W"][::-1, ::-1].copy()
    assert worst_error(layer.input_gradient(dy), numeric) > 0.1
    layer.params["W"][...] = layer.params["W"][::-1, ::-1].copy()
    layer.params["W"][0, 0] = 0  # as if one of the nine windows that read a pixel were not added
    assert worst_error(layer.input_gradient(dy), numeric) > 0.1


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    image=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    strides=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.sampled_from(["valid", "same", 1, 2]),
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    N=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_fast_is_slow(image, kernel, strides, padding, channels, filters, N, seed):
    zeros = padding if isinstance(padding, int) else 0
    geometry = dict(strides=strides, padding=padding)
    if padding == "same" or all(k <= n + 2 * zeros for n, k in zip(image, kernel)):
        layer, rng = built(Conv2D, filters, kernel, strides, padding, image, channels, seed)
        W, b = layer.params["W"], layer.params["b"]
        x = rng.standard_normal((N, *image, channels))
        y = layer.forward(x)
        np.testing.assert_allclose(y, conv2d_loop(x, W, **geometry) + b, rtol=0, atol=1e-10)
        dy = rng.standard_normal(y.shape)
        back = conv2d_transpose_loop(dy, W, image, **geometry)
        np.testing.assert_allclose(layer.input_gradient(dy), back, rtol=0, atol=1e-10)
    if all((n - 1) * s + max(k, s) > 2 * zeros for n, k, s in zip(image, kernel, strides)):
        layer, rng = built(Conv2DTranspose, filters, kernel, strides, padding, image, channels, seed)
        W, b = layer.params["W"], layer.params["b"]
        x = rng.standard_normal((N, *image, channels))
        y = layer.forward(x)
        expected = conv2d_transpose_loop(x, W, y.shape[1:3], **geometry) + b
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-10)
        dy = rng.standard_normal(y.shape)
        back = conv2d_loop(dy, W, **geometry)
        np.testing.assert_allclose(layer.input_gradient(dy), back, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("image", "kernel", "strides", "padding"),
    [
        ((6, 4), 3, 2, "same"),
        ((5, 7), 3, 1, "same"),
        ((6, 4), 4, 2, "same"),
        ((4, 9), (2, 3), (1, 3), "same"),
        ((7, 5), 3, 2, "valid"),
        ((6, 8), 2, (3, 4), "valid"),
        ((5, 4), (5, 1), 1, 2),
        ((1, 1), 1, 1, "valid"),
    ],
)
@pytest.mark.parametrize(("channels", "filters"), [(1, 1), (2, 3)])
def test_transposed_convolution_is_the_adjoint(image, kernel, strides, padding, channels, filters):
    conv, rng = built(Conv2D, filters, kernel, strides, padding, image, channels)
    size = conv.output_shape[:2]
    transpose, _ = built(Conv2DTranspose, channels, kernel, strides, padding, size, filters)
    transpose.params["W"][...] = conv.params["W"]
    for layer in (conv, transpose):
        layer.params["b"][...] = 0  # a bias is no part of the linear map
    x = rng.standard_normal((3, *image, channels))
    y = rng.standard_normal((3, *conv.output_shape))
    np.testing.assert_allclose(np.vdot(conv.forward(x), y), np.vdot(x, transpose.forward(y)), rtol=1e-12)


def test_values_worked_by_hand():
    # A 3x3 image, the kernel [[1, 2], [3, 4]] and b = 10.
    W = np.array([[1.0, 2], [3, 4]]).reshape(2, 2, 1, 1)
    conv = Conv2D(1, 2).build((3, 3, 1), dtype=np.float64)
    conv.params["W"][...], conv.params["b"][...] = W, 10
    y = conv.forward(np.arange(9.0).reshape(1, 3, 3, 1))
    # top left: 0*1 + 1*2 + 3*3 + 4*4 = 27, and each step to the right adds 1 + 2 + 3 + 4
    assert y[0, :, :, 0].tolist() == [[37, 47], [67, 77]]

    transpose = Conv2DTranspose(1, 2).build((2, 2, 1), dtype=np.float64)
    transpose.params["W"][...], transpose.params["b"][...] = W, 10
    y = transpose.forward(np.array([[1.0, 0], [0, 2]]).reshape(1, 2, 2, 1))
    # the kernel once at the top left and twice at the bottom right; they meet in the middle
    assert y[0, :, :, 0].tolist() == [[11, 12, 10], [13, 16, 14], [10, 16, 18]]


@pytest.mark.parametrize(
    ("H", "kernel", "stride", "padding", "conv", "transpose"),
    [
        (7, 3, 2, "same", 4, 14),
        (14, 3, 1, "same", 14, 14),
        (28, 3, 2, "same", 14, 56),
        (5, 2, 3, "same", 2, 15),
        (7, 3, 2, "valid", 3, 15),
        (7, 2, 2, "valid", 3, 14),
        (7, 1, 3, "valid", 3, 21),  # kernel < stride: Keras fills up to H * stride
        (7, 4, 2, 1, 3, 14),
        (4, 3, 1, 1, 4, 4),
    ],
)
def test_output_sizes_are_those_of_keras(H, kernel, stride, padding, conv, transpose):
    shape = (H, H, 2)
    assert Conv2D(3, kernel, stride, padding).build(shape).output_shape == (conv, conv, 3)
    layer = Conv2DTranspose(3, kernel, stride, padding).build(shape)
    assert layer.output_shape == (transpose, transpose, 3)
    assert layer.params["W"].shape == (kernel, kernel, 3, 2)  # (kh, kw, C_out, C_in), as in Keras


def test_same_puts_the_odd_zero_at_the_bottom_right():
    layer = Conv2D(1, 3, 2, "same").build((4, 4, 1), dtype=np.float64)
    layer.params["W"][...] = 1
    y = layer.forward(np.ones((1, 4, 4, 1)))
    assert y[0, :, :, 0].tolist() == [[9, 6], [6, 4]]


@pytest.mark.parametrize("kind", BOTH)
def test_backward_is_both_questions_and_gradients_add_up(kind):
    layer, rng = built(kind, 3, 3, 2, "same", (5, 4), 2)
    layer.forward(rng.standard_normal((4, 5, 4, 2)))
    dy = rng.standard_normal((4, *layer.output_shape))
    layer.parameter_gradients(dy)
    once = layer.flat_grads.copy()
    dx = layer.backward(dy)
    np.testing.assert_allclose(layer.flat_grads, 2 * once, rtol=1e-12)
    np.testing.assert_allclose(dx, layer.input_gradient(dy), rtol=1e-12)


@pytest.mark.parametrize("kind", BOTH)
def test_input_gradient_leaves_parameters_and_gradients_alone(kind):
    layer, rng = built(kind, 3, 3, 2, "same", (4, 4), 2)
    layer.forward(rng.standard_normal((3, 4, 4, 2)))
    before = layer.flat_params.copy(), layer.flat_grads.copy()
    layer.input_gradient(rng.standard_normal((3, *layer.output_shape)))
    np.testing.assert_array_equal(before[0], layer.flat_params)
    np.testing.assert_array_equal(before[1], layer.flat_grads)


@pytest.mark.parametrize("kind", BOTH)
def test_pieces_make_no_difference(kind, monkeypatch):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2)
    x = rng.standard_normal((11, 6, 6, 2))
    y = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    dx = layer.backward(dy)
    for piece in (1, 500, 900):  # numbers in the columns: one image, a few, some more
        monkeypatch.setattr(numpygan.layers.conv_products, "PIECE", piece)
        twin = layer.astype(np.float64)
        twin.zero_grad()
        np.testing.assert_allclose(twin.forward(x), y, rtol=1e-12)
        np.testing.assert_allclose(twin.backward(dy), dx, rtol=1e-12)
        np.testing.assert_allclose(twin.flat_grads, layer.flat_grads, rtol=1e-12)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("between", ["nothing", "tangent", "twin"])
def test_columns_that_are_kept_belong_to_the_latest_values(kind, between):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2)
    buffer = rng.standard_normal((5, 6, 6, 2))
    layer.forward(buffer, training=True)
    layer.tangent(buffer)
    buffer[:] = rng.standard_normal(buffer.shape)  # the next batch in the same memory
    y, twin = layer.forward(buffer, training=True), layer.astype(np.float64)
    dy = rng.standard_normal(y.shape)
    if between == "tangent":
        layer.tangent(rng.standard_normal(buffer.shape))
    elif between == "twin":
        with_own_memory(layer).forward(rng.standard_normal(buffer.shape), training=True)
    np.testing.assert_allclose(twin.forward(buffer.copy()), y, rtol=1e-12)
    for each in (layer, twin):
        each.zero_grad()
        each.parameter_gradients(dy)
    np.testing.assert_allclose(layer.flat_grads, twin.flat_grads, rtol=1e-12)


@pytest.mark.parametrize("kind", BOTH)
def test_outputs_and_arguments_are_never_overwritten(kind):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2)
    x = rng.standard_normal((5, 6, 6, 2))
    dy = rng.standard_normal((5, *layer.output_shape))
    kept = [x, dy, layer.forward(x), layer.backward(dy), layer.input_gradient(dy)]
    copies = [array.copy() for array in kept]
    for N in (2, 9):
        other = layer.forward(rng.standard_normal((N, 6, 6, 2)))
        layer.backward(rng.standard_normal(other.shape))
    for array, copy in zip(kept, copies):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("kind", BOTH)
def test_batches_of_any_size_one_after_the_other(kind):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2)
    x = rng.standard_normal((9, 6, 6, 2))
    y = layer.forward(x)
    for N in (1, 9, 4):
        np.testing.assert_allclose(layer.forward(x[:N]), y[:N], rtol=1e-12)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(kind, dtype):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2, dtype=dtype)
    y = layer.forward(rng.standard_normal((3, 6, 6, 2)))  # float64 given
    dx = layer.backward(rng.standard_normal(y.shape))
    assert {y.dtype, dx.dtype, layer.flat_grads.dtype} == {np.dtype(dtype)}
    assert layer.input_gradient(y).dtype == dtype


@pytest.mark.parametrize("kind", BOTH)
def test_astype_computes_the_same_in_the_other_dtype(kind):
    layer, rng = built(kind, 2, 3, 2, "same", (6, 6), 2, dtype=np.float32)
    x = rng.standard_normal((3, 6, 6, 2))
    y = layer.forward(x)
    twin = layer.astype(np.float64)
    assert twin.forward(x).dtype == np.float64
    np.testing.assert_allclose(twin.forward(x), y, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", BOTH)
def test_strided_views_are_welcome(kind):
    layer, rng = built(kind, 2, 3, 1, "same", (4, 4), 2)
    x = rng.standard_normal((3, 2, 4, 4)).transpose(0, 2, 3, 1)  # channels-first memory
    dy = rng.standard_normal((3, 2, 4, 4)).transpose(0, 2, 3, 1)
    y, dx = layer.forward(x), layer.backward(dy)
    np.testing.assert_array_equal(y, layer.forward(x.copy()))
    np.testing.assert_array_equal(dx, layer.input_gradient(dy.copy()))


@pytest.mark.parametrize("kind", BOTH)
def test_initializer_hears_how_many_inputs_there_are(kind):
    layer = kind(8, 3, initializer=HeNormal()).build((6, 6, 200), rng=0)
    assert abs(layer.params["W"].std() - np.sqrt(2 / (9 * 200))) < 0.001
    layer = kind(8, 3, initializer=Normal(0.02)).build((6, 6, 200), rng=0)
    assert abs(layer.params["W"].std() - 0.02) < 0.001
    assert not layer.params["b"].any()


def test_in_a_network():
    layers = [Conv2D(2, 3, 2, "same"), LeakyReLU(), Conv2DTranspose(1, 3, 2, "same")]
    network = Sequential(layers, (6, 4, 1))
    assert network.output_shape == (6, 4, 1)
    assert [layer.name for layer in network.layers] == ["conv2d_1", "leaky_relu_1", "conv2d_transpose_1"]
    assert network.count_params() == (9 * 2 + 2) + (9 * 2 + 1)
    assert network.predict(np.ones((5, 6, 4, 1))).shape == (5, 6, 4, 1)


@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
def test_numpys_integers_become_pythons_which_a_file_can_hold(kind):
    one = np.int64(1)
    layer = kind(one, one, (one, one), one)
    assert json.loads(json.dumps(layer.config())) == layer.config()


def test_config_rebuilds_the_layer():
    for kind, padding in itertools.product(BOTH, ["same", 1]):
        layer = kind(2, (3, 2), (2, 1), padding)
        twin = kind(**layer.config())
        assert twin.config() == layer.config()
        assert twin.build((5, 5, 1)).output_shape == layer.build((5, 5, 1)).output_shape


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 3), "filters must be a positive integer, got 0"),
        ((2, 0), "kernel_size must be a positive integer, got 0"),
        ((2, (3, 3, 3)), "kernel_size must be a positive integer or two of them"),
        ((2, 3, 0), "strides must be a positive integer, got 0"),
        ((2, 3, (1, -1)), "strides must be a positive integer, got -1"),
        ((2, 3, 1, "full"), "padding must be .* got 'full'"),
        ((2, 3, 1, -1), "padding must be .* got -1"),
        ((2, 3, 1, True), "padding must be .* got True"),
    ],
)
def test_wrong_arguments(kind, arguments, message):
    with pytest.raises(ValueError, match=f"{kind.__name__} 'c': {message}"):
        kind(*arguments, name="c")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("filters", [2.5, True, "8", None])
def test_filters_and_initializers_of_a_wrong_type(kind, filters):
    with pytest.raises(TypeError, match=f"{kind.__name__}: filters must be a positive integer, got"):
        kind(filters, 3)
    with pytest.raises(
        TypeError, match=f"{kind.__name__}: initializer must be .* such as HeNormal.., got 'he'"
    ):
        kind(2, 3, initializer="he")


def test_wrong_sizes_are_named():
    with pytest.raises(ValueError, match=r"Conv2D 'c': a kernel of \(5, 5\) does not fit .* \(2, 4\) .* 1"):
        Conv2D(2, 5, padding=1, name="c").build((2, 4, 1))
    with pytest.raises(ValueError, match=r"Conv2DTranspose 'c': padding 3 cuts away all"):
        Conv2DTranspose(2, 3, padding=3, name="c").build((2, 4, 1))
    for kind in BOTH:
        with pytest.raises(ValueError, match=r"expects samples of shape \(H, W, C\), got \(784,\)"):
            kind(2, 3).build((784,))
        layer = kind(2, 3, padding="same", name="c").build((6, 6, 3))
        with pytest.raises(ValueError, match=r"'c' expects \(N, 6, 6, 3\), got \(4, 6, 6, 1\)"):
            layer.forward(np.ones((4, 6, 6, 1)))
        layer.forward(np.ones((4, 6, 6, 3)))
        with pytest.raises(ValueError, match=r"dy must have it too, got \(4, 6, 6, 3\)"):
            layer.backward(np.ones((4, 6, 6, 3)))
