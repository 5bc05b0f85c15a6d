"""A folder of pictures, searched recursively, as one array.

Sibling folders are classes. Files that are not pictures are skipped and counted; a file with
a picture's suffix that cannot be read is an error.
"""

import errno
import os
from collections import Counter

import numpy as np

from ..files.text import printable, readable
from .pictures import SUFFIXES, decode, open_picture
from .values import DARKEST_WHITE, too_dark

MAX_BYTES = 8 << 30  # of all pictures together
JUNK = ("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db")
TRAIN = ("train", "training", "trn")
EVALUATION = ("test", "testing", "tst", "val", "valid", "validation", "evaluation", "eval", "dev")


def find_pictures(folder):
    """Return the paths of the pictures under a folder, sorted strings, and a Counter of what was skipped.

    Symbolic links are followed, but no folder is visited twice.

    Raises:
        OSError: if a folder cannot be read.
    """
    found, passed, visited = [], Counter(), set()
    for here, folders, files in os.walk(folder, onerror=_fail, followlinks=True):
        entry = os.stat(here)
        if (entry.st_dev, entry.st_ino) in visited:
            folders.clear()
            continue
        visited.add((entry.st_dev, entry.st_ino))
        if not os.access(here, os.X_OK):  # one may list its files, but not open them
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), here)
        passed["hidden or system file"] += sum(map(_is_hidden, (*folders, *files)))
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in files:
            suffix = os.path.splitext(name)[1].lower()
            if _is_hidden(name):
                continue
            if suffix not in SUFFIXES:
                passed[f"{suffix} file" if suffix else "file without suffix"] += 1
            elif not os.path.isfile(path := os.path.join(here, name)):
                passed["special file (broken link, pipe or device)"] += 1
            else:
                found.append(path)
    return sorted(found), +passed


def _fail(error):
    raise error


def _is_hidden(name):
    return name.startswith(".") or name.lower() in JUNK


def split_parts(paths):
    """Return the paths by part, {"train": [...], "evaluation": [...]}, or all as "train".

    Folders such as train/ and test/ are the parts of a data set, not two classes.
    """
    tops = [top.lower() for top in _top_folders(paths)]
    if not set(tops) <= {*TRAIN, *EVALUATION} or not set(tops) & set(TRAIN):
        return {"train": paths}
    parts = {"train": [], "evaluation": []}
    for path, top in zip(paths, tops, strict=True):
        parts["train" if top in TRAIN else "evaluation"].append(path)
    return {part: chosen for part, chosen in parts.items() if chosen}


def classes_of(paths):
    """Return labels int64 (N,) and class names, or (None, None) if there are no classes.

    The classes are the folders directly below the deepest folder that contains everything.
    """
    tops = _top_folders(paths)
    if not all(tops):  # some pictures are not in any of these folders
        return None, None
    names = sorted(set(tops))
    index = {name: k for k, name in enumerate(names)}
    return np.array([index[top] for top in tops], np.int64), [printable(readable(name)) for name in names]


def _top_folders(paths):
    """Return for each path the folder it is in, directly below the common folder of all, or ""."""
    folders = [os.path.dirname(path) for path in paths]
    whole = {folder: os.path.abspath(folder) for folder in set(folders)}
    start = len(os.path.join(os.path.commonpath(whole.values()), ""))
    tops = {folder: path[start:].split(os.sep)[0] for folder, path in whole.items()}
    return [tops[folder] for folder in folders]


def read_pictures(paths, *, size=None, mode=None, background="black", white=None, skip_broken=False):
    """Return uint8 pixels (N, H, W, C), the indices of the paths that were read, and a list with the
    errors of the others, which is empty unless `skip_broken`.

    Raises:
        ValueError: naming the file, if one is broken, or if the sizes differ and `size` is None.
    """
    pixels, kept, broken = None, [], []
    for k, path in enumerate(paths):
        try:
            one = _read_one(
                path, None if pixels is None else pixels.shape[1:3], size, mode, background, white
            )
        except ValueError as error:
            if not skip_broken:
                raise ValueError(f"{error}; skip_broken=True skips broken pictures") from None
            broken.append(str(error))
            continue
        if one is None:
            raise ValueError(_several_sizes(paths, skip_broken))
        if pixels is None or one.shape[-1] > pixels.shape[-1]:  # the first one, or the first in colour
            grey, pixels = pixels, _allocate(len(paths), *one.shape)
            if grey is not None:
                pixels[: len(kept)] = grey[: len(kept)]
        pixels[len(kept)] = one
        kept.append(k)
    if pixels is None:
        raise ValueError(f"none of the {len(paths):,} pictures can be read; the first: {broken[0]}")
    pixels = pixels[: len(kept)]
    if white is None and 0 < pixels.max() <= DARKEST_WHITE:
        raise ValueError(_too_dark(paths, kept))
    return pixels, kept, broken


def _read_one(path, shape, size, mode, background, white):
    """Return the pixels of one picture, or None if it does not have this shape (H, W)."""
    with open_picture(path) as (image, found):
        expected = size or found
        if shape is not None and expected != shape:
            return None
        pixels = decode(image, size, mode, background=background, white=white)
        if pixels.shape[:2] != expected:
            raise ValueError("it does not have the size that its header announces")
        return pixels


def _allocate(N, H, W, C):
    """Return an array for all pictures, if it fits into MAX_BYTES."""
    if (needed := N * H * W * C) > MAX_BYTES:
        raise ValueError(
            f"{N:,} pictures of {H} x {W} would need {needed / 1e9:.0f} GB of memory: size=64, for instance, "
            "scales them down"
        )
    return np.empty((N, H, W, C), np.uint8)


def _too_dark(paths, kept):
    """Return a message with the largest value in the files, before any conversion."""
    high = 0
    for k in kept:
        with open_picture(paths[k]) as (image, _):
            high = max(high, np.asarray(image if image.mode[0] in "IF" else image.convert("RGB")).max())
    found = too_dark(f"{paths[kept[0]]} and the others have values from 0 to {high:g}")
    return f"{found}: white={high:g} makes {high:g} white"


def _several_sizes(paths, skip_broken):
    """Return a message that proposes the most common size and names three files of other sizes."""
    sizes = {}
    for path in paths:
        try:
            with open_picture(path) as (_, found):
                sizes[path] = found
        except ValueError:
            if not skip_broken:
                raise
    counts = Counter(sizes.values())
    (H, W), most = counts.most_common(1)[0]
    odd = [f"{path} ({h} x {w})" for path, (h, w) in sizes.items() if (h, w) != (H, W)]
    proposed = f"size={H}" if H == W else f"size=({H}, {W})"
    return (
        f"the pictures have {len(counts)} different sizes; {most:,} of {len(sizes):,} are {H} x {W}: "
        f"{proposed} scales and centre-crops all to that; others are {', '.join(odd[:3])}"
    )
