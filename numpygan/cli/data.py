"""`--data`: what a model is trained on, the same choice for every model."""

from pathlib import Path

import numpy as np

from ..datasets import TOYS, load_digits, load_images, load_mnist, load_toy

HELP = (
    "digits (come with the package), mnist or fashion (the full sets, downloaded once and kept), a FOLDER "
    "with the four files of MNIST, or your own images: images.npy or .npz, an array (N, H, W) or "
    "(N, H, W, C), of uint8 from 0 to 255 or floats from 0 to 1 (default: %(default)s)"
)
NAMES = ("digits", "mnist", "fashion")
POINTS = 2_000  # samples of a toy
HELD_OUT = 10  # of one's own images, every tenth is kept for evaluation


def add_option(parser):
    parser.add_argument("--data", default="digits", help=HELP)


def images_for(settings, scale):
    """Return all images to train on, (N, H, W, C), between the two values of `scale`."""
    if _is_file(settings.data):
        images = load_images(settings.data, scale=scale)
    else:
        images, _ = _load(settings.data, "train", scale)
    return _enough(images, settings)


def data_for(model, settings, scale):
    """Return what a GAN, or another model, was trained on: images, or points in a plane or on a line."""
    if len(model.sample_shape) == 1:
        return load_toy(settings.data).sample(max(POINTS, settings.batch_size), rng=0)
    return images_for(settings, scale)


def images_and_evaluation(settings, scale):
    """Return images to train on, others to evaluate with, and the labels of those or None."""
    if not _is_file(settings.data):
        evaluation, labels = _load(settings.data, "evaluation", scale)
        return images_for(settings, scale), evaluation, labels
    images = load_images(settings.data, scale=scale)
    if len(images) < HELD_OUT:
        raise ValueError(f"{settings.data} has {len(images)} images, at least {HELD_OUT} are needed")
    held_out = np.arange(len(images)) % HELD_OUT == HELD_OUT - 1
    return _enough(images[~held_out], settings), images[held_out], None


def noun(settings):
    """Return what to call one of the images, in the plural."""
    if settings.data in TOYS:
        return "points"
    return "digits" if settings.data in ("digits", "mnist") else "images"


def _is_file(data):
    if data in NAMES:
        return False
    if not Path(data).exists():
        raise ValueError(
            f"--data {data} is none of {', '.join(NAMES)}, and there is no such file or folder"
        )
    return not Path(data).is_dir()


def _load(data, part, scale):
    if data == "digits":
        return load_digits(part, scale=scale)
    source = {"name": data} if data in NAMES else {"folder": data}
    return load_mnist(part, **source, scale=scale)


def _enough(images, settings):
    if settings.batch_size > len(images):
        raise ValueError(
            f"--batch-size {settings.batch_size} is larger than the data: {len(images):,} images"
        )
    return images
