"""`--data`: what a model is trained on, the same choice for every model."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..datasets import TOYS, load_digits, load_images, load_mnist, load_toy
from . import options

HELP = (
    "digits (included in the package), mnist or fashion (the full sets, downloaded once and kept), a FOLDER "
    "with the four MNIST files, or your own images: images.npy or .npz, an array (N, H, W) or "
    "(N, H, W, C), of uint8 from 0 to 255 or floats from 0 to 1"
)
NAMES = ("digits", "mnist", "fashion")
POINTS = 2_000  # samples of a toy
HELD_OUT = 10  # of your own images, every tenth is held out for evaluation


class Data(NamedTuple):
    """What a run learns from.

    train       tuple of arrays, as `fit` takes them
    text        what they are, such as "10,000 handwritten digits"
    noun        what to call the images, such as "digits"
    held_out    the same kind of tuple, never learnt from; () if there is none
    labels      classes of what is held out (M,), or None
    """

    train: tuple
    text: str
    noun: str
    held_out: tuple = ()
    labels: np.ndarray | None = None


def add_data_option(parser):
    options.adder(parser)("--data", str, "digits", HELP)


def load_data(source, scale, batch_size):
    """Return Data without anything held out: images (N, H, W, C) between the two values of `scale`."""
    if _is_file(source):
        return _data(source, load_images(source, scale=scale), batch_size)
    return _data(source, _load(source, "train", scale)[0], batch_size)


def load_labelled(source, scale, batch_size=1, *, most=None):
    """Return Data of images and their labels, integers from 0, with as many of both held out.

    Args:
        most: train on the first so many images only.
    """
    if _is_file(source):
        raise ValueError(
            f"--data {source} has no labels, which this model needs: expected one of {', '.join(NAMES)}, or a "
            "folder with the four MNIST files"
        )
    images, labels = _load(source, "train", scale)
    held_out = _load(source, "evaluation", scale)
    found = _data(source, images, batch_size, most)
    return found._replace(train=(*found.train, labels[:most]), held_out=held_out, labels=held_out[1])


def load_with_held_out(source, scale, batch_size=1, *, most=None):
    """Return Data with images held out, and their labels if there are any.

    Args:
        most: train on the first so many images only.
    """
    if _is_file(source):
        images, labels = load_images(source, scale=scale), None
        if len(images) < HELD_OUT:
            raise ValueError(f"{source} has {len(images)} images, at least {HELD_OUT} are needed")
        is_held_out = np.arange(len(images)) % HELD_OUT == HELD_OUT - 1
        train, held_out = images[~is_held_out], images[is_held_out]
    else:
        held_out, labels = _load(source, "evaluation", scale)
        train, _ = _load(source, "train", scale)
    found = _data(source, train, batch_size, most)
    return found._replace(held_out=(held_out,), labels=labels)


def samples_for(model, source, batch_size=1):
    """Return samples that a model can learn from: images in its value range, or points of a toy."""
    if len(model.sample_shape) == 1:
        return load_toy(source).sample(max(POINTS, batch_size), rng=0)
    return load_data(source, model.value_range, batch_size).train[0]


def noun(source):
    """Return what to call the samples, in the plural."""
    if source in TOYS:
        return "points"
    return "digits" if source in ("digits", "mnist") else "images"


def _data(source, images, batch_size, most=None):
    if batch_size > len(images):
        raise ValueError(f"--batch-size {batch_size} is larger than the data: {len(images):,} images")
    images = images[:most]
    what = "handwritten digits" if source == "digits" else f"{noun(source)} from {source}"
    return Data((images,), f"{len(images):,} {what}", noun(source))


def _is_file(source):
    if source in NAMES:
        return False
    if not Path(source).exists():
        raise ValueError(f"--data {source} is none of {', '.join(NAMES)}, nor an existing file or folder")
    return not Path(source).is_dir()


def _load(source, part, scale):
    if source == "digits":
        return load_digits(part, scale=scale)
    source = {"name": source} if source in NAMES else {"folder": source}
    return load_mnist(part, **source, scale=scale)
