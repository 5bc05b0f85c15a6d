"""What a model is trained on, checked before the first update."""

import math
import warnings

import numpy as np

from ..training import squared_norm
from ..validation import batch_shape, plain_array, sample_shape


def image_shape_for(image_shape, *, draws=None, judges=None):
    """Return the shape (H, W, C) of the images that a model's default networks are to be made for.

    Args:
        image_shape: what was asked for, or None.
        draws, judges: the networks that are there already, if any: images come out of the
            one and go into the other.
    """
    known = draws.output_shape if draws else judges.input_shape if judges else None
    if image_shape is None:
        return known or (28, 28, 1)
    shape = sample_shape("a model", "image_shape", image_shape)
    if known is not None and shape != known:
        raise ValueError(f"image_shape is {shape}, but the network that was given is made for {known}")
    return shape


def check_images(x, shape, value_range, *, name="x", drawn_by="generator"):
    """Return x as a float array, or raise an error that says what is wrong with it.

    `datasets.Images`, which hold bytes and make floats of a batch when it is indexed, are
    returned as they are.

    Args:
        shape: shape of one image, (H, W, C).
        value_range: (low, high) that the pixels must lie in, or None for any.
        drawn_by: the network whose last layer sets that range.
    """
    expected = batch_shape(shape)
    if isinstance(x, tuple):
        raise TypeError(
            f"{name} must be one array {expected}, got a tuple of {len(x)}: load_digits() and its like "
            "return images and labels"
        )
    x = x if hasattr(x, "pixels") else plain_array("fit", name, x)
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"{name} is empty: expected images of shape {expected}")
    if x.shape[1:] != tuple(shape):
        raise ValueError(f"{name} must have shape {expected}, got {x.shape}")
    if x.dtype.kind != "f":
        raise TypeError(
            f"{name} must hold floats, got {x.dtype}: numpygan.datasets.scale_pixels turns "
            "uint8 pixels into floats"
        )
    low, high = float(x.min()), float(x.max())  # NaN and infinity show in these
    if not np.isfinite([low, high]).all():
        raise ValueError(f"{name} has NaN or infinite pixels")
    if value_range and (low < value_range[0] or high > value_range[1]):
        raise ValueError(
            f"{name} has pixels from {low:g} to {high:g}, but the {drawn_by} draws from "
            f"{value_range[0]} to {value_range[1]}: scale them to that range"
        )
    if value_range and value_range[0] < 0 <= low < high <= 1 and isinstance(x, np.ndarray):
        warnings.warn(
            f"{name} has pixels from {low:g} to {high:g}, but the {drawn_by} draws from {value_range[0]} to "
            f"{value_range[1]}: if 0 is black, train on 2 * {name} - 1",
            stacklevel=3,
        )
    return x


def check_batch(x, value_range, *, name="x", drawn_by="generator"):
    """Return one batch as an array of floats, or raise an error if it cannot be meant for training.

    `fit` checks every pixel of the data, once, in `check_images`. Here, in each iteration, one
    product of the batch with itself must do: if it is more than the range allows, the pixels
    are not in that range.
    """
    x = plain_array("train_on_batch", name, x)
    if len(x) == 0:
        raise ValueError(f"{name} is empty: train_on_batch needs at least one sample, got shape {x.shape}")
    if x.dtype.kind != "f":
        raise TypeError(
            f"{name} must hold floats, got {x.dtype}: numpygan.datasets.scale_pixels turns "
            "uint8 pixels into floats"
        )
    bound = max(map(abs, value_range)) if value_range else math.inf
    if x.size * bound**2 * 1.001 < squared_norm(x.ravel()) < math.inf:
        raise ValueError(
            f"{name} has pixels from {x.min():g} to {x.max():g}, but the {drawn_by} draws from "
            f"{value_range[0]} to {value_range[1]}: scale them to that range"
        )
    return x


def require_batches(model, batches):
    """Raise ValueError, before the first update, if an epoch would have a batch that is too small."""
    n = len(batches.x)
    try:
        model.require_batch(batches.smallest)
    except ValueError as error:
        raise ValueError(
            f"fit: {error}. {n} samples in batches of {batches.batch_size} leave a batch of "
            f"{batches.smallest}: choose batch_size={min(3, n)} or more"
        ) from None
