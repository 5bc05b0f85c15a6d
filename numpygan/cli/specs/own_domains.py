"""`numpygan train cyclegan --a PATH --b PATH`: two kinds of pictures of your own, in no relation.

Nobody knows what one of them should become, so nothing here compares a translation with a truth.
What can be said is how much of a picture survives the way there and back, and how much the
translations, taken together, resemble domain B.
"""

import numpy as np

from ...datasets import describe_images
from ...files.text import printable, readable
from ...metrics import OwnImages, bootstrap
from ...metrics.yardstick import load_yardstick
from ..data import NAMES, Data, reading, split
from .base import Subject

HELP = "pictures of domain {}, unpaired, in place of --domains: a PATH to your own, or one of " + ", ".join(
    NAMES
)
FEWEST = 4  # images held out of each domain: metrics.within_manifold looks at the third nearest
LEFT_OUT = "what the translations should look like is not known, so their errors are not measured"


def check(settings):
    """Raise ValueError unless both domains are named, and --domains is not."""
    for given, missing in (("a", "b"), ("b", "a")):
        if getattr(settings, given) and not getattr(settings, missing):
            raise ValueError(f"--{given} needs --{missing} too: the pictures of the other domain")
    if settings.domains:
        raise ValueError("--domains names two domains that come along: leave it out, or --a and --b")


def load(settings):
    """Return the Data of two domains; what is held out is not paired, and () where a domain is too small."""
    parts = {name: _split(vars(settings), name) for name in "ab"}
    train, held_out = zip(*parts.values())
    for name, x in zip("ab", train):
        if settings.batch_size > len(x):
            source = f"--{name} {getattr(settings, name)}"
            raise ValueError(
                f"--batch-size {settings.batch_size} is larger than domain {name.upper()}: {source} has "
                f"{len(x):,} images to train on"
            )
    (H, W), other = (x.shape[1:3] for x in train)
    if other != (H, W):
        raise ValueError(
            f"--a {settings.a} has images of {H} x {W} and --b {settings.b} of {other[0]} x {other[1]}: "
            f"scale both to one size, such as --size {H}x{W}"
        )
    notes = []
    for name, x in zip("ab", train):
        if getattr(settings, name) not in NAMES:
            lines = printable(str(describe_images(x))).splitlines()
            notes += [f"{name.upper()}: {line}" for line in lines]
    a, b = (printable(readable(source)) for source in (settings.a, settings.b))
    text = f"{len(train[0]):,} images from {a} and {len(train[1]):,} from {b}"
    held_out = () if any(x is None for x in held_out) else held_out
    return Data(train, text, "images", held_out, notes=tuple(notes))


def training_data(trained):
    """Return what `Spec.training_data` does for a run on two domains of one's own."""
    arrays = tuple(_split(trained, name)[0] for name in "ab")
    return arrays, f"{trained['a']} and {trained['b']}", "images of each domain"


def images_of_a(trained):
    """Return the images of domain A that a run held out, or if there are none those it learnt from."""
    train, held_out = _split(trained, "a")
    return train if held_out is None else held_out


def held_out(trained):
    """Return the images of both domains that a run held out; ValueError if they are too few."""
    found = tuple(_split(trained, name)[1] for name in "ab")
    counts = [0 if x is None else len(x) for x in found]
    if min(counts) < FEWEST:
        raise ValueError(
            f"of {trained['a']} and {trained['b']} the run held out {counts[0]} and {counts[1]} images; at "
            f"least {FEWEST} of each are needed to measure with: train with more, or a larger --hold-out"
        )
    return found


def _split(settings, name):
    """Return the images of domain "a" or "b" to train on, and those held out or None."""
    how, share = reading(settings), settings.get("hold_out", 0.1)
    train, held_out, _ = split(settings[name], (-1, 1), how, hold_out=share, option=f"--{name}")
    return train, held_out


def rows(model, a, b):
    """Return the rows of translations.png for images a and as many b, from -1 to 1."""
    fake_b, fake_a = model.to_b(a), model.to_a(b)
    there = {"a": a, "G(a)": fake_b, "F(G(a))": model.to_a(fake_b)}
    return there | {"b": b, "F(b)": fake_a, "G(F(b))": model.to_b(fake_a)}


def conclusion(model, data):
    """Return what can be said without a truth: how much survives the way there and back."""
    a, b = (np.asarray(x) for x in data.held_out or data.train)
    which = "not trained on" if data.held_out else "trained on"
    errors = model.cycle_errors(a, b)
    return (
        f"On {len(a):,} images of A and {len(b):,} of B {which}, mean absolute error per value, range 2:\n"
        f"  F(G(a)) against a            {errors['cycle_a'].mean():.4f}\n"
        f"  G(F(b)) against b            {errors['cycle_b'].mean():.4f}\n"
        f"There are no pairs: {LEFT_OUT}."
    )


def yardstick(model, trained):
    """Return what the translations are compared with: images of domain B."""
    if trained["b"] in ("digits", "mnist") and model.G.output_shape == (28, 28, 1):
        return load_yardstick()
    return OwnImages(_split(trained, "b")[0], held_out(trained)[1])


def measure(model, yardstick, n, trained):
    """Return the Subject of `numpygan evaluate`: G(a) for held-out a, compared with images of B."""
    a, b = (np.asarray(x[:n]) for x in held_out(trained))
    errors = {name: bootstrap(np.mean, error) for name, error in model.cycle_errors(a, b).items()}
    images = model.to_b(a)
    return Subject("translated images", images, yardstick.measure(images) | errors)
