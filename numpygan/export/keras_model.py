"""model.py in Keras: a function for each network, written layer by layer."""

from ..layers import Residual, Skip
from .keras_layers import NOTES, WRITERS
from .network import KEEPS_X, free_name, is_chain, leaves, named_layers, writer_for
from .torch_model import write_notes

HEAD = '''"""{title}

{story}

Images are channels last, as in numpygan: leave Keras's image_data_format at "channels_last". Layer by
layer:

{notes}
"""

from pathlib import Path

import keras
import numpy as np
from keras import {names}
'''

LOAD = '''
NETWORKS = {{{networks}}}


def load(name):
    """Return the network of that name, one of NETWORKS, with its trained weights."""
    network = NETWORKS[name]()
    with np.load(Path(__file__).with_name("weights.npz")) as file:
        for layer in network.layers:
            layer.set_weights([file[f"{{name}}/{{layer.name}}/{{weight.name}}"] for weight in layer.weights])
    return network
'''


def write_model(networks, title, story):
    """Return model.py as text; `networks` is a dict of (function name, network) by name.

    Networks of one function name share the function.
    """
    functions = dict(networks.values())
    text = Functions(taken={"keras", "layers", "load", "np", "ops", *functions})
    for kind, network in functions.items():
        text.add_network(kind, network)
    kinds = {type(layer): None for _, network in networks.values() for _, layer in leaves(network)}
    code = "\n\n\n".join(text.functions)
    names = "layers, ops" if "ops." in code else "layers"
    head = HEAD.format(title=title, story=story, notes=write_notes(kinds, NOTES), names=names)
    table = ", ".join(f'"{name}": {kind}' for name, (kind, _) in networks.items())
    return "\n\n\n".join([head.rstrip(), code]) + "\n\n" + LOAD.format(networks=table)


def callable_name(network):
    """Return the name of the function that makes the network of that name."""
    return network


def key_of(*names):
    """Return a name for an array: its layer's in the whole network, then its own."""
    *layer, name = names
    return f"{'_'.join(layer)}/{name}"


class Functions:
    """The functions of a model.py, in the order in which they need one another, each once."""

    def __init__(self, taken):
        self.functions = []  # texts
        self._taken = set(taken)  # names that blocks cannot have
        self._bodies = {}  # lines of a function without its first ones -> its name

    def add_network(self, name, network):
        """Write the function of a network: if another one has the same layers, by calling that one."""
        arrow = " -> ".join(_batch(shape) for shape in (network.input_shape, network.output_shape))
        lines = [f"inputs = x = keras.Input({network.input_shape})"]
        lines += [*self._lines(network, ""), "return keras.Model(inputs, x)"]
        body = _indented(lines)
        if body in self._bodies:
            arrow, body = f"{arrow}, by the same layers.", f"    return {self._bodies[body]}()"
        else:
            self._bodies[body] = name
        self.functions.append(f'def {name}():\n    """{arrow}"""\n{body}')

    def _block(self, layer_name, chain):
        """Return the name of the function of a chain within a network, written if there is none like it."""
        formula, lines = KEEPS_X.get(type(chain)), self._lines(chain, "{name}_")
        if isinstance(chain, Residual):
            lines = ["skip = x", *lines, "return skip + x"]
        elif isinstance(chain, Skip):
            lines = ["skip = x", *lines, "return layers.Concatenate()([skip, x])"]
        else:
            lines.append("return x")
        body = _indented(lines)
        if body not in self._bodies:
            kind = f"{type(chain).__name__.lower()}_block" if formula else layer_name
            self._bodies[body] = name = free_name(kind, self._taken)
            self._taken.add(name)
            what = f"{formula}, f being these layers." if formula else "A part of a network."
            self.functions.append(f'def {name}(x, name):\n    """{what}"""\n{body}')
        return self._bodies[body]

    def _lines(self, chain, prefix):
        """Return the lines of a chain; layers in a block that is used several times begin with its name."""
        lines = []
        for name, layer in named_layers(chain):
            text = f'f"{prefix}{name}"' if prefix else f'"{name}"'
            if is_chain(layer):
                lines.append(f"x = {self._block(name, layer)}(x, {text})  # {_batch(layer.output_shape)}")
                continue
            *before, last = writer_for(layer, WRITERS, "Keras", chain)(layer, text).lines
            shape = f"  # {_batch(layer.output_shape)}" if layer.input_shape != layer.output_shape else ""
            lines += [*before, f"{last}{shape}"]
        return lines


def _indented(lines):
    return "\n".join(f"    {line}" for line in lines)


def _batch(shape):
    return f"({', '.join(['N', *map(str, shape)])})"
