"""Digits degraded or coloured on purpose, so that the right answer is known.

Images are float arrays (N, H, W, 1) from 0 (black ground) to 1 (white ink).
"""

import numpy as np

from ..validation import number


def gaussian_noise(images, stddev=0.3, *, rng):
    """Return images with normal noise added to every pixel, kept within [0, 1]."""
    images, rng = _check(images), np.random.default_rng(rng)
    if not stddev > 0:
        raise ValueError(f"stddev must be positive, got {stddev}")
    noisy = rng.standard_normal(images.shape, dtype=np.float32)
    noisy *= stddev
    noisy += images
    return np.clip(noisy, 0, 1, out=noisy)


def salt_and_pepper(images, share=0.2, *, rng):
    """Return images in which this share of the pixels is set to black or white at random."""
    images, rng = _check(images), np.random.default_rng(rng)
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], got {share}")
    draw = rng.random(images.shape, dtype=np.float32)
    noisy = images.astype(np.float32)
    noisy[draw < share] = 1  # salt, half of which becomes pepper:
    noisy[draw < share / 2] = 0
    return noisy


def slant(images):
    """Return the slant of each digit, (N,): columns to the right per row upwards.

    With the ink as weights and rows counted downwards, this is the slope of the line
    that best predicts the column from the row, -cov(column, row) / var(row).
    """
    ink = _check(images)[..., 0].astype(np.float64)
    total = ink.sum(axis=(1, 2))
    if not total.all():
        raise ValueError("slant: an image is all black, so it has no slant")
    ink /= total[:, np.newaxis, np.newaxis]
    rows, columns = np.arange(ink.shape[1]), np.arange(ink.shape[2])
    by_row, by_column = ink.sum(axis=2), ink.sum(axis=1)
    mean_row, mean_column = by_row @ rows, by_column @ columns
    variance = by_row @ rows**2 - mean_row**2
    covariance = np.einsum("nhw,h,w->n", ink, rows, columns) - mean_row * mean_column
    return -covariance / np.maximum(variance, 1e-6)


def colour_by_slant(images, *, steepest=0.6):
    """Return digits in colour, (N, H, W, 3): blue leans left, white stands, orange right.

    The ink's colour is a function of the slant alone, and the slant of the shape alone,
    so there is one right way to colour a grey digit. At a slant of `steepest` or more
    the colour is fully saturated; the hues can be distinguished with colour blindness too.
    """
    images, steepest = _check(images), number("colour_by_slant", "steepest", steepest, "(0, inf)")
    lean = np.clip(slant(images) / steepest, -1, 1)[:, np.newaxis]  # (N, 1)
    left, upright, right = np.array([[0, 0.45, 0.9], [1, 1, 1], [0.95, 0.5, 0]])
    end = np.where(lean < 0, left, right)
    colours = (upright + np.abs(lean) * (end - upright)).astype(np.float32)  # (N, 3)
    return images.astype(np.float32, copy=False) * colours[:, np.newaxis, np.newaxis]


def _check(images):
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] != 1 or images.dtype.kind != "f" or len(images) == 0:
        raise ValueError(f"expected float images (N, H, W, 1), got {images.dtype} {images.shape}")
    low, high = images.min(initial=0), images.max(initial=0)
    if not (low >= 0 and high <= 1):  # so written that NaN fails
        found = f"pixels from {low:g} to {high:g}"
        raise ValueError(f"expected images from 0 (black) to 1 (white), got {found}")
    return images
