"""What all exports share: the layers of a network under Python names, and their arrays in another order."""

import keyword
import re
from itertools import chain, count
from typing import NamedTuple

from ..layers import Conv2DTranspose, Residual, Sequential, Skip
from ..layers.windows import Windows

MODULES = {
    "PyTorch": "numpygan.export.torch_layers",
    "Keras": "numpygan.export.keras_layers",
    "ONNX": "numpygan.export.onnx_layers",
}
CHAINS = (Sequential, Residual, Skip)
KEEPS_X = {Residual: "x + f(x)", Skip: "[x, f(x)] along the channels"}  # chains that return x as well
# What both frameworks use themselves, so that no layer can have it for an attribute.
RESERVED = {
    "add_module", "apply", "bfloat16", "buffers", "children", "compile", "cpu", "cuda", "double", "eval",
    "float", "forward", "half", "modules", "name", "parameters", "self", "skip", "state_dict", "to", "train",
    "training", "type", "x",
}  # fmt: skip


class Written(NamedTuple):
    """One layer in the words of a framework.

    Attributes:
        lines: the statements of the forward pass, which turn `x` into `x`.
        module: what makes the layer's object, "" if it needs none.
        tensors: dict from the framework's name of each array to (key, axes): the array in
            `params` or `state`, and the order that its axes are brought into, None for ours.
    """

    lines: tuple
    module: str = ""
    tensors: dict = {}  # noqa: RUF012 (never changed)


def writer_for(layer, writers, framework, network):
    """Return the function of the dict `writers` for that layer, or raise ValueError."""
    if type(layer) not in writers:
        kind = type(layer).__name__
        raise ValueError(
            f"cannot export {network.name}: its layer {layer} has no counterpart in {framework}; put a "
            f"function that writes one into {MODULES[framework]}.WRITERS[{kind}], or take that layer out"
        )
    return writers[type(layer)]


def is_chain(layer):
    """Whether that layer is a chain of layers of the library's, and no subclass that may differ."""
    return type(layer) in CHAINS


def named_layers(network):
    """Return the layers of a Sequential as (name, layer), each name fit for a Python attribute, once."""
    named = {}
    for layer in network.layers:
        name = re.sub(r"\W", "_", layer.name, flags=re.ASCII)
        if keyword.iskeyword(name) or name in RESERVED or not name.isidentifier():
            name = f"layer_{name}"
        while name in named:
            name += "_"
        named[name] = layer
    return list(named.items())


def leaves(network, above=()):
    """Yield (names, layer) of every layer that is no chain, names being those on the way to it."""
    for name, layer in named_layers(network):
        if is_chain(layer):
            yield from leaves(layer, (*above, name))
        else:
            yield (*above, name), layer


def arrays_of(network, writers, key_of, *, gradients=False):
    """Return the arrays of a network, by the framework's names and in its order of axes.

    Args:
        key_of: function from the names of the chains and the layer that an array is in, and its own, to one
            name for it, such as "residual_1.conv2d_1.weight".
        gradients: whether to return the gradients of the parameters instead.
    """
    arrays = {}
    for names, layer in leaves(network):
        sources = layer.grads if gradients else {**layer.params, **layer.state}
        for name, (key, axes) in writers[type(layer)](layer, "").tensors.items():
            if key in sources:
                array = sources[key]
                arrays[key_of(*names, name)] = array if axes is None else array.transpose(axes)
    return arrays


def free_name(kind, taken):
    """Return `kind` or the first of kind2, kind3, ... that is not in `taken`."""
    numbers = (f"{kind}{k}" for k in count(2))
    return next(name for name in chain((kind,), numbers) if name not in taken)


def short(pair):
    """Return two sizes as Python writes them: one number if they are equal."""
    return str(pair[0]) if pair[0] == pair[1] else str(tuple(pair))


def zeros_beyond(layer):
    """Return the zeros that a layer's windows read beyond the edge: ((top, bottom), (left, right)).

    Negative where the windows end before the image does. For a transposed convolution, whose windows lie on
    its output, they are the rows and columns to cut off.
    """
    large = layer.output_shape if isinstance(layer, Conv2DTranspose) else layer.input_shape
    kernel = layer.kernel_size if hasattr(layer, "kernel_size") else layer.pool_size
    windows = Windows(large[:2], kernel, layer.strides, layer.padding, owner=layer)
    sides = []
    for axis in (0, 1):
        before = windows.before[axis]
        read = (windows.size[axis] - 1) * windows.strides[axis] + windows.kernel_size[axis]
        sides.append((before, read - before - windows.image_size[axis]))
    return tuple(sides)
