"""Exercises 25 and 26: gradient penalty, a cycle."""

import numpy as np

from ..judge import Wrong, call, same, same_all, unpack, variants
from .measured import measure
from .networks import network, require_change, require_gradients, state


def _penalty(x, W1, b1, w2, slope, mistake=None):
    """Return P, dW1, dw2, with one mistake if asked for."""
    h = x @ W1 + (0 if mistake == "no_bias" else b1)
    s = np.where(h > 0, 1, {"plain_relu": 0, "no_slope": 1}.get(mistake, slope))
    s = s * h if mistake == "value_of_relu" else s
    g = (s if mistake == "g_without_w2" else s * w2) @ W1.T
    axis = {"one_length": None, "one_length/over_N": None, "wrong_axis": 0}.get(mistake, 1)
    squares = (g**2).sum(axis=axis, keepdims=True)
    length = squares if mistake == "no_root" else np.sqrt(squares)
    N = 1 if mistake == "not_averaged" else len(x)
    off = length if mistake == "towards_zero" else length - 1
    off = np.maximum(off, 0) if mistake == "one_sided" else off
    P = np.sum(off**2) / {"not_averaged": 1, "one_length/over_N": len(x)}.get(mistake, np.size(off))
    u = (1 if mistake == "no_two" else 2) / N * off * g
    u = u if mistake == "no_direction" else u / length
    dW1 = u.T @ (s if mistake == "w1_without_w2" else s * w2)
    dw2 = ((1 if mistake == "w2_without_s" else s) * (u @ W1)).sum(axis=0)
    return P, dW1, dw2


PENALTY_MISTAKES = (
    "no_root", "no_slope", "plain_relu", "no_bias", "not_averaged", "no_two", "no_direction", "towards_zero",
    "w2_without_s", "w1_without_w2", "one_length", "one_length/over_N", "wrong_axis",
    "g_without_w2", "one_sided", "value_of_relu",
)  # fmt: skip


def gradient_penalty(answer):
    rng = np.random.default_rng(21)
    x, W1, b1, w2 = (
        rng.normal(size=(5, 3)),
        rng.normal(size=(3, 4)),
        2 * rng.normal(size=4),
        rng.normal(size=4),
    )
    slope, names = 0.2, ("P", "dW1", "dw2")
    for scale in (1.0, 0.3):  # lengths above 1, and below
        arguments = x, scale * W1, b1, w2, slope
        got = unpack(call(answer.gradient_penalty, *arguments), " ".join(names))
        expected = _penalty(*arguments)
        suspects = {mistake: _penalty(*arguments, mistake) for mistake in PENALTY_MISTAKES}
        for k, name in enumerate(names):
            outcomes = variants({mistake: each[k] for mistake, each in suspects.items()})
            same(name, got[k], expected[k], outcomes, N=len(x))

    def forward(W1, w2):
        return answer.gradient_penalty(x, W1, b1, w2, slope)[0]

    def backward(W1, w2):
        return answer.gradient_penalty(x, W1, b1, w2, slope)[1:]

    measure("dW1 dw2", (W1, w2), forward, backward, 1.0)


def _cycle(G, F, D, a, weight, mistake):
    """Do what exercise 26 asks, with one mistake if asked for."""
    fake = G.forward(a)
    again = F.forward(fake)
    logits = D.forward(again if mistake == "judges_again" else fake)
    if mistake != "not_cleared":
        G.zero_grad()
        F.zero_grad()
    difference = again - (fake if mistake == "compared_with_fake" else a)
    slope = difference if mistake == "squared" else np.sign(difference)
    dagain = (
        (1 if mistake in ("no_weight", "weight_on_judge") else weight)
        * slope
        / (1 if mistake == "not_averaged" else a.size)
    )
    dagain = -dagain if mistake == "cycle_sign" else dagain
    from_F = F.input_gradient(dagain)
    if mistake != "f_learns_nothing":
        F.parameter_gradients(dagain)
    target, two = 0 if mistake == "target" else 1, 1 if mistake == "no_two" else 2
    dlogits = two * (logits - target) / logits.size
    dlogits = weight * dlogits if mistake in ("weight_on_judge", "weight_on_both") else dlogits
    from_D = D.input_gradient(dlogits)
    if mistake == "d_asked_both":
        D.parameter_gradients(dlogits)
    messages = {"no_judge": from_F, "no_way_back": from_D, "judge_sign": from_F - from_D}
    G.parameter_gradients(messages.get(mistake, from_F + from_D))


CYCLE_MISTAKES = (
    "no_judge", "no_way_back", "f_learns_nothing", "d_asked_both", "no_weight", "not_averaged", "squared",
    "not_cleared", "target", "no_two", "judge_sign", "cycle_sign",
    "judges_again", "compared_with_fake", "weight_on_judge", "weight_on_both",
)  # fmt: skip


def cycle(answer):
    a, weight = np.random.default_rng(22).normal(size=(5, 3)), 3.0

    def play(step):
        nets = network(3, 3, seed=7), network(3, 3, seed=8), network(3, 1, seed=9)
        start, before = [net.flat_params.copy() for net in nets], state(nets)
        result = step(*nets)
        require_change("G, F, D", nets, before)
        if any(not np.array_equal(net.flat_params, old) for net, old in zip(nets, start)):
            raise Wrong("updated", "G, F, D")
        return nets, result

    outcomes = {}
    for mistake in (None, *CYCLE_MISTAKES):
        nets, _ = play(lambda *nets, mistake=mistake: _cycle(*nets, a, weight, mistake))
        outcomes[mistake] = [net.flat_grads for net in nets]
    (G, F, D), loss = play(lambda G, F, D: answer.cycle_step(G, F, D, a, weight))
    require_gradients("G F", [G, F])
    true = outcomes.pop(None)
    of_D = D.flat_grads if np.any(D.flat_grads) else true[2]  # cleared, which does no harm
    names = ("D gradients", "F gradients", "G gradients")
    suspects = {key: each[::-1] for key, each in outcomes.items()}
    same_all(names, (of_D, F.flat_grads, G.flat_grads), true[::-1], suspects)
    _cycle_loss(loss, G, F, D, a, weight)


def _cycle_loss(loss, G, F, D, a, weight):
    fake = G.forward(a)
    again, logits = F.forward(fake), D.forward(fake)
    judged, back = np.mean((logits - 1) ** 2), np.mean(np.abs(again - a))
    suspects = {
        "no_weight": judged + back,
        "no_judge": weight * back,
        "no_way_back": judged,
        "squared": judged + weight * np.mean((again - a) ** 2),
        "target": np.mean(logits**2) + weight * back,
        "judges_again": np.mean((D.forward(again) - 1) ** 2) + weight * back,
        "compared_with_fake": judged + weight * np.mean(np.abs(again - fake)),
        "weight_on_judge": weight * judged + back,
        "weight_on_both": weight * (judged + back),
        "loss_summed": [np.sum((logits - 1) ** 2) + weight * back * size for size in (1, a.size)]
        + [judged + weight * back * a.size],
    }
    same("loss", loss, judged + weight * back, suspects)


CHECKS = {each.__name__: each for each in (gradient_penalty, cycle)}
