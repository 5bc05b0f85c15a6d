"""Dropout: learning without relying on any single unit."""

from ..validation import number
from .base import Layer


class Dropout(Layer):
    """Sets each number to zero with probability `rate` during training.

        training:   y = x * mask,   mask = 0 with probability rate, else 1 / (1 - rate)    (eq. 2.28)
        inference:  y = x

    so that y has the mean of x in both ("inverted" dropout). To the derivative, the
    mask is a constant:

        dx = dy * mask   (training),   dx = dy   (inference)    (eq. 2.29)

    Args:
        rate: the fraction of numbers dropped, in [0, 1).

    Source: Srivastava et al. 2014, section 4; scaled during training as in section 10.
    """

    def __init__(self, rate, *, name=None):
        super().__init__(name=name)
        self.rate = number(self, "rate", rate, "[0, 1)")
        self._mask = None  # of the latest forward pass; None after inference

    def forward(self, x, training=False):
        x = self._check_input(x)
        self._mask = None
        if not training or self.rate == 0:
            return x
        kept = self.rng.random(x.shape, dtype=self.dtype) >= self.rate
        self._mask = kept * self.dtype.type(1 / (1 - self.rate))
        return x * self._mask

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        return dy if self._mask is None else dy * self._mask

    def tangent(self, t):
        t = self._check_tangent(t)
        return t if self._mask is None else t * self._mask

    def config(self):
        return {"rate": self.rate}
