"""Layers that change the shape of an array, but none of its numbers.

Element k of the output is element k of the input, counted in memory order, so the
Jacobian is the identity and dx is dy in the shape of x.
"""

import math

from ..validation import sample_shape
from .base import Layer


class Flatten(Layer):
    """(N, H, W, C) -> (N, H*W*C), and dy goes back the other way (eq. 2.33)."""

    keeps_values = True

    def compute_output_shape(self, input_shape):
        return (math.prod(input_shape),)

    def forward(self, x, training=False):
        x = self._check_input(x)
        return x.reshape(len(x), *self.output_shape)

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        return dy.reshape(len(dy), *self.input_shape)

    def tangent(self, t):
        t = self._check_tangent(t)
        return t.reshape(len(t), *self.output_shape)


class Reshape(Flatten):
    """(N, ...) -> (N, *target_shape), the same numbers in the same order.

    Args:
        target_shape: shape of one output sample, without N, such as (28, 28, 1).
    """

    def __init__(self, target_shape, *, name=None):
        super().__init__(name=name)
        self.target_shape = sample_shape(self, "target_shape", target_shape)

    def compute_output_shape(self, input_shape):
        if math.prod(input_shape) != math.prod(self.target_shape):
            raise ValueError(
                f"{self} cannot turn {input_shape} ({math.prod(input_shape)} numbers) "
                f"into {self.target_shape} ({math.prod(self.target_shape)} numbers)"
            )
        return self.target_shape

    def config(self):
        return {"target_shape": list(self.target_shape)}
