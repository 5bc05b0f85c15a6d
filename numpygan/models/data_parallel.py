"""Data parallelism: one iteration of a GAN on all cores, each with a shard of the batch.

NumPy runs most passes over arrays on one core, and in a convolutional network they take
about as long as the matrix products, which use all cores. So each core gets a replica of
the generator and of the discriminator. The replicas share the model's parameters and have
gradients and memories of the forward pass of their own. Each plays the iteration of
`GAN.train_on_batch` on its shard of the batch, in a thread of its own.

A loss is a mean over the batch. With K shards of equal size it is the mean of the means,

    L = 1/K sum over k of L_k        dL/dparams = 1/K sum over k of dL_k/dparams

and nothing else mixes the samples of a batch except batch normalisation, which needs four
more such means: of x and (x - mean)^2 forwards, of dy and dy * xhat backwards (synchronised
batch normalisation). At these places the replicas wait for each other. The sums are taken in
a fixed order, so that they are the same for all replicas and from run to run, to the bit.
They differ from those of one network on the whole batch by rounding only.

The first replica has the model's own running averages and gradients, so those are the whole
batch's afterwards; the model's networks need not know that there are others.
"""

import copy
import math
import warnings

import numpy as np

from .. import layers
from ..layers import Sequential
from ..layers.layer_list import with_own_memory
from ..training import DivergenceError
from .gan import GAN
from .threads import NoThread, Worker, run_workers, single_threaded_blas

# Layers that treat every sample on its own, and batch norm. Dropout is not among them: it
# draws random numbers, which threads would take from one generator in any order.
KNOWN = {
    layers.AveragePooling2D, layers.BatchNormalization, layers.Conv2D, layers.Conv2DTranspose,
    layers.Cropping2D, layers.Dense, layers.Flatten, layers.InstanceNormalization, layers.LeakyReLU,
    layers.MaxPooling2D, layers.ReflectionPadding2D, layers.ReLU, layers.Reshape, layers.Sigmoid,
    layers.Tanh, layers.UpSampling2D, layers.ZeroPadding2D,
}  # fmt: skip

# Numbers that the outputs of all layers must have for one shard. With fewer, what each replica
# does however small its shard, above all to gradients, costs more than is gained: the networks
# of `DCGAN()` need a batch of about 200, the book's a batch of 40.
MIN_ACTIVATIONS_PER_WORKER = 3_000_000


def train_on_batch(model, real):
    """Play one iteration as `GAN.train_on_batch` does, on as many cores as BLAS would use.

    It is that very method on one core if BLAS cannot be limited, if the batch is small or
    cannot be divided, if the networks have layers of other kinds than KNOWN, if there is
    a gradient penalty, or if the losses are the user's own: those may compare samples. Where
    the system gives no threads, a warning says so and one core makes the whole iteration.
    """
    with single_threaded_blas(lambda cores: _how_many(model, np.shape(real), cores)) as K:
        if K == 1:
            return GAN.train_on_batch(model, real)
        model.require_batch(len(real))
        noise = [model.noise(len(real)) for _ in range(2)]  # all that an iteration draws, in its order

        def play(worker):
            return _Replica(model, noise, worker).train_on_batch(real[worker.shard(len(real))])

        def play_alone():
            return _Replica(model, noise, Worker(0, [[]])).train_on_batch(real)

        try:
            measured = run_workers(K, play)
        except NoThread as error:
            warnings.warn(f"{error}: training continues with one core", RuntimeWarning, stacklevel=2)
            K, measured = 1, [play_alone()]
        except DivergenceError:
            play_alone()  # a replica has seen its own shard only: this one says where in the whole it began
            raise
        model.update_averages()
    return {key: sum(each[key] for each in measured) / K for key in measured[0]}


def _how_many(model, shape, cores):
    """Return how many replicas, one for each core at most, should share a batch of this shape."""
    networks = [model.generator, model.discriminator]
    inner = [layer for network in networks for layer in network.layers]
    if (
        shape[1:] != model.sample_shape  # the error should name the shape of the whole
        or any(type(network) is not Sequential for network in networks)
        or any(type(layer) not in KNOWN for layer in inner)
        or model.loss_name is None
        or model.r1
    ):
        return 1
    activations = sum(math.prod(layer.output_shape) for layer in inner)
    least = max(2, MIN_ACTIVATIONS_PER_WORKER / activations)  # batch norm needs 2
    n = shape[0]
    return next((K for K in range(cores, 1, -1) if n % K == 0 and n // K >= least), 1)


class _Replica(GAN):
    """A GAN that shares the parameters of another and plays with one worker's shard of the batch."""

    def __init__(self, model, noise, worker):
        self.worker, self._noise = worker, [z[worker.shard(len(z))] for z in noise]
        G, D = (_replica(network, worker) for network in (model.generator, model.discriminator))
        self.generator, self.discriminator = G, D
        self.networks, self.averages = {}, {}  # the model's serve the whole batch
        self.discriminator_updates, self.r1 = model.discriminator_updates, 0
        self.generator_optimizer = _MeanGradient(model.generator_optimizer, worker)
        self.discriminator_optimizer = _MeanGradient(model.discriminator_optimizer, worker)
        self.loss, self.generator_loss = copy.copy(model.loss), copy.copy(model.generator_loss)

    def noise(self, n):
        return self._noise.pop(0)


class _MeanGradient:
    """The model's optimiser, for a replica: it takes one step along the mean of all replicas' gradients."""

    def __init__(self, optimizer, worker):
        self.optimizer, self.worker = optimizer, worker

    def update(self, params, grads):
        every, part = self.worker.all_gather(grads), self.worker.shard(grads.size)
        mean = every[0][part]  # each worker adds up a part, in the first replica's gradient, the model's
        for other in every[1:]:
            mean += other[part]
        mean /= len(every)
        self.worker.all_gather()
        if self.worker.k == 0:
            self.optimizer.update(params, grads)
        self.worker.all_gather()


def _replica(network, worker):
    """Return a network with the same parameters, whose batch norm takes its means over all replicas."""
    replica = with_own_memory(network)
    grads = network.flat_grads if worker.k == 0 else np.empty_like(network.flat_grads)
    _bind_gradients(replica, grads)
    start = 0
    for layer in replica.layers:
        stop = start + layer.count_params()
        _bind_gradients(layer, grads[start:stop])
        start = stop
        if worker.k > 0:
            layer.state = {key: value.copy() for key, value in layer.state.items()}
        if type(layer) is layers.BatchNormalization:
            layer._all_reduce_mean = worker.all_reduce_mean
    return replica


def _bind_gradients(layer, flat_grads):
    """As `Layer.bind`, for the gradients only: the parameters are in use by other threads."""
    layer.flat_grads, layer.grads, start = flat_grads, {}, 0
    for key, value in layer.params.items():
        layer.grads[key] = flat_grads[start : start + value.size].reshape(value.shape)
        start += value.size
