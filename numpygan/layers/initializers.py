"""How parameters start.

If every layer makes its signal larger, a deep network's signal explodes; if every
layer makes it smaller, it vanishes, forwards as well as backwards. Each y[j] of a linear layer is a
sum of fan_in products, so for inputs of variance 1

    Var(y) = fan_in * Var(W)      forwards,
    Var(dx) = fan_out * Var(W)    backwards.

Both should be 1. Glorot's variance is a compromise between the two; He's is twice
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


class Initializer:
    """Draws an array of a given variance; subclasses say which."""

    def variance(self, shape):
        """Return Var(W) for a kernel of `shape`."""
        raise TypeError(f"{type(self).__name__} must define variance(shape)")

    def __call__(self, shape, rng, dtype):
        """Return an array of `shape` and `dtype`, drawn from a normal distribution of mean 0."""
        W = rng.standard_normal(shape, dtype=dtype)
        W *= np.dtype(dtype).type(math.sqrt(self.variance(shape)))
        return W

    def config(self):
        """Return the constructor's arguments, as JSON can hold them."""
        return {}


class Uniform(Initializer):
    """Draws uniformly between -a and a, which has variance a^2 / 3."""

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

    def config(self):
        return {"stddev": self.stddev}


NAMES = {
    "glorot_normal": GlorotNormal, "glorot_uniform": GlorotUniform,
    "he_normal": HeNormal, "he_uniform": HeUniform,
}  # fmt: skip
KINDS = {kind.__name__: kind for kind in (GlorotNormal, GlorotUniform, HeNormal, HeUniform, Normal)}


def check_initializer(owner, initializer):
    """Return `initializer`, or what `initializer_config` described; `owner` is the layer that asks."""
    if initializer is None:
        return GlorotUniform()
    if callable(initializer):
        return initializer
    if isinstance(initializer, str) and initializer in NAMES:
        return NAMES[initializer]()
    if not isinstance(initializer, dict):
        raise TypeError(
            f"{owner}: initializer must be {', '.join(map(repr, NAMES))} or one of numpygan.layers, such "
            f"as HeNormal(), got {initializer!r}"
        )
    settings = dict(initializer)
    kind = settings.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"{owner}: no initializer {kind!r}: expected one of {', '.join(KINDS)}")
    return KINDS[kind](**settings)


def initializer_config(initializer):
    """Return a dict that JSON can hold, such as {"kind": "Normal", "stddev": 0.02}.

    None stands for the default, GlorotUniform, and for an initialiser of your own: a file
    cannot describe it, and the parameters that it drew are in the file themselves.
    """
    kind = type(initializer)
    if kind is GlorotUniform or KINDS.get(kind.__name__) is not kind:
        return None
    return {"kind": kind.__name__, **initializer.config()}
