"""When a loss or a gradient is no longer finite: find the layer where it began.

A learning rate that is too large makes parameters grow until float32 overflows to
infinity, and infinity minus infinity is NaN. From then on everything is NaN, so the
*first* layer where it happened is the one worth naming.
"""

import math

import numpy as np

from ..layers import Residual, Skip, SpectralNormalization
from ..layers.sequential import innermost

LARGE = 1e4  # larger than any data that were scaled


class DivergenceError(ArithmeticError):
    """A loss or a gradient is infinite or NaN. The message names the first layer where it happened."""


def require_finite(value, chain, x, loss=None, target=None, dy=None):
    """Raise DivergenceError, naming a layer, unless `value` is a finite number.

    Args:
        value: a loss, or the sum of squares of an output or a gradient.
        chain: the networks that x went through, in that order.
        x: the input, for repeating the pass.
        loss, target: the loss of the output, if there was one.
        dy: the gradient that reached the output, if it came from another network.
    """
    if math.isfinite(value):
        return
    layers = [  # these three stay whole: what follows needs more than their last layer's output
        (f"{layer} in the {network.name}", layer)
        for network in chain
        for layer in innermost(network, whole=(Residual, Skip, SpectralNormalization))
    ]
    with np.errstate(all="ignore"):
        culprit = _first_not_finite(layers, x, loss, target, dy)
    raise DivergenceError(f"{culprit} is not finite; {_advice(x, target)}")


def _advice(x, target):
    """Return what to do: large numbers that went in may overflow without any help from the optimiser."""
    given = [x] if target is None else [x, target]
    largest = max(float(np.max(np.abs(values))) for values in given)
    if LARGE < largest < math.inf:
        return (
            f"the numbers that went in are as large as {largest:.1e}: scale the data to about -1 to 1, or, "
            "if they already are, try a smaller learning rate"
        )
    return "try a smaller learning rate"


def squared_norm(vector):
    """Return the sum of squares of a vector: not finite if any element is not."""
    return float(np.dot(vector, vector))


def _first_not_finite(layers, x, loss, target, dy):
    """Repeat the pass that failed, layer by layer, forwards and then backwards."""
    for _, layer in layers:
        vars(layer).pop("_all_reduce_mean", None)  # of a replica: the other threads do not repeat the pass
    if not np.isfinite(x).all():
        return f"the input of {layers[0][0]}"
    for place, layer in layers:
        for key, value in layer.params.items():
            if not np.isfinite(value).all():
                return f"parameter {key} of {place}"
        x = layer.forward(x, training=True)
        if not np.isfinite(x).all():
            return f"the output of {place}"
    if loss is not None:
        if not math.isfinite(loss.forward(x, target)):
            return f"the {type(loss).__name__} of a finite output"
        dy = loss.backward()
    if dy is None:
        return f"the size of the output of {layers[-1][0]}"
    if not np.isfinite(dy).all():
        return f"the gradient that reached {layers[-1][0]}"
    for place, layer in reversed(layers):
        layer.zero_grad()
        dx = layer.backward(dy)
        for key, gradient in layer.grads.items():
            if not math.isfinite(squared_norm(gradient.ravel())):
                return f"the gradient of parameter {key} of {place}"
        if not np.isfinite(dx).all():
            return f"the input gradient of {place}"
        dy = dx
    return "the size of the whole gradient"
