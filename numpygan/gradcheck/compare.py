"""One array and its gradient: which element agrees least, and whether it is wrong."""

from typing import NamedTuple

import numpy as np

from .causes import likely_cause
from .numeric import Direction, Element, central, refine
from .report import Row

SAMPLES = 50  # single elements tried in an array too large for all of them
DIRECTIONS = 10  # and random directions


def relative_error(analytic, numeric, noise, tolerance):
    """Return |a - n| / max(|a|, |n|, noise / tolerance) (eq. 1.6), element by element.

    Each element is measured against its own size, so a wrong small one cannot hide
    behind a large one. The last term is for derivatives too small for a difference
    quotient to measure, such as that of a bias before batch normalisation, which is
    exactly 0 where n is 1e-12: below noise / tolerance the error reaches the
    tolerance exactly when a and n differ by the noise of n.
    """
    distance = np.abs(analytic - numeric)
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), noise / tolerance)
    return np.divide(distance, size, out=np.where(distance == 0, 0.0, distance), where=size > 0)


class Findings(NamedTuple):
    """The results along each of several lines: arrays of equal length, and the worst line."""

    analytic: np.ndarray
    numeric: np.ndarray
    noise: np.ndarray
    error: np.ndarray
    kink: np.ndarray  # True where every value between two slopes was allowed
    wrong: bool
    worst: int | None  # None if every line lies at a kink


def examine(objective, lines, gradient, tolerance):
    """Compare the gradient with the numeric derivative along each line.

    Lines that disagree, and lines whose one-sided slopes differ, are examined more
    closely, worst first, until one is certainly wrong.
    """
    analytic = np.array([line.analytic(gradient) for line in lines])
    numeric, noise, gap = np.array([central(objective, line) for line in lines]).T
    error = relative_error(analytic, numeric, noise, tolerance)
    kink = np.zeros(len(lines), bool)
    bent = (gap > 1e-3 * np.abs(numeric)) & (gap > 20 * noise)
    doubtful = np.flatnonzero(~(error <= tolerance) | bent)  # ~(<=) rather than >: NaN is doubtful
    for k in doubtful[np.argsort(-np.nan_to_num(error[doubtful], nan=np.inf))]:
        low, high, noise[k], kink[k] = refine(objective, lines[k])
        numeric[k] = np.clip(analytic[k], low, high)
        error[k] = relative_error(analytic[k], numeric[k], noise[k], tolerance)
        if not error[k] <= tolerance:
            return Findings(analytic, numeric, noise, error, kink, True, k)
    worst = None if kink.all() else int(np.argmax(np.where(kink, -1, error)))
    return Findings(analytic, numeric, noise, error, kink, False, worst)


def compare(objective, name, array, gradient, *, counts, tolerance, max_elements, rng):
    """Return the `Row` of one array, from all of its elements or from samples and random directions."""
    flaw = unusable(gradient, array.shape)
    if flaw:
        return Row(name, array.shape, error=np.inf, wrong=True, cause=flaw)
    every = array.size <= max_elements
    at = np.arange(array.size) if every else np.sort(rng.choice(array.size, SAMPLES, replace=False))
    found = examine(objective, [Element(array, i) for i in at], gradient, tolerance)
    row = _row(name, array, found, at, tolerance)
    if found.wrong:
        row.cause = likely_cause(gradient, at, found.numeric, counts)
        if not row.cause and found.kink[found.worst]:
            row.cause = "outside the two one-sided slopes of a kink"
    elif not every:
        _try_directions(row, objective, array, gradient, tolerance, rng)
    return row


def _row(name, array, found, at, tolerance):
    """Return a `Row` with the counts and the worst line of what was found."""
    agrees = found.error <= tolerance
    row = Row(name, array.shape, checked=len(at), differ=int(np.sum(~agrees)))
    row.kinks = int(np.sum(found.kink & agrees))
    size = np.maximum(np.abs(found.analytic), np.abs(found.numeric))
    faint = (found.noise > 1e-4 * size) & (found.analytic != found.numeric) & agrees
    row.faint, row.noise = int(faint.sum()), float(found.noise[faint].max(initial=0))
    row.zero = bool(np.all(size <= found.noise))
    if found.worst is not None:
        _point(row, found, np.unravel_index(at[found.worst], array.shape))
    return row


def _point(row, found, index):
    """Make the row show the worst line of what was found."""
    k = found.worst
    row.index = None if index is None else tuple(map(int, index))
    row.analytic, row.numeric = float(found.analytic[k]), float(found.numeric[k])
    row.error = float(found.error[k])
    row.wrong = found.wrong


def _try_directions(row, objective, array, gradient, tolerance, rng):
    """Try all elements at once; if they disagree, find a single element that is wrong."""
    for _ in range(DIRECTIONS):
        found = examine(objective, [Direction(array, np.arange(array.size), rng)], gradient, tolerance)
        row.directions += 1
        if found.wrong:
            i = locate(objective, array, gradient, rng)
            one = examine(objective, [Element(array, i)], gradient, tolerance)
            if one.wrong:
                row.cause = "single elements are wrong; this one was found by bisection"
                _point(row, one, np.unravel_index(i, array.shape))
            else:
                _point(row, found, None)
            return
        row.kinks += int(found.kink[0])
        if found.worst is not None and not found.error[0] <= row.error:
            _point(row, found, None)


def locate(objective, array, gradient, rng):
    """Return the index of an element that makes directions disagree, by bisection."""

    def disagreement(indices):
        line = Direction(array, indices, rng)
        return abs(line.analytic(gradient) - central(objective, line)[0])

    indices = np.arange(array.size)
    while len(indices) > 1:
        indices = max(np.array_split(indices, 2), key=disagreement)
    return indices[0]


def unusable(gradient, shape):
    """Say why there is nothing to compare, or return None."""
    if gradient is None:
        return "no gradient was returned (None)"
    gradient = np.asarray(gradient)
    if gradient.shape != shape:
        return f"shape {gradient.shape} where {shape} was expected"
    if gradient.dtype != np.float64:
        return f"dtype {gradient.dtype} in a float64 computation"
    if not np.all(np.isfinite(gradient)):
        bad = np.argwhere(~np.isfinite(gradient))[0].tolist()
        return f"not finite, first at {bad}"
    return None
