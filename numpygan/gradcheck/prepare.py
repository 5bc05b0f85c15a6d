"""Preparation: a copy in float64, made deterministic, and its description in a few words."""

import copy
import inspect

import numpy as np

from ..layers.sequential import walk


class Still:
    """Keeps random generators and running statistics fixed, so that f is a function.

    `restore()` resets both to their states at the start.
    """

    def __init__(self, layers):
        layers = [part for layer in layers for part in walk(layer)]
        rngs = {id(layer.rng): layer.rng for layer in layers if layer.rng is not None}
        self._rngs = [(rng, rng.bit_generator.state) for rng in rngs.values()]
        states = [(layer.state, key) for layer in layers for key in layer.state]
        self._states = [(state, key, state[key], state[key].copy()) for state, key in states]

    def restore(self):
        for rng, state in self._rngs:
            rng.bit_generator.state = state
        for state, key, array, values in self._states:
            array[...] = values
            state[key] = array  # in case a layer put a new array there


def float64_copy(layer, x, rng):
    """Return a copy of the layer in float64, built if it was not and moved off its initial values."""
    if layer.flat_params is not None:
        return layer.astype(np.float64)
    twin = copy.deepcopy(layer).build(x.shape[1:], rng=int(rng.integers(2**32)), dtype=np.float64)
    for param in twin.params.values():
        typical = np.sqrt(np.mean(param * param)) or 1.0
        param += 0.1 * typical * rng.standard_normal(param.shape)
    if twin.state:
        twin.forward(np.concatenate([x, 2 * x + 1]), training=True)
    return twin


def float64(name, array):
    """Return a float64 copy of a batch of numbers, or raise an error that names it."""
    array = np.array(array)
    if array.dtype.kind not in "fiub" or array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name} must be an array (N, ...) of real numbers, got {brief(array)}")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite, got {brief(array)} with NaN or infinity in it")
    return array.astype(np.float64)


def counts(y):
    """Return the factors by which a gradient is often wrong, for an output y."""
    N, C = len(y), y.shape[-1]
    return {"N": N, "y.size": y.size, "(y.size / N)": y.size // N, "(y.size / C)": y.size // C}


def brief(array):
    """Return dtype and shape of an array, or the type of anything else."""
    if isinstance(array, np.ndarray):
        return f"{array.dtype} {array.shape}" if array.ndim else repr(array.item())
    return type(array).__name__


def describe(layer):
    """Return the layer's kind and name, or its kind and the arguments that differ from the defaults."""
    if layer.name:
        return str(layer)
    arguments, parameters = [], inspect.signature(type(layer)).parameters
    for key, value in layer.config().items():
        parameter = parameters.get(key)
        if parameter is None or parameter.default != value:
            by_position = parameter is not None and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            arguments.append(repr(value) if by_position else f"{key}={value!r}")
    return f"{layer}({', '.join(arguments)})"
