"""`--data`: what a model is trained on, the same choice for every model."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..datasets import TOYS, describe_images, load_digits, load_images, load_mnist, load_shapes, load_toy
from ..files.text import printable, readable
from . import options

HELP = (
    "digits, shapes or turned-shapes (come with the package), mnist or fashion (the full sets, downloaded "
    "once and kept), or a PATH to your own images: a folder of pictures, with one folder per class if there "
    "are classes; .npy, .npz, .csv; the files of MNIST or CIFAR-10"
)
NAMES = ("digits", "shapes", "turned-shapes", "mnist", "fashion")
POINTS = 2_000  # samples of a toy
SHAPES = 10_000, 2_000  # shapes to train on, and held out
WHAT = {
    "digits": "handwritten digits",
    "shapes": "coloured shapes",
    "turned-shapes": "coloured shapes, turned",
}
TURNED = {"shapes": False, "turned-shapes": True}  # what load_shapes is asked for
FEWEST = 10  # of fewer images none is held out


class Data(NamedTuple):
    """What a run learns from.

    train       tuple of arrays, as `fit` takes them
    text        what they are, such as "10,000 handwritten digits"
    noun        what to call the images, such as "digits"
    held_out    the same kind of tuple, never learnt from; () if there is none
    labels      classes of what is held out (M,), or None
    train_labels, classes   the labels of your own images and the names of their classes, or None
    notes       lines to print about the data before training
    paired      whether held_out holds pairs: held_out[1][n] is what held_out[0][n] should become
    """

    train: tuple
    text: str
    noun: str
    held_out: tuple = ()
    labels: np.ndarray | None = None
    notes: tuple = ()
    train_labels: np.ndarray | None = None
    classes: tuple | None = None
    paired: bool = False


def add_data_options(parser):
    options.adder(parser)("--data", str, "digits", HELP)
    add_reading_options(parser)


def add_reading_options(parser):
    """Add the options that say how your own pictures are read, and how many are held out."""
    add = options.adder(parser)
    add("--size", size, None, "height and width to scale and crop your pictures to: 32, or 32x48")
    add("--mode", str, None, "read your pictures as grey or colour (default: grey if all are)", choices=MODES)
    add("--background", str, "black", "what is behind transparent pixels", choices=("black", "white"))
    parser.add_argument("--skip-broken", action="store_true", help="skip pictures that cannot be read")
    text = "share of your own images that is held out, for evaluation: every k-th, for the k nearest to it"
    add("--hold-out", hold_out, 0.1, text)


MODES = ("grey", "colour")


def size(text):
    """A height and width such as 32 or 32x48."""
    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.isdecimal() and int(side) > 0 for side in sides):
        raise options.refusal("a size such as 32 or 32x48", text)
    return text


def hold_out(text):
    """A share from 0 to 0.5."""
    share = options.decay(text)
    if share > 0.5:
        raise options.refusal("a share from 0 to 0.5", text)
    return share


def reading(settings):
    """Return how `load_images` is to read your own pictures, from settings or those of an older run."""
    found = vars(settings) if not isinstance(settings, dict) else settings
    return {key: found[key] for key in ("size", "mode", "background", "skip_broken") if found.get(key)}


def load(settings, scale, *, most=None):
    """Return the Data that these settings of `numpygan train` name, between the two values of `scale`.

    Args:
        most: train on the first so many images only.
    """
    source, how = settings.data, reading(settings)
    train, held_out, labels = split(source, scale, how, hold_out=settings.hold_out)
    require_enough(train, settings.batch_size)
    notes = tuple(printable(str(describe_images(train))).splitlines()) if source not in NAMES else ()
    known = getattr(train, "labels", None), getattr(train, "classes", None)
    train = train if most is None else train[:most]
    what = WHAT.get(source) or f"{noun(source)} from {printable(readable(source))}"
    held_out = () if held_out is None else (held_out,)
    return Data((train,), f"{len(train):,} {what}", noun(source), held_out, labels, notes, *known)


def require_enough(train, batch_size):
    """Raise ValueError if there are fewer images to train on than a batch has; None is not decided yet."""
    if batch_size is not None and batch_size > len(train):
        few = "only one image, and a model needs many to learn from"
        count = f"{len(train):,} images" if len(train) > 1 else few
        raise ValueError(f"--batch-size {batch_size} is larger than the data: {count}")


def with_labels(data, source):
    """Return the Data that `load` returned with `train` and `held_out` as (images, labels)."""
    labels = labels_of(source, data.train_labels)[: len(data.train[0])]
    held_out = (*data.held_out, data.labels) if data.held_out else ()
    return data._replace(train=(*data.train, labels), held_out=held_out)


def labels_of(source, own=None):
    """Return the labels of the training images that `split` returns; `own` are those of your own."""
    if source == "digits":
        return load_digits("train")[1]
    if source in TURNED:
        return load_shapes(sum(SHAPES))[1][: SHAPES[0]]
    if source in NAMES:
        return load_mnist("train", name=source)[1]
    if own is None:
        raise ValueError(
            f"--data {source} has no labels, which this model needs: put the pictures of each class into a "
            f"folder of its own, or take one of {', '.join(NAMES)}"
        )
    return own


def split(source, scale, how=None, *, hold_out=0.1, option="--data"):
    """Return images to train on, images held out (None: too few to), and the labels of those or None.

    Args:
        how: keyword arguments for `load_images`.
        option: that named the source, for messages.
    """
    if source == "digits":
        return load_digits("train", scale=scale)[0], *load_digits("evaluation", scale=scale)
    if source in TURNED:
        n, m = SHAPES
        images, labels = load_shapes(n + m, turned=TURNED[source], scale=scale)
        return images[:n], images[n:], labels[n:]
    if source in NAMES:
        mnist = {"name": source}
        return load_mnist("train", **mnist, scale=scale)[0], *load_mnist("evaluation", **mnist, scale=scale)
    if not Path(source).exists():
        raise ValueError(f"{option} {source} is none of {', '.join(NAMES)}, nor an existing file or folder")
    images = load_images(source, scale=scale, **(how or {}))
    if "evaluation" in images.parts:
        held_out = load_images(source, scale=scale, part="evaluation", **(how or {}))
        return images, held_out, held_out.labels
    if len(images) < FEWEST or not hold_out:
        return images, None, None
    every = max(2, round(1 / hold_out))
    is_held_out = np.arange(len(images)) % every == every - 1
    train, held_out = images.subset(~is_held_out), images.subset(is_held_out)
    return train, held_out, held_out.labels


def split_as_in(trained, source, scale):
    """Return what `split` returned in a run; `trained` are its settings.

    Other data are parted in the same way.
    """
    before = 0 if trained.get("model") in ("gan", "dcgan") else 0.1  # version 0.1 did not say
    before = before if source == trained.get("data") else 0.1
    return split(source, scale, reading(trained), hold_out=trained.get("hold_out", before))


def samples_for(model, source, trained=None, batch_size=1):
    """Return samples that a model can learn from: images in its value range, or points of a toy.

    Args:
        trained: the settings of its run, which say how pictures were read, or None.
    """
    if len(model.sample_shape) == 1:
        return load_toy(source).sample(max(POINTS, batch_size), rng=0)
    images = split_as_in(trained or {}, source, model.value_range)[0]
    if batch_size > len(images):
        raise ValueError(f"--batch-size {batch_size} is larger than the data: {len(images):,} images")
    return images


def noun(source):
    """Return what to call the samples, in the plural."""
    if source in TOYS:
        return "points"
    if source in TURNED:
        return "shapes"
    return "digits" if source in ("digits", "mnist") else "images"
