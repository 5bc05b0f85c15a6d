"""Coloured shapes, drawn by a seeded function: a colour data set without a download.

Each image shows one red or blue shape on a dull background. Position, size, shade and background
vary independently of the class, and the angle too if wanted.
"""

import math

import numpy as np

from ..validation import integer
from .digits import check_scale

KINDS = ("circle", "square", "triangle", "star", "cross")
COLOURS = {"red": (-0.03, 0.035), "blue": (0.56, 0.66)}  # range of hue, as fractions of the colour wheel
SHAPES = tuple(f"{colour} {kind}" for kind in KINDS for colour in COLOURS)
PIECE = 500  # images that are drawn at a time
DRAWS = 12  # random numbers per image
UPRIGHT = {"square": math.pi / 4, "triangle": -math.pi / 2, "star": -math.pi / 2}  # where a corner points


def load_shapes(n=10_000, *, size=32, turned=False, rng=0, scale=(-1, 1)):
    """Return n images of coloured shapes and their labels.

    Args:
        n: the number of images; a larger n gives the same ones first.
        size: their height and width, at least 8.
        turned: whether each shape has an angle of its own, which is harder to learn; if not, all
            stand upright.
        rng: a Generator or a seed.
        scale: the values of black and of white, as for `load_digits`.

    Returns:
        images: float32 (n, size, size, 3), between the two values of `scale`.
        labels: int64 (n,), indices into SHAPES: 2 * kind + colour.
    """
    n, size = integer("load_shapes", "n", n), integer("load_shapes", "size", size, least=8)
    low, high = check_scale(scale)
    draws = np.random.default_rng(rng).random((n, DRAWS), dtype=np.float32)
    labels = (draws[:, 0] * len(SHAPES)).astype(np.int64)
    images = np.empty((n, size, size, 3), np.float32)
    for start in range(0, n, PIECE):
        part = slice(start, start + PIECE)
        images[part] = _draw(labels[part], draws[part], size, turned)
    images *= high - low
    images += low
    return np.clip(images, low, high, out=images), labels


def _draw(labels, draws, size, turned):
    """Return images (n, size, size, 3) from 0 to 1, from labels (n,) and random numbers (n, DRAWS)."""
    kind, colour = labels // len(COLOURS), labels % len(COLOURS)
    u = draws[:, 1:].T[..., np.newaxis, np.newaxis]  # eleven of (n, 1, 1), from 0 to 1
    radius = 0.26 + 0.16 * u[0]  # the image is 1 wide
    x0, y0 = (radius + (1 - 2 * radius) * place for place in (u[1], u[2]))
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = axis - x0, axis[:, np.newaxis] - y0  # (n, 1, W) and (n, H, 1)
    distance = np.empty((len(labels), size, size), np.float32)
    for k, name in enumerate(KINDS):
        of_kind = kind == k
        angle = 2 * math.pi * u[3][of_kind] if turned else UPRIGHT.get(name, 0.0)
        distance[of_kind] = _distance(name, x[of_kind], y[of_kind], radius[of_kind], angle)
    cover = np.clip(0.5 - size * distance, 0, 1)[
        ..., np.newaxis
    ]  # the fraction of each pixel inside the shape
    hues = np.array(list(COLOURS.values()), np.float32)[colour]  # (n, 2)
    hue = hues[:, 0] + (hues[:, 1] - hues[:, 0]) * draws[:, 5]
    ink = _rgb(hue, 0.8 + 0.2 * draws[:, 6], 0.75 + 0.25 * draws[:, 7])
    ground = _rgb(draws[:, 8], 0.12 * draws[:, 9], 0.15 + 0.75 * draws[:, 10])
    shade = 1 + 0.3 * (u[10] - 0.5) * (
        2 * axis[:, np.newaxis] - 1
    )  # (n, H, 1): lighter at the top or the bottom
    ground = np.clip(ground[:, np.newaxis, np.newaxis] * shade[..., np.newaxis], 0, 1)  # (n, H, 1, 3)
    return ground + cover * (ink[:, np.newaxis, np.newaxis] - ground)


def _distance(kind, x, y, radius, angle):
    """Return the signed distance of each pixel from the outline of a shape, (n, H, W), negative inside."""
    r = np.hypot(x, y)
    if kind == "circle":
        return r - 0.85 * radius  # so that its area is closer to that of the others
    phi = np.arctan2(y, x) - angle
    if kind == "cross":  # both bars, folded onto one by symmetry
        a, b = np.abs(r * np.cos(phi)), np.abs(r * np.sin(phi))
        return np.maximum(np.maximum(a, b) - 0.95 * radius, np.minimum(a, b) - 0.3 * radius)
    corners, inner = {"triangle": (3, 0.5), "square": (4, math.sqrt(0.5)), "star": (5, 0.42)}[kind]
    # By symmetry all edges fold onto one: from a corner at angle 0 to the point halfway to the
    # next corner, at `inner` times the radius.
    half = math.pi / corners
    phi = np.abs((phi + half) % (2 * half) - half)
    dx, dy = inner * math.cos(half) - 1, inner * math.sin(half)
    return ((r * np.cos(phi) - radius) * dy - r * np.sin(phi) * dx) / math.hypot(dx, dy)


def _rgb(hue, saturation, value):
    """Return colours (n, 3) from hue, saturation and value, each (n,) (Smith 1978)."""
    k = (np.array([5, 3, 1], np.float32) + 6 * hue[:, np.newaxis]) % 6
    share = np.clip(np.minimum(k, 4 - k), 0, 1)
    return (value[:, np.newaxis] * (1 - saturation[:, np.newaxis] * share)).astype(np.float32)
