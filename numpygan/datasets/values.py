"""The meaning of the values in an image array: what is black, and what is white.

It is inferred from their range, and always reported. An ambiguous range is refused with an
expression that resolves it.
"""

import numpy as np

HAIR = 0.01  # floats that exceed their range by up to this fraction are clipped
DARKEST_WHITE = 16  # data with nothing brighter are masks, palette indices or 4-bit pixels
STRETCH = "np.interp(images, [images.min(), images.max()], [0, 1])"
PIECE = 1 << 22  # values that are converted at a time


def to_pixels(images, *, white=None):
    """Return the array as uint8 from 0 to 255 or float32 from 0 to 1, and what was assumed.

    Args:
        images: numbers or bools of any shape, not empty.
        white: the value of white, if the range does not show it; black is then 0.

    Raises:
        ValueError: if it is unclear what black and white are, with the cure.
    """
    if images.dtype == bool:
        return images * np.uint8(255), "True and False: taken as white and black"
    low, high = value_range(images)
    if not np.isfinite([low, high]).all():
        bad = len(images) - np.isfinite(images.reshape(len(images), -1)).all(axis=1).sum()
        raise ValueError(
            f"NaN or infinite pixels in {bad:,} of {len(images):,} images: "
            "images[np.isfinite(images.reshape(len(images), -1)).all(axis=1)] drops them"
        )
    found = f"values from {low:g} to {high:g}"
    if white is not None:
        if low < 0 or high > white * (1 + HAIR):
            raise ValueError(f"{found}, outside 0 to white={white:g}")
        return _by_white(images, white), f"{found}: {white:g} taken as white"
    if images.dtype.kind in "iu":
        return _integers(images, low, high, found)
    return _floats(images, low, high, found)


def value_range(images):
    """Return the smallest and the largest value as floats, NaN if there is a NaN anywhere."""
    return float(images.min()), float(images.max())


def _by_white(images, white):
    """Return integers as uint8 or floats as float32, scaled so that `white` is white."""
    pixels = _stretch(images, 0, white)
    return pixels if images.dtype.kind == "f" else np.rint(255 * pixels).astype(np.uint8)


def _integers(images, low, high, found):
    if low < 0:
        raise ValueError(f"{found}: {STRETCH} rescales them to 0 to 1")
    if high > 255:
        raise ValueError(f"{found}: images / images.max() rescales them to 0 to 1")
    _require_bright(high, found)
    return images.astype(np.uint8, copy=False), _as_pixels(high, found)


def _floats(images, low, high, found):
    if low >= -HAIR and high <= 1 + HAIR:
        clipped = ", values outside clipped" if low < 0 or high > 1 else ""
        return _stretch(images, 0, 1), f"{found}: taken as from 0 (black) to 1 (white){clipped}"
    if low >= -1 - 2 * HAIR and high <= 1 + 2 * HAIR:
        clipped = ", values outside clipped" if low < -1 or high > 1 else ""
        return _stretch(images, -1, 1), f"{found}: taken as from -1 (black) to 1 (white){clipped}"
    if low < -HAIR * abs(high):
        raise ValueError(f"{found}: {STRETCH} rescales them to 0 to 1")
    if high > 255 * (1 + HAIR):
        raise ValueError(f"{found}: images / images.max() rescales them to 0 to 1")
    _require_bright(high, found)
    clipped = ", values outside clipped" if low < 0 or high > 255 else ""
    if _all_whole(images):
        return np.clip(images, 0, 255).astype(np.uint8), _as_pixels(high, found) + clipped
    return _stretch(images, 0, 255), _as_pixels(high, found) + clipped


def _require_bright(high, found):
    if 0 < high <= DARKEST_WHITE:
        cure = "images * 255.0" if high <= 1 else "images / images.max()"
        raise ValueError(
            f"{too_dark(found)}: {cure}, or white={high:g}, makes {high:g} white; if these are palette "
            "indices, load the folder of pictures instead"
        )


def too_dark(found):
    """Return what is wrong with pixels none of which exceeds DARKEST_WHITE."""
    return f"{found}, nearly black if white is 255 (a mask, or fewer bits per pixel?)"


def _as_pixels(high, found):
    dark = f", so the brightest is at {high / 255:.0%} of white" if high < 128 else ""
    return f"{found}: taken as pixels from 0 (black) to 255 (white){dark}"


def _stretch(images, black, white):
    """Return float32 pixels from 0 to 1, computed in pieces to avoid a large float64 array."""
    y = np.empty(images.shape, np.float32)
    step = max(1, PIECE // max(1, images[:1].size))
    for start in range(0, len(images), step):
        piece = images[start : start + step].astype(np.float64)
        y[start : start + step] = np.clip((piece - black) / (white - black), 0, 1)
    return y


def _all_whole(images):
    step = max(1, PIECE // max(1, images[:1].size))
    return all(
        np.array_equal(piece, np.rint(piece))
        for piece in (images[start : start + step] for start in range(0, len(images), step))
    )
