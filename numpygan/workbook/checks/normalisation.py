"""Exercises 17 and 18: batch normalisation, in training and in inference."""

import numpy as np

from ..judge import call, same, unpack
from .measured import measure

EPSILON = 0.05  # large, so that its place shows


def _inputs():
    rng = np.random.default_rng(11)
    x, dy = 2 * rng.normal(size=(6, 3)) + 1, rng.normal(size=(6, 3))
    return x, rng.uniform(0.5, 2, 3), rng.normal(size=3), dy


def batch_norm(answer):
    x, gamma, beta, dy = _inputs()
    xhat, std = _forward(answer, x, gamma, beta)
    _backward(answer, dy, gamma, xhat, std)

    def backward(x, gamma, beta):
        _, xhat, std = answer.batch_norm_forward(x, gamma, beta, EPSILON)
        return answer.batch_norm_backward(dy, gamma, xhat, std)

    def forward(x, gamma, beta):
        return answer.batch_norm_forward(x, gamma, beta, EPSILON)[0]

    measure("dx dgamma dbeta", (x, gamma, beta), forward, backward, dy)


def _forward(answer, x, gamma, beta):
    """Judge the forward pass and return the true xhat and std."""
    centred, var = x - x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + EPSILON)
    rows = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    scales = {
        "epsilon_outside": np.sqrt(var) + EPSILON,
        "sample_variance": np.sqrt(x.var(axis=0, ddof=1) + EPSILON),
        "by_variance": var + EPSILON,
    }
    suspects = {key: gamma * centred / scale + beta for key, scale in scales.items()}
    suspects["no_epsilon"] = gamma * centred / np.sqrt(var) + beta
    off = x - rows[0]
    suspects["wrong_axis"] = [
        gamma * off / np.sqrt(scale + EPSILON) + beta for scale in (rows[1], (off**2).mean(axis=0))
    ]
    true_xhat = centred / std
    mean, of_all = x - x.mean(), x.var()
    suspects["over_everything"] = [
        gamma * mean / np.sqrt((mean**2).mean(axis=0) + EPSILON) + beta,
        gamma * mean / std + beta,
        gamma * mean / np.sqrt(of_all + EPSILON) + beta,
        gamma * centred / np.sqrt(of_all + EPSILON) + beta,
    ]
    suspects |= {
        "not_scaled": true_xhat,
        "swapped": beta * true_xhat + gamma,
        "beta_in_product": gamma * (true_xhat + beta),
        "not_centred": gamma * x / std + beta,
    }
    true = gamma * true_xhat + beta, true_xhat, std
    got = call(answer.batch_norm_forward, x, gamma, beta, EPSILON)
    y, xhat, scale = unpack(got, "y xhat std", true)
    same("y", y, true[0], suspects, terms={"beta": beta})
    same("xhat", xhat, true_xhat)
    same("std", scale, std, {**scales, "no_epsilon": np.sqrt(var)})
    return true_xhat, std


def _backward(answer, dy, gamma, xhat, std):
    """Judge the backward pass, given the true xhat and std."""
    m, dbeta, dgamma = len(dy), dy.sum(axis=0), (dy * xhat).sum(axis=0)
    C, terms = dy.shape[1], (dbeta / m, xhat * dgamma / m)
    got = call(answer.batch_norm_backward, dy, gamma, xhat, std)
    true_dx = gamma / std * (dy - terms[0] - terms[1])
    dx, got_dgamma, got_dbeta = unpack(got, "dx dgamma dbeta", (true_dx, dgamma, dbeta))
    suspects = {
        "direct_only": gamma / std * dy,
        "no_mean_path": gamma / std * (dy - terms[1]),
        "no_variance_path": gamma / std * (dy - terms[0]),
        "no_gamma": true_dx / gamma,
        "not_over_m": gamma / std * (dy - dbeta - xhat * dgamma),
        "without_xhat": gamma / std * (dy - terms[0] - xhat * dbeta / m),
        "sums_swapped": gamma / std * (dy - dgamma / m - xhat * dbeta / m),
        "over_size": [
            gamma / std * (dy - dbeta / dy.size - xhat * dgamma / dy.size),
            gamma / std * (dy - dbeta / C - xhat * dgamma / C),
        ],
        "averaged": [
            gamma / std * (dy - terms[0] / m - terms[1]),
            gamma / std * (dy - terms[0] - terms[1] / m),
            gamma / std * (dy - (terms[0] + terms[1]) / m),
        ],
    }
    parts = {"dbeta / m": -gamma / std * terms[0], "xhat dgamma / m": -gamma / std * terms[1]}
    same("dx", dx, true_dx, suspects, factors={"gamma": gamma, "1 / std": 1 / std}, terms=parts)
    same("dgamma", got_dgamma, dgamma, {"without_xhat": dbeta, "averaged": dgamma / m})
    same("dbeta", got_dbeta, dbeta, {"averaged": dbeta / m})


def batch_norm_inference(answer):
    x, gamma, beta, dy = _inputs()
    mean, var = np.array([0.3, -0.2, 1.0]), np.array([1.0, 2.0, 0.5])
    _running(answer, x, mean, var, momentum=0.8)
    std = np.sqrt(var + EPSILON)
    own = np.sqrt(x.var(axis=0) + EPSILON)
    y = gamma * (x - mean) / std + beta
    suspects = {
        "batch_statistics": [
            gamma * (x - x.mean(axis=0)) / own + beta,
            gamma * (x - mean) / own + beta,
            gamma * (x - x.mean(axis=0)) / std + beta,
        ],
        "no_root": gamma * (x - mean) / (var + EPSILON) + beta,
        "beta_in_product": gamma * ((x - mean) / std + beta),
        "no_gamma": (x - mean) / std + beta,
        "no_epsilon": gamma * (x - mean) / np.sqrt(var) + beta,
    }
    got = call(answer.batch_norm_inference, x, gamma, beta, mean, var, EPSILON)
    same("y", got, y, suspects, terms={"beta": beta, "moving_mean": -gamma * mean / std})
    xhat, m = (x - mean) / std, len(dy)
    direct = gamma / std * dy
    suspects = {
        "three_paths": [
            gamma / std * (dy - dy.mean(axis=0)),
            gamma / std * (dy - dy.mean(axis=0) - xhat * (dy * xhat).sum(axis=0) / m),
        ],
        "no_root": gamma / (var + EPSILON) * dy,
        "no_gamma": dy / std,
        "no_epsilon": gamma / np.sqrt(var) * dy,
    }
    same("dx", call(answer.batch_norm_inference_backward, dy, gamma, var, EPSILON), direct, suspects)


def _running(answer, x, old_mean, old_var, momentum):
    """Judge the running averages, given what they were."""
    mean, var = old_mean.copy(), old_var.copy()
    answer.update_running(mean, var, x, momentum)
    for name, now, old, of_batch, over_all in (
        ("moving_mean", mean, old_mean, x.mean(axis=0), x.mean()),
        ("moving_var", var, old_var, x.var(axis=0), x.var()),
    ):
        suspects = {
            "not_in_place": old,
            "momentum_swapped": (1 - momentum) * old + momentum * of_batch,
            "averages_std": momentum * old + (1 - momentum) * np.sqrt(of_batch),
            "over_everything": momentum * old + (1 - momentum) * over_all,
            "about_moving_mean": [
                momentum * old + (1 - momentum) * ((x - about) ** 2).mean(axis=0)
                for about in (old_mean, mean)
            ],
            "only_new": of_batch,
            "not_kept": old + (1 - momentum) * of_batch,
            "sample_variance": momentum * old + (1 - momentum) * x.var(axis=0, ddof=1),
        }
        same(name, now, momentum * old + (1 - momentum) * of_batch, suspects)


CHECKS = {each.__name__: each for each in (batch_norm, batch_norm_inference)}
