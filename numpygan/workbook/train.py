"""The parts put together: a GAN of the library's, made of the learner's own code.

Layers, loss and optimiser are subclasses of the library's in which a learner's functions do
the work. What they share, such as names, shapes and flat vectors, stays the library's.
"""

import math
from types import SimpleNamespace

import numpy as np

from ..layers import Dense, Flatten, LeakyReLU, Reshape, Sequential, Tanh
from ..losses import GANLosses
from ..losses.basic import Loss
from ..models import GAN
from ..optimizers import Optimizer
from .exercises import find

NEEDED = ("dense_forward", "dense_backward", "leaky_relu", "tanh", "bce", "adam_step", "he_normal")
LATENT, HIDDEN = 100, 128


class OwnDense(Dense):
    """A dense layer by dense_forward and dense_backward."""

    def __init__(self, units, code, **settings):
        super().__init__(units, **settings)
        self.code = code

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        y = self.code["dense_forward"].dense_forward(x, self.params["W"], self.params["b"])
        return np.asarray(y, self.dtype)

    def _backward(self, dy):
        return self.code["dense_backward"].dense_backward(self._x, self.params["W"], self._check_gradient(dy))

    def parameter_gradients(self, dy):
        dW, db, _ = self._backward(dy)
        self.grads["W"] += dW
        self.grads["b"] += db

    def input_gradient(self, dy):
        return self._backward(dy)[2]


class OwnLeakyReLU(LeakyReLU):
    """A LeakyReLU by leaky_relu and leaky_relu_backward."""

    def __init__(self, slope, code, **settings):
        super().__init__(slope, **settings)
        self.code = code["leaky_relu"]

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        return np.asarray(self.code.leaky_relu(x, self.negative_slope), self.dtype)

    def input_gradient(self, dy):
        return self.code.leaky_relu_backward(self._check_gradient(dy), self._x, self.negative_slope)


class OwnTanh(Tanh):
    """tanh by tanh_forward and tanh_backward."""

    def __init__(self, code, **settings):
        super().__init__(**settings)
        self.code = code["tanh"]

    def forward(self, x, training=False):
        self._y = np.asarray(self.code.tanh_forward(self._check_input(x)), self.dtype)
        return self._y

    def input_gradient(self, dy):
        return self.code.tanh_backward(self._check_gradient(dy), self._y)


class OwnCrossEntropy(Loss):
    """Binary cross-entropy from logits by bce_loss and bce_gradient."""

    def __init__(self, code):
        super().__init__()
        self.code = code["bce"]

    def forward(self, y, target):
        y, target = self.validate(y, target)
        self._y, self._t = y, np.broadcast_to(target, y.shape)
        return float(self.code.bce_loss(self._y, self._t))

    def backward(self):
        return self.code.bce_gradient(self._y, self._t)


class OwnAdam(Optimizer):
    """Adam by adam_step, with the settings of the library's GAN."""

    slots = ("m", "v")
    betas_and_epsilon = 0.0, 0.999, 1e-7

    def __init__(self, learning_rate, code):
        super().__init__(learning_rate)
        self.code = code["adam_step"]

    def _step(self, p, g, m, v, work):
        self.code.adam_step(p, m, v, g, self.t, self.learning_rate, *self.betas_and_epsilon)


def load(name, source, filename):
    """Return the functions of an answer, as attributes of a namespace."""
    module = {"__name__": name}
    exec(compile(source, filename, "exec"), module)
    return SimpleNamespace(**{function: module[function] for function in find(name).functions})


def build(code, *, seed=0):
    """Return a GAN for 28 x 28 digits; `code` is a dict from the names in NEEDED to what `load` returns."""
    rng = np.random.default_rng(seed)

    def initial(shape, rng, dtype):
        return np.asarray(code["he_normal"].he_normal(shape, rng), dtype)

    def dense(units):
        return OwnDense(units, code, initializer=initial)

    shape = (28, 28, 1)
    generator = Sequential(
        [dense(HIDDEN), OwnLeakyReLU(0.01, code), dense(math.prod(shape)), OwnTanh(code), Reshape(shape)],
        input_shape=(LATENT,), rng=rng, name="generator",
    )  # fmt: skip
    discriminator = Sequential(
        [Flatten(), dense(HIDDEN), OwnLeakyReLU(0.01, code), dense(1)],
        input_shape=shape, rng=rng, name="discriminator",
    )  # fmt: skip
    loss = OwnCrossEntropy(code)
    return GAN(
        generator,
        discriminator,
        loss=GANLosses(loss, loss),
        generator_optimizer=OwnAdam(2e-3, code),
        discriminator_optimizer=OwnAdam(2e-3, code),
        rng=rng,
    )


def draw(code, digits, *, iterations, count=40, seed=0, progress=True):
    """Train a GAN made of `code` on digits; return (images from 0 to 1, what broke it or None)."""
    gan, failure = build(code, seed=seed), None
    try:
        gan.fit(digits, iterations=iterations, progress=progress)
    except Exception as error:  # a learner's code may raise anything; the picture shows how far it came
        failure = f"{type(error).__name__}: {error}"
    with np.errstate(all="ignore"):
        images = gan.generate_from(gan.noise(count, rng=seed))
    return np.clip((np.nan_to_num(images) + 1) / 2, 0, 1), failure
