"""Up-sampling: an image made larger by repeating its pixels."""

from ..validation import image_shape
from .base import Layer
from .windows import pair


class UpSampling2D(Layer):
    """Repeats each pixel: (N, H, W, C) -> (N, H*sh, W*sw, C).

        y[n, h sh + i, w sw + j] = x[n, h, w]      for all i < sh, j < sw
        dx[n, h, w] = sum over i, j of dy[n, h sh + i, w sw + j]    (eq. 2.32)

    Followed by a convolution it replaces `Conv2DTranspose`, without the chequerboard
    pattern that arises when windows overlap unevenly, at sh * sw times the cost.

    Args:
        size: sh = sw, or (sh, sw).

    Source: Odena, Dumoulin & Olah 2016, "Deconvolution and Checkerboard Artifacts".
    """

    def __init__(self, size=2, *, name=None):
        super().__init__(name=name)
        self.size = pair(size, "size", self)

    def compute_output_shape(self, input_shape):
        H, W, C = image_shape(self, input_shape)
        return (H * self.size[0], W * self.size[1], C)

    def forward(self, x, training=False):
        return self._repeat(self._check_input(x))

    def tangent(self, t):
        return self._repeat(self._check_tangent(t))

    def _repeat(self, x):
        return x.repeat(self.size[0], axis=1).repeat(self.size[1], axis=2)

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        H, W, C = self.input_shape
        blocks = dy.reshape(len(dy), H, self.size[0], W, self.size[1], C)
        return blocks.sum(axis=(2, 4))

    def config(self):
        return {"size": list(self.size)}
