"""Small networks for the exercises that train some."""

import numpy as np

from ...layers import BatchNormalization, Dense, LeakyReLU, Sequential
from ..judge import Wrong


class Watched(Sequential):
    """A network that remembers whether its gradients were cleared after it had learnt something."""

    learnt = cleared_after = False

    def parameter_gradients(self, *arguments):
        self.learnt = True
        return super().parameter_gradients(*arguments)

    def backward(self, *arguments):
        self.learnt = True
        return super().backward(*arguments)

    def zero_grad(self):
        self.cleared_after = self.learnt
        super().zero_grad()


def require_gradients(names, nets):
    """Raise Wrong for the first network whose gradients are gone because they were cleared too late."""
    for name, net in zip(names.split(), nets):
        if net.cleared_after and not np.any(net.flat_grads):
            raise Wrong("cleared_after", name)


def network(inputs, outputs, *, seed, normalised=False):
    """Return a float64 network with gradients of an earlier step still in it."""
    middle = [BatchNormalization()] if normalised else []
    layers = [Dense(4), *middle, LeakyReLU(0.2), Dense(outputs)]
    net = Watched(layers, input_shape=(inputs,), rng=seed, dtype=np.float64)
    net.flat_params += 0.1 * np.random.default_rng(seed).normal(size=net.flat_params.size)
    if normalised:
        net.forward(2 * np.random.default_rng(seed + 1).normal(size=(9, inputs)) + 1, training=True)
    net.flat_grads[:] = np.random.default_rng(seed + 2).normal(size=net.flat_grads.size)
    return net


def update(net):
    """Take a step of gradient descent."""
    net.flat_params -= 0.1 * net.flat_grads


def state(nets):
    """Return copies of all parameters and gradients."""
    return [vector.copy() for net in nets for vector in (net.flat_params, net.flat_grads)]


def require_change(names, nets, before):
    """Raise Wrong if the networks are as `state` found them before."""
    if all(map(np.array_equal, state(nets), before)):
        raise Wrong("nothing_done", names)
