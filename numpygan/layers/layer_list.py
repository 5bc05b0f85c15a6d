"""The layers of a chain as a list: what may be in it, their names, and how it grows."""

import re

import numpy as np

from ..validation import float_dtype
from .base import Layer


class LayerList(Layer):
    """A layer made of others, `layers`: what `Sequential` adds to it is the mathematics."""

    in_model = False  # a model has taken it: no more layers

    def __init__(self, layers=(), input_shape=None, *, rng=None, dtype=np.float32, name=None):
        super().__init__(name=name)
        if not isinstance(layers, (list, tuple)):
            raise TypeError(f"{self} expects a list of layers, got {layers!r}")
        self.layers = list(layers)
        for layer in self.layers:
            self._check_new(layer)
        name_layers(self.layers)
        self._for_build = {"rng": rng, "dtype": float_dtype(self, dtype)}
        if input_shape is None and self.layers:
            input_shape = self.layers[0].input_shape
        if input_shape is not None:
            self.build(input_shape, **self._for_build)
        elif self.layers and (rng is not None or self._for_build["dtype"] != np.float32):
            raise ValueError(f"{self}: rng and dtype are for building, so give input_shape as well")

    def _check_new(self, layer):
        if not isinstance(layer, Layer):
            raise TypeError(f"{self} is made of layers, got {layer!r}")
        if isinstance(layer, LayerList) and layer.flat_params is not None:
            raise ValueError(
                f"{layer} is already built, for samples of {layer.input_shape}, and cannot be part of "
                f"{self}: write GAN(generator, discriminator), because these two are not one chain here; of "
                "other chains, only the outermost is given an input_shape"
            )
        layer._require_unbuilt()

    def _require_layers(self):
        if not self.layers:
            raise ValueError(f"{self} needs at least one layer")

    def add(self, layer):
        """Append a layer, before the network is first used.

        The network is built as soon as it knows the shape of a sample, and grows from then on.
        """
        self._check_new(layer)
        if self.in_model or self._batch_size is not None:
            raise ValueError(
                f"{self} is in use: add {layer} before the first forward pass, or make a new network"
            )
        before, self.layers = self.layers, [*self.layers, layer]
        try:
            name_layers(self.layers)
            if self.flat_params is not None:
                self._grow(before[-1].output_shape)
            elif not before and layer.input_shape is not None:
                self.build(layer.input_shape, **self._for_build)
        except Exception:
            self.layers = before
            raise

    def _grow(self, input_shape):
        """Build the last layer for samples of `input_shape` and make room for its parameters."""
        output_shape = tuple(self.compute_output_shape(self.input_shape))
        self.layers[-1].build(input_shape, rng=self.rng, dtype=self.dtype)
        self.output_shape = output_shape
        size = sum(layer.count_params() for layer in self.layers)
        self.bind(np.zeros(size, self.dtype), np.zeros(size, self.dtype))

    def __len__(self):
        return len(self.layers)

    def __getitem__(self, k):
        return self.layers[k]

    def __iter__(self):
        return iter(self.layers)


def with_own_memory(layer):
    """Return a twin of a layer with the same parameters, which remembers its forward passes itself.

    Forward passes of the twin leave alone what training will need for the gradients. (copy.copy
    would bind the arrays a second time.)
    """
    twin = object.__new__(type(layer))
    vars(twin).update(vars(layer))
    if isinstance(getattr(layer, "layers", None), list):
        twin.layers = [with_own_memory(inner) for inner in layer.layers]
    return twin


def name_layers(layers):
    """Name the unnamed layers dense_1, leaky_relu_1, dense_2, ...; refuse duplicates."""
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError(
            "the same layer object is in a Sequential twice; it remembers only one forward pass, "
            "so make a new layer for each place"
        )
    taken = {layer.name for layer in layers if layer.name}
    if len(taken) < sum(bool(layer.name) for layer in layers):
        raise ValueError(f"layer names must differ, got {[layer.name for layer in layers]}")
    last = {}  # the number given last to each kind of layer
    for layer in layers:
        if layer.name:
            continue
        kind = re.sub(r"(?<=\w)(?=[A-Z][a-z])", "_", type(layer).__name__).lower()
        number = last.get(kind, 0) + 1
        while f"{kind}_{number}" in taken:
            number += 1
        layer.name, last[kind] = f"{kind}_{number}", number
