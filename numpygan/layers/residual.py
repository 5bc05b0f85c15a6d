"""Residual: a chain of layers with a shortcut around it."""

from .sequential import Sequential


class Residual(Sequential):
    """y = x + f(x), f being a chain of layers whose output has the shape of its input.

    The chain only has to learn by how much y differs from x. x reaches the loss by two
    paths, around the chain and through it, so dx is the sum of what comes back on both:

        y  = x + f(x)    (eq. 2.34)
        dx = dy + f's input gradient for dy    (eq. 2.35)
        dW, db, ...: f's, for dy

    If x moves by t, y moves by t + f's tangent. The t beside it depends on nothing, so
    `tangent_gradients` are those of f, inherited.

    However many such blocks are stacked, dy also reaches the bottom unchanged; that is
    why deep stacks can be trained.

    Args:
        layers: the layers of f in the order of the forward pass, as for `Sequential`.
        input_shape, rng, dtype: as for `Sequential`.

    Source: He et al. 2016, "Deep Residual Learning", eq. 1; without an activation after
    the sum, as in Johnson, Alahi & Fei-Fei 2016.
    """

    output_range = None  # x is added to whatever the last layer returns
    keeps_values = False

    def compute_output_shape(self, input_shape):
        output_shape = super().compute_output_shape(input_shape)
        if output_shape != tuple(input_shape):
            raise ValueError(
                f"{self} adds its input to the output of its layers, so both must have the same shape, "
                f"got {tuple(input_shape)} and {output_shape}"
            )
        return output_shape

    def forward(self, x, training=False):
        x = self._check_input(x)
        return x + super().forward(x, training)

    def backward(self, dy):
        dy = self._check_gradient(dy)
        return dy + super().backward(dy)

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        return dy + super().input_gradient(dy)

    def tangent(self, t):
        return self._check_tangent(t) + super().tangent(t)
