"""Your own images, from wherever they lie: a folder of pictures, an array, a CSV, IDX, CIFAR."""

from collections import Counter
from pathlib import Path

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
    """Return the images in a folder or a file as a model can learn from them.

    Args:
        path: a folder of pictures in any format that Pillow reads, nested or not (folders
            beside each other are classes); a .npy or .npz file of one array, or of arrays
            with the usual names; a CSV with an image in each row; an IDX file; a binary
            file of CIFAR; or the folder of MNIST's or CIFAR's files.
        size: 32, (H, W) or "HxW": scale the images to that size, keeping their proportions,
            and cut off what sticks out.
        mode: "grey" or "colour"; None keeps what is there, grey if all pictures are grey.
        labels: whether to return the labels too.
        scale: the values of black and of white, as for `load_digits`.
        part: "train", or "evaluation" for the test images, if the source has some.
        background: what is seen through transparent pixels, "black" or "white".
        skip_broken: leave out pictures that cannot be read, and list them in the notes.
        layout: "NHW", "NHWC" or "NCHW", if the shape of an array does not show it.
        white: the value of white, if the range of the values does not show it, such as
            1 for masks and 4095 for pixels of 12 bits.
        cache: whether decoded pictures are kept in the user's cache folder, for the next time.

    Returns:
        Images of shape (N, H, W, C), which a model's `fit` takes as it is and
        `numpy.asarray` makes an array of; its `notes` say what was assumed. With
        `labels`, also the labels, int64 (N,), whose names are in the `classes` of the Images.

    Raises:
        ValueError: if something is broken or unclear, saying what, and how to get there.
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
        look = {
            "size": size,
            "mode": mode,
            "background": background,
            "white": white,
            "skip_broken": skip_broken,
        }
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
            f"{path} has no labels ({'; '.join(images.notes)}); a folder for each class gives them, a .npz with "
            "images and labels, or a CSV with a column called label"
        )
    return images, images.labels


def _from_pictures(folder, paths, passed, part, scale, look, cache):
    """Return the Images in the picture files of a folder."""
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
    notes = [f"{len(kept):,} pictures" + (f" in {len(classes)} classes" if classes else "")]
    if passed:
        notes.append("passed over: " + ", ".join(f"{count:,} {what}" for what, count in passed.most_common()))
    if (high := int(pixels.max())) < 128:
        notes.append(f"dark: the brightest pixel is at {high / 255:.0%} of white")
    if broken:
        notes.append(f"{len(broken):,} broken, left out: " + "; ".join(broken))
    return Images(pixels, scale=scale, labels=labels, classes=classes, parts=tuple(parts), notes=notes)


def _read_folder(folder, part):
    """Return the Source in a folder without pictures: MNIST's four files or CIFAR's."""
    if files := cifar_files(folder, part):
        pixels, labels, names = read_cifar(files)
        parts = tuple(part for part in PARTS if cifar_files(folder, part))
        return Source(pixels, labels, names, parts, (f"{len(files)} binary files of CIFAR",))
    parts = tuple(part for part in PARTS if _mnist_files(folder, part))
    if part in parts:
        images, labels = _mnist_files(folder, part)
        return Source(
            load_idx(images), load_idx(labels), parts=parts, notes=(f"{images.name} and {labels.name}",)
        )
    if any((folder / f"data_batch_{k}").is_file() for k in range(1, 6)):
        raise ValueError(f"{folder} {PICKLED}")
    for entry in sorted(folder.iterdir()):
        if entry.suffix.lower() in (".npy", ".npz", ".csv", ".tsv", ".bin") and entry.is_file():
            raise ValueError(f"{folder} has no pictures, but {entry.name}: give that file, {str(entry)!r}")
    names = Counter(entry.suffix.lower() or "no suffix" for entry in folder.iterdir() if entry.is_file())
    found = ", ".join(f"{count:,} with {suffix}" for suffix, count in names.most_common(5))
    raise ValueError(f"{folder} has no pictures; files in it: {found or 'none'}")


def _mnist_files(folder, part):
    """Return the paths of images and labels in MNIST's format, or None."""
    try:
        return [find_file(folder, file) for file in MNIST[part]]
    except FileNotFoundError:
        return None
