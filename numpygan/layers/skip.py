"""Skip: a chain of layers whose input is joined to its output."""

import numpy as np

from .sequential import Sequential


class Skip(Sequential):
    """y = [x, f(x)], f being a chain of layers, joined along the channels.

    f may work on a smaller image and return one of full size. In x, beside it, every pixel is still in
    its place. The layer above sees both:

        y  = [x, f(x)]    C channels of x, then those of f(x)    (eq. 3.56)
        dx = (first C channels of dy)  +  f's input gradient for the rest    (eq. 3.57)
        dW, db, ...: f's, for the rest

    If x moves by t, y moves by [t, f's tangent]. The t in front depends on nothing, so
    `tangent_gradients` are those of f, for its part of dy.

    f has to return images as high and wide as it is given: whatever it halves, it must double
    again. Put one Skip into the chain of another, between halving and doubling, and the whole
    is a U-Net; see models/pix2pix_networks.py. Vectors (N, features) are joined likewise.

    Args:
        layers: the layers of f in the order of the forward pass, as for `Sequential`.
        input_shape, rng, dtype: as for `Sequential`.

    Source: Ronneberger, Fischer & Brox 2015, *U-Net*, figure 1; Isola et al. 2017, section 3.2.1.
    """

    output_range = None  # x stands beside whatever the last layer returns
    keeps_values = False

    def compute_output_shape(self, input_shape):
        *size, C = input_shape
        shape, way = tuple(input_shape), []
        for layer in self.layers:
            shape = tuple(layer.compute_output_shape(shape))
            way.append(f"{layer.name} {shape}")
        if shape[:-1] != tuple(size):
            raise ValueError(
                f"{self} joins x and f(x) along the channels, so all other sizes must be equal, but its "
                f"layers turn {tuple(input_shape)} into {', '.join(way)}: double what you halve, and halve "
                "only even sizes"
            )
        return (*size, C + shape[-1])

    def forward(self, x, training=False):
        x = self._check_input(x)
        return np.concatenate([x, super().forward(x, training)], axis=-1)

    def backward(self, dy):
        around, through = self._cut(self._check_gradient(dy))
        return around + super().backward(through)

    def parameter_gradients(self, dy):
        super().parameter_gradients(self._cut(self._check_gradient(dy))[1])

    def input_gradient(self, dy):
        around, through = self._cut(self._check_gradient(dy))
        return around + super().input_gradient(through)

    def tangent(self, t):
        t = self._check_tangent(t)
        return np.concatenate([t, super().tangent(t)], axis=-1)

    def tangent_gradients(self, t, dy):
        return super().tangent_gradients(t, self._cut(dy)[1])

    def _cut(self, dy):
        """Return the part of dy that belongs to x, and that of f(x), as an array of its own."""
        C = self.input_shape[-1]
        return dy[..., :C], np.ascontiguousarray(dy[..., C:])
