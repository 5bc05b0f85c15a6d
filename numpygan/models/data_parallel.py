"""One iteration of a GAN on all cores: twins of its networks, each with a share of the batch.

NumPy makes most passes over arrays with one core, and in a convolutional network they
take about as long as the matrix products, which have all cores. So every core gets a generator
and a discriminator of its own, the *twins* of the model's. They share its parameters and
have their own gradients and memory of the forward pass. Each plays the iteration of
`GAN.train_on_batch` with a part of the batch, in a thread of its own.

A loss is a mean over the batch. With K shares of equal size it is the mean of the means,

    L = 1/K sum over k of L_k        dL/dparams = 1/K sum over k of dL_k/dparams

and nothing else mixes the samples of a batch, but for batch norm, which needs four more
such means: of x and (x - mean)^2 forwards, of dy and dy * xhat backwards. These are the
places where the twins wait for each other. They add up in a fixed order, so that the sums
are the same for all twins and from run to run, to the bit. From those of one network on
the whole batch they differ by rounding.

The first twin has the model's own running averages and gradients, so that they are those
of the whole batch afterwards; the model's networks need not know that there are others.
"""

import copy
import math

import numpy as np

from .. import layers
from ..layers.sequential import Sequential
from .gan import GAN
from .threads import run_workers, single_threaded_blas

# Layers that treat every sample on its own, and batch norm. Dropout is not among them: it
# draws random numbers, which threads would take from one generator in any order.
KNOWN = {
    layers.BatchNormalization, layers.Conv2D, layers.Conv2DTranspose, layers.Dense, layers.Flatten,
    layers.LeakyReLU, layers.ReLU, layers.Reshape, layers.Sigmoid, layers.Tanh,
}  # fmt: skip

# Numbers that there must be in the outputs of all layers, for one share of the batch. With
# less, what each twin does however small its share, above all to gradients, costs more than
# is gained: the networks of `DCGAN` need a batch of about 200, the book's one of 40.
MIN_ACTIVATIONS_PER_WORKER = 3_000_000


def train_on_batch(model, real):
    """Play one iteration as `GAN.train_on_batch` does, on as many cores as BLAS would use.

    It is that very method on one core (see `threads.single_threaded_blas`), if the batch is small or
    does not divide, if somebody watches the model's parts, if its networks have layers of
    other kinds than KNOWN, or if its losses are of its user's making: they may compare samples.
    """
    with single_threaded_blas(lambda cores: _how_many(model, np.shape(real), cores)) as K:
        if K == 1:
            return GAN.train_on_batch(model, real)
        model.require_batch(len(real))
        noise = [model.noise(len(real)) for _ in range(2)]  # all that an iteration draws, in its order

        def play(place):
            return _Replica(model, noise, place).train_on_batch(real[place.shard(len(real))])

        measured = run_workers(K, play)
    return {key: sum(each[key] for each in measured) / K for key in measured[0]}


def _how_many(model, shape, cores):
    """Return how many twins, one for each core at most, should share a batch of this shape."""
    networks = [model.generator, model.discriminator]
    inner = [layer for network in networks for layer in network.layers]
    if (
        shape[1:] != model.sample_shape  # the error should name the shape of the whole
        or any(type(network) is not Sequential for network in networks)
        or any(type(layer) not in KNOWN for layer in inner)
        or model.loss_name is None
    ):
        return 1
    least = max(2, MIN_ACTIVATIONS_PER_WORKER / sum(math.prod(layer.output_shape) for layer in inner))  # batch norm needs 2
    n = shape[0]
    return next((K for K in range(cores, 1, -1) if n % K == 0 and n // K >= least), 1)


class _Replica(GAN):
    """A GAN of twin networks, for the part of a batch that belongs to a thread's place."""

    def __init__(self, model, noise, place):
        self.place, self._noise = place, [z[place.shard(len(z))] for z in noise]
        G, D = (_twin(network, place) for network in (model.generator, model.discriminator))
        self.generator, self.discriminator = G, D
        self.networks = {}  # the model's are asked whether the whole batch will do
        self.generator_optimizer = _MeanGradient(model.generator_optimizer, place)
        self.discriminator_optimizer = _MeanGradient(model.discriminator_optimizer, place)
        self.loss, self.generator_loss = copy.copy(model.loss), copy.copy(model.generator_loss)

    def noise(self, n):
        return self._noise.pop(0)


class _MeanGradient:
    """The model's optimiser, for a twin: it takes one step along the mean of all twins' gradients."""

    def __init__(self, optimizer, place):
        self.optimizer, self.place = optimizer, place

    def update(self, params, grads):
        every, part = self.place.all_gather(grads), self.place.shard(grads.size)
        mean = every[0][part]  # each adds up a part, in the first twin's gradient, which is the model's
        for other in every[1:]:
            mean += other[part]
        mean /= len(every)
        self.place.all_gather()
        if self.place.k == 0:
            self.optimizer.update(params, grads)
        self.place.all_gather()


def _twin(network, place):
    """Return a network with the same parameters, whose batch norm takes its means over all twins."""
    twin = _shallow(network)
    twin.layers = [_shallow(layer) for layer in network.layers]
    grads = network.flat_grads if place.k == 0 else np.empty_like(network.flat_grads)
    _bind_gradients(twin, grads)
    start = 0
    for layer in twin.layers:
        stop = start + layer.count_params()
        _bind_gradients(layer, grads[start:stop])
        start = stop
        if place.k > 0:
            layer.state = {key: value.copy() for key, value in layer.state.items()}
        if type(layer) is layers.BatchNormalization:
            layer._all_reduce_mean = place.all_reduce_mean
    return twin


def _bind_gradients(layer, flat_grads):
    """As `Layer.bind`, for the gradients only: the parameters are in use by other threads."""
    layer.flat_grads, layer.grads, start = flat_grads, {}, 0
    for key, value in layer.params.items():
        layer.grads[key] = flat_grads[start : start + value.size].reshape(value.shape)
        start += value.size


def _shallow(part):
    """Return another object with the same attributes. (copy.copy would bind its arrays anew.)"""
    other = object.__new__(type(part))
    vars(other).update(vars(part))
    return other
