"""Everything that a model consists of, as a description and arrays, and how to restore it."""

import copy

import numpy as np

from .. import limits
from ..files.text import printable
from ..layers.sequential import walk
from ..version import __version__
from .architecture import check_sizes, describe, describe_optimizer
from .bounds import BeyondLimit, NotFinite
from .renames import FORMAT, modernise

GENERATORS = ("PCG64", "PCG64DXSM", "SFC64", "Philox", "MT19937")


def model_state(model):
    """Return a description of `model`, a dict that JSON can hold, and a dict of its arrays."""
    histories = {name: getattr(model, name) for name in model.histories}
    about = {
        "format": FORMAT,
        "numpygan": __version__,
        "model": type(model).__name__,
        "config": model.config(),
        "networks": {name: describe(network) for name, network in model.networks.items()},
        "optimizers": {name: describe_optimizer(rule) for name, rule in model.optimizers.items()},
        "generators": _generators(model),
        "histories": {
            name: {"columns": list(of.columns), "stopped_by": of.stopped_by, "interrupted": of.interrupted}
            for name, of in histories.items()
        },
    }
    tables = {f"histories/{name}": history.table() for name, history in histories.items()}
    return about, {**model.snapshot(), **tables}


def savable_state(model):
    """Return `model_state(model)`; raise ValueError if `load` would refuse it."""
    about, arrays = model_state(model)
    for network in model.networks.values():
        check_sizes(network.layers, network.input_shape, count_numbers(arrays))
    for name in model.histories:
        _check_table(name, about["histories"][name]["columns"], arrays[f"histories/{name}"])
    for name, array in arrays.items():
        if not name.startswith("histories/"):
            _check_finite(name, array)
    return about, arrays


def count_numbers(arrays):
    """Return how many numbers a model's arrays hold, by which `load` bounds what its networks compute."""
    return sum(map(np.size, arrays.values()))


def current(about, arrays):
    """Return a file's content under today's names; raise ValueError if its format is too new."""
    if about["format"] > FORMAT:
        raise ValueError(
            f"it has format {about['format']}, of numpygan {about.get('numpygan')}, and this version, "
            f"{__version__}, reads formats up to {FORMAT}: update numpygan"
        )
    return modernise(about, arrays)


def put_back(model, about, arrays):
    """Restore the state of `model` that `model_state` returned, or raise and change nothing."""
    tables = {name: arrays.get(f"histories/{name}") for name in model.histories}
    parameters = {name: array for name, array in arrays.items() if not name.startswith("histories/")}
    check_arrays(parameters, _expected(model, arrays))
    for name, table in tables.items():
        _check_table(name, about["histories"][name]["columns"], table)
    rates = {name: about["optimizers"][name]["learning_rate"] for name in model.optimizers}
    for name, rule in model.optimizers.items():
        copy.copy(rule).learning_rate = rates[name]  # raises if that is no learning rate
    ends = {name: (text["stopped_by"], text["interrupted"]) for name, text in about["histories"].items()}
    owners, states, numbers = _owners(model), about["generators"]["states"], about["generators"]["owners"]
    if len(numbers) != len(owners) or len(states) > len(owners):
        raise ValueError(f"it has {len(numbers)} owners of random generators, the model {len(owners)}")
    rngs = [_generator(text) for text in states]
    given = [rngs[number] for number in numbers]

    model.restore(parameters)
    for name, table in tables.items():
        history, (stopped_by, interrupted) = getattr(model, name), ends[name]
        history.fill(about["histories"][name]["columns"], table)
        history.stopped_by = stopped_by and printable(str(stopped_by))
        history.interrupted = bool(interrupted)
    for name, rule in model.optimizers.items():
        rule.learning_rate = rates[name]
    for owner, rng in zip(owners, given):
        owner.rng = rng


def set_generator(model, rng):
    """Make `model` and all its layers draw from the same generator."""
    for owner in _owners(model):
        owner.rng = rng


def check_arrays(found, expected):
    """Raise ValueError unless the arrays in both dicts have the same names, shapes and dtypes."""
    for name in sorted(expected.keys() - found.keys()):
        raise ValueError(f"it has no array {name!r}, which the architecture needs")
    for name in sorted(found.keys() - expected.keys()):
        raise ValueError(f"it has an array {name!r}, which the architecture does not need")
    for name, array in expected.items():
        if found[name].shape != array.shape or found[name].dtype != array.dtype:
            raise ValueError(
                f"{name} is {found[name].dtype} {found[name].shape}, the architecture needs "
                f"{array.dtype} {array.shape}"
            )
        _check_finite(name, found[name])
        if array.dtype == np.int64 and found[name].min(initial=0) < 0:
            raise ValueError(f"{name} is negative")
        if array.dtype == np.int64 and found[name].max(initial=0) > limits.STEPS:
            raise ValueError(f"{name} is larger than {limits.STEPS:,}")


def _check_finite(name, array):
    if not np.isfinite(array).all():
        raise NotFinite(f"{name} has NaN or infinite values")


def _expected(model, arrays):
    """Return arrays like those that `model.restore` will take from `arrays`."""
    expected = {}
    for name, network in model.networks.items():
        expected[f"{name}/params"] = network.flat_params
        expected.update({f"{name}/state/{key}": value for key, value in network.state.items()})
    for name, average in model.averages.items():
        expected.update({f"averages/{name}/{key}": value for key, value in average.arrays().items()})
    for name, rule in model.optimizers.items():
        expected[f"{name}/t"] = np.zeros((), np.int64)
        if np.any(arrays[f"{name}/t"] != 0):  # no memory before the first update
            expected.update({f"{name}/{slot}": model.parameters_of(name) for slot in rule.slots})
    for name, buffer in model.buffers.items():
        expected[f"{name}/images"] = buffer.like(arrays[f"{name}/images"])
    expected.update({f"numbers/{name}": value for name, value in model.numbers.items()})
    return expected


def _check_table(name, columns, table):
    strings = isinstance(columns, list) and all(isinstance(column, str) for column in columns)
    if not strings or len(set(columns)) < len(columns):
        raise ValueError(f"the columns of its {name} must be different strings")
    if len(columns) > limits.COLUMNS:
        raise BeyondLimit("COLUMNS", f"its {name} has {len(columns):,} columns, more than {limits.COLUMNS:,}")
    if any(column != printable(column) for column in columns):
        raise ValueError(f"the columns of its {name} have control characters in their names")
    if table is None or table.dtype != np.float64 or table.ndim != 2 or len(table) != len(columns):
        raise ValueError(f"its {name} must be {len(columns)} columns of float64")
    if not columns and table.shape[1]:
        raise ValueError(f"its {name} has {table.shape[1]:,} rows of no columns")


# --- random generators: the model and its layers may share one or have their own ---


def _owners(model):
    return [model, *(layer for network in model.networks.values() for layer in walk(network))]


def _generators(model):
    """Return the states of the different generators, and which of them each owner uses."""
    rngs = [owner.rng for owner in _owners(model)]
    different = list({id(rng): rng for rng in rngs}.values())
    number = {id(rng): k for k, rng in enumerate(different)}
    return {"states": [_state(rng) for rng in different], "owners": [number[id(rng)] for rng in rngs]}


def _state(rng):
    kind = type(rng.bit_generator).__name__
    if kind not in GENERATORS:
        raise ValueError(
            f"the state of a {kind} generator cannot be saved: use one of {', '.join(GENERATORS)}"
        )
    return _plain(rng.bit_generator.state)


def _generator(text):
    """Return a numpy Generator in the state that `_state` described."""
    if text["bit_generator"] not in GENERATORS:
        raise ValueError(f"it uses {text['bit_generator']!r}, which is not a known random generator")
    bits = getattr(np.random, text["bit_generator"])(0)
    if _form(text) != _form(_plain(bits.state)):
        raise ValueError(f"what it describes is not a {text['bit_generator']} generator")
    inner = text["state"]
    if not (0 <= inner.get("pos", 0) <= 624 and 0 <= text.get("buffer_pos", 0) <= 4):
        raise ValueError("the position of its random generator is out of range")  # numpy would not notice
    if not all(isinstance(number, int) and number >= 0 for number in _numbers(text)):
        raise ValueError("the state of its random generator has numbers that are not integers of at least 0")
    bits.state = _with_arrays(text)
    if _plain(bits.state) != text:
        raise ValueError("the state of its random generator is impossible")
    return np.random.Generator(bits)


def _plain(value):
    """Return a state with arrays as lists and all numbers as Python's, as JSON can hold it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def _form(value):
    """Return the structure of a state: what all states of its kind have in common."""
    if isinstance(value, dict):
        return {key: _form(each) for key, each in value.items()}
    return [None] * len(value) if isinstance(value, list) else type(value).__name__


def _numbers(value):
    """Yield everything in nested dicts and lists except strings."""
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _numbers(each)
    elif not isinstance(value, str):
        yield value


def _with_arrays(value):
    if isinstance(value, dict):
        return {key: _with_arrays(each) for key, each in value.items()}
    return np.array(value, np.uint64) if isinstance(value, list) else value
