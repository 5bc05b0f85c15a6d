"""Images and labels in one file: .npy, .npz, IDX, CSV or CIFAR binary."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..files.idx import load_idx
from ..files.npy import array_names, load_array
from .cifar import read_cifar
from .csv_images import read_csv
from .file_kinds import kind_of
from .layouts import EXPECTED, to_nhwc
from .resizing import fit_all, to_mode
from .values import to_pixels

NAMES = {  # of arrays in a .npz, in lower case: (images, labels) of each part
    "train": [
        ("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y"),
        ("data", "labels"), ("data", "target"), ("arr_0", "arr_1"), ("images", "y"), ("train_x", "train_y"),
    ],
    "evaluation": [
        ("x_test", "y_test"), ("test_images", "test_labels"), ("test_x", "test_y"), ("x_val", "y_val"),
        ("val_images", "val_labels"),
    ],
}  # fmt: skip


class Source(NamedTuple):
    """The contents of a file, before its axes and values are interpreted."""

    array: np.ndarray
    labels: object = None  # as they are in the file
    classes: object = None
    parts: tuple = ("train",)
    notes: tuple = ()
    rows: bool = False  # whether an array (N, D) has an image in each row


def read_file(path, *, part="train", size=None):
    """Return the Source in a file of any supported format."""
    kind = kind_of(path)
    if kind == "npz":
        return _read_npz(path, part)
    _require_train(path, part)
    if kind == "npy":
        return Source(load_array(path))
    if kind == "idx":
        return _read_idx(Path(path))
    if kind == "cifar":
        pixels, labels, names = read_cifar([Path(path)])
        return Source(pixels, labels, names)
    array, labels, notes = read_csv(path, size)
    return Source(array, labels, notes=tuple(notes), rows=True)


def interpret(source, path, *, size=None, mode=None, layout=None, white=None):
    """Return pixels (N, H, W, C), uint8 or float32, and what was assumed, a list of sentences."""
    array = np.ascontiguousarray(source.array)  # a file may be in Fortran order
    try:
        images, said = to_nhwc(array, size=size, layout=layout, rows=source.rows)
        pixels, meaning = to_pixels(images, white=white)
    except ValueError as error:
        joint = ", " if str(error).startswith(("which", "whose")) else ": "
        raise ValueError(f"{path} holds {array.dtype} {array.shape}{joint}{error}; {EXPECTED}") from None
    notes = [*source.notes, *filter(None, (said, meaning))]
    if size is not None and pixels.shape[1:3] != size:
        notes.append(f"scaled from {pixels.shape[1]} x {pixels.shape[2]} to {size[0]} x {size[1]}")
    return fit_all(to_mode(pixels, mode), size), notes


def _require_train(path, part, parts=("train",)):
    if part not in parts:
        raise ValueError(f"{path} has no images for part={part!r}, only for {', '.join(map(repr, parts))}")


def _read_npz(path, part):
    names = {name.lower(): name for name in array_names(path)}
    if len(names) == 1:
        _require_train(path, part)
        return Source(load_array(path, name=next(iter(names.values()))))
    chosen = {
        part: next(((x, y) for x, y in pairs if x in names and y in names), None)
        or next(((x, None) for x, _ in pairs if x in names), None)
        for part, pairs in NAMES.items()
    }
    parts = tuple(part for part, pair in chosen.items() if pair)
    if not parts:
        found = ", ".join(name[:40] for name in list(names)[:5])
        raise ValueError(
            f"{path} holds {len(names)} arrays ({found}), none with a known name: "
            "np.savez(file, images=images, labels=labels) gives them names that are known"
        )
    _require_train(path, part, parts)
    images, labels = chosen[part]
    array = load_array(path, name=names[images])
    notes = [f"array {names[images]!r} of {len(names)}"]
    try:
        found = labels and load_array(path, name=names[labels])
    except ValueError:  # of text, say: the images are worth having without them
        found = None
        notes.append(f"array {names[labels]!r} ignored: labels must be integers from 0")
    return Source(array, found, None, parts, tuple(notes))


def _read_idx(path):
    array = load_idx(path)
    if array.ndim == 1:
        raise ValueError(
            f"{path} holds {array.dtype} {array.shape}, labels, not images: pass the file with the images"
        )
    beside = re.sub(r"images([-.])idx\d", r"labels\1idx1", path.name)
    if beside == path.name or not path.with_name(beside).is_file():
        return Source(array)
    return Source(array, load_idx(path.with_name(beside)), notes=(f"labels from {beside}",))


def to_labels(found, count, classes=None):
    """Return labels int64 (N,), class names and None; or None, None and the reason why there are none.

    Integers are kept, with the classes "0" to the largest of them; strings are numbered in
    sorted order.
    """
    if found is None:
        return None, None, None
    labels = np.asarray(found)
    if labels.dtype.kind == "U" and all(re.fullmatch(r"\d{1,4}(\.0*)?", text) for text in labels.tolist()):
        labels = labels.astype(np.float64)
    if labels.dtype.kind == "U":
        names, labels = np.unique(labels, return_inverse=True)
        classes = names.tolist()
    labels = labels[:, 0] if labels.shape == (count, 1) else labels
    if labels.shape != (count,):
        return None, None, f"labels of shape {labels.shape} ignored: expected ({count},), one per image"
    if labels.dtype.kind not in "iufb" or not np.array_equal(labels, np.clip(np.rint(labels), 0, 9999)):
        return None, None, "labels ignored: expected integers from 0 to 9999"
    labels = labels.astype(np.int64)
    return labels, classes or [str(k) for k in range(labels.max() + 1)], None
