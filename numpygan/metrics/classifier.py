"""The yardstick: the digit classifier that comes with the package."""

from functools import cache
from importlib import resources

import numpy as np

from .. import checkpoint


@cache
def load_classifier():
    """Return the `Classifier` of digits 0 to 9 that `build_classifier.py` trained.

    It takes images (N, 28, 28, 1) from -1 (ground) to 1 (ink), as `load_digits` returns
    them; see `as_digits` for others. Its `features` are (N, 64). The same object is
    returned every time: to train it further, take a deep copy.
    """
    with resources.as_file(resources.files(__package__).joinpath("data", "classifier.npz")) as path:
        return checkpoint.load(path)


def as_digits(images, value_range):
    """Return images (N, 28, 28, 1) with black and white moved from `value_range` to (-1, 1).

    Raises:
        ValueError, TypeError: for images of another shape, of which the classifier knows
            nothing, with NaN in them, or not of floats.
    """
    images = np.asarray(images)
    if images.shape[1:] != (28, 28, 1) or len(images) == 0:
        raise ValueError(f"the classifier knows digits (N, 28, 28, 1), got {images.shape}")
    if images.dtype.kind != "f":
        raise TypeError(f"the classifier expects pixels of floats, got {images.dtype}")
    if np.isnan(images).any():
        raise ValueError("the classifier was given images with NaN in them")
    low, high = value_range
    if not low < high:
        raise ValueError(f"value_range must be black and white, the lower first, got {value_range}")
    if (low, high) != (-1, 1):
        images = (images - images.dtype.type(low)) * images.dtype.type(2 / (high - low)) - 1
    return np.clip(images, -1, 1)
