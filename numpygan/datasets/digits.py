"""Handwritten digits that come with the package: the first 12,000 of MNIST."""

from importlib import resources

import numpy as np

PARTS = {"train": slice(0, 10_000), "evaluation": slice(10_000, 12_000)}


def load_digits(part="train", *, scale=(-1, 1)):
    """Return the bundled digits and their labels, without a download.

    Args:
        part: "train" (10,000 images) or "evaluation" (the other 2,000).
        scale: the values of black background and white ink, (-1, 1) for a generator
            that ends in tanh, (0, 1) for one that ends in a sigmoid.

    Returns:
        images: float32 (N, 28, 28, 1), between the two values of `scale`.
        labels: int64 (N,), the digits 0 to 9.

    Source: the MNIST database of handwritten digits (LeCun, Cortes & Burges 1998),
    CC BY-SA 3.0; see numpygan/datasets/data/LICENSE.
    """
    if part not in PARTS:
        raise ValueError(f"part must be one of {', '.join(map(repr, PARTS))}, got {part!r}")
    path = resources.files(__package__).joinpath("data", "digits.npz")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        images, labels = stored["images"][PARTS[part]], stored["labels"][PARTS[part]]
    return scale_pixels(images[..., np.newaxis], scale=scale), labels.astype(np.int64)


def scale_pixels(images, *, scale=(-1, 1)):
    """Return uint8 images (0 to 255) as float32 between the two values of `scale`."""
    images = np.asarray(images)
    if images.dtype != np.uint8:
        raise TypeError(f"scale_pixels expects uint8 pixels from 0 to 255, got {images.dtype}")
    table = np.linspace(*check_scale(scale), 256).astype(np.float32)  # exact at both ends
    return table[images]


def check_scale(scale):
    """Return the values of black and of white as two floats, or raise TypeError or ValueError."""
    if not isinstance(scale, (tuple, list, np.ndarray)) or len(scale) != 2:
        raise TypeError(f"scale must be the values of black and of white, such as (-1, 1), got {scale!r}")
    low, high = (float(value) for value in scale)
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"scale must be two finite numbers, the lower first, got {scale}")
    return low, high
