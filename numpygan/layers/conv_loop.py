"""Convolution as it is defined, in plain loops: slow, and obviously right.

Read it before `conv.py`; the tests compare the two. Both functions visit the same
pairs of a window and a pixel, and differ in one line: which of the two is read, and
which is added to. That line is all there is to a transposed convolution.
"""

import itertools

import numpy as np

from .windows import Windows


def conv2d_loop(x, W, strides=1, padding="valid"):
    """Return the convolution of x (N, H, W, C_in) with W (kh, kw, C_in, C_out).

    y[n, p, q] = sum over i, j of x[n, h, w] W[i, j], a vector times a matrix, with
    h = p sh + i - top and w = q sw + j - left. The result is (N, H', W', C_out).
    """
    windows = Windows(x.shape[1:3], W.shape[:2], strides, padding, owner="conv2d_loop")
    y = np.zeros((len(x), *windows.size, W.shape[3]), x.dtype)
    for n, p, q, h, w, i, j in _meetings(len(x), windows):
        y[n, p, q] += x[n, h, w] @ W[i, j]  # (C_in,) @ (C_in, C_out) (eq. 2.6)
    return y


def conv2d_transpose_loop(y, W, image_size, strides=1, padding="valid"):
    """Return the transposed convolution of y (N, H', W', C_out): its adjoint.

    image_size is the (H, W) of the result (N, H, W, C_in); W is as in `conv2d_loop`.
    """
    windows = Windows(image_size, W.shape[:2], strides, padding, owner="conv2d_transpose_loop")
    x = np.zeros((len(y), *image_size, W.shape[2]), y.dtype)
    for n, p, q, h, w, i, j in _meetings(len(y), windows):
        x[n, h, w] += y[n, p, q] @ W[i, j].T  # (C_out,) @ (C_out, C_in)
    return x


def _meetings(N, windows):
    """Yield every image n, window (p, q) and pixel (h, w) in it, at kernel position (i, j)."""
    (H, W), (H_out, W_out), (kh, kw) = windows.image_size, windows.size, windows.kernel_size
    (sh, sw), (top, left) = windows.strides, windows.before
    sizes = (N, H_out, W_out, kh, kw)
    for n, p, q, i, j in itertools.product(*map(range, sizes)):
        h, w = p * sh + i - top, q * sw + j - left
        if 0 <= h < H and 0 <= w < W:  # beyond the edge there are only zeros
            yield n, p, q, h, w, i, j
