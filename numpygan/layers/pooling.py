"""Pooling: each window of an image, channel by channel, reduced to one number.

Windows lie as in a convolution (see `Windows` in windows.py), but zeros around the
image are ignored: a window at the edge has fewer pixels.
"""

import numpy as np

from ..validation import image_shape
from .base import Layer
from .windows import Windows, pair


class _Pooling2D(Layer):
    """What the two kinds of pooling share: their windows."""

    def __init__(self, pool_size=2, strides=None, padding="valid", *, name=None):
        super().__init__(name=name)
        if padding not in ("valid", "same"):
            raise ValueError(f'{self}: padding must be "valid" or "same", got {padding!r}')
        self.pool_size = pair(pool_size, "pool_size", self)
        self.strides = pair(pool_size if strides is None else strides, "strides", self)
        self.padding = padding
        self._windows = None  # where they lie, once the size of the image is known

    def compute_output_shape(self, input_shape):
        H, W, C = image_shape(self, input_shape)
        return (*self._find_windows((H, W)).size, C)

    def count_reads(self, input_shape):
        """Return how many pixels the windows of one sample read, at most."""
        return self._find_windows(input_shape[:2]).reads * input_shape[2]

    def create_params(self):
        self._windows = self._find_windows(self.input_shape[:2])

    def _find_windows(self, image_size):
        return Windows(image_size, self.pool_size, self.strides, self.padding, owner=self)

    def config(self):
        return {
            "pool_size": list(self.pool_size),
            "strides": list(self.strides),
            "padding": self.padding,
        }


class MaxPooling2D(_Pooling2D):
    """y = the largest pixel in each window.

    The largest pixel passes its change on, the others pass nothing:

        dx[n, h, w] = sum of dy[n, p, q] over the windows of which (h, w) is the largest    (eq. 2.30)

    Of equal pixels, the first in reading order (from left to right, then down) counts
    as the largest. Any of them would do: at a tie there is no derivative, and after a
    ReLU ties of zeros are common. Giving dy to all of them would return more gradient
    than came in.

    Args:
        pool_size: height and width of a window.
        strides: steps between windows; `pool_size` by default.
        padding: "valid" leaves out windows that reach beyond the edge, "same" keeps
            enough of them for H' = H / sh, rounded up.

    Source: Goodfellow, Bengio & Courville 2016, section 9.3.
    """

    def __init__(self, pool_size=2, strides=None, padding="valid", *, name=None):
        super().__init__(pool_size, strides, padding, name=name)
        self._x = self._y = None  # input and output of the latest forward pass

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        self._y = y = np.full((len(x), *self.output_shape), -np.inf, self.dtype)
        for _, _, p, q, h, w in self._windows.taps:
            np.maximum(y[:, p, q], x[:, h, w], out=y[:, p, q])
        return y

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        dx = np.zeros_like(self._x)
        for p, q, h, w, found in self._largest():
            dx[:, h, w] += dy[:, p, q] * found
        return dx

    def tangent(self, t):
        t = self._check_tangent(t)
        moved = np.zeros_like(self._y)
        for p, q, h, w, found in self._largest():
            moved[:, p, q] += t[:, h, w] * found  # y moves as the largest pixel does
        return moved

    def _largest(self):
        """Yield windows (p, q), a pixel (h, w) of each, and a mask: True where that pixel is y."""
        waiting = np.ones(self._y.shape, bool)  # True until the first pixel as large as y
        for _, _, p, q, h, w in self._windows.taps:
            found = waiting[:, p, q] & (self._x[:, h, w] == self._y[:, p, q])
            yield p, q, h, w, found
            waiting[:, p, q] &= ~found


class AveragePooling2D(_Pooling2D):
    """y = the mean of the pixels in each window.

    With m[p, q] for the number of pixels in window (p, q), fewer than kh * kw only
    at the edge of a "same" image:

        y[n, p, q] = 1/m[p, q]  sum of x over the window's pixels
        dx[n, h, w] = sum of dy[n, p, q] / m[p, q]  over the windows that (h, w) is in    (eq. 2.31)

    Args: as for `MaxPooling2D`.

    Source: LeCun et al. 1998, section II ("sub-sampling").
    """

    def forward(self, x, training=False):
        return self._mean(self._check_input(x))

    def tangent(self, t):
        return self._mean(self._check_tangent(t))

    def _mean(self, x):
        y = np.zeros((len(x), *self.output_shape), self.dtype)
        for _, _, p, q, h, w in self._windows.taps:
            y[:, p, q] += x[:, h, w]
        y /= self._counts()
        return y

    def _counts(self):
        """Return m, (H', W', 1)."""
        m = np.zeros((*self._windows.size, 1), self.dtype)
        for _, _, p, q, _, _ in self._windows.taps:
            m[p, q] += 1
        return m

    def input_gradient(self, dy):
        share = self._check_gradient(dy) / self._counts()
        dx = np.zeros((len(dy), *self.input_shape), self.dtype)
        for _, _, p, q, h, w in self._windows.taps:
            dx[:, h, w] += share[:, p, q]
        return dx
