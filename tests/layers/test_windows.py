"""Windows, im2col and col2im: where windows lie, and that col2im is the adjoint."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numpygan.layers import col2im, im2col
from numpygan.layers.windows import Windows

geometries = st.fixed_dictionaries({
    "image_size": st.tuples(st.integers(1, 9), st.integers(1, 9)),
    "kernel_size": st.tuples(st.integers(1, 5), st.integers(1, 5)),
    "strides": st.tuples(st.integers(1, 4), st.integers(1, 4)),
    "padding": st.sampled_from(["same", 0, 1, 2, 5]),
})  # fmt: skip


def fits(image_size, kernel_size, strides, padding):
    zeros = 0 if padding == "same" else padding
    return padding == "same" or all(k <= n + 2 * zeros for k, n in zip(kernel_size, image_size))


def test_the_example_of_the_text():
    x = np.arange(1.0, 10).reshape(1, 3, 3, 1)
    cols = im2col(x, 2)
    assert cols.tolist() == [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
    counts = col2im(np.ones_like(cols), (3, 3, 1), 2)
    assert counts[0, :, :, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_columns_are_ordered_as_the_kernel_and_zeros_surround_the_image():
    x = np.arange(1.0, 13).reshape(1, 2, 3, 2)  # pixel (h, w) holds 2 (3h + w) + 1, + 2
    cols = im2col(x, (2, 3), padding=1).reshape(3, 3, 2, 3, 2)  # windows 3 x 3
    np.testing.assert_array_equal(cols[0, 0], [[[0, 0], [0, 0], [0, 0]], [[0, 0], [1, 2], [3, 4]]])
    np.testing.assert_array_equal(cols[1, 1], [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]])
    np.testing.assert_array_equal(cols[2, 2], [[[9, 10], [11, 12], [0, 0]], [[0, 0], [0, 0], [0, 0]]])


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "windows", "before"),
    [
        (28, 3, 2, 14, 0),  # one zero needed: at the end
        (7, 3, 2, 4, 1),  # two needed: one at either end
        (7, 3, 1, 7, 1),
        (7, 4, 1, 7, 1),  # three: one before, two after
        (8, 5, 2, 4, 1),
        (6, 2, 3, 2, 0),  # none: pixels 2 and 5 are read by nobody
        (1, 5, 4, 1, 2),
    ],
)
def test_same_has_the_sizes_and_the_zeros_of_keras(size, kernel, stride, windows, before):
    found = Windows((size, 10), (kernel, 1), (stride, 1), "same")
    assert (found.size, found.before) == ((windows, 10), (before, 0))


@pytest.mark.parametrize(("padding", "windows"), [("valid", 3), (0, 3), (1, 4), (2, 5), (3, 6)])
def test_windows_that_do_not_fit_are_left_out(padding, windows):
    assert Windows((8, 8), 3, 2, padding).size == (windows, windows)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(geometries, st.integers(0, 2**32 - 1))
def test_col2im_is_the_adjoint_of_im2col(geometry, seed):
    if not fits(**geometry):
        return
    rng = np.random.default_rng(seed)
    image_size = geometry.pop("image_size")
    x = rng.standard_normal((3, *image_size, 2))
    cols = im2col(x, **geometry)
    y = rng.standard_normal(cols.shape)
    back = col2im(y, (*image_size, 2), **geometry)
    np.testing.assert_allclose(np.vdot(cols, y), np.vdot(x, back), rtol=1e-12, atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(geometries, st.integers(1, 3))
def test_windows_read_what_a_padded_image_has_there(geometry, channels):
    if not fits(**geometry):
        return
    (H, W), (kh, kw), (sh, sw) = (geometry[key] for key in ("image_size", "kernel_size", "strides"))
    windows = Windows(**geometry)
    top, left = windows.before
    x = np.arange(1.0, H * W * channels + 1).reshape(1, H, W, channels)
    padded = np.zeros((1, H + 20, W + 20, channels))
    padded[:, top : top + H, left : left + W] = x
    geometry.pop("image_size")
    cols = im2col(x, **geometry).reshape(*windows.size, kh, kw, channels)
    for p in range(windows.size[0]):
        for q in range(windows.size[1]):
            expected = padded[0, p * sh : p * sh + kh, q * sw : q * sw + kw]
            np.testing.assert_array_equal(cols[p, q], expected)


@pytest.mark.parametrize("kernel", [(3, 3), (2, 2), (4, 4), (3, 1)])
@pytest.mark.parametrize("padding", ["valid", "same", 1, 2])
def test_with_strides_of_1_adding_back_is_gathering_with_the_kernel_turned(kernel, padding):
    image_size, rng = (6, 5), np.random.default_rng(0)
    windows = Windows(image_size, kernel, 1, padding)
    around = {k - 1 - zeros for k, zeros in zip(kernel, windows.before)}
    if len(around) > 1 or min(around) < 0 or (padding == "same" and kernel[0] % 2 == 0):
        assert windows.turned is None
        return
    W, dy = rng.standard_normal((*kernel, 3, 2)), rng.standard_normal((2, *windows.size, 2))
    added = col2im(dy.reshape(-1, 2) @ W.reshape(-1, 2).T, (*image_size, 3), kernel, 1, padding)
    assert windows.turned.size == image_size
    cols = im2col(dy, kernel, 1, around.pop())
    gathered = cols @ W[::-1, ::-1].swapaxes(2, 3).reshape(-1, 3)
    np.testing.assert_allclose(gathered.reshape(added.shape), added, rtol=1e-12, atol=1e-12)


def test_larger_strides_leave_pixels_to_different_weights_so_no_kernel_is_turned():
    assert Windows((6, 6), 3, 2, 1).turned is None
    assert Windows((6, 6), 3, (1, 2), 1).turned is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype):
    cols = im2col(np.ones((1, 4, 4, 1), dtype), 2)
    assert cols.dtype == col2im(cols, (4, 4, 1), 2).dtype == dtype


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((4,), r"a kernel of \(4, 4\) does not fit into an image of \(3, 3\)"),
        ((2, 0), "strides must be a positive integer"),
        ((0,), "kernel_size must be a positive integer"),
        (((2, 2, 2),), "kernel_size must be a positive integer or two of them"),
        ((2, 1, "full"), "padding must be"),
        ((2, 1, -1), "padding must be"),
    ],
)
def test_errors_name_what_came(arguments, message):
    with pytest.raises(ValueError, match=message):
        im2col(np.ones((1, 3, 3, 1)), *arguments)


def test_sizes_of_the_wrong_type():
    with pytest.raises(TypeError, match=r"im2col: kernel_size must be a positive integer, got 2\.0"):
        im2col(np.ones((1, 3, 3, 1)), 2.0)


def test_no_images_have_no_windows():
    cols = im2col(np.ones((0, 3, 3, 5)), 2)
    assert cols.shape == (0, 20)
    assert col2im(cols, (3, 3, 5), 2).shape == (0, 3, 3, 5)


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"im2col expects \(N, H, W, C\), got \(3, 3\)"):
        im2col(np.ones((3, 3)), 2)
    with pytest.raises(ValueError, match=r"col2im expects \(N\*4, 4\) .* got \(5, 4\)"):
        col2im(np.ones((5, 4)), (3, 3, 1), 2)


def test_zeros_that_no_window_reads_take_no_memory():
    assert im2col(np.ones((1, 2, 2, 3)), 1, 10**6, 10**6).shape == (9, 3)  # padded, it would be 4e12 pixels


def test_numpys_buffer_is_put_back():
    usual = np.getbufsize()
    col2im(np.ones((4, 4)), (3, 3, 1), 2)
    assert np.getbufsize() == usual
    with pytest.raises(ValueError):
        Windows((3, 3), 2).scatter(np.ones((1, 2, 2, 2, 2, 5)), np.ones((1, 3, 3, 1)))
    assert np.getbufsize() == usual
