"""Kinds of numbers that the command line accepts, each with a clear refusal."""

import argparse
import math

from . import data


def count(text):
    """An integer from 1 up."""
    try:
        value = int(text.replace("_", "").replace(",", ""))
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected an integer of at least 1, got {text!r}")
    return value


def seed(text):
    """An integer from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected an integer of at least 0, got {text!r}")
    return int(text)


def rate(text):
    """A positive number."""
    value = _number(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"expected a positive number, got {text!r}")
    return value


def weight(text):
    """A number from 0 up."""
    value = _number(text)
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"expected a number from 0 up, got {text!r}")
    return value


def decay(text):
    """A number from 0 up to, but not including, 1."""
    value = _number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected a number in [0, 1), got {text!r}")
    return value


def _number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


class Given(argparse.Action):
    """Stores a value, and notes under `given` that it was typed, were it only the default."""

    def __call__(self, parser, namespace, value, option_string=None):
        setattr(namespace, self.dest, value)
        namespace.given = [*getattr(namespace, "given", ()), self.dest]


def adder(parser):
    """Return a short way to add an option that shows its default."""

    def add(name, kind, default, text):
        text += " (default: %(default)s)"
        parser.add_argument(name, type=kind, default=default, action=Given, help=text)

    return add


def add_run_options(parser, *, name, **more):
    """Add the options of every training command that learns from one set of images."""
    data.add_option(parser)
    add_folder_options(parser, name=name, **more)


def add_folder_options(parser, *, name, sample_interval, quick, length="iterations"):
    """Add the options that every training command has.

    Args:
        length: the option of which more makes a run longer; None if nothing can.
    """
    parser.set_defaults(model=name)
    add = adder(parser)
    add("--seed", seed, 0, "of all random numbers: the same seed gives the same run")
    add("--sample-interval", count, sample_interval, "iterations between sample grids")
    parser.add_argument(
        "--out", help=f"folder for the results (default: runs/{name}-1, or the next free number)"
    )
    parser.add_argument("--overwrite", action="store_true", help="allow --out to hold an older run")
    parser.add_argument(
        "--checkpoint-every", type=count, metavar="N", help="write all that it takes to go on every N "
        "iterations (default: as often as costs no more than 1%% of the time)",
    )  # fmt: skip
    parser.add_argument(
        "--resume", metavar="RUN", help="go on with a run that was cut off, with all of its settings"
        + (f"; with more {length} than it was to make, make it longer" if length else "")
    )
    parser.add_argument("--quick", action="store_true", help=f"{quick} iterations, to see that all works")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def add_diagnosis(parser, *, every):
    add = adder(parser)
    add("--diagnose-every", count, every, "iterations between looks at whether something is going wrong")


def add_watching(parser, *, every):
    """Add the options that keep an eye on a GAN: how often to diagnose it, and when to stop."""
    add_diagnosis(parser, every=every)
    parser.add_argument(
        "--stop-on-plateau", action="store_true", help="stop early once the generator's loss stays flat"
    )
