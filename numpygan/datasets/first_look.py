"""A first look at images before training: the facts, and warnings about what is odd."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

PIECE = 1_000  # images that are examined at a time


@dataclass
class FirstLook:
    """What `describe_images` found; `str()` gives a summary of a few lines.

    Attributes:
        count: the number of images.
        shape: the shape of one image, (H, W, C).
        low, high, mean: over all values, as a model sees them.
        classes: the number of images per class, a dict by name, empty without labels.
        duplicates: the number of images that equal an earlier one exactly.
        constant: the number of images of a single colour.
        varying: the number of pixels, of H W, that are not the same in all images.
        notes: what was assumed when they were loaded.
        warnings: what is odd about them, a list of sentences.
    """

    count: int
    shape: tuple
    low: float
    high: float
    mean: float
    classes: dict
    duplicates: int
    constant: int
    varying: int
    notes: tuple = ()
    warnings: list = field(default_factory=list)

    def __str__(self):
        H, W, C = self.shape
        colour = {1: "grey", 3: "in colour"}.get(C, f"of {C} channels")
        lines = [
            f"{self.count:,} image{'s' * (self.count != 1)} of {H} x {W}, {colour}",
            f"values from {self.low:g} to {self.high:g}, on average {self.mean:.2f}",
        ]
        if self.classes:
            shown = [f"{name} {count:,}" for name, count in list(self.classes.items())[:12]]
            more = f", and {len(self.classes) - 12} more" if len(self.classes) > 12 else ""
            lines.append(f"{len(self.classes)} classes: {', '.join(shown)}{more}")
        lines.append(f"exact duplicates: {self.duplicates:,}")
        lines += self.notes
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def describe_images(images, labels=None):
    """Return a FirstLook at images (N, H, W, C), either Images or an array of floats.

    Args:
        labels: integers (N,), if `images` does not have its own.

    Raises:
        ValueError: if `images` is empty or has another shape.
    """
    pixels = getattr(images, "pixels", None)
    pixels = np.asarray(images) if pixels is None else pixels
    if pixels.ndim != 4 or len(pixels) == 0:
        raise ValueError(f"images must be (N, H, W, C) with at least one image, got {pixels.shape}")
    labels = getattr(images, "labels", None) if labels is None else np.asarray(labels)
    seen, constant = set(), 0
    varies = np.zeros(pixels.shape[1:3], bool)  # (H, W)
    for start in range(0, len(pixels), PIECE):
        piece = np.ascontiguousarray(pixels[start : start + PIECE])
        if not varies.all():
            varies |= (piece != pixels[0]).any(axis=(0, 3))
        maybe = piece[(piece[:, 0, 0] == piece[:, -1, -1]).all(axis=-1)]  # two corners alike
        constant += int((maybe == maybe[:, :1, :1]).all(axis=(1, 2, 3)).sum())
        seen.update(hashlib.blake2b(image, digest_size=16).digest() for image in piece)
    look = FirstLook(
        len(pixels), pixels.shape[1:], float(images.min()), float(images.max()), float(images.mean()),
        _class_counts(labels, getattr(images, "classes", None)), len(pixels) - len(seen), constant,
        int(varies.sum()), getattr(images, "notes", ()),
    )  # fmt: skip
    look.warnings = _warnings(look)
    return look


def _class_counts(labels, names):
    if labels is None:
        return {}
    counts = np.bincount(labels)
    names = [str(k) for k in range(len(counts))] if names is None else names
    counts = np.pad(counts, (0, max(0, len(names) - len(counts))))
    return dict(zip(names, counts.tolist(), strict=True))


def _warnings(look):
    """Return sentences about what makes these images unsuitable for training."""
    H, W, _ = look.shape
    if look.count == 1:
        return ["there is only one image; a model needs many to learn a distribution"]
    if look.varying == 0:
        return [f"all {look.count:,} images are the same"]
    warnings = []
    if look.varying <= max(1, 0.01 * H * W):
        warnings.append(f"the images differ in only {look.varying:,} of {H * W:,} pixels")
    if look.duplicates >= 0.1 * look.count:
        distinct = look.count - look.duplicates
        warnings.append(
            f"only {distinct:,} of {look.count:,} images are distinct, the others are exact copies"
        )
    if look.constant >= 0.1 * look.count:
        warnings.append(f"{look.constant:,} images are of a single colour")
    empty = [name for name, count in look.classes.items() if count == 0]
    if empty:
        warnings.append(f"classes without images: {', '.join(empty[:5])}")
    return warnings
