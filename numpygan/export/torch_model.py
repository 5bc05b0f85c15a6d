"""model.py in PyTorch: a class for each network, written layer by layer."""

from ..layers import Residual, Skip
from .network import KEEPS_X, free_name, is_chain, leaves, named_layers, writer_for
from .torch_layers import NOTES, WRITERS, torch_shape

HEAD = '''"""{title}

{story}

Images are channels first here, (N, C, H, W), and channels last in numpygan: x.transpose(0, 3, 1, 2)
turns its images into these. What else differs, layer by layer:

{notes}
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
'''

LOAD = '''
NETWORKS = {{{networks}}}


def load(name):
    """Return the network of that name, one of NETWORKS, with its trained weights, in inference mode."""
    network = NETWORKS[name]()
    with np.load(Path(__file__).with_name("weights.npz")) as file:
        keys = [key for key in file.files if key.startswith(f"{{name}}/")]
        weights = {{key.removeprefix(f"{{name}}/"): torch.from_numpy(file[key]) for key in keys}}
    network.load_state_dict(weights)
    return network.eval()
'''


def write_model(networks, title, story):
    """Return model.py as text; `networks` is a dict of (class name, network) by name.

    Networks of one class name share the class.
    """
    classes = dict(networks.values())
    text = Classes(taken={"NETWORKS", "Path", *classes})
    for kind, network in classes.items():
        text.add_network(kind, network)
    kinds = {type(layer): None for _, network in networks.values() for _, layer in leaves(network)}
    head = HEAD.format(title=title, story=story, notes=write_notes(kinds, NOTES))
    table = ", ".join(f'"{name}": {kind}' for name, (kind, _) in networks.items())
    return "\n\n\n".join([head.rstrip(), *text.classes]) + "\n\n" + LOAD.format(networks=table)


def callable_name(network):
    """Return the name of the class of the network of that name: LogVar for log_var, but D_A for D_A."""
    return network if network[0].isupper() else network.title().replace("_", "")


def key_of(*names):
    """Return the name of an array in a network's state_dict."""
    return ".".join(names)


def write_notes(kinds, notes):
    """Return what the dict `notes` says of those classes of layers, as an indented table."""
    rows = []
    for kind in kinds:
        for k, line in enumerate(notes[kind].split("\n") if kind in notes else []):
            rows.append(f"    {kind.__name__ if k == 0 else '':<24}{line}")
    return "\n".join(rows) or "    nothing"


class Classes:
    """The classes of a model.py, in the order in which they need one another; equal ones stand there once."""

    def __init__(self, taken):
        self.classes = []  # texts
        self._taken = set(taken)  # names that blocks cannot have
        self._bodies = {}  # text of a class without its first lines -> its name

    def add_network(self, name, network):
        """Write the class of a network: if another one has the same layers, as a subclass of that one."""
        arrow = " -> ".join(_batch(shape) for shape in (network.input_shape, network.output_shape))
        body = self._body(network)
        if body in self._bodies:
            same = self._bodies[body]
            self.classes.append(f'class {name}({same}):\n    """{arrow}, by the same layers."""')
        else:
            self._bodies[body] = name
            self.classes.append(f'class {name}(nn.Module):\n    """{arrow}"""\n\n{body}')

    def _block(self, layer_name, chain):
        """Return the name of the class of a chain within a network, written if there is none like it."""
        formula, body = KEEPS_X.get(type(chain)), self._body(chain)
        if body not in self._bodies:
            kind = f"{type(chain).__name__}Block" if formula else layer_name.title().replace("_", "")
            self._bodies[body] = name = free_name(kind, self._taken)
            self._taken.add(name)
            what = f"{formula}, f being these layers." if formula else "A part of a network."
            self.classes.append(f'class {name}(nn.Module):\n    """{what}"""\n\n{body}')
        return self._bodies[body]

    def _body(self, chain):
        """Return __init__ and forward of a chain's class."""
        modules, lines = [], []
        for name, layer in named_layers(chain):
            shape = _batch(layer.output_shape)
            if is_chain(layer):
                modules.append(f"self.{name} = {self._block(name, layer)}()")
                lines.append(f"x = self.{name}(x)  # {shape}")
                continue
            written = writer_for(layer, WRITERS, "PyTorch", chain)(layer, f"self.{name}")
            if written.module:
                modules.append(f"self.{name} = {written.module}")
            *before, last = written.lines
            lines += [*before, f"{last}  # {shape}" if layer.input_shape != layer.output_shape else last]
        if isinstance(chain, Residual):
            lines = ["skip = x", *lines, "return skip + x"]
        elif isinstance(chain, Skip):
            lines = ["skip = x", *lines, "return torch.cat([skip, x], dim=1)"]
        else:
            lines.append("return x")
        text = ["    def forward(self, x):", *_indented(lines)]
        if modules:
            text = ["    def __init__(self):", *_indented(["super().__init__()", *modules]), "", *text]
        return "\n".join(text)


def _indented(lines):
    return [f"        {line}" for line in lines]


def _batch(shape):
    return f"({', '.join(['N', *map(str, torch_shape(shape))])})"
