"""Saving a model to one file and loading it again.

The file is an ordinary `.npz`: the arrays of `Model.snapshot()` and one more entry,
`about`, with the architecture as JSON. There is no pickle in it, so loading a file
that somebody sent runs none of their code.
"""

import json
import zipfile

import numpy as np

from . import layers as library
from . import optimizers as rules
from .files import whole_file
from .layers import Layer
from .models import DCGAN, GAN, VAE, Autoencoder
from .network import Sequential

FORMAT = 1
MODELS = {"GAN": GAN, "DCGAN": DCGAN, "VAE": VAE, "Autoencoder": Autoencoder}


def save(model, path):
    """Write `model` (architecture, parameters, optimisers) to `path`, a .npz file.

    An older file of that name is replaced only once the new one is complete.
    """
    about = {
        "format": FORMAT,
        "model": type(model).__name__,
        "options": model.options(),
        "networks": {name: describe(network) for name, network in model.networks.items()},
        "optimizers": {name: {"kind": type(rule).__name__, **rule.config()} for name, rule in model.optimizers.items()},
    }
    with whole_file(path) as temporary:
        np.savez(temporary, about=np.array(json.dumps(about)), **model.snapshot())


def load(path, *, layers=(), rng=None):
    """Return the model saved at `path`.

    Args:
        layers: Layer classes of your own that the saved networks use.
        rng: numpy Generator, or a seed for one, for the loaded model.

    Raises:
        ValueError: if the file is not a model saved by this library, naming what is wrong.
        OSError: if it cannot be read.
    """
    arrays = _read(path)
    try:
        about = json.loads(str(arrays.pop("about")))
        if about["format"] > FORMAT:
            raise ValueError(f"written in format {about['format']}; this version reads up to {FORMAT}")
        kinds = {kind.__name__: kind for kind in layers}
        rng = np.random.default_rng(rng)
        networks = {name: _network(text, kinds, rng) for name, text in about["networks"].items()}
        optimizers = {name: _optimizer(text) for name, text in about["optimizers"].items()}
        model = MODELS[about["model"]].assemble(networks, optimizers, about.get("options", {}), rng)
        _allocate(model, arrays)
        _check_arrays(arrays, model.snapshot())
        model.restore(arrays)
    except KeyError as error:
        raise ValueError(f"{path} is not a numpygan model: it lacks {error}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a numpygan model: {error}") from None
    return model


def describe(network):
    """Return a network's architecture as a dict that JSON can hold."""
    return {
        "name": network.name,
        "input_shape": list(network.input_shape),
        "dtype": network.dtype.name,
        "layers": [
            {"kind": type(layer).__name__, "name": layer.name, **layer.config()} for layer in network.layers
        ],
    }


def _read(path):
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise ValueError(f"{path} is not a numpygan model: {error}") from None


def _network(text, kinds, rng):
    made = []
    for entry in text["layers"]:
        settings = dict(entry)
        made.append(_kind(settings.pop("kind"), library, Layer, kinds)(**settings))
    return Sequential(made, text["input_shape"], rng=rng, dtype=text["dtype"], name=text["name"])


def _optimizer(text):
    settings = dict(text)
    return _kind(settings.pop("kind"), rules, rules.Optimizer, {})(**settings)


def _kind(name, module, base, extra):
    """Return the class of that name, if it is one of ours or among `extra`."""
    kind = extra.get(name) or getattr(module, str(name), None)
    if not (isinstance(kind, type) and issubclass(kind, base)):
        raise ValueError(f"it uses {name!r}, which is not a known {base.__name__.lower()}")
    return kind


def _allocate(model, arrays):
    """Give the optimisers that had made an update the memory that it left."""
    for name, rule in model.optimizers.items():
        if arrays[f"{name}/t"] > 0:
            params = model.trained_by(name)
            rule.memory = {slot: np.zeros_like(params) for slot in rule.slots}


def _check_arrays(found, expected):
    if found.keys() != expected.keys():
        raise ValueError(f"its arrays are {sorted(found)}, the architecture needs {sorted(expected)}")
    for name, array in expected.items():
        if found[name].shape != array.shape or found[name].dtype != array.dtype:
            raise ValueError(
                f"{name} is {found[name].dtype} {found[name].shape}, the architecture needs "
                f"{array.dtype} {array.shape}"
            )
        if not np.isfinite(found[name]).all():
            raise ValueError(f"{name} has NaN or infinite values")
