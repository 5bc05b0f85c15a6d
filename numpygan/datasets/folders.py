"""A folder of pictures, nested as it may be, as one array.

Folders of pictures beside each other are classes. Files that are no pictures are passed
over and counted; a file that says it is a picture and cannot be read is an error.
"""

import os
from collections import Counter

import numpy as np

from .pictures import SUFFIXES, decode, open_picture
from .values import DARKEST_WHITE, too_dark

MAX_BYTES = 8 << 30  # of all pictures together
JUNK = ("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db")
TRAIN = ("train", "training", "trn")
EVALUATION = ("test", "testing", "tst", "val", "valid", "validation", "evaluation", "eval", "dev")


def find_pictures(folder):
    """Return the paths of the pictures under a folder, sorted strings, and a Counter of what was passed over.

    Links to folders are followed, each folder once.
    """
    found, passed, visited = [], Counter(), set()
    for here, folders, files in os.walk(folder, followlinks=True):
        entry = os.stat(here)
        if (entry.st_dev, entry.st_ino) in visited:
            folders.clear()
            continue
        visited.add((entry.st_dev, entry.st_ino))
        passed["hidden or system files"] += sum(map(_is_hidden, (*folders, *files)))
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in files:
            suffix = os.path.splitext(name)[1].lower()
            if _is_hidden(name):
                continue
            if suffix not in SUFFIXES:
                passed[f"{suffix} files" if suffix else "files without a suffix"] += 1
            elif not os.path.isfile(path := os.path.join(here, name)):
                passed["links to nothing, pipes or devices"] += 1
            else:
                found.append(path)
    return sorted(found), +passed


def _is_hidden(name):
    return name.startswith(".") or name.lower() in JUNK


def split_parts(paths):
    """Return the pictures by part, {"train": ..., "evaluation": ...}, or all as "train".

    A set published in folders such as train/ and test/ has parts, not two classes.
    """
    tops = [top.lower() for top in _top_folders(paths)]
    if not set(tops) <= {*TRAIN, *EVALUATION} or not set(tops) & set(TRAIN):
        return {"train": paths}
    parts = {"train": [], "evaluation": []}
    for path, top in zip(paths, tops):
        parts["train" if top in TRAIN else "evaluation"].append(path)
    return {part: chosen for part, chosen in parts.items() if chosen}


def classes_of(paths):
    """Return labels int64 (N,) and class names, or (None, None) if the folders are no classes.

    The classes are the folders right below the deepest one that has all pictures in it.
    """
    tops = _top_folders(paths)
    if not all(tops):  # pictures beside the folders, or no folders at all
        return None, None
    names = sorted(set(tops))
    index = {name: k for k, name in enumerate(names)}
    return np.array([index[top] for top in tops], np.int64), names


def _top_folders(paths):
    """Return for each path the first folder below the one that has all of them in it, or ""."""
    folders = [os.path.dirname(path) for path in paths]
    whole = {folder: os.path.abspath(folder) for folder in set(folders)}
    start = len(os.path.join(os.path.commonpath(whole.values()), ""))
    tops = {folder: path[start:].split(os.sep)[0] for folder, path in whole.items()}
    return [tops[folder] for folder in folders]


def read_pictures(paths, *, size=None, mode=None, background="black", white=None, skip_broken=False):
    """Return uint8 pixels (N, H, W, C), the indices of the pictures that were read, and what was wrong
    with the others: strings that name the files, which is empty unless `skip_broken`.

    Raises:
        ValueError: naming the file, if one is broken; or if there are several sizes and none is asked for.
    """
    pixels, kept, broken = None, [], []
    for k, path in enumerate(paths):
        try:
            with open_picture(path) as (image, found):
                shape = size or found
                odd = pixels is not None and shape != pixels.shape[1:3]
                one = None if odd else decode(image, size, mode, background=background, white=white)
        except ValueError as error:
            if not skip_broken:
                raise ValueError(f"{error}; skip_broken=True leaves broken pictures out") from None
            broken.append(str(error))
            continue
        if odd:
            raise ValueError(_several_sizes(paths, skip_broken))
        if pixels is None:
            pixels = _room(len(paths), *one.shape)
        if one.shape[-1] > pixels.shape[-1]:  # the first in colour: the grey ones get three channels
            pixels = np.concatenate([pixels] * 3, axis=-1)
        pixels[len(kept)] = one
        kept.append(k)
    if white is None and kept and 0 < pixels[: len(kept)].max() <= DARKEST_WHITE:
        raise ValueError(_too_dark(paths, kept))
    if pixels is None:
        raise ValueError(f"none of the {len(paths):,} pictures can be read; the first: {broken[0]}")
    return pixels[: len(kept)], kept, broken


def _room(N, H, W, C):
    if (bytes := N * H * W * C) > MAX_BYTES:
        raise ValueError(
            f"{N:,} pictures of {H} x {W} would take {bytes / 1e9:.0f} GB of memory: size=64, for instance, "
            "scales them down"
        )
    return np.empty((N, H, W, C), np.uint8)


def _too_dark(paths, kept):
    high = 0
    for k in kept:
        with open_picture(paths[k]) as (image, _):
            high = max(high, np.asarray(image if image.mode[0] in "IF" else image.convert("RGB")).max())
    found = too_dark(f"{paths[kept[0]]} and the others have values from 0 to {high:g}")
    return f"{found}: white={high:g} makes {high:g} white"


def _several_sizes(paths, skip_broken):
    """Return the sentence that proposes the most common size and shows three files of others."""
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
        f"the pictures have {len(counts)} sizes, {most:,} of {len(sizes):,} are {H} x {W}: {proposed} scales all "
        f"to that and cuts what sticks out; others are {', '.join(odd[:3])}"
    )
