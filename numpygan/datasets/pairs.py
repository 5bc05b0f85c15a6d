"""Your own pairs of pictures: in two folders, under equal names, or side by side in one picture.

    FOLDER/a/cat.png, FOLDER/b/cat.png     two folders, whatever their names: the first in the alphabet is a
    FOLDER/cat.png                         twice as wide as high, say: a is the left half, b the right one

Both may be within train/ and test/ (or val/), which are then the two parts of the data.
"""

import os
from pathlib import Path

import numpy as np

from .digits import check_scale
from .folders import find_pictures, split_parts
from .image_set import Images
from .pictures import BACKGROUNDS, check_size, decode, open_picture
from .resizing import fit_all

PARTS = ("train", "evaluation")


def load_pairs(
    folder, *, size=None, swap=False, scale=(-1, 1), part="train", background="black", skip_broken=False
):
    """Return two sets of pictures, of which b[n] belongs to a[n].

    Args:
        folder: a folder with two folders of pictures that have equal names, apart from the suffix; or a
            folder of pictures in which a and b stand side by side, with equal widths.
        size: 32, (H, W) or "HxW": scale each picture to cover this size, keeping its aspect
            ratio, and crop the centre.
        swap: whether a is to be b, and b a.
        scale: the values of black and white, as for `load_digits`.
        part: "train", or "evaluation" for the test pictures of a source that has them.
        background: "black" or "white", the colour behind transparent pixels.
        skip_broken: leave out pairs of which a picture cannot be read, and list them in the notes.

    Returns:
        a, b: Images of shape (N, H, W, 1), or (N, H, W, 3) if any of them is coloured.

    Raises:
        ValueError: if the pictures are no pairs, are broken or of several sizes, with the cure.
        OSError: if they cannot be read.
    """
    for what, value, known in (("part", part, PARTS), ("background", background, BACKGROUNDS)):
        if value not in known:
            raise ValueError(f"{what} must be one of {', '.join(map(repr, known))}, got {value!r}")
    folder, size, scale = Path(folder), check_size(size), check_scale(scale)
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder: pairs are a folder of pictures, or of two folders of them")
    parts = split_parts(_pictures_in(folder))
    if part not in parts:
        raise ValueError(f"{folder} has no pairs for part={part!r}, only for {', '.join(map(repr, parts))}")
    paths = parts[part]
    start = Path(os.path.commonpath([os.path.dirname(path) for path in paths]))
    places = sorted({_first_folder(path, start) for path in paths})
    if places == [""]:
        pairs, layout = [(path, path) for path in paths], "side by side"
    else:
        pairs, layout = _of_two_folders(start, places, paths), f"in {places[0]}/ and {places[-1]}/"
    sides, broken = _read(pairs, size, background, skip_broken)
    notes = [f"{len(sides[0]):,} pairs, {layout}"]
    notes += [f"{len(broken):,} broken, left out: " + "; ".join(broken)] if broken else []
    images = [Images(_stacked(side), scale=scale, parts=tuple(parts), notes=notes) for side in sides]
    return tuple(reversed(images) if swap else images)


def _pictures_in(folder):
    paths, passed = find_pictures(folder)
    if not paths:
        found = ", ".join(f"{count:,} {what}" for what, count in passed.most_common(5))
        raise ValueError(f"{folder} contains no pictures; it has {found or 'no files'}")
    return paths


def _first_folder(path, start):
    """Return the folder directly below `start` that a path leads through, or ""."""
    return "".join(Path(path).relative_to(start).parts[:-1][:1])


def _of_two_folders(start, places, paths):
    """Return the pairs of paths of equal names in two folders; raise ValueError if some have no partner."""
    if len(places) != 2 or "" in places:
        found = ", ".join(f"{place}/" if place else "pictures beside folders" for place in places)
        raise ValueError(
            f"{start} has {found}: pairs are two folders of pictures of equal names, or one folder of "
            "pictures in which both stand side by side"
        )
    named = [
        {os.path.splitext(os.path.relpath(path, start / place))[0]: path for path in paths
         if _first_folder(path, start) == place}
        for place in places
    ]  # fmt: skip
    for here, there in ((0, 1), (1, 0)):
        if alone := sorted(named[here].keys() - named[there].keys()):
            others = f", nor have {len(alone) - 1:,} others" if len(alone) > 1 else ""
            raise ValueError(
                f"{named[here][alone[0]]} has no partner in {start / places[there]}{others}: "
                "the two pictures of a pair have the same name in both folders"
            )
    return [(path, named[1][name]) for name, path in sorted(named[0].items())]


def _read(pairs, size, background, skip_broken):
    """Return the pictures of both sides, two lists of uint8 arrays (H, W, 3), and what could not be read."""
    sides, broken = ([], []), []
    for a, b in pairs:
        try:
            both = _halves(a, background) if a == b else [_pixels(path, background) for path in (a, b)]
        except ValueError as error:
            if not skip_broken:
                raise ValueError(f"{error}; skip_broken=True leaves such pairs out") from None
            broken.append(str(error))
            continue
        both = [fit_all(each[np.newaxis], size)[0] for each in both]
        expected = (sides[0] or both)[0].shape
        for path, each in zip((a, b), both, strict=True):
            if each.shape != expected:
                proposed = min(expected[:2])
                raise ValueError(
                    f"{path} is {each.shape[0]} x {each.shape[1]}, others are {expected[0]} x {expected[1]}: "
                    f"size={proposed}, for instance, scales and centre-crops all pictures to that"
                )
        for side, each in zip(sides, both, strict=True):
            side.append(each)
    if not sides[0]:
        raise ValueError(f"none of the {len(pairs):,} pairs can be read; the first: {broken[0]}")
    return sides, broken


def _pixels(path, background):
    """Return a picture in colour, uint8 (H, W, 3)."""
    with open_picture(path) as (image, _):
        return decode(image, None, "colour", background=background)


def _halves(path, background):
    pixels = _pixels(path, background)
    width = pixels.shape[1]
    if width % 2:
        raise ValueError(f"{path} is {width} pixels wide, so it has no two halves side by side")
    return [pixels[:, : width // 2], pixels[:, width // 2 :]]


def _stacked(pictures):
    """Return pictures as one array, (N, H, W, 1) if all of them are grey, else (N, H, W, 3)."""
    pixels = np.stack(pictures)
    grey = (pixels == pixels[..., :1]).all()
    return np.ascontiguousarray(pixels[..., :1]) if grey else pixels
