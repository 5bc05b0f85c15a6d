"""ONNX files: the networks that are used after training, with the averaged parameters if there are some."""

import numpy as np

from ..layers import Residual, Skip
from ..losses import Bernoulli
from ..models import (
    BEGAN,
    GAN,
    VAE,
    AdversarialAutoencoder,
    Autoencoder,
    Classifier,
    CycleGAN,
    Pix2Pix,
)
from .network import is_chain, writer_for
from .onnx_layers import WRITERS, channels_first, channels_last
from .stories import kind_of

OPSET, IR_VERSION = 17, 8  # of 2022, which every runtime in use reads

NETWORKS = {
    BEGAN: ["generator", "discriminator"], AdversarialAutoencoder: ["encoder", "decoder"],
    GAN: ["generator"], VAE: ["decoder"], Autoencoder: ["encoder", "decoder"], CycleGAN: ["G", "F"],
    Pix2Pix: ["generator"], Classifier: ["network"],
}  # fmt: skip


def onnx_files(model):
    """Return a dict from file names to their bytes, one ONNX file for each network of NETWORKS.

    Input "x" and output "y" have numpygan's shapes, images (N, H, W, C), for any N.
    """
    onnx = _import_onnx()
    files = {}
    for name in NETWORKS[kind_of(model)]:
        network = model.network_for_drawing(name)
        sigmoid = isinstance(model, VAE) and isinstance(model.likelihood, Bernoulli)
        files[f"{name}.onnx"] = _write(onnx, name, network, sigmoid)
    return files


def _import_onnx():
    try:
        import onnx.helper
        import onnx.numpy_helper
    except ImportError:
        raise ImportError(
            "export to onnx needs the onnx package, which cannot be imported: python -m pip install onnx"
        ) from None
    return onnx


def _write(onnx, name, network, sigmoid):
    """Return one network as the bytes of an ONNX file; `sigmoid` makes images of a decoder's logits."""
    graph, shape = Graph(onnx), network.output_shape
    x = channels_first(network.input_shape, graph, "x")
    x = _add_chain(network, graph, x)
    x = graph.add("Sigmoid", x) if sigmoid else x
    x = channels_last(shape, graph, x)
    graph.add("Identity", x, output="y")
    make = onnx.helper
    ends = [
        make.make_tensor_value_info(end, onnx.TensorProto.FLOAT, ["N", *sizes])
        for end, sizes in (("x", network.input_shape), ("y", shape))
    ]
    whole = make.make_graph(graph.nodes, name, ends[:1], ends[1:], graph.constants)
    opsets = [make.make_opsetid("", OPSET)]
    file = make.make_model(whole, producer_name="numpygan", opset_imports=opsets, ir_version=IR_VERSION)
    onnx.checker.check_model(file)
    return file.SerializeToString(deterministic=True)


def _add_chain(chain, graph, x):
    start = x
    for layer in chain.layers:
        if is_chain(layer):
            x = _add_chain(layer, graph, x)
        else:
            x = writer_for(layer, WRITERS, "ONNX", chain)(layer, graph, x)
    if isinstance(chain, Residual):
        return graph.add("Add", start, x)
    return graph.add("Concat", start, x, axis=1) if isinstance(chain, Skip) else x


class Graph:
    """Nodes and constant arrays, named by their numbers."""

    def __init__(self, onnx):
        self.nodes, self.constants, self._onnx = [], [], onnx

    def add(self, operator, *inputs, output=None, **settings):
        """Add a node; return the name of its output."""
        output = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(operator, list(inputs), [output], **settings))
        return output

    def arrays(self, *arrays):
        """Add constants, floats as float32; return their names."""
        names = [f"constant_{len(self.constants) + k}" for k in range(len(arrays))]
        for name, array in zip(names, arrays, strict=True):
            array = array.astype(np.float32) if array.dtype.kind == "f" else array
            self.constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return names
