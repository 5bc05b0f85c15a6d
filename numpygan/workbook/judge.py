"""Comparing an answer with the truth, and finding the mistake that explains the difference.

A *suspect* is what would come out if a certain mistake had been made. If the answer is
wrong and equals a suspect in every element, the mistake has its name. Each exercise has
suspects of its own; the usual ones (wrong sign, a factor of N, transposed) are tried last.
"""

import inspect
import math

import numpy as np


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
    names = list(inspect.signature(function).parameters)
    for name, before, after in zip(names, arguments, given):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            raise Wrong("writes_into", name)
    return result


def unpack(result, names):
    """Return the arrays that a function was to return, or raise Wrong; names is such as "dW db dx"."""
    names = names.split()
    if result is None:
        raise Wrong("returns_none", ", ".join(names))
    if not isinstance(result, (tuple, list)) or len(result) != len(names):
        number = len(result) if isinstance(result, (tuple, list)) else 1
        raise Wrong("how_many", ", ".join(names), number=number)
    return result


def same(name, got, expected, suspects=None, counts=None, *, tolerance=1e-6, **values):
    """Raise Wrong unless `got` equals `expected`.

    Args:
        suspects: dict from a cause to what that mistake would give: an array, or a list of them.
        values: what the sentences of the suspects have in braces.
        counts: dict such as {"N": 5}, numbers that a gradient is often off by.
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
    cause, found = usual_cause(got, expected, counts or {}, tolerance)
    raise _wrong(cause, name, got, expected, **{**values, **found})


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


def usual_cause(got, expected, counts, tolerance):
    """Return the name of a mistake that is usual in any gradient, and its values; (None, {}) if none fits."""
    if not np.all(np.isfinite(got)):
        return "not_finite", {}
    if not np.any(got):
        return "zero", {}
    if _close(-got, expected, tolerance):
        return "sign", {}
    at = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    factor = got[at] / expected[at] if expected[at] else 0
    if factor and expected.size > 1 and _close(got / factor, expected, tolerance):
        for name, count in counts.items():
            for cause, times in (("times_large", count), ("times_small", 1 / count)):
                if math.isclose(abs(factor), times, rel_tol=1e-4) and count > 1:
                    values = {"name": name, "count": count}
                    return cause + ("_sign" if factor < 0 else ""), values
        return "factor", {"factor": f"{factor:.4g}"}
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _close(got.T, expected, tolerance):
        return "transposed", {}
    if _close(got, expected, 1e-3):
        return "imprecise", {}
    return None, {}
