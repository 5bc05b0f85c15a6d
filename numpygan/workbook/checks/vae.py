"""Exercises 20 and 21: an autoencoder's step, sampling and the KL."""

import numpy as np

from ..judge import Wrong, call, same, same_all, unpack
from .measured import measure
from .networks import network, require_change, require_gradients, state


def _step(E, D, x, mistake=None):
    """Do what exercise 20 asks, with one mistake if asked for; return (gradients of E, of D)."""
    if mistake != "not_cleared":
        E.zero_grad()
        D.zero_grad()
    y = D.forward(E.forward(x))
    scale = {"no_two": 1 / x.size, "by_samples": 2 / len(x), "uphill": -2 / x.size, "summed": 2.0}
    scale["raw_error/both"] = 1.0
    dy = scale.get(mistake, 2 / x.size) * (y - x)
    if mistake != "decoder_forgotten":
        D.parameter_gradients(dy)
    if mistake != "encoder_forgotten":
        E.parameter_gradients(D.input_gradient(y - x if mistake == "raw_error" else dy))
    return E.flat_grads.copy(), D.flat_grads.copy()


MISTAKES = (
    "not_cleared", "by_samples", "no_two", "uphill", "encoder_forgotten", "decoder_forgotten", "summed",
    "raw_error", "raw_error/both",
)  # fmt: skip


def autoencoder_step(answer):
    x = np.random.default_rng(16).normal(size=(5, 4))

    def networks():
        return network(4, 2, seed=1), network(2, 4, seed=2)

    E, D = networks()
    outcomes = {mistake: _step(*networks(), x, mistake) for mistake in (None, *MISTAKES)}
    before, all_before = D.flat_params.copy(), state([E, D])
    loss = answer.autoencoder_step(E, D, x)
    require_change("E, D", [E, D], all_before)
    if not np.array_equal(D.flat_params, before):
        raise Wrong("updated", "D")
    require_gradients("E D", [E, D])
    true = outcomes.pop(None)
    same_all(("E gradients", "D gradients"), (E.flat_grads, D.flat_grads), true, outcomes)
    error = (D.forward(E.forward(x)) - x) ** 2
    suspects = {"summed": error.sum(), "by_samples": error.sum() / len(x)}
    same("loss", loss, error.mean(), suspects)


def sampling(answer):
    rng = np.random.default_rng(17)
    mean, log_var, epsilon, dz = rng.normal(size=(4, 5, 3))
    std, var = np.exp(log_var / 2), np.exp(log_var)
    suspects = {"variance_as_std": mean + var * epsilon, "log_var_as_std": mean + log_var * epsilon}
    same("z", call(answer.sample, mean, log_var, epsilon), mean + std * epsilon, suspects)
    got = call(answer.sample_backward, dz, log_var, epsilon)
    true = dz * epsilon * std / 2
    dmean, dlog_var = unpack(got, "dmean dlog_var", (dz, true))
    factors = {"epsilon": epsilon, "std": std, "log_var": log_var, "dz": dz}
    same("dmean", dmean, dz, factors=factors)
    suspects = {
        "variance_as_std": [dz * epsilon * var, dz * epsilon * var / 2],
        "no_half": 2 * true,
        "no_epsilon": dz * std / 2,
        "no_std": dz * epsilon / 2,
    }
    same("dlog_var", dlog_var, true, suspects, factors=factors)
    _kl(answer, mean, log_var)


def _kl(answer, mean, log_var):
    """Judge the KL and its gradients."""
    N, std, var = len(mean), np.exp(log_var / 2), np.exp(log_var)
    each = (mean**2 + var - 1 - log_var) / 2
    value = each.sum() / N
    suspects = {
        "kl_std": ((mean**2 + std - 1 - log_var) / 2).sum() / N,
        "kl_sign": -value,
        "kl_mean": each.mean(),
        "kl_summed": each.sum(),
        "kl_no_half": 2 * value,
    }
    terms = {"log_var": -log_var, "mean^2": mean**2, "exp(log_var)": var, "-1": -np.ones_like(var)}
    terms = {name: term.sum() / (2 * N) for name, term in terms.items()}
    same("KL", call(answer.kl, mean, log_var), value, suspects, terms=terms)
    dmean, dlog_var = unpack(call(answer.kl_backward, mean, log_var), "dmean dlog_var")
    suspects = {
        "kl_not_averaged": mean,
        "kl_sign": -mean / N,
        "kl_no_half": 2 * mean / N,
        "kl_by_size": [mean / mean.size, 2 * mean / mean.size],
    }
    same("dmean", dmean, mean / N, suspects, N=N)
    suspects = {
        "kl_not_averaged": (var - 1) / 2,
        "kl_no_one": var / (2 * N),
        "kl_std": (std - 1) / (2 * N),
        "kl_sign": (1 - var) / (2 * N),
        "kl_no_half": (var - 1) / N,
        "kl_by_size": [(var - 1) / (2 * var.size), (var - 1) / var.size],
        "kl_log": (log_var - 1) / (2 * N),
    }
    same("dlog_var", dlog_var, (var - 1) / (2 * N), suspects, N=N)
    measure("dmean dlog_var", (mean, log_var), answer.kl, answer.kl_backward, 1.0)


CHECKS = {each.__name__: each for each in (autoencoder_step, sampling)}
