"""Sequential: a chain of layers over one flat parameter vector."""

import math

import numpy as np

from ..validation import batch_shape, integer
from .base import Layer
from .layer_list import LayerList, with_own_memory
from .views import Views

AT_ONCE = 1 << 26  # numbers in the outputs of all layers, for which `predict` has memory at a time


class Sequential(LayerList):
    """Layers one after another: y = f_k(... f_2(f_1(x))).

    A chain of layers is itself a layer, so it answers the same questions. Each layer's
    dx is the dy of the layer below it, and that is all there is to backpropagation.

    All parameters lie in one vector, `flat_params`, all gradients in another,
    `flat_grads`; what the layers hold are views of them. An optimiser therefore
    sees one array, whatever the network.

    Args:
        layers: the layers in the order of the forward pass; unnamed ones are given names. More
            can be added with `add`.
        input_shape: shape of one sample, without N. If left out, it is that of the first layer,
            `Dense(8, input_shape=(3,))`, or the network is built when it is put into another one.
        rng: numpy Generator, or a seed for one, for the initial parameters.
        dtype: np.float32, or np.float64 for gradient checks.

    `len(net)`, `net[0]` and `for layer in net` are those of the list `net.layers`.
    """

    @property
    def output_range(self):
        """(low, high) if the last layer that computes anything bounds its output."""
        return next((r.output_range for r in reversed(self.layers) if not r.keeps_values), None)

    @property
    def keeps_values(self):
        """True if every layer only moves numbers."""
        return all(layer.keeps_values for layer in self.layers)

    @property
    def no_tangent(self):
        """The reason of the first layer that has one."""
        return next((f"{layer}: {layer.no_tangent}" for layer in self.layers if layer.no_tangent), None)

    def compute_output_shape(self, input_shape):
        if not self.layers:
            raise ValueError(f"{self} needs at least one layer")
        for layer in self.layers:
            input_shape = tuple(layer.compute_output_shape(input_shape))
        return input_shape

    def create_params(self):
        shape = self.input_shape
        for layer in self.layers:
            layer.build(shape, rng=self.rng, dtype=self.dtype)
            shape = layer.output_shape
        self.params, self.state = self._collect("params"), self._collect("state")

    def _collect(self, what):
        """Return the layers' params, grads or state under names such as "dense_1.W"."""
        arrays = [(layer.name, getattr(layer, what)) for layer in self.layers]
        return {f"{name}.{key}": value for name, its in arrays for key, value in its.items()}

    def bind(self, flat_params, flat_grads):
        self.flat_params, self.flat_grads = flat_params, flat_grads
        start = 0
        for layer in self.layers:
            part = slice(start, start + layer.count_params())
            layer.bind(flat_params[part], flat_grads[part])
            start = part.stop
        self.params, self.grads = Views(self._collect("params")), Views(self._collect("grads"))
        self.state = Views({**self.state, **self._collect("state")})

    def _cast(self, dtype):
        super()._cast(dtype)
        for layer in self.layers:
            layer._cast(dtype)

    def require_batch(self, n):
        for layer in self.layers:
            layer.require_batch(n)

    def forward(self, x, training=False):
        x = self._check_input(x)
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)  # the chain rule (eq. 1.2)
        return dy

    def parameter_gradients(self, dy):
        # Below the lowest layer with parameters, no gradient is needed.
        with_params = [k for k, layer in enumerate(self.layers) if layer.params]
        if not with_params:
            return
        lowest, *above = self.layers[with_params[0] :]
        for layer in reversed(above):
            dy = layer.backward(dy)
        lowest.parameter_gradients(dy)

    def input_gradient(self, dy):
        for layer in reversed(self.layers):
            dy = layer.input_gradient(dy)
        return dy

    def tangent(self, t):
        for layer in self.layers:
            t = layer.tangent(t)
        return t

    def tangent_gradients(self, t, dy):
        ts = [t]  # how the input of each layer moves
        for layer in self.layers[:-1]:
            ts.append(layer.tangent(ts[-1]))
        lowest = next((k for k, layer in enumerate(self.layers) if not layer.keeps_values), 0)
        dx = None  # gradient of <dy, tangent> with respect to the output of a layer; None for zero
        for k in range(len(self.layers) - 1, lowest - 1, -1):
            layer = self.layers[k]
            dx = None if dx is None else layer.backward(dx)
            dx = _sum(dx, layer.tangent_gradients(ts[k], dy))  # t^T dy, if the layer has weights (eq. 3.42)
            if k > lowest:
                dy = layer.input_gradient(dy)
        for layer in reversed(self.layers[:lowest]):  # these only move values
            dx = None if dx is None else layer.input_gradient(dx)
        return dx

    def predict(self, x, *, batch_size=256):
        """Return f(x) in inference mode, computed `batch_size` samples at a time.

        x is (N, *input_shape), the result (N, *output_shape), however large N is. Of large
        samples, such as images of a thousand pixels each way, fewer are computed at a time. What the
        layers remember of the latest `forward` stays, so this may be called during training.
        """
        batch_size = integer(self, "batch_size", batch_size)
        self._require_built()
        outputs = sum(math.prod(layer.output_shape) for layer in walk(self))
        batch_size = max(1, min(batch_size, AT_ONCE // outputs))
        x = np.asarray(x)
        if x.ndim == 0 or len(x) == 0:
            self._check_input(x)
        y, network = None, with_own_memory(self)
        for start in range(0, len(x), batch_size):
            part = network.forward(x[start : start + batch_size])
            if y is None:
                y = np.empty((len(x), *self.output_shape), self.dtype)
            y[start : start + batch_size] = part
        return y

    def summary(self, *, print_fn=print):
        """Print a table of the layers with output shapes and numbers of parameters."""
        self._require_built()
        rows = [("layer", "kind", "output shape", "parameters")]
        rows += [("input", "", batch_shape(self.input_shape), "")]
        for layer in self.layers:
            kind, shape = type(layer).__name__, batch_shape(layer.output_shape)
            rows.append((layer.name, kind, shape, f"{layer.count_params():,}"))
        rows += [("total", "", "", f"{self.count_params():,}")]
        a, b, c, d = (max(map(len, column)) for column in zip(*rows))
        lines = [f"{p:<{a}}  {q:<{b}}  {r:<{c}}  {s:>{d}}".rstrip() for p, q, r, s in rows]
        rule = "-" * len(lines[0])
        print_fn("\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]]))


def walk(layer):
    """Yield a layer and all layers within it, in the order of the forward pass, chains before their parts."""
    yield layer
    for inner in getattr(layer, "layers", ()):
        if isinstance(inner, Layer):
            yield from walk(inner)


def innermost(layer, *, whole=()):
    """Yield the layers of nested chains in the order of the forward pass; kinds in `whole` stay whole."""
    if not isinstance(layer, Sequential) or isinstance(layer, whole):
        yield layer
        return
    for inner in layer.layers:
        yield from innermost(inner, whole=whole)


def _sum(a, b):
    """Return a + b, where None stands for zero."""
    return b if a is None else a if b is None else a + b
