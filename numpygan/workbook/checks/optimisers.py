"""Exercises 10 to 12: momentum, Adam, initialisation."""

import math

import numpy as np

from ..judge import Wrong, same, same_all

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
    v *= {"no_momentum": 0, "velocity_kept": 1 + momentum, "velocity_kept/all": 1}.get(mistake, momentum)
    into_v = {
        "averaged": (1 - momentum) * rate,
        "no_rate": 1,
        "rate_outside": 1,
        "other_form": -1,
        "uphill/v": -rate,
    }
    v -= into_v.get(mistake, rate) * g
    moves = {
        "old_velocity": old,
        "rate_twice": rate * v,
        "rate_outside": rate * v,
        "other_form": -rate * v,
        "uphill": -v,
        "v_unused": -rate * g,
        "nesterov": momentum * v - rate * g,
        "g_again": v - rate * g,
    }
    p += moves.get(mistake, v)


MOMENTUM_MISTAKES = (
    "no_momentum", "averaged", "no_rate", "old_velocity", "rate_twice", "uphill", "uphill/v", "v_unused",
    "nesterov", "velocity_kept", "velocity_kept/all", "rate_outside", "other_form", "g_again",
)  # fmt: skip


def momentum_step(answer):
    start, gradients = _vectors()
    rate, momentum = 0.1, 0.9
    p, v = start.copy(), 0.05 * np.arange(1, 5)
    for g in gradients:
        outcomes = {}
        for mistake in (None, *MOMENTUM_MISTAKES):
            outcomes[mistake] = p.copy(), v.copy()
            _momentum(*outcomes[mistake], g, rate, momentum, mistake)
        _in_place(lambda p, v, g: answer.momentum_step(p, v, g, rate, momentum), p, {"v": v}, g)
        true = outcomes.pop(None)
        same_all("vp", (v, p), true[::-1], {key: each[::-1] for key, each in outcomes.items()})
    p, v = start.copy(), np.zeros(4)
    answer.momentum_step(p, v, gradients[0], rate, 0.0)  # plain gradient descent
    same("p", p, start - rate * gradients[0])


def _corrections(beta_1, beta_2, t, mistake):
    """Return what m and v are divided by."""
    wrong = {
        "no_power": (1 - beta_1, 1 - beta_2),
        "no_power/times": (1 - beta_1 * t, 1 - beta_2**t),
        "no_power/both": (1 - beta_1 * t, 1 - beta_2 * t),
        "power_outside": ((1 - beta_1) ** t, (1 - beta_2) ** t),
        "other_t": (1 - beta_1 ** (t + 1), 1 - beta_2 ** (t + 1)),
        "other_t/before": (1 - beta_1 ** (t - 1), 1 - beta_2 ** (t - 1)),
    }
    return wrong.get(mistake, (1 - beta_1**t, 1 - beta_2**t))


def _adam(p, m, v, g, t, rate, beta_1, beta_2, epsilon, mistake=None):
    if mistake == "betas_swapped":
        beta_1, beta_2 = beta_2, beta_1
    share_1, share_2 = (1, 1) if mistake == "no_share" else (1 - beta_1, 1 - beta_2)
    if mistake == "other_share":
        share_1, share_2 = share_2, share_1
    old = m.copy()
    m[...] = beta_1 * m + share_1 * g
    squares = {"not_squared": g, "not_squared/abs": np.abs(g), "m_squared": m * m, "m_squared/old": old * old}
    v[...] = beta_2 * v + share_2 * squares.get(mistake, g * g)
    by_m, by_v = _corrections(beta_1, beta_2, t, mistake)
    mhat = m if mistake in ("uncorrected", "uncorrected/m") else m / by_m
    vhat = v if mistake in ("uncorrected", "uncorrected/v") else v / by_v
    if mistake == "memory_corrected":
        m[...], v[...] = mhat, vhat
    with np.errstate(invalid="ignore"):
        size = vhat if mistake == "no_root" else np.sqrt(vhat)
        size = np.sqrt(vhat + epsilon) if mistake == "epsilon_inside" else size + epsilon
        size = np.sqrt(vhat) if mistake in ("no_epsilon", "epsilon_added", "epsilon_added/step") else size
    quotient = mhat / size + (epsilon if mistake == "epsilon_added/step" else 0)
    p += {"uphill": rate, "no_rate": -1}.get(mistake, -rate) * quotient
    p -= epsilon if mistake == "epsilon_added" else 0


ADAM_MISTAKES = (
    "betas_swapped", "other_share", "no_share", "memory_corrected", "not_squared", "not_squared/abs",
    "m_squared", "m_squared/old", "uncorrected", "uncorrected/m", "uncorrected/v", "no_power",
    "no_power/times", "no_power/both", "power_outside", "other_t", "other_t/before", "no_root",
    "epsilon_inside", "epsilon_added", "epsilon_added/step", "no_epsilon", "no_rate", "uphill",
)  # fmt: skip


def adam_step(answer):
    p, gradients = _vectors()
    m, v = 0.3 * gradients[-1], 0.2 + gradients[-1] ** 2  # some steps have been made
    settings = (0.01, 0.7, 0.9, 1e-2)  # a large epsilon, so that its place shows
    for t, g in enumerate(gradients, 3):
        outcomes = {}
        for mistake in (None, *ADAM_MISTAKES):
            outcomes[mistake] = p.copy(), m.copy(), v.copy()
            _adam(*outcomes[mistake], g, t, *settings, mistake)

        def step(p, m, v, g, t=t):
            answer.adam_step(p, m, v, g, t, *settings)

        _in_place(step, p, {"m": m, "v": v}, g)
        true = outcomes.pop(None)
        suspects = {key: (each[1], each[2], each[0]) for key, each in outcomes.items()}
        same_all("mvp", (m, v, p), (true[1], true[2], true[0]), suspects)
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
        "axes_added": math.sqrt(2 / sum(shape[:-1])),
        "uniform_six": math.sqrt(6 / fan_in),
        "kernel_height": math.sqrt(2 / shape[0]),
        "kernel_channels": math.sqrt(2 / shape[-2]),
        "not_scaled": 1.0,
        "uniform_limit": math.sqrt(2 / fan_in / 3),
        "root_of_two": math.sqrt(2) / fan_in,
        "all_axes": math.sqrt(2 / math.prod(shape)),
        "upside_down": math.sqrt(fan_in / 2),
        "multiplied": math.sqrt(2 * fan_in),
    }
    if not math.isclose(got, expected, rel_tol=0.04):
        cause = next((key for key, std in deviations.items() if math.isclose(got, std, rel_tol=0.04)), None)
        raise Wrong(cause, f"std({name})", None, got, expected)
    if np.max(np.abs(W)) < 2.5 * got:  # of 10,000 normal numbers the largest is near 4
        raise Wrong("uniform", f"max|{name}|", None, float(np.max(np.abs(W))), 4 * expected)


CHECKS = {each.__name__: each for each in (momentum_step, adam_step, he_normal)}
