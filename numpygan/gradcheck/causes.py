"""The most likely cause of a wrong gradient.

Each common mistake leaves a mark: multiply the wrong gradient by the right number, or
permute its axes the right way, and it becomes the numeric one. So each candidate is
tried in turn, and one that fixes (nearly) all elements at once is named.
"""

import itertools

import numpy as np


def likely_cause(gradient, at, numeric, counts):
    """Return a sentence, or None if no candidate fits.

    Args:
        gradient: the analytic gradient, the whole array.
        at: flat indices of the elements whose numeric derivative is known.
        numeric: these derivatives.
        counts: dict such as {"N": 5}, numbers that a gradient is often off by.
    """

    def fixes(candidate):
        return _agree(candidate.ravel()[at], numeric)

    if not np.all(np.isfinite(numeric)):
        return "there is no derivative: nearby, the forward pass jumps or is not finite"
    if not np.any(numeric):
        return "not zero, though moving this array does not change the result"
    if not np.any(gradient):
        return "all zero: is this gradient missing?"
    if fixes(gradient):  # right except for a few elements
        return None
    if fixes(-gradient):
        return "wrong sign"
    return _factor(gradient.ravel()[at], numeric, counts) or _order(gradient, fixes)


def _agree(a, n):
    """True if 9 in 10 of the elements that are not tiny agree to 1e-4; the others may lie at a kink."""
    size = np.maximum(np.abs(a), np.abs(n))
    counted = size > 1e-4 * np.abs(n).max()
    apart = np.abs(a - n) > 1e-4 * size
    return np.sum(apart & counted) <= np.sum(counted) // 10


def _factor(a, n, counts):
    largest = np.argmax(np.abs(n))
    factor = a[largest] / n[largest]
    if factor == 0 or not _agree(a / factor, n):
        return None
    sign = " and of the wrong sign" if factor < 0 else ""
    factor = abs(factor)
    for name, count in counts.items():
        if count > 1 and np.isclose(factor, count, rtol=1e-4):
            return f"{name} = {count} times too large{sign}: is a 1/{name} missing?"
        if count > 1 and np.isclose(1 / factor, count, rtol=1e-4):
            return f"{name} = {count} times too small{sign}: is there a 1/{name} too many?"
    if len(n) == 1 or np.isclose(factor, 1, rtol=1e-4):  # one number is always a multiple of another
        return None
    times, size = (factor, "large") if factor > 1 else (1 / factor, "small")
    return f"{times:.4g} times too {size}{sign}"


def _order(gradient, fixes):
    """Say if the right numbers are in the wrong places."""
    shape, ndim = gradient.shape, gradient.ndim
    if ndim > 4:
        return None
    for axes in list(itertools.permutations(range(ndim)))[1:]:
        turned = tuple(shape[k] for k in axes)  # shape of true.transpose(axes)
        if fixes(gradient.reshape(turned).transpose(np.argsort(axes))):
            what = "transposed" if ndim == 2 else f"axes in the order {axes}"
            if turned == shape:
                return what
            return f"{what}, then reshaped from {turned} to {shape}: transpose it instead"
    for count in range(1, ndim):
        for axes in itertools.combinations(range(ndim), count):
            if fixes(np.flip(gradient, axes)):
                return f"flipped along axes {axes}"
    return None
