"""Padding an image with its mirror image."""

import numpy as np

from ..validation import image_shape
from .base import Layer
from .windows import pair


class ReflectionPadding2D(Layer):
    """Continues an image beyond its edge by reflection in the last row: (2 1) 0 1 2 ... .

    Zeros around an image form an artificial edge, which makes a generator draw frames. A
    reflection continues as images do. The last row itself is not repeated:

        row of y      0 1 2 3 4 5 6 7            with padding 2, H = 4
        row of x      2 1 0 1 2 3 2 1            call it h(p)

        y[n, p, q]  = x[n, h(p), w(q)]    (eq. 2.39)
        dx[n, h, w] = sum of dy[n, p, q] over all p, q with h(p) = h and w(q) = w

    So each gradient goes back to the pixel that was copied, and is *added* to that
    pixel's own; a pixel near a corner collects four. Rows and columns are independent:
    the code folds back the columns first, then the rows.

    Args:
        padding: number of rows above and below and of columns left and right: a positive
            integer, or one for each direction. Less than the image's size.

    Source: the generators of Johnson, Alahi & Fei-Fei 2016, supplementary material,
    and of Zhu et al. 2017, appendix 7.2.
    """

    def __init__(self, padding=1, *, name=None):
        super().__init__(name=name)
        self.padding = pair(padding, "padding", self)

    def compute_output_shape(self, input_shape):
        (ph, pw), (H, W, C) = self.padding, image_shape(self, input_shape)
        if ph >= H or pw >= W:
            raise ValueError(
                f"{self}: padding {self.padding} mirrors more rows or columns than an image of "
                f"{input_shape} has next to its edge"
            )
        return (H + 2 * ph, W + 2 * pw, C)

    def forward(self, x, training=False):
        return self._pad(self._check_input(x))

    def tangent(self, t):
        return self._pad(self._check_tangent(t))

    def _pad(self, x):
        (ph, pw), (H, W, _) = self.padding, self.input_shape
        y = np.empty((len(x), *self.output_shape), self.dtype)
        y[:, ph : ph + H, pw : pw + W] = x
        for outside, inside in _mirrored(W, pw):
            y[:, ph : ph + H, pw + outside] = x[:, :, inside]
        for outside, inside in _mirrored(H, ph):
            y[:, ph + outside] = y[:, ph + inside]
        return y

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        (ph, pw), (H, W, _) = self.padding, self.input_shape
        folded = dy[:, :, pw : pw + W].copy()  # (N, H + 2 ph, W, C)
        for outside, inside in _mirrored(W, pw):
            folded[:, :, inside] += dy[:, :, pw + outside]
        dx = folded[:, ph : ph + H].copy()
        for outside, inside in _mirrored(H, ph):
            dx[:, inside] += folded[:, ph + outside]
        return dx

    def config(self):
        return {"padding": list(self.padding)}


def _mirrored(size, padding):
    """Yield (outside, inside): the position of a row or column in x's own count, and its original."""
    for k in range(1, padding + 1):
        yield -k, k
        yield size - 1 + k, size - 1 - k
