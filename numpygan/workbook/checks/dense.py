"""Exercises 1 to 5: numeric derivative, dense layer, checker."""

import numpy as np

from ..judge import Wrong, call, same, unpack
from .measured import measure


def numeric_derivative(answer):
    def f(x):
        return x**3 + 2 * x

    x, h = 1.7, 0.1
    expected = 3 * x * x + h * h + 2  # a cubic's central difference, exactly
    suspects = {
        "one_side": [(f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h],
        "half": 2 * expected,
        "precedence": (f(x + h) - f(x - h)) / 2 * h,
        "not_divided": f(x + h) - f(x - h),
        "own_step": [3 * x * x + 2, 3 * x * x + (h / 2) ** 2 + 2],
    }
    same("f'(x)", answer.numeric_derivative(f, x, h), expected, suspects, tolerance=1e-8)
    same("f'(x)", answer.numeric_derivative(np.exp, 0.5), np.exp(0.5), tolerance=1e-8)


def _batch():
    rng = np.random.default_rng(1)
    return rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 3))


def dense_forward(answer):
    x, W, b, _ = _batch()
    suspects = {
        "no_bias": x @ W,
        "minus_bias": x @ W - b,
        "bias_in_product": x @ (W + b),
        "bias_summed": x @ W + b.sum(),
        "activated": np.maximum(x @ W + b, 0),
    }
    same("y", call(answer.dense_forward, x, W, b), x @ W + b, suspects)


def dense_one_sample(answer):
    x, W, _, dy = _batch()
    x, dy = x[0], dy[0]
    true_dW = np.outer(x, dy)
    true = true_dW, dy, W @ dy
    dW, db, dx = unpack(call(answer.dense_one_sample, x, W, dy), "dW db dx", true)
    ones = np.ones_like(dy)
    same("dW", dW, true_dW, {"dy_forgotten": np.outer(x, ones)})
    same("db", db, dy, {"dy_forgotten": ones, "db_summed": [dy.sum(), dy.mean()]})
    suspects = {
        "dy_forgotten": W.sum(axis=1),
        "dx_not_summed": W * dy,
        "last_output": W[:, -1] * dy[-1],
    }
    same("dx", dx, W @ dy, suspects)


def dense_backward(answer):
    x, W, b, dy = _batch()
    N = len(x)
    true = x.T @ dy, dy.sum(axis=0), dy @ W.T
    dW, db, dx = unpack(call(answer.dense_backward, x, W, dy), "dW db dx", true)
    suspects = {
        "last_sample": np.outer(x[-1], dy[-1]),
        "first_sample": np.outer(x[0], dy[0]),
        "not_transposed": (dy.T @ x).reshape(W.shape),
        "mean": x.T @ dy / N,
    }
    same("dW", dW, x.T @ dy, suspects, counts={"N": N}, N=N)
    suspects = {
        "wrong_axis": dy.sum(axis=1),
        "summed_all": dy.sum(),
        "last_sample": dy[-1],
        "first_sample": dy[0],
        "mean": dy.mean(axis=0),
    }
    same("db", db, dy.sum(axis=0), suspects, counts={"N": N}, N=N)
    suspects = {"mean": dy @ W.T / N, "not_transposed": (W @ dy.T).reshape(x.shape)}
    same("dx", dx, dy @ W.T, suspects, counts={"N": N}, N=N)
    dy = np.random.default_rng(2).normal(size=dy.shape)

    def backward(x, W, b):
        dW, db, dx = answer.dense_backward(x, W, dy)
        return dx, dW, db

    measure("dx dW db", (x, W, b), lambda x, W, b: x @ W + b, backward, dy)


def _errors(a, n, c):
    """Return the relative error by (1.6) and what usual mistakes make of it."""
    apart, size = np.abs(a - n), np.maximum(np.maximum(np.abs(a), np.abs(n)), c)
    with np.errstate(divide="ignore", invalid="ignore"):
        bare = apart / np.maximum(np.abs(a), np.abs(n))
        by_numeric = apart / np.maximum(np.abs(n), c)
    return np.max(apart / size), {
        "absolute": np.max(apart),
        "by_largest": np.max(apart) / np.max(size),
        "mean_error": np.mean(apart / size),
        "signed": np.max((a - n) / size, initial=0),
        "numeric_only": np.max(by_numeric),
        "no_floor": np.max(np.nan_to_num(bare)),
    }


def gradient_error(answer):
    x = np.random.default_rng(3).uniform(0.3, 1.2, (3, 2))

    def each(x):
        return x**3 + 2 * np.sin(x)

    def f(x):
        return np.sum(each(x))

    n = 3 * x**2 + 2 * np.cos(x)  # to 1e-10, far below the errors planted here
    a = n.copy()
    a[0, 1] *= 0.75  # too small, so that the sign shows
    a[2, 0] *= 1.1
    h, c = 1e-4, 1e-4
    kept = x.copy()
    got = answer.gradient_error(f, x, a, h, c)
    if not np.allclose(x, kept, rtol=0, atol=1e-12):
        raise Wrong("not_put_back", "x")
    expected, suspects = _errors(a, n, c)
    suspects.pop("no_floor")
    suspects.pop("numeric_only")  # the same here
    slopes = (each(x + h) - each(x)) / h, (each(x) - each(x - h)) / h
    suspects["one_side"] = [_errors(a, slope, c)[0] for slope in slopes]
    same("error", got, expected, suspects, tolerance=1e-6)
    a = n.copy()
    a[1, 1] *= 4  # too large
    expected, suspects = _errors(a, n, c)
    suspects.pop("no_floor")
    same("error", answer.gradient_error(f, x.copy(), a, h, c), expected, suspects, tolerance=1e-5)
    small = np.zeros(3)  # x^2 at 0 has no slope; on one side only it has h
    a = np.array([0.0, 5e-5, 0.0])
    suspects = {"no_floor": 1.0}
    got = answer.gradient_error(lambda x: np.sum(x**2), small, a, 1e-3, c)
    same("error", got, 0.5, suspects, tolerance=1e-5)


CHECKS = {
    each.__name__: each
    for each in (numeric_derivative, dense_forward, dense_one_sample, dense_backward, gradient_error)
}
