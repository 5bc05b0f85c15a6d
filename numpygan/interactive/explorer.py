"""The latent explorer: move over a plane of codes and see at once what each decodes to.

`write_explorer` makes a page for any browser, with no network access and no server: the
model decodes a fine grid of codes in advance, and the page interpolates between the four
nearest. explorer_figure.py has the same as a matplotlib figure; both show a `View`.
"""

import base64
import copy
import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..latent.distances import nearest
from ..latent.planes import IdentityPlane, Plane, plane_for
from ..plotting.colours import CLASSES, CLASSES_ON_DARK
from ..plotting.samples import tile
from .page import write_page

NEIGHBOURS = 15  # codes that vote on the class at a point


class View(NamedTuple):
    """What there is to explore: a plane, a decoder for its points, and the codes of data on it."""

    plane: Plane
    decode: Callable  # function from points (N, 2) to images (N, H, W, C) in [0, 1]
    points: np.ndarray  # codes of data (M, 2), or (0, 2) for a model without an encoder
    labels: np.ndarray  # (M,), or empty
    describe: Callable  # function from points (N, 2) to N strings


def view_of(model, images=None, labels=None, *, rng=0, label=None, classes=()) -> View:
    """Return the View of a model, with data to encode if it has an encoder.

    Args:
        images: (M, H, W, C), scaled as in training; needed for a PrincipalPlane, ignored for
            models without an encoder.
        labels: (M,), their classes, non-negative integers, or None.
        rng: numpy Generator or seed, for the noise that spans the plane of a GAN.
        label: the class that a conditional model draws, its first one if None.
        classes: names of the labels' classes, in order; their numbers if empty.
    """
    if labels is not None and (images is None or np.shape(labels) != (len(images),)):
        raise ValueError(f"labels must be (M,), one for each of the images, got {np.shape(labels)}")
    codes = None
    if images is not None and hasattr(model, "encode"):
        codes = model.encode(images)
    plane = plane_for(model, codes, rng=rng)
    points = np.zeros((0, 2)) if codes is None else plane.points(codes)
    labels = np.zeros(0, int) if codes is None or labels is None else np.asarray(labels)
    if labels.dtype.kind not in "iu" or (len(labels) and labels.min() < 0):
        raise ValueError(f"labels must be non-negative integers, got {labels.dtype} from {labels.min()}")
    given = (0 if label is None else label,) if hasattr(model, "classes") else ()
    describe = _describer(model, plane, points, labels, given, classes)
    return View(plane, _decoder(model, plane, given), points, labels, describe)


def _decoder(model, plane, given):
    generate = getattr(model, "generate_from", None) or model.decode
    low, high = model.value_range

    def decode(points):
        return np.clip((generate(plane.codes(points), *given) - low) / (high - low), 0, 1)

    return decode


def _describer(model, plane, points, labels, given, classes):
    """Return a function that describes each point by its nearest codes, or by the discriminator's output."""

    def by_neighbours(queries):
        near = labels[nearest(queries, points, k=min(NEIGHBOURS, len(points)))]  # (N, k)
        votes = np.stack([np.bincount(row, minlength=labels.max() + 1) for row in near])
        counts = zip(votes.argmax(axis=1), votes.max(axis=1))
        counts = [(classes[label] if label < len(classes) else label, n) for label, n in counts]
        return [f"{n} of the {near.shape[1]} nearest codes are of class {label}." for label, n in counts]

    def by_discriminator(queries):
        says = model.discriminate(model.generate_from(plane.codes(queries), *given), *given)
        if hasattr(model, "gamma"):  # a BEGAN's
            return [f"The discriminator rebuilds it with a mean error of {-error:.3f}." for error in says]
        if hasattr(model, "n_critic"):  # a WGAN's
            return [f"The critic gives it a score of {score:.2f}." for score in says]
        return [f"The discriminator gives it a probability of {p:.0%} of being real." for p in says]

    if len(labels):
        return by_neighbours
    judges = hasattr(model, "discriminate") and not hasattr(model, "encode")
    return by_discriminator if judges else lambda queries: [""] * len(queries)


def write_explorer(model, path, images=None, labels=None, *, side=41, title="", classes=(), rng=0) -> None:
    """Write the explorer of a model to `path`, a self-contained HTML page.

    Args:
        model: a VAE, Autoencoder, GAN or DCGAN of images (H, W, 1) or (H, W, 3). A conditional
            model gets a button for each of its classes.
        images, labels, rng: see `view_of`. About 2,000 images are enough.
        side: decoded images along each edge. The page interpolates between them: with 41,
            on a plane of digits, its images are within a grey level or two of the model's.
        title: of the page.
        classes: names of the classes, in the order of their labels; their numbers if empty.
    """
    if side < 2:
        raise ValueError(f"side must be at least 2, got {side}")
    names = model.classes.names if hasattr(model, "classes") else ("",)
    views = [
        view_of(model, images, labels, rng=copy.deepcopy(rng), label=k, classes=classes)
        for k in range(len(names))
    ]
    view, grid = views[0], grid_of(views[0].plane, side)
    decoded = view.decode(grid)
    if decoded.ndim != 4 or decoded.shape[-1] not in (1, 3):
        shape = decoded.shape[1:]
        raise ValueError(f"the explorer needs images (H, W, 1) or (H, W, 3), but the model returns {shape}")
    described = np.array([each.describe(grid) for each in views])  # (classes, side * side)
    notes, which = np.unique(described, return_inverse=True)
    note = which.reshape(len(views), -1).tolist()  # (classes, side * side)
    grids = (decoded, *(each.decode(grid) for each in views[1:]))
    sprites = [_data_uri(tile(images, side, gap=0, value_range=(0, 1))) for images in grids]
    about = {
        "side": side, "height": decoded.shape[1], "width": decoded.shape[2],
        "low": view.plane.low.tolist(), "high": view.plane.high.tolist(), "axes": view.plane.axes,
        "name": "z" if isinstance(view.plane, IdentityPlane) else "(u, v)",
        "points": view.points.round(3).tolist(), "labels": view.labels.tolist(), "classes": list(classes),
        "notes": notes.tolist(),
        "on_light": CLASSES, "on_dark": CLASSES_ON_DARK,
        "conditions": [
            {"name": name, "sprite": sprite, "note": where}
            for name, sprite, where in zip(names, sprites, note)
        ],
    }  # fmt: skip
    fields = {
        "title": title or f"The latent space of a {type(model).__name__}",
        "caption": _caption(view),
        "first axis": view.plane.axes[0],
        "second axis": view.plane.axes[1],
    }
    write_page(path, "explorer.html", fields, about)


def grid_of(plane, side):
    """Return the points (side * side, 2) of a regular grid, the top row (largest v) first."""
    (left, bottom), (right, top) = plane.low, plane.high
    across, up = np.meshgrid(np.linspace(left, right, side), np.linspace(top, bottom, side))
    return np.stack([across.ravel(), up.ravel()], axis=1)


def _data_uri(picture):
    from PIL import Image  # comes with matplotlib

    file = io.BytesIO()
    Image.fromarray(np.round(255 * picture).astype(np.uint8)).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _caption(view):
    if len(view.labels):
        return "The small digits are codes of data, marked by class: look at what lies between two classes."
    if len(view.points):
        return "The dots are the codes of data."
    return "The small images are decoded from their own positions."
