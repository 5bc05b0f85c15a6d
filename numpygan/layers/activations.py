"""Activation functions: applied to each number on its own, without parameters.

If y = f(x) holds for each element by itself, the Jacobian is diagonal and the
chain rule is a product of arrays of equal shape:

    dx = dy * f'(x)

A diagonal matrix is its own transpose, so if x moves by t, y moves by t f'(x), the same
product. The two activations with kinks are straight between them. The two curved ones
have a slope that depends on x, and there <dy, t f'(x)> has the gradient t dy f''(x)
with respect to x (eq. 3.44).

Each class keeps y rather than x when f' can be written in terms of y.
"""

import numpy as np

from ..validation import number
from .base import Layer


class LeakyReLU(Layer):
    """y = x where x > 0, else slope * x.

        f'(x) = 1 where x > 0, else slope    (eq. 2.3)

    A small slope passes some gradient where ReLU passes none, which matters in a GAN:
    the generator learns only through the discriminator's `input_gradient`. At x = 0 the
    derivative does not exist; `slope` is used, one of the two one-sided derivatives.

    Args:
        negative_slope: 0.01 as in the paper; DCGAN uses 0.2, and 0.3 is Keras's default. In [0, 1).

    Source: Maas, Hannun & Ng 2013, section 2.
    """

    def __init__(self, negative_slope=0.01, *, name=None):
        super().__init__(name=name)
        self.negative_slope = number(self, "negative_slope", negative_slope, "[0, 1)")
        self._y = None  # output of the latest forward pass; y > 0 exactly where x > 0

    def forward(self, x, training=False):
        x = self._check_input(x)
        y = x * self.dtype.type(self.negative_slope)
        self._y = np.maximum(x, y, out=y)  # slope < 1, so the larger one is f(x)
        return y

    def _times_slope(self, a):
        product = np.maximum(self._y > 0, self.negative_slope, dtype=self.dtype)  # f'(x): 1 or slope
        product *= a
        return product

    def input_gradient(self, dy):
        return self._times_slope(self._check_gradient(dy))

    def tangent(self, t):
        return self._times_slope(self._check_tangent(t))  # (eq. 3.39)

    def config(self):
        return {"negative_slope": self.negative_slope}


class ReLU(Layer):
    """y = max(x, 0).

        f'(x) = 1 where x > 0, else 0

    Source: Nair & Hinton 2010.
    """

    def __init__(self, *, name=None):
        super().__init__(name=name)
        self._y = None  # output of the latest forward pass; y > 0 exactly where x > 0

    def forward(self, x, training=False):
        self._y = np.maximum(self._check_input(x), 0)
        return self._y

    def input_gradient(self, dy):
        return self._check_gradient(dy) * (self._y > 0)

    def tangent(self, t):
        return self._check_tangent(t) * (self._y > 0)


class Tanh(Layer):
    """y = tanh(x), between -1 and 1: a generator's last layer, for pixels in [-1, 1].

    f'(x) = 1 - tanh(x)^2 = 1 - y^2    (eq. 2.4)
    f''(x) = -2 y f'(x)
    """

    output_range = (-1, 1)

    def __init__(self, *, name=None):
        super().__init__(name=name)
        self._y = None  # output of the latest forward pass

    def forward(self, x, training=False):
        self._y = np.tanh(self._check_input(x))
        return self._y

    def _times_slope(self, a):
        product = self._y * self._y
        np.subtract(1, product, out=product)
        product *= a
        return product

    def input_gradient(self, dy):
        return self._times_slope(self._check_gradient(dy))

    def tangent(self, t):
        return self._times_slope(self._check_tangent(t))

    def tangent_gradients(self, t, dy):
        return -2 * self._y * self.tangent(t) * self._check_gradient(dy)  # t dy f''(x) (eq. 3.44)


def sigmoid(x):
    """Return 1 / (1 + exp(-x)) (eq. 1.22), element by element, without overflow.

    exp(-x) overflows for large negative x. With e = exp(-|x|), which lies in
    (0, 1], the same function is 1 / (1 + e) for x >= 0 and e / (1 + e) for x < 0.
    """
    e = np.exp(-np.abs(x))
    return np.maximum(x >= 0, e) / (1 + e)  # e <= 1, so the numerator is 1 or e


class Sigmoid(Layer):
    """y = 1 / (1 + exp(-x)), between 0 and 1: a probability.

        f'(x) = y (1 - y)    (eq. 2.5)
        f''(x) = (1 - 2 y) f'(x)

    Where |x| is large, y rounds to 0 or 1 and f' is exactly zero: nothing is learnt
    there. So discriminators end in the logit x itself, and the loss is
    `BinaryCrossEntropyFromLogits`.
    """

    output_range = (0, 1)

    def __init__(self, *, name=None):
        super().__init__(name=name)
        self._y = None  # output of the latest forward pass

    def forward(self, x, training=False):
        self._y = sigmoid(self._check_input(x))
        return self._y

    def input_gradient(self, dy):
        return self._check_gradient(dy) * self._y * (1 - self._y)

    def tangent(self, t):
        return self._check_tangent(t) * self._y * (1 - self._y)

    def tangent_gradients(self, t, dy):
        return (1 - 2 * self._y) * self.tangent(t) * self._check_gradient(dy)  # t dy f''(x) (eq. 3.44)
