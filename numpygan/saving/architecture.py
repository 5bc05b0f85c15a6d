"""Descriptions of networks and optimisers, and how to build them within bounds.

A description that asks for a layer of a billion units is a few bytes long. So networks
are built with a limit, the number of parameters that the description's file can hold,
and a network beyond it is refused before it is allocated.
"""

import math

import numpy as np

from .. import layers as library
from .. import limits
from .. import optimizers as rules
from ..layers import Layer, Sequential
from ..validation import sample_shape
from .bounds import BeyondLimit


def describe(network):
    """Return a built network's architecture as a dict that JSON can hold."""
    other = {} if type(network) is Sequential else {"kind": type(network).__name__}
    return {
        **other,
        "name": network.name,
        "input_shape": list(network.input_shape),
        "dtype": network.dtype.name,
        "layers": [_describe_layer(layer) for layer in network.layers],
    }


def _describe_layer(layer):
    inner = {}
    if isinstance(layer, Sequential):
        inner = {"layers": [_describe_layer(each) for each in layer.layers]}
    return {"kind": type(layer).__name__, "name": layer.name, **inner, **layer.config()}


def describe_optimizer(rule):
    """Return an optimiser's kind and settings as a dict that JSON can hold."""
    return {"kind": type(rule).__name__, **rule.config()}


def build_network(text, *, layers, rng, limit):
    """Return the network that `describe` described as `text`, with arbitrary parameters.

    Args:
        layers: dict from names to Layer classes besides the library's.
        rng: a `ZeroGenerator`.
        limit: the largest number of parameters.
    """
    made = [_layer(entry, layers) for entry in text["layers"]]
    shape = sample_shape(text["name"], "input_shape", text["input_shape"])
    check_sizes(made, shape, limit)
    kind = _find_layer(text.get("kind", "Sequential"), layers)
    return kind(made, shape, rng=rng, dtype=text["dtype"], name=text["name"])


def build_optimizer(text):
    """Return the optimiser that `describe_optimizer` described as `text`."""
    settings = dict(text)
    return find_class(settings.pop("kind"), rules.Optimizer, vars(rules))(**settings)


def find_class(name, base, *places):
    """Return the class of that name in one of the dicts `places`, if it is a subclass of `base`."""
    kind = next((place[name] for place in places if name in place), None)
    if not (isinstance(kind, type) and issubclass(kind, base) and kind is not base):
        raise ValueError(f"it uses {name!r}, which is not a known {base.__name__.lower()}")
    return kind


class ZeroGenerator(np.random.Generator):
    """Draws zeros, but no more than a file has numbers to replace them with."""

    def __init__(self, limit):
        super().__init__(np.random.PCG64(0))
        self.left = limit

    def standard_normal(self, size=None, dtype=np.float64, out=None):
        self.left -= math.prod(size)
        if self.left < 0:
            raise ValueError(
                f"its architecture needs more parameters than the file has numbers: {size} and others"
            )
        return np.zeros(size, dtype)

    random = standard_normal


def _layer(entry, layers):
    settings = dict(entry)
    kind = _find_layer(settings.pop("kind"), layers)
    if issubclass(kind, Sequential):  # no other arguments: an input_shape would build it at once
        return kind([_layer(each, layers) for each in settings["layers"]], name=settings["name"])
    return kind(**settings)


def _find_layer(name, layers):
    return find_class(name, Layer, layers, vars(library))


def check_sizes(made, shape, limit):
    """Raise ValueError if outputs, or the work for them, are out of proportion to the number of parameters.

    Biases and batch normalisation are not drawn from `ZeroGenerator`. But a layer with
    parameters has at least one for each of its output channels, which bounds those too.
    Pooling has no parameters, and windows as large as the image read it once for each output.
    """
    channels, outputs, reads = 0, math.prod(shape), 0
    most = limits.ACTIVATIONS + limits.PER_NUMBER * limit
    for layer, input_shape, output_shape in _with_shapes(made, shape):
        outputs += math.prod(output_shape)
        if not isinstance(layer, Sequential) and type(layer).create_params is not Layer.create_params:
            channels += output_shape[-1]
        if hasattr(layer, "count_reads"):
            reads += layer.count_reads(input_shape)
        if channels > limit or outputs > most or reads > limits.WINDOW_READS * most:
            raise BeyondLimit(
                "ACTIVATIONS" if channels > limit or outputs > most else "WINDOW_READS",
                f"{layer} is too large for a file of {limit:,} numbers: it returns {output_shape}",
            )


def _with_shapes(layers, shape):
    """Yield (layer, input shape, output shape) in the order of the forward pass, chains last."""
    for layer in layers:
        if isinstance(layer, Sequential):
            yield from _with_shapes(layer.layers, shape)
        output_shape = layer.compute_output_shape(shape)
        yield layer, shape, output_shape
        shape = output_shape
