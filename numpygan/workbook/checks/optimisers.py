"""Exercises 10 to 12: momentum, Adam, initialisation."""

import math

import numpy as np

from ..judge import Wrong, same, variants

STEPS = 3


def _vectors():
    rng = np.random.default_rng(5)
    return rng.normal(size=4), rng.normal(size=(STEPS, 4))


def _in_place(step, p, memory, g):
    """Call step(p, *memory, g); return what it left in them, or raise Wrong if it changed nothing, or g."""
    before = [array.copy() for array in (p, *memory.values())]
    kept = g.copy()
    step(p, *memory.values(), g)
    if not np.array_equal(g, kept):
        raise Wrong("writes_into", "g")
    for (name, array), old in zip([("p", p), *memory.items()], before):
        if np.array_equal(array, old) and np.any(g):
            raise Wrong("not_in_place", name)


def _momentum(p, v, g, rate, momentum, mistake=None):
    old = v.copy()
    v *= 0 if mistake == "no_momentum" else momentum
    scale = 1 - momentum if mistake == "averaged" else 1
    v -= (1 if mistake == "no_rate" else rate) * scale * g
    moves = {"old_velocity": old, "rate_twice": rate * v, "uphill": -v, "v_unused": -rate * g}
    p += moves.get(mistake, v)


def momentum_step(answer):
    start, gradients = _vectors()
    rate, momentum = 0.1, 0.9
    mistakes = ("no_momentum", "averaged", "no_rate", "old_velocity", "rate_twice", "uphill", "v_unused")
    p, v = start.copy(), np.full(4, 0.05)
    for g in gradients:
        outcomes = {}
        for mistake in (None, *mistakes):
            outcomes[mistake] = p.copy(), v.copy()
            _momentum(*outcomes[mistake], g, rate, momentum, mistake)
        before, uphill = v.copy(), momentum * v + rate * g
        _in_place(lambda p, v, g: answer.momentum_step(p, v, g, rate, momentum), p, {"v": v}, g)
        suspects = {m: outcomes[m][1] for m in ("no_momentum", "averaged", "no_rate")}
        suspects |= {"uphill": uphill, "other_form": momentum * before + g}
        same("v", v, outcomes[None][1], suspects)
        same("p", p, outcomes[None][0], {m: outcomes[m][0] for m in mistakes[3:]})
    p, v = start.copy(), np.zeros(4)
    answer.momentum_step(p, v, gradients[0], rate, 0.0)  # plain gradient descent
    same("p", p, start - rate * gradients[0])


def _adam(p, m, v, g, t, rate, beta_1, beta_2, epsilon, mistake=None):
    if mistake == "betas_swapped":
        beta_1, beta_2 = beta_2, beta_1
    share_1, share_2 = (1, 1) if mistake == "no_share" else (1 - beta_1, 1 - beta_2)
    m[...] = beta_1 * m + share_1 * g
    v[...] = beta_2 * v + share_2 * {"not_squared": g, "not_squared/abs": np.abs(g)}.get(mistake, g * g)
    by_m, by_v = 1 - beta_1**t, 1 - beta_2**t
    if mistake == "no_power":
        by_m, by_v = 1 - beta_1, 1 - beta_2
    if mistake == "no_power/times":
        by_m, by_v = 1 - beta_1 * t, by_v
    mhat = m if mistake in ("uncorrected", "uncorrected/m") else m / by_m
    vhat = v if mistake in ("uncorrected", "uncorrected/v") else v / by_v
    if mistake == "memory_corrected":
        m[...], v[...] = mhat, vhat
    with np.errstate(invalid="ignore"):
        size = vhat if mistake == "no_root" else np.sqrt(vhat)
        size = np.sqrt(vhat + epsilon) if mistake == "epsilon_inside" else size + epsilon
        size = np.sqrt(vhat) if mistake == "no_epsilon" else size
    p += (rate if mistake == "uphill" else -rate) * mhat / size


def adam_step(answer):
    p, gradients = _vectors()
    m, v = 0.3 * gradients[-1], 0.2 + gradients[-1] ** 2  # some steps have been made
    settings = (0.01, 0.7, 0.9, 1e-2)  # a large epsilon, so that its place shows
    of_m = ("betas_swapped", "no_share", "memory_corrected")
    of_v = (*of_m, "not_squared", "not_squared/abs")
    of_p = (
        "uncorrected", "uncorrected/m", "uncorrected/v", "no_power", "no_power/times", "no_root",
        "epsilon_inside", "no_epsilon", "uphill",
    )  # fmt: skip
    for t, g in enumerate(gradients, 2):
        outcomes = {}
        for mistake in (None, *of_v, *of_p):
            outcomes[mistake] = p.copy(), m.copy(), v.copy()
            _adam(*outcomes[mistake], g, t, *settings, mistake)

        def step(p, m, v, g, t=t):
            answer.adam_step(p, m, v, g, t, *settings)

        _in_place(step, p, {"m": m, "v": v}, g)
        same("m", m, outcomes[None][1], variants({key: outcomes[key][1] for key in of_m}))
        same("v", v, outcomes[None][2], variants({key: outcomes[key][2] for key in of_v}))
        same("p", p, outcomes[None][0], variants({key: outcomes[key][0] for key in of_p}))
    p, m, v = np.ones(4), np.zeros(4), np.zeros(4)  # the first step is one learning rate long
    answer.adam_step(p, m, v, gradients[0], 1, *settings[:3], 1e-12)
    same("p", p, 1 - settings[0] * np.sign(gradients[0]))


def he_normal(answer):
    for shape in ((60, 150), (3, 3, 20, 60)):
        W = np.asarray(answer.he_normal(shape, np.random.default_rng(6)))
        if W.shape != shape:
            raise Wrong("shape", "W", is_shape=str(W.shape), expected_shape=str(shape))
        if not np.array_equal(W, answer.he_normal(shape, np.random.default_rng(6))):
            raise Wrong("not_rng", "W")
        _size("W", W, shape)


def _size(name, W, shape):
    """Raise Wrong unless W, some 10,000 numbers, is drawn from the right distribution."""
    fan_in, fan_out = math.prod(shape[:-1]), math.prod(shape[:-2]) * shape[-1]
    expected, got = math.sqrt(2 / fan_in), float(np.std(W))
    if abs(np.mean(W)) > 0.1 * got:
        raise Wrong("not_centred", name, None, float(np.mean(W)), 0.0)
    deviations = {
        "variance_as_std": 2 / fan_in,
        "fan_out": math.sqrt(2 / fan_out),
        "no_two": math.sqrt(1 / fan_in),
        "glorot": math.sqrt(2 / (fan_in + fan_out)),
        "kernel_height": math.sqrt(2 / shape[0]),
        "kernel_channels": math.sqrt(2 / shape[-2]),
        "not_scaled": 1.0,
    }
    if not math.isclose(got, expected, rel_tol=0.04):
        cause = next((key for key, std in deviations.items() if math.isclose(got, std, rel_tol=0.04)), None)
        raise Wrong(cause, f"std({name})", None, got, expected)
    if np.max(np.abs(W)) < 2.5 * got:  # of 10,000 normal numbers the largest is near 4
        raise Wrong("uniform", f"max|{name}|", None, float(np.max(np.abs(W))), 4 * expected)


CHECKS = {each.__name__: each for each in (momentum_step, adam_step, he_normal)}
