"""A film of a translation: each frame above what a model makes of it, and how far that is from the truth."""

import numpy as np
from matplotlib.figure import Figure

from ..metrics.films import flicker, frame_errors
from ..plotting.colours import BLACK, BLUE, GREY, VERMILION
from ..validation import integer
from .film import Film

CAPTION = (
    "Each frame is translated by itself. Watch the strokes where they should only move: what changes there "
    "from frame to frame and not in the truth is flicker."
)
NO_TRUTH = "Each frame is translated by itself. What it should look like is not known."


def average_neighbours(frames, n=1) -> np.ndarray:
    """Return frames (T, H, W, C), each averaged with the n before and the n after it.

    The weights fall linearly, (1, 2, 1) / 4 for n = 1. At both ends, where neighbours are missing,
    the others' weights are raised.
    """
    frames, n = np.asarray(frames), integer("average_neighbours", "n", n, least=0)
    total, weights = np.zeros_like(frames), np.zeros((len(frames), 1, 1, 1), frames.dtype)
    for k in range(-min(n, len(frames) - 1), min(n, len(frames) - 1) + 1):
        here, there = slice(max(0, -k), len(frames) - max(0, k)), slice(max(0, k), len(frames) - max(0, -k))
        total[here] += (n + 1 - abs(k)) * frames[there]
        weights[here] += n + 1 - abs(k)
    return total / weights


def film_translation(frames, translated, truth=None, *, title, value_range=(-1, 1)) -> Film:
    """Return a Film in which each frame stands above its translation, and above the truth if it is known.

    Beside them are curves over the whole film, with a mark at the present frame: error and flicker
    (see metrics/films.py), or without a truth how much original and translation change.

    Args:
        frames: (T, H, W, C), T at least 2.
        translated: (T, H', W', C').
        truth: what the translation should be, or None.
        value_range: the values of black and white in all of them.
    """
    rows = {"original": frames, "translation": translated} | ({} if truth is None else {"truth": truth})
    counts = {name: len(images) for name, images in rows.items()}
    if len(set(counts.values())) != 1 or len(frames) < 2:
        raise ValueError(f"every row of the film needs the same number of frames, 2 or more, got {counts}")
    curves = _curves(frames, translated, truth)
    figure, pictures, mark = _layout(rows, curves, *value_range)
    film = Film(title, NO_TRUTH if truth is None else CAPTION)
    for t in range(len(frames)):
        for picture, images in zip(pictures, rows.values()):
            picture.set_data(_shown(images[t], *value_range))
        mark.set_xdata([t + 1])
        values = ", ".join(
            f"{name} {values[t]:.4f}" for name, (values, _) in curves.items() if t < len(values)
        )
        film.add(figure, f"frame {t + 1} of {len(frames)}: {values}")
    return film


def _curves(frames, translated, truth):
    """Return {what: (values, colour)}, one value for each frame or for each but the last."""
    if truth is not None:
        return {
            "error": (frame_errors(translated, truth), BLUE),
            "flicker": (flicker(translated, truth), VERMILION),
        }
    still = np.zeros_like(frames), np.zeros_like(translated)
    return {
        "change of the original": (flicker(frames, still[0]), GREY),
        "change of the translation": (flicker(translated, still[1]), VERMILION),
    }


def _shown(image, low, high):
    """Return an image as matplotlib shows it, between 0 and 1."""
    return np.clip((image.squeeze() - low) / (high - low), 0, 1)


def _layout(rows, curves, low, high):
    """Return the figure, the images of its pictures, and the line that marks the present frame."""
    figure = Figure(figsize=(7.2, 1.75 * len(rows) + 0.3))
    height = 1 / len(rows)
    pictures = []
    for k, (name, images) in enumerate(rows.items()):
        axes = figure.add_axes((0.02, 1 - (k + 0.97) * height, 0.36, 0.84 * height))
        shown = {"cmap": "gray", "vmin": 0, "vmax": 1, "interpolation": "nearest"}
        pictures.append(axes.imshow(_shown(images[0], low, high), **shown))
        axes.set_title(name, fontsize=10, pad=3)
        axes.set(xticks=[], yticks=[])
    axes = figure.add_axes((0.5, 0.14, 0.47, 0.8))
    for name, (values, colour) in curves.items():
        axes.plot(np.arange(1, len(values) + 1), values, color=colour, linewidth=1.4, label=name)
    highest = max(float(values.max()) for values, _ in curves.values())
    axes.set(xlim=(1, len(rows["original"])), ylim=(0, 1.25 * highest + 1e-6), xlabel="frame")
    axes.set_ylabel(f"mean over the pixels, of a range of {high - low:g}")
    axes.grid(alpha=0.25)
    axes.legend(loc="upper right", fontsize=9)
    return figure, pictures, axes.axvline(1, color=BLACK, linewidth=1)
