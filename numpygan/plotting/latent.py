"""Figures of codes and of what they decode to."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from ..latent.codes import latent_grid
from .colours import CLASSES, ORANGE
from .samples import as_picture, inches, tile


def plot_latent_plane(codes, labels, *, title="", axes=None) -> Figure:
    """Return a figure of codes (N, 2), each drawn as its digit.

    Args:
        labels: (N,), digits from 0 to 9. Shape and colour both show the class, and a large
            digit marks its median.
        axes: draw into these axes instead of a new figure.
    """
    codes, labels = np.asarray(codes), np.asarray(labels)
    if codes.ndim != 2 or codes.shape[1] != 2 or labels.shape != codes.shape[:1]:
        raise ValueError(f"expected codes (N, 2) and labels (N,), got {codes.shape} and {labels.shape}")
    if axes is None:
        figure = Figure(figsize=(6.5, 6.7), layout="constrained")
        caption = "Look for classes that overlap: two latents are not enough to separate them."
        figure.supxlabel(caption, fontsize=9)
        axes = figure.add_subplot()
    for label in np.unique(labels):
        members, colour = codes[labels == label], CLASSES[label % len(CLASSES)]
        style = {"markersize": 4, "markeredgewidth": 0.2, "color": colour, "alpha": 0.6}
        axes.plot(*members.T, linestyle="", marker=f"${label}$", **style)
    for label in np.unique(labels):
        centre = np.median(codes[labels == label], axis=0)
        text = axes.text(*centre, str(label), size=18, weight="bold", ha="center", va="center")
        text.set_color(CLASSES[label % len(CLASSES)])
        text.set_path_effects([withStroke(linewidth=4, foreground="white")])
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(xlabel="first latent, z[0]", ylabel="second latent, z[1]")
    axes.set_title(title, fontsize=11)
    axes.grid(alpha=0.2)
    return axes.figure


def plot_manifold(decode, *, side=21, title="") -> Figure:
    """Return a figure of the images that a grid over the latent plane decodes to.

    Args:
        decode: function from codes (N, 2) to images (N, H, W, C) in [0, 1].
        side: images along each edge, at quantiles of N(0, 1), see
            `numpygan.latent.latent_grid`.
    """
    codes = latent_grid(side)
    picture = tile(decode(codes), side, gap=0, value_range=(0, 1))
    width = inches(picture.shape[1], 5.8)
    size = (width + 0.7, width * picture.shape[0] / picture.shape[1] + 1.2)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    places = np.linspace(0, side - 1, 5).round().astype(int)
    at = (places + 0.5) * picture.shape[0] / side
    axes.set_xticks(at, [f"{codes[k, 0]:.1f}" for k in places])
    axes.set_yticks(at, [f"{codes[k * side, 1]:.1f}" for k in places])
    axes.set(xlabel="first latent, z[0]", ylabel="second latent, z[1]")
    axes.set_title(title, fontsize=11)
    figure.supxlabel("Follow a row or a column: where does one digit turn into another?", fontsize=9)
    return figure


def plot_rows(rows, *, title="", notes=None, marked=None) -> Figure:
    """Return a figure of rows of images, each labelled on the left.

    Args:
        rows: dict from a name to images (N, H, W, C) in [0, 1], N the same in every row.
        notes: a line of text above each column, or None.
        marked: dict from a row's name to bools (N,), which of its images get a frame.
    """
    counts = {len(images) for images in rows.values()}
    if len(counts) != 1:
        raise ValueError(f"rows must be equally long, got {[len(images) for images in rows.values()]}")
    columns = counts.pop()
    height, width = (max(np.shape(images)[axis] for images in rows.values()) for axis in (1, 2))
    size = (1.5 + (0.07 + inches(width, 0.55)) * columns, 0.5 + (0.08 + inches(height, 0.6)) * len(rows))
    figure = Figure(figsize=size, layout="constrained")
    all_axes = figure.subplots(len(rows), columns, squeeze=False)
    for row, (name, images) in zip(all_axes, rows.items()):
        frames = (marked or {}).get(name, [False] * columns)
        for axes, image, framed in zip(row, np.clip(images, 0, 1), frames):
            picture = as_picture(image)
            shape = "auto" if max(picture.shape[:2]) > 8 * min(picture.shape[:2]) else "equal"
            axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect=shape)
            axes.set(xticks=[], yticks=[])
            if framed:
                axes.spines[:].set(color=ORANGE, linewidth=3)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    for axes, note in zip(all_axes[0], notes or []):
        axes.set_title(note, fontsize=8)
    figure.suptitle(title, fontsize=11)
    return figure
