"""How parameters start.

If every layer multiplies the size of what passes through it, a deep network's
signal dies or explodes, forwards and backwards. Each y[j] of a linear layer is a
sum of fan_in products, so for inputs of variance 1

    Var(y) = fan_in * Var(W)      forwards,
    Var(dx) = fan_out * Var(W)    backwards.

Glorot takes a value between the two demands that these be 1; He takes twice
1 / fan_in, because a ReLU lets half of the signal through. Biases start at zero.

Call an initialiser with the shape of W, (in, out) or (kh, kw, C_in, C_out).
"""

import math

import numpy as np

from ..validation import number


def fans(shape):
    """Return (fan_in, fan_out): how many inputs an output sums, and the reverse."""
    if len(shape) < 2:
        raise ValueError(f"fans need a kernel shape (..., in, out), got {tuple(shape)}")
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def check_initializer(owner, initializer):
    """Return `initializer`, or GlorotUniform() for None; `owner` is the layer that asks."""
    if initializer is not None and not callable(initializer):
        raise TypeError(
            f"{owner}: initializer must be one of numpygan.layers, such as HeNormal(), "
            f"got {initializer!r}"
        )
    return GlorotUniform() if initializer is None else initializer


class Initializer:
    """Draws an array of a given variance; subclasses say which."""

    def variance(self, shape):
        """Return Var(W) for a kernel of `shape`."""
        raise TypeError(f"{type(self).__name__} must define variance(shape)")

    def __call__(self, shape, rng, dtype):
        """Return an array of `shape` and `dtype`, from a normal of mean 0."""
        W = rng.standard_normal(shape, dtype=dtype)
        W *= np.dtype(dtype).type(math.sqrt(self.variance(shape)))
        return W


class Uniform(Initializer):
    """Draws between -a and a instead; a uniform's variance is a^2 / 3."""

    def __call__(self, shape, rng, dtype):
        a = math.sqrt(3 * self.variance(shape))
        W = rng.random(shape, dtype=dtype)
        W *= np.dtype(dtype).type(2 * a)
        W -= np.dtype(dtype).type(a)
        return W


class GlorotNormal(Initializer):
    """Var(W) = 2 / (fan_in + fan_out) (eq. 1.34).  Source: Glorot & Bengio 2010, eq. 12."""

    def variance(self, shape):
        return 2 / sum(fans(shape))


class GlorotUniform(Uniform):
    """Glorot's variance, drawn uniformly.  Source: Glorot & Bengio 2010, eq. 16."""

    variance = GlorotNormal.variance


class HeNormal(Initializer):
    """Var(W) = 2 / fan_in, for ReLU (eq. 1.35).  Source: He et al. 2015, eq. 10."""

    def variance(self, shape):
        return 2 / fans(shape)[0]


class HeUniform(Uniform):
    """He's variance, drawn uniformly."""

    variance = HeNormal.variance


class Normal(Initializer):
    """A fixed standard deviation, 0.02 as in DCGAN.

    Source: Radford, Metz & Chintala 2016, section 4.
    """

    def __init__(self, stddev=0.02):
        self.stddev = number("Normal", "stddev", stddev, "[0, inf)")

    def variance(self, shape):
        return self.stddev**2
