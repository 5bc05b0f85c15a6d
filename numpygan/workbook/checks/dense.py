"""Exercises 1 to 4: numeric derivative, dense layer."""

import numpy as np

from ..judge import call, same, unpack
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
        "parentheses": [f(x + h) - f(x - h) / d for d in (h, 2 * h)] + [f(x + h) / (2 * h) - f(x - h)],
        "from_x": [(f(x + h) - f(x)) / (2 * h), (f(x) - f(x - h)) / (2 * h)],
        "plus": (f(x + h) + f(x - h)) / (2 * h),
        "own_step": [3 * x * x + 2, 3 * x * x + (h / 2) ** 2 + 2],
    }
    same("f'(x)", answer.numeric_derivative(f, x, h), expected, suspects, tolerance=1e-8)
    falls = answer.numeric_derivative(lambda x: -f(x), x, h)
    same("f'(x)", falls, -expected, {"absolute_value": expected}, tolerance=1e-8)
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
        "bias_each_input": x @ W + len(W) * b,
        "last_input": [x[:, -1:] * W[-1] + b, x[:, -1:] * W[-1]],
    }
    same("y", call(answer.dense_forward, x, W, b), x @ W + b, suspects)


def dense_one_sample(answer):
    x, W, _, dy = _batch()
    x, dy = x[0], dy[0]
    true_dW = np.outer(x, dy)
    true = true_dW, dy, W @ dy
    dW, db, dx = unpack(call(answer.dense_one_sample, x, W, dy), "dW db dx", true)
    ones = np.ones_like(dy)
    factors = {"x": x[:, None], "dy": dy}
    same("dW", dW, true_dW, {"dy_forgotten": np.outer(x, ones)}, factors=factors)
    summed = [each * size for each in (dy.sum(), dy.mean()) for size in (1, ones)]
    same("db", db, dy, {"dy_forgotten": ones, "db_summed": summed})
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
        "summed_all": [dy.sum(), np.full(len(b), dy.sum())],
        "last_sample": dy[-1],
        "first_sample": dy[0],
        "mean": dy.mean(axis=0),
    }
    same("db", db, dy.sum(axis=0), suspects, counts={"N": N}, N=N)
    suspects = {
        "mean": dy @ W.T / N,
        "not_transposed": [(W @ dy.T).reshape(x.shape), dy @ W.reshape(W.T.shape)],
        "samples_mixed": np.broadcast_to(dy.sum(axis=0) @ W.T, x.shape),
    }
    same("dx", dx, dy @ W.T, suspects, counts={"N": N}, N=N)
    dy = np.random.default_rng(2).normal(size=dy.shape)

    def backward(x, W, b):
        dW, db, dx = answer.dense_backward(x, W, dy)
        return dx, dW, db

    measure("dx dW db", (x, W, b), lambda x, W, b: x @ W + b, backward, dy)


CHECKS = {
    each.__name__: each for each in (numeric_derivative, dense_forward, dense_one_sample, dense_backward)
}
