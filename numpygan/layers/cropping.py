"""A margin of zeros put around an image, or a margin cut off: each is the gradient of the other."""

import numpy as np

from ..validation import image_shape, integer
from .base import Layer


class _Margins2D(Layer):
    """What both share: the margins ((top, bottom), (left, right)), in pixels."""

    what = "margins"  # the name of the argument

    def __init__(self, margins, *, name=None):
        super().__init__(name=name)
        self.margins = _four(margins, self.what, self)

    def _inner(self, size):
        """Return the slices of an image of that (H, W) that lie within the margins."""
        (top, bottom), (left, right) = self.margins
        return slice(None), slice(top, size[0] - bottom), slice(left, size[1] - right)

    def _sizes(self, input_shape, sign):
        H, W, C = image_shape(self, input_shape)
        H, W = (size + sign * sum(margin) for size, margin in zip((H, W), self.margins))
        return H, W, C

    def config(self):
        return {self.what: [list(margin) for margin in self.margins]}


class ZeroPadding2D(_Margins2D):
    """Zeros around an image: (N, H, W, C) -> (N, top + H + bottom, left + W + right, C).

        y = x inside, 0 in the margins
        dx = dy inside                    (eq. 2.40)

    Args:
        padding: rows and columns on every side; or (rows, columns); or
            ((top, bottom), (left, right)).
    """

    what = "padding"

    def __init__(self, padding=1, *, name=None):
        super().__init__(padding, name=name)

    def compute_output_shape(self, input_shape):
        return self._sizes(input_shape, +1)

    def forward(self, x, training=False):
        return self._pad(self._check_input(x))

    def tangent(self, t):
        return self._pad(self._check_tangent(t))

    def _pad(self, x):
        y = np.zeros((len(x), *self.output_shape), self.dtype)
        y[self._inner(self.output_shape)] = x
        return y

    def input_gradient(self, dy):
        return self._check_gradient(dy)[self._inner(self.output_shape)]


class Cropping2D(_Margins2D):
    """An image without its margins: (N, H, W, C) -> (N, H - top - bottom, W - left - right, C).

        y = x inside
        dx = dy inside, 0 in the margins    (eq. 2.41)

    What is cut off has no part in the loss, so its gradient is zero.

    Args:
        cropping: rows and columns on every side; or (rows, columns); or
            ((top, bottom), (left, right)). Less than the image has.
    """

    what = "cropping"

    def __init__(self, cropping=1, *, name=None):
        super().__init__(cropping, name=name)

    def compute_output_shape(self, input_shape):
        H, W, C = self._sizes(input_shape, -1)
        if H < 1 or W < 1:
            raise ValueError(f"{self}: cropping {self.margins} leaves nothing of an image {input_shape}")
        return H, W, C

    def forward(self, x, training=False):
        return self._check_input(x)[self._inner(self.input_shape)]

    def tangent(self, t):
        return self._check_tangent(t)[self._inner(self.input_shape)]

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        dx = np.zeros((len(dy), *self.input_shape), self.dtype)
        dx[self._inner(self.input_shape)] = dy
        return dx


def _four(margins, what, owner):
    """Return ((top, bottom), (left, right)) for one number, a pair of numbers or a pair of pairs."""
    sides = (margins, margins) if not isinstance(margins, (tuple, list)) else tuple(margins)
    if len(sides) != 2:
        raise ValueError(f"{owner}: {what} must be one number, two, or two pairs, got {margins!r}")
    pairs = [tuple(side) if isinstance(side, (tuple, list)) else (side, side) for side in sides]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"{owner}: {what} must be one number, two, or two pairs, got {margins!r}")
    return tuple(tuple(integer(owner, f"each number in {what}", n, least=0) for n in pair) for pair in pairs)
