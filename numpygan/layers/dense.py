"""The fully connected layer: every output depends on every input."""

import numpy as np

from ..validation import integer
from .base import Layer
from .initializers import check_initializer, initializer_config


class Dense(Layer):
    """Fully connected layer, y = x W + b.

    Shapes: x (N, in), W (in, out), b (out,), y (N, out). Written out for sample n
    and output j, with i running over the inputs,

        y[n, j] = sum_i x[n, i] W[i, j] + b[j]    (eq. 1.7)

    so, with dy = dL/dy for a loss L, the chain rule gives

        dW = x^T dy             (in, out)  each weight met every sample once
        db = sum over n of dy   (out,)     the bias is added to every sample
        dx = dy W^T             (N, in)    each input feeds every output

    The sums over n need no 1/N: if the loss is a mean over the batch, dy already
    carries it.

    If x moves by t, y moves by t W, whatever b is, and <dy, t W> has the gradients

        dW = t^T dy,  db = 0    (eq. 3.42)

    Args:
        units: number of outputs.
        initializer: draws the initial W, GlorotUniform() by default; b starts at zero.

    Source: Rumelhart, Hinton & Williams 1986, eqs. 3 to 7; in matrix form,
    Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 6.5.4.
    """

    def __init__(self, units, *, initializer=None, name=None):
        super().__init__(name=name)
        self.units = integer(self, "units", units)
        self.initializer = check_initializer(self, initializer)
        self._x = None  # input of the latest forward pass, (N, in): dW needs it

    def compute_output_shape(self, input_shape):
        if len(input_shape) != 1:
            raise ValueError(
                f"{self} expects samples of shape (features,), got {input_shape}: add Flatten() first"
            )
        return (self.units,)

    def create_params(self):
        shape = (*self.input_shape, self.units)
        self.params["W"] = self.initializer(shape, self.rng, self.dtype)
        self.params["b"] = np.zeros(self.units, self.dtype)

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        y = x @ self.params["W"]  # (N, in) @ (in, out) -> (N, out)  (eq. 1.11)
        y += self.params["b"]
        return y

    def parameter_gradients(self, dy):
        dy = self._check_gradient(dy)
        self.grads["W"] += self._x.T @ dy  # (in, N) @ (N, out) -> (in, out)  (eq. 1.12)
        self.grads["b"] += dy.sum(axis=0)  # (eq. 1.13)

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        # The product dy @ W^T; for a single output np.dot is several times faster than @.
        return np.dot(dy, self.params["W"].T)  # (N, out) times (out, in) -> (N, in)  (eq. 1.14)

    def tangent(self, t):
        return self._check_tangent(t) @ self.params["W"]  # (eq. 3.38)

    def tangent_gradients(self, t, dy):
        self.grads["W"] += self._check_tangent(t).T @ self._check_gradient(dy)  # (eq. 3.42)

    def config(self):
        return {"units": self.units, "initializer": initializer_config(self.initializer)}
