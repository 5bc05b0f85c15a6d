"""Mistakes that are usual in any gradient, tried when none of an exercise's own fits."""

import itertools
import math

import numpy as np


def usual_cause(got, expected, close, counts, factors, terms):
    """Return the name of a mistake and what its sentence has in braces; (None, {}) if none fits.

    Args:
        got, expected: float arrays of one shape, which differ.
        close: (array, array, tolerance) -> whether they are equal for this purpose.
        counts: dict such as {"N": 5}: is it too large or too small by one of these?
        factors: dict from names to arrays that the true one is a product of: is one missing,
            twice there, or below the line instead of above?
        terms: the same for sums: is one missing, twice there, or of the wrong sign?
    """
    if not np.all(np.isfinite(got)):
        return "not_finite", {}
    if not np.any(got):
        return "zero", {}
    if close(-got, expected):
        return "sign", {}
    for cause, values in (
        _multiple(got, expected, close, counts),
        _part(got, expected, close, factors, terms),
    ):
        if cause:
            return cause, values
    for cause, values in (_rearranged(got, expected, close), _changed(got, expected, close)):
        if cause:
            return cause, values
    if close(got, expected, 1e-3):
        return "imprecise", {}
    return None, {}


def _multiple(got, expected, close, counts):
    """Is it the true one times a number? One number is always a multiple of another, so not by any number."""
    at = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    factor = got[at] / expected[at] if expected[at] else 0
    if not factor or not close(got / factor, expected):
        return None, {}
    for name, count in counts.items():
        for cause, times in (("times_large", count), ("times_small", 1 / count)):
            if count > 1 and math.isclose(abs(factor), times, rel_tol=1e-4):
                return cause + ("_sign" if factor < 0 else ""), {"name": name, "count": count}
    for name, other in itertools.permutations(counts, 2):
        if math.isclose(factor, counts[name] / counts[other], rel_tol=1e-6):
            return "divided_by_other", {"name": name, "other": other}
    for cause, times in (("twice_as_large", 2), ("half_as_large", 0.5)):
        if math.isclose(factor, times, rel_tol=1e-6):
            return cause, {}
    return (None, {}) if expected.size == 1 else ("factor", {"factor": f"{factor:.4g}"})


def _rearranged(got, expected, close):
    """Are the numbers right, but at other places, or summed along an axis?"""
    if got.ndim == 2 and got.shape[0] == got.shape[1] and close(got.T, expected):
        return "transposed", {}
    if close(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return "misplaced", {}
    axes = [(axis,) for axis in range(expected.ndim)] + ([None] if expected.ndim > 1 else [])
    for axis in axes:
        for total in (expected.sum(axis, keepdims=True), expected.mean(axis, keepdims=True)):
            if close(got, np.broadcast_to(total, expected.shape)):
                return "equal_along", {"axis": ", ".join(map(str, axis or range(expected.ndim)))}
    return None, {}


def _changed(got, expected, close):
    """Is the same done to each number: squared, cut off at 0, rounded; or are some right and others 0?"""
    with np.errstate(all="ignore"):
        changes = {
            "absolute_value": (got, np.abs(expected)),
            "some_signs": (np.abs(got), np.abs(expected)),
            "squared_value": (got, expected**2),
            "rooted_value": (got**2, np.abs(expected)),
            "reciprocal": (got * expected, np.ones_like(expected)),
            "cut_off": (got, np.maximum(expected, 0)),
            "incomplete": (got, np.where(got == 0, 0, expected)),
        }
    for cause, (changed, other) in changes.items():
        if close(changed, other):
            return cause, {}
    if expected.size > 1 and (
        np.array_equal(got, np.trunc(expected)) or np.array_equal(got, np.round(expected))
    ):
        return "integers", {}
    off = got - expected
    if expected.size > 1 and close(expected + off.flat[0], got) and abs(off.flat[0]) > 1e-6:
        return "constant_off", {"difference": f"{off.flat[0]:.4g}"}
    return None, {}


def _part(got, expected, close, factors, terms):
    """Is one part of a product or of a sum missing, or otherwise wrong?"""
    with np.errstate(all="ignore"):
        for name, part in factors.items():
            if close(got * part, expected):
                return "factor_missing", {"part": name}
            if close(got / part, expected):
                return "factor_extra", {"part": name}
            if close(got * part**2, expected) or close(got / part**2, expected):
                return "factor_inverted", {"part": name}
    for name, part in terms.items():
        if close(got + part, expected):
            return "term_missing", {"part": name}
        if close(got - part, expected):
            return "term_extra", {"part": name}
        if close(got + 2 * part, expected) or close(got - 2 * part, expected):
            return "term_sign", {"part": name}
    return None, {}
