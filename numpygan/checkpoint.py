"""Saving a model to one file and loading it again.

The file is an ordinary `.npz`: parameters, running statistics, the optimisers' memory,
the history, and one more entry, `about`, with the architecture and the states of the
random generators as JSON. There is no pickle in it, so loading somebody else's file
runs none of their code, and saving/archive.py and saving/architecture.py keep the
memory that it takes in proportion to its size.

A loaded model continues exactly as the saved one would have. To resume a run that was
interrupted, see `Checkpoint`.
"""

import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from .files.untrusted import refused_as
from .layers import Layer
from .models import (
    BEGAN,
    DCGAN,
    GAN,
    VAE,
    WGAN,
    AdversarialAutoencoder,
    Autoencoder,
    Classifier,
    ConditionalGAN,
    ConditionalVAE,
    CycleGAN,
    Pix2Pix,
)
from .models.base import Model
from .saving.architecture import ZeroGenerator, build_network, build_optimizer
from .saving.archive import A_MODEL, read_archive, write_archive
from .saving.bounds import saving_to
from .saving.state import count_numbers, current, put_back, savable_state, set_generator
from .training.resume import TRAINING, Checkpoint

__all__ = ["Checkpoint", "load", "save"]

MODELS = {
    "GAN": GAN, "DCGAN": DCGAN, "WGAN": WGAN, "VAE": VAE, "Autoencoder": Autoencoder, "CycleGAN": CycleGAN,
    "Classifier": Classifier, "ConditionalGAN": ConditionalGAN, "ConditionalVAE": ConditionalVAE,
    "Pix2Pix": Pix2Pix,
    "AdversarialAutoencoder": AdversarialAutoencoder, "BEGAN": BEGAN,
}  # fmt: skip


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write the whole of `model` to `path`, a .npz file.

    An existing file of that name is replaced only once the new one is complete.

    Raises:
        ValueError: if `load` would refuse the file, because the model exceeds a limit in
            numpygan.limits, which may be increased, or is not finite. Nothing is written.
        OSError: if it cannot be written; an existing file is then unchanged.
    """
    with saving_to(path):
        state = savable_state(model)
    write_archive(path, *state)


def load(
    path: str | os.PathLike[str], *, layers: Iterable[type[Layer]] = (),
    rng: np.random.Generator | int | None = None,
) -> Any:  # fmt: skip
    """Return the model saved at `path`, by `save` or by a `Checkpoint`.

    Args:
        layers: Layer classes of your own that the saved networks use. Other classes of your own
            (a loss, an optimiser, a model) cannot be looked up: build that model as you did
            before and continue with `fit(..., resume=path)`, if a `Checkpoint` wrote the file.
        rng: numpy Generator, or a seed for one, for the loaded model. If None, it
            continues with the random numbers of the saved one.

    Raises:
        ValueError: if the file is not a model saved by this library, naming what is wrong.
        OSError: if it cannot be read.
    """
    about, arrays = read_archive(path, skip=TRAINING)
    with refused_as(path, A_MODEL):
        about, arrays = current(about, arrays)
        kinds = {kind.__name__: kind for kind in layers}
        model = _build(about, kinds, limit=count_numbers(arrays))
        put_back(model, about, arrays)
    if rng is not None:
        set_generator(model, np.random.default_rng(rng))
    return model


def _build(about, layers, limit):
    """Return a model of that architecture; its parameters are still to be filled in."""
    rng = ZeroGenerator(2 * limit)  # twice: a VAE makes its own two heads, after the networks below
    networks = {
        name: build_network(text, layers=layers, rng=rng, limit=limit)
        for name, text in about["networks"].items()
    }
    optimizers = {name: build_optimizer(text) for name, text in about["optimizers"].items()}
    return MODELS[about["model"]].from_parts(networks, optimizers, about["config"], rng)
