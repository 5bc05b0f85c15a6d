"""The digit classifier that comes with the package."""

from functools import cache
from importlib import resources

import numpy as np

from .. import checkpoint
from ..models.classifier import Classifier


@cache
def load_classifier() -> Classifier:
    """Return the `Classifier` of digits 0 to 9 that `build_classifier.py` trained.

    It takes images (N, 28, 28, 1) from -1 (background) to 1 (ink), as `load_digits` returns
    them; `as_digits` converts others. Its `features` are (N, 64), its `probabilities`
    (N, 10): those of an eleventh class, "no digit", are shared among the ten. Every call returns the
    same object: take a deep copy to train it further.
    """
    with resources.as_file(resources.files(__package__).joinpath("data", "classifier.npz")) as path:
        return checkpoint.load(path)


def as_digits(images: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
    """Return images (N, 28, 28, 1) rescaled from `value_range`, (black, white), to [-1, 1].

    Raises:
        ValueError: for images of another shape or with NaN, and for an empty value_range.
        TypeError: for pixels that are not floats.
    """
    images = np.asarray(images)
    if images.shape[1:] != (28, 28, 1) or len(images) == 0:
        raise ValueError(f"the classifier expects images (N, 28, 28, 1), got {images.shape}")
    if images.dtype.kind != "f":
        raise TypeError(f"the classifier expects floating-point pixels, got {images.dtype}")
    if np.isnan(images).any():
        raise ValueError("images: some pixels are NaN")
    low, high = value_range
    if not low < high:
        raise ValueError(f"value_range must be (black, white) with black < white, got {value_range}")
    if (low, high) != (-1, 1):
        images = (images - images.dtype.type(low)) * images.dtype.type(2 / (high - low)) - 1
    return np.clip(images, -1, 1)
