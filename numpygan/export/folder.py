"""An export as a folder: everything is made first, then written, so that an error leaves nothing behind."""

from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from ..files.atomic import atomic_write
from ..layers import Dropout
from ..models import ConditionalVAE
from ..validation import one_of
from . import keras_check, keras_layers, keras_model, torch_check, torch_layers, torch_model
from .network import arrays_of, leaves
from .onnx_model import onnx_files
from .steps import inputs_for, one_step
from .stories import exported_networks, kind_of, story_of

TARGETS = ("torch", "keras", "onnx")


class Target(NamedTuple):
    """What an export to PyTorch or Keras is made with."""

    library: str
    model: ModuleType
    check: ModuleType
    layers: dict
    channels_first: bool


CODE = {
    "torch": Target("PyTorch", torch_model, torch_check, torch_layers.WRITERS, True),
    "keras": Target("Keras", keras_model, keras_check, keras_layers.WRITERS, False),
}


def export(model, folder, *, to):
    """Write a model's networks to `folder` as code and weights of another library.

    For "torch" and "keras" the folder gets model.py, the networks written layer by layer and a function
    `load` that gives them their weights; weights.npz; and check.py, which runs them on the numbers in
    check.npz and compares outputs and one training step's gradients with numpygan's. Neither library need
    be installed. For "onnx", which needs the onnx package, it gets a file for each network
    that is used after training, in inference mode, with averaged parameters if there are some.

    Everything is exported in float32. The same model gives the same files.

    Args:
        model: a GAN, DCGAN, BEGAN, ConditionalGAN, VAE, Autoencoder, AdversarialAutoencoder, CycleGAN or
            Classifier; for "onnx" also
            a WGAN or a ConditionalVAE.
        folder: path of a new or empty folder.
        to: "torch", "keras" or "onnx".

    Returns:
        the paths of the files written.

    Raises:
        ValueError: if a layer or a loss has no counterpart, or the folder is not empty.
        ImportError: if onnx is wanted and not installed.
        OSError: if the files cannot be written.
    """
    to = one_of("export", "to", to, TARGETS)
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"folder: {folder} exists and is not an empty folder: choose another one")
    kind_of(model)
    if isinstance(model, ConditionalVAE) and to != "onnx":
        raise ValueError('a ConditionalVAE cannot be exported as code: export it to="onnx"')
    files = onnx_files(model) if to == "onnx" else _code_files(model, CODE[to])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with atomic_write(folder / name) as temporary:
            if isinstance(content, dict):
                np.savez(temporary, **content)
            elif isinstance(content, bytes):
                temporary.write_bytes(content)
            else:
                temporary.write_text(content, encoding="utf-8", newline="\n")
    return [folder / name for name in files]


def _code_files(model, target):
    """Return the files of an export to PyTorch or Keras, text or a dict of arrays by name."""
    networks = exported_networks(model)
    named = {
        name: (target.model.callable_name(name.removesuffix("_averaged")), network)
        for name, network in networks.items()
    }
    title = f"The networks of a {type(model).__name__} that numpygan trained, in {target.library}."
    code = target.model.write_model(named, title, story_of(model))
    layers = [layer for network in networks.values() for _, layer in leaves(network)]
    weights = {
        f"{name}/{key}": array.astype(np.float32)
        for name, network in networks.items()
        for key, array in arrays_of(network, target.layers, target.model.key_of).items()
    }
    return {
        "model.py": code,
        "weights.npz": weights,
        "check.py": target.check.write_check(model, any(isinstance(layer, Dropout) for layer in layers)),
        "check.npz": _expected(model, networks, target),
    }


def _expected(model, networks, target):
    """Return what check.py compares with: inputs and outputs, and the gradients of one step."""
    rng, arrays = np.random.default_rng(0), {}
    for name, network in networks.items():
        arrays[f"input/{name}"] = x = inputs_for(network, rng)
        arrays[f"output/{name}"] = network.astype(np.float64).predict(x)
    given, twin = one_step(model)
    arrays.update({f"given/{key}": array for key, array in given.items()})
    if target.channels_first:
        arrays = {key: a.transpose(0, 3, 1, 2) if a.ndim == 4 else a for key, a in arrays.items()}
    for name, network in twin.networks.items():
        gradients = arrays_of(network, target.layers, target.model.key_of, gradients=True)
        arrays.update({f"gradient/{name}/{key}": array for key, array in gradients.items()})
    return {key: a.astype(np.float32) if a.dtype.kind == "f" else a for key, a in arrays.items()}
