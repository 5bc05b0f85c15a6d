"""Two kinds of images: unpaired for training, paired for evaluation.

Turning horses into zebras has no right answer: nobody has seen the same horse as a
zebra. Here domain A is digits as they are and domain B the same kind of digits changed
by a known function, so it is known what each image of A should become. Training never
sees such a pair: the two domains are made from different digits.
"""

import numpy as np

from ..validation import integer
from .digits import load_digits
from .transforms import _check, colour_by_slant


def stripe(images, *, period=4, dark=0.25):
    """Return digits painted with stripes: the zebras of images (N, H, W, 1) from 0 to 1.

    Stripes run down to the right, across most strokes, and half of each period is darkened:

        y[h, w] = x[h, w]           where (h - w) mod period < period / 2
                  dark * x[h, w]    elsewhere

    The ink is darkened, not removed, so no information is lost and the map can be inverted.
    The stripes are fixed to the image, wherever the digit is. With period 4, a network
    whose strides multiply to 4 can distinguish these positions; with stride 1 throughout it
    treats all positions alike, except near the edges, and could not.
    """
    images, period = _check(images), integer("stripe", "period", period)
    row, column = np.indices(images.shape[1:3])
    bright = (row - column) % period < period / 2  # (H, W)
    return images * np.where(bright, 1, dark).astype(images.dtype)[..., np.newaxis]


def thicken(images):
    """Return digits written with a thicker pen: each pixel becomes the maximum of the 3x3 around it."""
    images = _check(images)
    H, W = images.shape[1:3]
    padded, y = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0))), images.copy()
    for i, j in np.ndindex(3, 3):
        np.maximum(y, padded[:, i : i + H, j : j + W], out=y)
    return y


DOMAINS = {"zebra": stripe, "thick": thicken, "colour": colour_by_slant}


def load_domains(name="zebra", part="train"):
    """Return images of two domains, made from the bundled digits, without any download.

    Args:
        name: what domain B is: "zebra" (see `stripe`), "thick" (see `thicken`) or
            "colour" (see `transforms.colour_by_slant`). Domain A is plain digits.
        part: "train" for 5,000 images a and 5,000 images b, made of different digits;
            "evaluation" for 2,000 pairs, where b[n] is the correct translation of a[n].

    Returns:
        a: float32 (N, 28, 28, 1), from -1 (black ground) to 1.
        b: the same, with 3 channels for "colour".
    """
    if name not in DOMAINS:
        raise ValueError(f"name must be one of {', '.join(map(repr, DOMAINS))}, got {name!r}")
    digits, _ = load_digits(part, scale=(0, 1))
    half = len(digits) // 2
    a, b = (digits, digits) if part == "evaluation" else (digits[:half], digits[half:])
    return _to_both_sides(a), _to_both_sides(DOMAINS[name](b))


def _to_both_sides(images):
    """Bring pixels from [0, 1] to [-1, 1]."""
    return 2 * images - 1
