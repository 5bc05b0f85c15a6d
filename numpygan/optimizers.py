"""Optimisers: from a gradient to a step.

Every network keeps its parameters in one vector p and their gradients in another,
g, so an optimiser is a rule for two arrays of equal length: `update(p, g)` changes
p in place. Whatever the rule remembers between steps has the same length.

An update works in pieces that fit the processor's cache: a rule of ten operations
would otherwise fetch p, g and its memory from main memory ten times.
"""

import math

import numpy as np

from .keras_words import AnswersKeras, names_of
from .validation import number

PIECE = 32768  # elements at a time: 128 kB of float32 for each array


class Optimizer(AnswersKeras):
    """What the rules share: the memory, the step count, the pieces.

    Args:
        learning_rate: the size of a step; may be changed between updates.
    """

    slots: tuple[str, ...] = ()  # names of the arrays the rule remembers

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.t = 0  # updates made so far
        self.memory = {}  # slot name -> array like the parameters

    @property
    def learning_rate(self):
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        # As a Python float: an np.float64 would make NumPy 2 compute in float64.
        self._learning_rate = number(type(self).__name__, "learning_rate", value, "(0, inf)")

    def update(self, params, grads):
        """Take one step: change `params` in place, downhill along `grads`.

        Both are vectors of the same length and float dtype, which the first call fixes.
        """
        self._check(params, grads)
        if not self.memory:
            self.memory = {slot: np.zeros_like(params) for slot in self.slots}
        work = np.empty(min(PIECE, params.size), params.dtype)
        self.t += 1
        for start in range(0, params.size, PIECE):
            part = slice(start, min(start + PIECE, params.size))
            memory = [self.memory[slot][part] for slot in self.slots]
            self._step(params[part], grads[part], *memory, work[: part.stop - start])
        if self.t % 100 == 0:
            self._forget_traces()

    def _forget_traces(self):
        """Set to zero what has decayed to almost nothing.

        Where a gradient stays zero, as before a ReLU that never opens, the memory of it
        decays by a constant factor per step, in float32 until it is below 1e-38, where
        numbers are subnormal: they lose digits, and a processor takes ten times as long
        for each. At 1e-30 it no longer moves any parameter.
        """
        for array in self.memory.values():
            array[np.abs(array) < 1e8 * np.finfo(array.dtype).tiny] = 0

    def _check(self, params, grads):
        kind = type(self).__name__
        for what, vector in (("params", params), ("grads", grads)):
            got = vector.dtype if isinstance(vector, np.ndarray) else type(vector).__name__
            if got not in (np.float32, np.float64):
                raise TypeError(
                    f"{kind}: {what} must be an array of float32 or float64, such as a built network's "
                    f"flat_{what}, got {got}"
                )
        if params.shape != grads.shape or params.dtype != grads.dtype or params.ndim != 1:
            raise ValueError(
                f"{kind} expects params and grads to be vectors of the same length and dtype, got "
                f"{params.dtype} {params.shape} and {grads.dtype} {grads.shape}"
            )
        for past in self.memory.values():
            if past.size != params.size or past.dtype != params.dtype:
                raise ValueError(
                    f"this {kind} has been updating {past.size} {past.dtype} parameters and got "
                    f"{params.size} of {params.dtype}: each network needs its own optimiser"
                )

    def config(self):
        """Return the constructor's arguments, as JSON can hold them."""
        return {"learning_rate": self.learning_rate}

    def __repr__(self):
        settings = ", ".join(f"{name}={value}" for name, value in self.config().items())
        return f"{type(self).__name__}({settings})"

    def _step(self, p, g, *memory_and_work):
        """Apply the rule to one piece. The last array is free to write into."""
        raise TypeError(f"{type(self).__name__} must define _step")


class SGD(Optimizer):
    """Gradient descent, with optional momentum.

        v <- momentum * v - learning_rate * g
        p <- p + v                              (eqs. 1.25, 1.26)

    Args:
        momentum: 0 is plain gradient descent; 0.9 averages over about the last ten
            gradients and rolls through small bumps.

    Source: Sutskever et al. 2013, eqs. 1 and 2.
    """

    slots = ("v",)

    def __init__(self, learning_rate=0.01, momentum=0.0):
        super().__init__(learning_rate)
        self.momentum = number("SGD", "momentum", momentum, "[0, 1)")

    def config(self):
        return {**super().config(), "momentum": self.momentum}

    def _step(self, p, g, v, work):
        np.multiply(g, self.learning_rate, out=work)
        v *= self.momentum
        v -= work
        p += v


class RMSprop(Optimizer):
    """Each parameter's step is divided by the recent size of its own gradient.

        s <- rho * s + (1 - rho) * g^2
        p <- p - learning_rate * g / (sqrt(s) + epsilon)    (eq. 1.27)

    Keras divides by sqrt(s + epsilon) instead. For gradients of 1e-6 its first step is 760 times
    smaller than this one, and later ones 290 times.

    Source: Tieleman & Hinton 2012, *Neural Networks for Machine Learning*, lecture 6.5.
    """

    slots = ("s",)

    def __init__(self, learning_rate=0.001, rho=0.9, *, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho = number("RMSprop", "rho", rho, "[0, 1)")
        self.epsilon = number("RMSprop", "epsilon", epsilon, "(0, 1)")

    def config(self):
        return {**super().config(), "rho": self.rho, "epsilon": self.epsilon}

    def _step(self, p, g, s, work):
        np.multiply(g, g, out=work)
        work *= 1 - self.rho
        s *= self.rho
        s += work
        np.sqrt(s, out=work)
        work += self.epsilon
        np.divide(g, work, out=work)
        work *= self.learning_rate
        p -= work


def adam_step(p, g, m, v, t, *, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Make step t = 1, 2, ... of Adam as the paper writes it, for reading: changes p, m and v in place."""
    m[:] = beta_1 * m + (1 - beta_1) * g
    v[:] = beta_2 * v + (1 - beta_2) * g**2  # (eq. 1.28)
    mhat = m / (1 - beta_1**t)
    vhat = v / (1 - beta_2**t)  # (eq. 1.29)
    p[:] = p - learning_rate * mhat / (np.sqrt(vhat) + epsilon)  # (eq. 1.30)


class Adam(Optimizer):
    """Momentum and RMSprop together, each corrected for having started at zero.

        m <- beta_1 * m + (1 - beta_1) * g
        v <- beta_2 * v + (1 - beta_2) * g^2                        (eq. 1.28)
        p <- p - learning_rate * mhat / (sqrt(vhat) + epsilon)      (eq. 1.30)

        mhat = m / (1 - beta_1^t),   vhat = v / (1 - beta_2^t)      (eq. 1.29)

    Both averages start at zero and would be too small in the first steps; after t
    steps their weights add up to 1 - beta^t, hence the division (t is a power, not
    an index).

    `adam_step` above is these equations, one line each. This class remembers
    M = m / (1 - beta_1) and V = v / (1 - beta_2) instead, which grow by g and g^2 as they
    are, and puts all the factors into two numbers per step. With
    r = sqrt((1 - beta_2^t) / (1 - beta_2)),

        mhat / (sqrt(vhat) + epsilon) = c * M / (sqrt(V) + epsilon * r),    (eq. 1.31)
        c = r * (1 - beta_1) / (1 - beta_1^t)

    which is the same step in ten passes over the arrays instead of fourteen, and in eight if
    beta_1 = 0, where M is g and nothing need be remembered.

    Args:
        beta_1: 0.9 as in the paper. GANs use 0.5: the discriminator's gradient
            turns as fast as the generator moves, and a long memory of old
            directions makes the two chase each other.
        beta_2: memory of the squared gradient.
        epsilon: keeps the division finite. As in algorithm 1 of the paper it is added to
            sqrt(vhat), in Keras to sqrt(v): for gradients of 1e-6, Keras's first step is 3.8
            times smaller, and its hundredth still 1.2 times.

    Source: Kingma & Ba 2015, algorithm 1 and the end of section 2.
    """

    slots = ("M", "V")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, *, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = number("Adam", "beta_1", beta_1, "[0, 1)")
        self.beta_2 = number("Adam", "beta_2", beta_2, "[0, 1)")
        self.epsilon = number("Adam", "epsilon", epsilon, "(0, 1)")

    def config(self):
        settings = {"beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
        return {**super().config(), **settings}

    def _step(self, p, g, M, V, work):
        r = math.sqrt((1 - self.beta_2**self.t) / (1 - self.beta_2))
        c = r * (1 - self.beta_1) / (1 - self.beta_1**self.t)
        if self.beta_1 == 0:
            M = g
        else:
            M *= self.beta_1
            M += g
        np.multiply(g, g, out=work)
        V *= self.beta_2
        V += work
        np.sqrt(V, out=work)
        work += self.epsilon * r
        np.divide(M, work, out=work)
        work *= self.learning_rate * c
        p -= work


__getattr__ = names_of(__name__)
