"""Exercise 5: a gradient checker."""

import numpy as np

from ..judge import Wrong, same

H = C = 1e-4


def each(x):
    return x**3 + 2 * np.sin(x)


def f(x):
    return np.sum(each(x))


def minus_f(x):
    return -f(x)


def _errors(a, n, c=C):
    """Return the relative error by (1.6) and what usual mistakes make of it."""
    apart, size = np.abs(a - n), np.maximum(np.maximum(np.abs(a), np.abs(n)), c)
    relative = apart / size
    with np.errstate(divide="ignore", invalid="ignore"):
        bare = apart / np.maximum(np.abs(a), np.abs(n))
    return np.max(relative), {
        "absolute": np.max(apart),
        "by_largest": np.max(apart) / np.max(size),
        "mean_error": [np.mean(relative), np.sum(relative)],
        "signed": [np.max((a - n) / size, initial=0), np.max((n - a) / size, initial=0)],
        "numeric_only": np.max(apart / np.maximum(np.abs(n), c)),
        "no_floor": np.max(np.nan_to_num(bare)),
        "signed_size": [
            np.max(apart / np.maximum(np.maximum(a, n), c)),
            np.max(apart / np.maximum(a, np.maximum(np.abs(n), c))),
            np.max(apart / np.maximum(n, np.maximum(np.abs(a), c))),
        ],
        "other_size": [
            np.max(apart / np.maximum(np.abs(a) + np.abs(n), c)),
            np.max(apart / (np.abs(a) + np.abs(n) + c)),
            np.max(apart / (np.maximum(np.abs(a), np.abs(n)) + c)),
            np.max(apart / np.maximum(np.abs(a), c)),
        ],
        "one_element": [relative.flat[0], relative.flat[-1]],
    }


def _points(a, x):
    """Return what comes out if f is taken at other points than x + h and x - h."""
    right, left = (each(x + H) - each(x)) / H, (each(x) - each(x - H)) / H
    return {
        "never_moves": _errors(a, np.zeros_like(a))[0],
        "half_way": [_errors(a, slope / 2)[0] for slope in (right, left)],
        "by_h": _errors(a, right + left)[0],
        "one_side": [_errors(a, slope)[0] for slope in (right, left)],
    }


def _planted():
    """Return x, the true derivative n, and a: n with four errors, the largest neither first nor last."""
    x = np.random.default_rng(3).uniform(0.3, 1.2, (3, 2))
    n = 3 * x**2 + 2 * np.cos(x)  # to 1e-10, far below the errors planted here
    a = n.copy()
    a[0, 0] *= 0.98
    a[0, 1] *= 0.75  # too small, so that the sign shows
    a[1, 1] *= 1.1
    a[2, 1] *= 0.9
    return x, n, a


def gradient_error(answer):
    x, n, a = _planted()
    kept = x.copy()
    got = answer.gradient_error(f, x, a, H, C)
    if not np.allclose(x, kept, rtol=0, atol=1e-12):
        raise Wrong("not_put_back", "x")
    expected, suspects = _errors(a, n)
    del suspects["no_floor"], suspects["numeric_only"], suspects["signed_size"]  # the same here
    same("error", got, expected, {**suspects, **_points(a, x)}, tolerance=1e-6)
    expected, suspects = _errors(-a, -n)  # both below zero
    got = answer.gradient_error(minus_f, x.copy(), -a, H, C)
    same("error", got, expected, {"signed_size": suspects["signed_size"]}, tolerance=1e-5)
    a = n.copy()
    a[1, 1] *= 4  # too large
    expected, suspects = _errors(a, n)
    del suspects["no_floor"]
    same("error", answer.gradient_error(f, x.copy(), a, H, C), expected, suspects, tolerance=1e-5)
    a[1, 1] *= -1  # of the other sign
    expected, suspects = _errors(a, n)
    same("error", answer.gradient_error(f, x.copy(), a, H, C), expected, suspects, tolerance=1e-5)
    for k in (0, -1):  # the largest error first or last
        a = n.copy()
        a.flat[k] *= 1.5
        got = answer.gradient_error(f, x.copy(), a, H, C)
        if got is not None and got < 1e-6:
            raise Wrong("element_skipped", "error", None, float(got), float(_errors(a, n)[0]))
        same("error", got, _errors(a, n)[0], tolerance=1e-5)
    small = np.zeros(3)  # x^2 at 0 has no slope; on one side only it has h
    a = np.array([0.0, 5e-5, 0.0])
    got = answer.gradient_error(lambda x: np.sum(x**2), small, a, 1e-3, C)
    same("error", got, 0.5, {"no_floor": 1.0}, tolerance=1e-5)


CHECKS = {"gradient_error": gradient_error}
