"""Your own images: a folder of pictures, a NumPy array, a CSV, IDX or CIFAR file."""

from collections import Counter
from pathlib import Path

import numpy as np

from ..files.idx import load_idx
from ..validation import number
from .arrays import Source, interpret, read_file, to_labels
from .cache import cached
from .cifar import PICKLED, cifar_files, read_cifar
from .digits import check_scale
from .folders import classes_of, find_pictures, read_pictures, split_parts
from .image_set import Images
from .mnist import FILES as MNIST
from .mnist import find_file
from .pictures import BACKGROUNDS, MODES, check_size

PARTS = ("train", "evaluation")


def load_images(
    path, *, size=None, mode=None, labels=False, scale=(-1, 1), part="train", background="black",
    skip_broken=False, layout=None, white=None, cache=True,
):  # fmt: skip
    """Return the images in a folder or a file, ready to train on.

    Args:
        path: a folder of pictures, searched recursively, where sibling folders are classes;
            a .npy or .npz file, with one array or the usual names; a CSV file with one
            image per row; an IDX file; a CIFAR binary file; or the folder with the files
            of MNIST or CIFAR.
        size: 32, (H, W) or "HxW": scale every image to cover this size, keeping its aspect
            ratio, and crop the centre.
        mode: "grey" or "colour"; None gives grey if all pictures are grey.
        labels: whether to return the labels as well.
        scale: the values of black and white, as for `load_digits`.
        part: "train", or "evaluation" for the test images of a source that has them.
        background: "black" or "white", the colour behind transparent pixels.
        skip_broken: skip pictures that cannot be read, and list them in the notes.
        layout: "NHW", "NHWC" or "NCHW", for an array whose shape is ambiguous.
        white: the value of white in the source, where its range does not show it: 1 for
            masks, 4095 for 12-bit pixels.
        cache: whether to keep the decoded pictures in the user's cache folder.

    Returns:
        Images of shape (N, H, W, C). Pass them to `fit` as they are, or to `numpy.asarray`
        for an array; their `notes` say what was assumed. With `labels`, also the labels,
        int64 (N,), indices into `images.classes`.

    Raises:
        ValueError: if the data is broken or ambiguous, with the cure.
        OSError: if it cannot be read.
    """
    for what, value, known in (
        ("mode", mode, MODES),
        ("part", part, PARTS),
        ("background", background, BACKGROUNDS),
    ):
        if value not in known:
            raise ValueError(f"{what} must be one of {', '.join(map(repr, known))}, got {value!r}")
    path, size, scale = Path(path), check_size(size), check_scale(scale)
    white = None if white is None else number("load_images", "white", white, "(0, inf)")
    if path.is_dir() and (pictures := find_pictures(path))[0]:
        look = dict(size=size, mode=mode, background=background, white=white, skip_broken=skip_broken)  # noqa: C408
        images = _from_pictures(path, *pictures, part, scale, look, cache)
    else:
        source = _read_folder(path, part) if path.is_dir() else read_file(path, part=part, size=size)
        pixels, notes = interpret(source, path, size=size, mode=mode, layout=layout, white=white)
        found, classes, trouble = to_labels(source.labels, len(pixels), source.classes)
        notes += [trouble] if trouble else []
        images = Images(pixels, scale=scale, labels=found, classes=classes, parts=source.parts, notes=notes)
    if not labels:
        return images
    if images.labels is None:
        raise ValueError(
            f"{path} has no labels ({'; '.join(images.notes)}); they come from one folder per class, a .npz "
            "with images and labels, or a CSV with a label column"
        )
    return images, images.labels


def _from_pictures(folder, paths, passed, part, scale, look, cache):
    """Return the Images in a folder of pictures."""
    parts = split_parts(paths)
    if part not in parts:
        raise ValueError(f"{folder} has no images for part={part!r}, only for {', '.join(map(repr, parts))}")
    paths = parts[part]

    def read():
        pixels, kept, broken = read_pictures(paths, **look)
        return pixels, {"kept": kept, "broken": broken}

    pixels, facts = cached(paths, look, read) if cache else read()
    kept, broken = [paths[k] for k in facts["kept"]], facts["broken"]
    labels, classes = classes_of(kept)
    known = [names for one in parts.values() if (names := classes_of(one)[1])]
    if classes and known:  # numbered alike in every part, whichever classes it lacks
        every = tuple(sorted(set().union(*known)))
        labels, classes = np.array([every.index(name) for name in classes])[labels], every
    notes = [f"{len(kept):,} pictures" + (f" in {len(classes)} classes" if classes else "")]
    if passed:
        notes.append("skipped: " + ", ".join(_counted(*each) for each in passed.most_common()))
    if (high := int(pixels.max())) < 128:
        notes.append(f"dark: the brightest pixel is at {high / 255:.0%} of white")
    if broken:
        notes.append(f"{len(broken):,} broken, skipped: " + "; ".join(broken))
    return Images(pixels, scale=scale, labels=labels, classes=classes, parts=tuple(parts), notes=notes)


def _read_folder(folder, part):
    """Return the Source in a folder with the files of MNIST or CIFAR."""
    if files := cifar_files(folder, part):
        pixels, labels, names = read_cifar(files)
        parts = tuple(part for part in PARTS if cifar_files(folder, part))
        return Source(pixels, labels, names, parts, (f"{len(files)} CIFAR binary files",))
    parts = tuple(part for part in PARTS if _mnist_files(folder, part))
    if part in parts:
        images, labels = _mnist_files(folder, part)
        return Source(
            load_idx(images), load_idx(labels), parts=parts, notes=(f"{images.name} and {labels.name}",)
        )
    if known := parts or tuple(part for part in PARTS if cifar_files(folder, part)):
        raise ValueError(f"{folder} has no images for part={part!r}, only for {', '.join(map(repr, known))}")
    if any((folder / f"data_batch_{k}").is_file() for k in range(1, 6)):
        raise ValueError(f"{folder} {PICKLED}")
    for entry in sorted(folder.iterdir()):
        if entry.suffix.lower() in (".npy", ".npz", ".csv", ".tsv", ".bin") and entry.is_file():
            raise ValueError(
                f"{folder} has no pictures, but it has {entry.name}: pass that file, {str(entry)!r}"
            )
    files = [entry.suffix.lower() for entry in folder.iterdir() if entry.is_file()]
    names = Counter(f"{suffix} file" if suffix else "file without suffix" for suffix in files)
    found = ", ".join(_counted(*each) for each in names.most_common(5))
    raise ValueError(f"{folder} contains no pictures; it has {found or 'no files'}")


def _counted(what, count):
    return f"{count:,} {what if count == 1 else what.replace('file', 'files', 1)}"


def _mnist_files(folder, part):
    """Return the paths of the image and the label file of a part of MNIST, or None."""
    try:
        return [find_file(folder, file) for file in MNIST[part]]
    except FileNotFoundError:
        return None
