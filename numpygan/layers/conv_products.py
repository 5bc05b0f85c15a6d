"""The three products of a convolution: all at once, for reading, and a few images at a time.

The columns of im2col are up to kh*kw times as large as the image. For a whole batch they
would be the largest array around, written to main memory and read back. For a few
images they stay in the processor's cache, and the same memory serves one piece of the
batch after the other. If one piece is the whole batch, its columns are kept for dW.
"""

import math

import numpy as np

from .windows import col2im, im2col

PIECE = 1 << 20  # numbers in the columns at a time: 4 MB of float32


def conv2d_im2col(x, W, dy, strides=1, padding="valid"):
    """Return y, dW and dx of a convolution, given dy: the three lines that `Convolution` does in pieces.

    x is (N, H, W, C_in), W (kh, kw, C_in, C_out), dy and y (N, H', W', C_out).
    """
    geometry = W.shape[:2], strides, padding
    cols = im2col(x, *geometry)  # (N*H'*W', kh*kw*C_in)
    y = cols @ flat(W)
    dW = cols.T @ flat(dy)
    dx = col2im(flat(dy) @ flat(W).T, x.shape[1:], *geometry)
    return y.reshape(dy.shape), dW.reshape(W.shape), dx


class Convolution:
    """y = cols W and its two derivatives, for images of one size.

    x and dx are (N, H, W, C_in), y and dy (N, H', W', C_out), W and dW
    (kh, kw, C_in, C_out); cols = im2col(x) is (N*H'*W', kh*kw*C_in), a piece at a time.

    Args:
        windows: a `Windows`, which knows all sizes but the channels.
        channels: C_in.
    """

    def __init__(self, windows, channels):
        self.windows = windows
        self.columns_shape = (*windows.size, *windows.kernel_size, channels)  # of one image
        # x and its columns: one tuple, because twins of the layer in other threads write it too.
        self._kept = None, None

    def forward(self, x, W, b=None, *, keep=False):
        """Return y = cols W + b. `keep`: `kernel_gradient` will be asked about the same array x."""
        y = np.empty((len(x), *self.windows.size, W.shape[-1]), x.dtype)
        for part, cols in self._columns(x):
            np.matmul(cols, flat(W), out=flat(y[part]))
            if b is not None:
                y[part] += b
        whole = part == slice(0, len(x))
        self._kept = (x, cols) if keep and whole else (None, None)
        return y

    def kernel_gradient(self, x, dy):
        """Return dW = cols^T dy."""
        dW, (kept, all_columns) = 0, self._kept
        for part, cols in [(slice(None), all_columns)] if kept is x else self._columns(x):
            dW += cols.T @ flat(dy[part])
        return dW.reshape(*self.columns_shape[2:], -1)

    def input_gradient(self, dy, W, b=None):
        """Return dx = col2im(dy W^T) + b.

        With strides of 1 the same sum is a convolution of dy with the kernel turned by 180 degrees:
        dx[h] = sum over i of dy[h + top - i] W[i]^T, and likewise for columns.
        """
        channels, filters = W.shape[2:]
        if self.windows.turned and filters <= channels:  # then dy's columns are the smaller ones
            turned = Convolution(self.windows.turned, filters)
            return turned.forward(dy, W[::-1, ::-1].swapaxes(2, 3), b)
        dx = np.empty((len(dy), *self.windows.image_size, channels), dy.dtype)
        for part, cols in self._pieces(len(dy), dy.dtype):
            np.matmul(flat(dy[part]), flat(W).T, out=matrix(cols))
            dx[part] = 0 if b is None else b
            self.windows.scatter(cols, dx[part])
        return dx

    def forward_and_kernel_gradient(self, x, W, dy):
        """Return cols W and cols^T dy, computing the columns only once."""
        y, dW = np.empty(dy.shape, x.dtype), 0
        for part, cols in self._columns(x):
            np.matmul(cols, flat(W), out=flat(y[part]))
            dW += cols.T @ flat(dy[part])
        return y, dW.reshape(W.shape)

    def _columns(self, x):
        """Yield slices of the batch, each with the columns of those images as a matrix."""
        for part, cols in self._pieces(len(x), x.dtype):
            self.windows.gather(x[part], cols)
            yield part, matrix(cols)

    def _pieces(self, N, dtype):
        """Yield slices that cover N images evenly, each with memory for those images' columns.

        It is the same memory every time, for about PIECE numbers.
        """
        count = min(N, math.ceil(N * math.prod(self.columns_shape) / PIECE))
        memory = np.empty((math.ceil(N / count), *self.columns_shape), dtype)
        for k in range(count):
            part = slice(N * k // count, N * (k + 1) // count)
            yield part, memory[: part.stop - part.start]


def flat(array):
    """(..., C) -> (rows, C): a view, if the array is contiguous."""
    return array.reshape(-1, array.shape[-1])


def matrix(cols):
    """(N, H', W', kh, kw, C) -> (N*H'*W', kh*kw*C)."""
    return cols.reshape(math.prod(cols.shape[:3]), -1)
