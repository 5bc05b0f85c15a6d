"""The description of a model compared with the table in limits.py, before anything is built from it.

A description is JSON, so a few kilobytes can name thousands of layers, nest them two hundred deep or
give sizes of four thousand digits. Each of these is cheap to write and costs far more than it weighs
to build or even to put into an error message.
"""

import json
from contextlib import contextmanager

from .. import limits


class BeyondLimit(ValueError):
    """Something is larger than `limits` allows; `name` is the limit's."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class NotFinite(ValueError):
    """A parameter, or an average that an optimiser keeps, is infinite or NaN."""


@contextmanager
def saving_to(path):
    """Add to a ValueError in this block that the model cannot be saved to `path`, and what to do about it."""
    try:
        yield
    except ValueError as error:
        cure = ""
        if isinstance(error, BeyondLimit):
            cure = (
                f"; `load` would refuse the file: reduce this, or increase numpygan.limits.{error.name} both "
                "here and wherever the file is loaded"
            )
        kind = NotFinite if isinstance(error, NotFinite) else ValueError
        raise kind(f"the model cannot be saved to {path}: {error}{cure}") from None


def parse_description(text):
    """Return the dict that bytes of JSON hold; raise ValueError if it is none or beyond a limit."""
    if len(text) > limits.DESCRIPTION:
        raise BeyondLimit(
            "DESCRIPTION", f"its description has {len(text):,} bytes, more than {limits.DESCRIPTION:,}"
        )
    try:
        about = json.loads(text.decode(), parse_int=_integer)
    except RecursionError:
        raise ValueError("its description is nested too deep") from None
    if not isinstance(about, dict):
        raise ValueError(f"its description is not a JSON object, but a {type(about).__name__}")
    return about


def _integer(digits):
    if len(digits) > limits.DIGITS:
        raise BeyondLimit("DIGITS", f"it has an integer of {len(digits):,} digits, more than {limits.DIGITS}")
    return int(digits)


def check_networks(networks):
    """Raise ValueError if the descriptions of a model's networks, a dict, are beyond a limit."""
    layers = 0
    for name, text in networks.items():
        for depth, full_name, entry in _entries(text["layers"], 1, ""):
            layers += 1
            if layers > limits.LAYERS:
                raise BeyondLimit("LAYERS", f"its networks have more than {limits.LAYERS:,} layers")
            if depth > limits.DEPTH:
                raise BeyondLimit(
                    "DEPTH", f"its {name} has chains of layers nested more than {limits.DEPTH} deep"
                )
            longest = max(map(len, full_name.split(".")))
            if longest > limits.NAME or len(full_name) > limits.FULL_NAME:
                raise BeyondLimit(
                    "NAME" if longest > limits.NAME else "FULL_NAME",
                    f"a layer of its {name} has a name of {longest:,} characters, or {len(full_name):,} with "
                    f"those of its chains: at most {limits.NAME} and {limits.FULL_NAME} are read",
                )
            _check_numbers(entry)
        _check_numbers({"input_shape": text["input_shape"]})


def _entries(layers, depth, outer):
    """Yield (depth, full name, entry) for each layer of a list and those within it, chains first."""
    for entry in layers:
        full_name = f"{outer}{entry.get('name') or ''}"
        yield depth, full_name, entry
        yield from _entries(entry.get("layers", ()), depth + 1, f"{full_name}.")


def _check_numbers(entry):
    """Raise ValueError if a shape or size in one layer's description is too long or too large."""
    for key, value in entry.items():
        sizes = value if isinstance(value, list) and key != "layers" else [value]
        if len(sizes) > limits.DIMENSIONS:
            raise BeyondLimit(
                "DIMENSIONS", f"its {key} has {len(sizes):,} sizes, more than {limits.DIMENSIONS}"
            )
        for size in sizes:
            if isinstance(size, int) and size > limits.SIZE:
                raise BeyondLimit("SIZE", f"its {key} is {size:.3g}, more than {limits.SIZE:.0e}")
