"""Comparing an answer with the truth, and finding the mistake that explains the difference.

A *suspect* is what would come out if a certain mistake had been made. If the answer is
wrong and equals a suspect in every element, the mistake has its name. Each exercise has
suspects of its own; those of causes.py (wrong sign, a factor of N, a missing term) are tried last.
"""

import inspect
import itertools

import numpy as np

from .causes import usual_cause


class Wrong(Exception):
    """What is wrong with an answer.

    Args:
        cause: the name of the mistake, or None if nothing explains the numbers.
        array: what the array at fault is called; index, got, expected: where, and both numbers there.
        values: what the sentence of the cause has in braces.
    """

    def __init__(self, cause, array="", index=None, got=None, expected=None, **values):
        super().__init__(cause)
        self.cause, self.array, self.index, self.got, self.expected = cause, array, index, got, expected
        self.values = {"array": array, **values}


def call(function, *arguments):
    """Call the learner's function with copies of the arguments; raise Wrong if it writes into one."""
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    result = function(*given)
    for k, (before, after) in enumerate(zip(arguments, given)):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            raise Wrong("writes_into", list(inspect.signature(function).parameters)[k])
    return result


def unpack(result, names, expected=None):
    """Return the arrays that a function was to return, or raise Wrong; names is such as "dW db dx".

    If they are those that are expected, but in another order, this is what is wrong.
    """
    names = names.split()
    if result is None:
        raise Wrong("returns_none", ", ".join(names))
    if not isinstance(result, (tuple, list)) or len(result) != len(names):
        number = len(result) if isinstance(result, (tuple, list)) else 1
        raise Wrong("how_many", ", ".join(names), number=number)
    orders = [] if expected is None or _alike(result, expected) else itertools.permutations(result)
    if any(_alike(order, expected) for order in orders):
        raise Wrong("order", ", ".join(names))
    return result


def _alike(results, expected):
    """Return True if each result has the shape of what was expected, and nearly its numbers."""
    pairs = zip(results, expected)
    return all(np.shape(a) == np.shape(b) and a is not None and np.allclose(a, b) for a, b in pairs)


def same(
    name, got, expected, suspects=None, *, counts=None, factors=None, terms=None, tolerance=1e-6, **values
):
    """Raise Wrong unless `got` equals `expected`.

    Args:
        suspects: dict from a cause to what that mistake would give: an array, or a list of them.
        values: what the sentences of the suspects have in braces.
        counts, factors, terms: numbers that a gradient is often off by, such as {"N": 5}, and
            arrays that it is a product or a sum of; see `usual_cause`.
        tolerance: of the relative error, element by element; what is below 1e-9 of the largest
            element counts as zero.
    """
    if got is None:
        raise Wrong("returns_none", name)
    try:
        got = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        raise Wrong("no_numbers", name, kind=type(got).__name__) from None
    expected = np.asarray(expected, dtype=np.float64)
    for cause, suspect in (suspects or {}).items():
        candidates = suspect if isinstance(suspect, list) else [suspect]
        if not _close(got, expected, tolerance) and any(_close(got, c, tolerance) for c in candidates):
            raise _wrong(cause, name, got, expected, **values)
    if got.shape != expected.shape:
        cause = "shape_transposed" if got.T.shape == expected.shape else "shape"
        raise Wrong(cause, name, is_shape=str(got.shape), expected_shape=str(expected.shape))
    if _close(got, expected, tolerance):
        return

    def close(a, b, tolerance=tolerance):
        return _close(a, b, tolerance)

    cause, found = usual_cause(got, expected, close, counts or {}, factors or {}, terms or {})
    raise _wrong(cause, name, got, expected, **{**values, **found})


def same_all(names, got, expected, outcomes):
    """Compare several arrays; a mistake that explains all of them at once goes before one that explains some.

    Args:
        names, got, expected: tuples of equal length.
        outcomes: dict from "cause" or "cause/variant" to the tuple of arrays which that mistake gives.
    """
    got = [np.asarray(array, dtype=np.float64) for array in got]
    for mistake, outcome in outcomes.items():
        if all(_close(array, wrong, 1e-6) for array, wrong in zip(got, outcome)):
            for name, array, true in zip(names, got, expected):
                same(name, array, true, {mistake.partition("/")[0]: array})
    for k, name in enumerate(names):
        same(name, got[k], expected[k], variants({mistake: each[k] for mistake, each in outcomes.items()}))


def variants(outcomes):
    """Return suspects from a dict whose keys are causes, or, for variants of one, "cause/variant"."""
    suspects = {}
    for key, outcome in outcomes.items():
        suspects.setdefault(key.partition("/")[0], []).append(outcome)
    return suspects


def _close(a, b, tolerance):
    b = np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        return False
    floor = 1e-9 * np.max(np.abs(b), initial=1e-3)
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        distance = np.abs(a - b)
    return bool(np.all(distance <= tolerance * np.maximum(np.abs(b), floor / tolerance)))


def _wrong(cause, array, got, expected, **values):
    """Return a Wrong that points at the element that is furthest off."""
    if got.shape != expected.shape:
        shapes = {"is_shape": str(got.shape), "expected_shape": str(expected.shape)}
        return Wrong(cause, array, **shapes, **values)
    with np.errstate(invalid="ignore"):
        distance = np.nan_to_num(np.abs(got - expected), nan=np.inf)
    index = np.unravel_index(np.argmax(distance), got.shape)
    index = tuple(map(int, index))
    return Wrong(cause, array, index, float(got[index]), float(expected[index]), **values)
