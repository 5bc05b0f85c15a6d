"""The options of the command line: kinds of numbers with a clear refusal, and those that runs share."""

import argparse
import math
import re
from contextlib import suppress

from ..files.text import shortened

MOST = 10**12  # of anything that is counted: more than any computer gets done


def count(text):
    """An integer of at least 1."""
    return _integer(text, 1, MOST)


def seed(text):
    """An integer of at least 0, of up to 128 bits."""
    return _integer(text, 0, 2**128 - 1)


def _integer(text, least, most):
    try:
        grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", text)
        value = int(text.replace(",", "") if grouped else text)  # int reads 20_000 by itself
    except ValueError:
        value = least - 1
    if value < least:
        raise refusal(f"an integer of at least {least}", text)
    if value > most:
        raise refusal(f"an integer of at most {most:,}", text)
    return value


def every(text):
    """A number of iterations such as every:5000; returned as it is."""
    word, _, number = text.partition(":")
    if word != "every" or not number:
        raise refusal("every: and a number of iterations, such as every:5000", text)
    return f"every:{count(number)}"


def rate(text):
    """A positive number."""
    return _number(text, "a positive number", lambda value: 0 < value < math.inf)


def weight(text):
    """A number of at least 0."""
    return _number(text, "a number of at least 0", lambda value: 0 <= value < math.inf)


def fraction(text):
    """A number between 0 and 1, neither of them."""
    return _number(text, "a number between 0 and 1", lambda value: 0 < value < 1)


def decay(text):
    """A number of at least 0 and less than 1."""
    return _number(text, "a number in [0, 1)", lambda value: 0 <= value < 1)


def _number(text, expected, accepts):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not accepts(value):
        raise refusal(expected, text)
    return value


def refusal(expected, text):
    """Return the error that says what was expected of an option and what came."""
    return argparse.ArgumentTypeError(f"expected {expected}, got {shortened(repr(text), 60)}")


def typed_as(key):
    """Return the option that sets a key of the settings: "--batch-size" for "batch_size"."""
    return f"--{key.replace('_', '-')}"


class Given(argparse.Action):
    """Stores a value and records under `given` that it was typed, even if it equals the default."""

    def __call__(self, parser, namespace, value, option_string=None):
        setattr(namespace, self.dest, value)
        namespace.given = [*getattr(namespace, "given", ()), self.dest]


def adder(parser):
    """Return a short way to add an option; its help shows the default, unless that is None."""

    def add(name, kind, default, text, **more):
        text += "" if default is None else " (default: %(default)s)"
        parser.add_argument(name, type=kind, default=default, action=Given, help=text, **more)

    return add


def add_n(parser, default, text, *, older):
    """Add `--n`, a number of samples, which version 0.1 called by the name `older`."""
    adder(parser)("--n", count, default, text)
    parser.add_argument(older, dest="n", type=count, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def add_output(parser, name):
    """Add the options that say where the results go: a folder, by default runs/NAME-1 and so on."""
    text = f"folder for the results (default: runs/{name}-1, or the next free number)"
    parser.add_argument("--out", help=text)
    parser.add_argument("--overwrite", action="store_true", help="replace an older run in --out")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def add_run_options(parser, spec):
    """Add the options that `numpygan train` has for every model."""
    add = adder(parser)
    add("--seed", seed, 0, "seed of all random numbers: the same seed gives the same run")
    add("--sample-interval", count, spec.sample_interval, "iterations between sample grids")
    add_output(parser, spec.name)
    text = "iterations between checkpoints (default: as often as takes at most 1%% of the time)"
    parser.add_argument("--checkpoint-every", type=count, metavar="N", help=text)
    text = "keep the checkpoint of every so many iterations, such as every:5000, as checkpoint-005000.npz"
    add("--keep-checkpoints", every, None, text, metavar="every:N")
    text = "continue an interrupted run with its settings, some of which may be changed"
    text += "" if spec.fixed_length else f"; with more {spec.length}, make it longer"
    parser.add_argument("--resume", metavar="RUN", help=text)
    quick = f"at most {spec.quick[0]} {spec.length}, to check that everything works"
    parser.add_argument("--quick", action="store_true", help=quick)


def add_diagnosis(parser, *, every):
    adder(parser)("--diagnose-every", count, every, "iterations between checks for signs of trouble")


def replaced(settings, **changes):
    """Return a copy of the settings with these changes."""
    return argparse.Namespace(**{**vars(settings), **changes})


def capped(settings, caps):
    """Return a copy of the settings in which each of `caps`, a dict, is at most the value given there."""
    return replaced(settings, **{key: min(getattr(settings, key), most) for key, most in caps.items()})


def say(line):
    """Print a line above the progress bar, if anybody still reads it: a run does not end for that."""
    from ..training.progress import live_bar

    with suppress(OSError):
        live_bar().write(line)
