"""Exercises 6 to 9: LeakyReLU, tanh, sigmoid, binary cross-entropy."""

import numpy as np

from ...layers.activations import sigmoid as true_sigmoid
from ..judge import Wrong, call, same
from .measured import measure

LARGE = np.array([[1000.0, -1000.0, 0.0]])


def _inputs():
    rng = np.random.default_rng(4)
    x = rng.normal(scale=1.5, size=(4, 3))
    x[np.abs(x) < 0.1] = 0.3  # away from kinks
    x[0, :2] = 0.12, -0.12  # but not far
    return x, rng.normal(size=(4, 3))


def survives(name, expected, function, *inputs):
    """Raise Wrong if inputs of 1000 make a function overflow, or return what it should not."""
    y = call(function, *inputs)
    if y is not None and not np.all(np.isfinite(y)):
        at = np.argwhere(~np.isfinite(np.atleast_1d(y)))[0]
        raise Wrong("overflow", name, tuple(map(int, at)) if np.ndim(y) else None)
    with np.errstate(over="raise"):
        try:
            function(*inputs)
        except FloatingPointError:
            raise Wrong("overflow", name) from None
    try:
        same(name, y, expected)
    except Wrong as wrong:
        if wrong.cause in (None, "imprecise"):
            wrong.cause = "clipped"
        raise


def leaky_relu(answer):
    (x, dy), slope = _inputs(), 0.2
    suspects = {
        "plain_relu": np.maximum(x, 0),
        "sides_swapped": np.where(x > 0, slope * x, x),
        "slope_alone": np.where(x > 0, x, slope),
        "slope_sign": np.where(x > 0, x, -slope * x),
        "slope_everywhere": slope * x,
    }
    same("y", call(answer.leaky_relu, x, slope), np.where(x > 0, x, slope * x), suspects)
    d = np.where(x > 0, 1, slope)
    suspects = {
        "plain_relu": dy * (x > 0),
        "sides_swapped": dy * np.where(x > 0, slope, 1),
        "slope_without_dy": np.where(x > 0, dy, slope),
        "slope_sign": np.where(x > 0, dy, -slope * dy),
        "slope_everywhere": slope * dy,
        "dy_forgotten": d,
        "sign_of_dy": np.where(dy > 0, dy, slope * dy),
        "times_x": dy * x * d,
    }
    same("dx", call(answer.leaky_relu_backward, dy, x, slope), dy * d, suspects)
    forward, backward = answer.leaky_relu, answer.leaky_relu_backward
    measure("dx", (x,), lambda x: forward(x, slope), lambda x: (backward(dy, x, slope),), dy)


def tanh(answer):
    x, dy = _inputs()
    y = np.tanh(x)
    suspects = {"other_argument": [np.tanh(x / 2), np.tanh(2 * x)], "sigmoid_itself": true_sigmoid(x)}
    same("y", call(answer.tanh_forward, x), y, suspects)
    survives("y", np.tanh(LARGE), answer.tanh_forward, LARGE)
    suspects = {
        "not_squared": dy * (1 - y),
        "twice": dy * (1 - np.tanh(y) ** 2),
        "dy_forgotten": 1 - y * y,
        "plus": dy * (1 + y * y),
        "of_sigmoid": dy * y * (1 - y),
        "dy_unchanged": dy,
        "parentheses": [dy - y * y, dy * y - y, dy - y],
        "square_of_difference": dy * (1 - y) ** 2,
    }
    factors = {"dy": dy, "1 - y^2": 1 - y * y, "y": y}
    same("dx", call(answer.tanh_backward, dy, y), dy * (1 - y * y), suspects, factors=factors)
    measure("dx", (x,), answer.tanh_forward, lambda x: (answer.tanh_backward(dy, np.tanh(x)),), dy)


def sigmoid(answer):
    x, dy = _inputs()
    y = true_sigmoid(x)
    suspects = {"mirrored": 1 - y, "no_absolute": np.maximum(y, 1 - y), "tanh_itself": np.tanh(x)}
    same("y", call(answer.sigmoid, x), y, suspects)
    survives("y", true_sigmoid(LARGE), answer.sigmoid, LARGE)
    twice = true_sigmoid(y)
    suspects = {
        "twice": dy * twice * (1 - twice),
        "dy_forgotten": y * (1 - y),
        "of_tanh": dy * (1 - y * y),
        "plus": dy * y * (1 + y),
        "parentheses": [dy * y - y, dy - y * y, dy * y - y * y],
    }
    factors = {"dy": dy, "y": y, "1 - y": 1 - y, "y (1 - y)": y * (1 - y)}
    same("dx", call(answer.sigmoid_backward, dy, y), dy * y * (1 - y), suspects, factors=factors)
    measure("dx", (x,), true_sigmoid, lambda x: (answer.sigmoid_backward(dy, true_sigmoid(x)),), dy)


def _cross_entropy(z, t):
    return np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))


def _guarded(p, t, epsilon):
    """Return the cross-entropy with a small number in its logarithms."""
    return -np.mean(t * np.log(p + epsilon) + (1 - t) * np.log(1 - p + epsilon))


def bce(answer):
    z, _ = _inputs()
    t = (np.arange(z.size).reshape(z.shape) % 3 == 0).astype(float)
    p, M, each = true_sigmoid(z), z.size, _cross_entropy(z, t)
    suspects = {
        "summed": each.sum(),
        "by_samples": each.sum() / len(z),
        "targets_swapped": _cross_entropy(z, 1 - t).mean(),
        "no_target": (each + t * z).mean(),
        "sign": -each.mean(),
        "largest_of_all": [(each + m - np.maximum(z, 0)).mean() for m in (np.max(z, 0), np.max(z))],
        "clipped": [_guarded(p, t, epsilon) for epsilon in 10.0 ** -np.arange(2, 13)],
    }
    terms = {"t z": -t * z, "max(z, 0)": np.maximum(z, 0), "log(1 + exp(-|z|))": np.log1p(np.exp(-np.abs(z)))}
    terms = {name: term.mean() for name, term in terms.items()}
    same("loss", call(answer.bce_loss, z, t), each.mean(), suspects, terms=terms, M=M)
    suspects = {
        "no_mean_in_gradient": p - t,
        "by_samples": [(p - t) / len(z), (p - t) / z.shape[1]],
        "of_probability": (p - t) / (p * (1 - p)) / M,
        "no_sigmoid": (z - t) / M,
        "targets_swapped": (p - 1 + t) / M,
        "no_target": p / M,
        "sigmoid_again": (p - t) * p * (1 - p) / M,
        "parentheses": p - t / M,
    }
    same("dz", call(answer.bce_gradient, z, t), (p - t) / M, suspects, M=M)
    large, target = np.array([[1000.0, -1000.0, 30.0]]), np.array([[0.0, 1.0, 1.0]])
    survives("loss", _cross_entropy(large, target).mean(), answer.bce_loss, large, target)
    survives("dz", (true_sigmoid(large) - target) / 3, answer.bce_gradient, large, target)
    measure("dz", (z,), lambda z: answer.bce_loss(z, t), lambda z: (answer.bce_gradient(z, t),), 1.0)


CHECKS = {each.__name__: each for each in (leaky_relu, tanh, sigmoid, bce)}
