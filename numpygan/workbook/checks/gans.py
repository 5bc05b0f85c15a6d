"""Exercises 22 to 24: a GAN's steps, its losses, a DCGAN's iteration."""

import numpy as np

from ...layers.activations import sigmoid
from ..judge import call, same, variants
from .activations import LARGE, survives
from .measured import measure
from .networks import network, require_change, state, update


def bce_gradient(logits, target):
    return (sigmoid(logits) - target) / logits.size


def _judged(D, x, target, **mode):
    D.parameter_gradients(bce_gradient(D.forward(x, **mode), target))


def _gan_step(G, D, real, z_fake, z_new, mistake):
    """Do what exercise 22 asks, with one mistake if asked for."""
    logits = _teach_discriminator(D, real, G.forward(z_fake), mistake)
    if mistake == "g_not_updated":
        return
    if mistake != "old_judge":
        logits = D.forward(G.forward(z_fake if mistake == "same_noise" else z_new))
    dlogits = bce_gradient(logits, 0 if mistake == "target_of_g" else 1)
    if mistake in ("d_updated", "asked_both"):
        D.parameter_gradients(dlogits)
    if mistake != "g_not_cleared":
        G.zero_grad()
    G.parameter_gradients(D.input_gradient(dlogits))
    update(G)
    if mistake == "d_updated/cleared":
        D.zero_grad()
        D.parameter_gradients(dlogits)
    if mistake in ("d_updated", "d_updated/cleared"):
        update(D)


def _teach_discriminator(D, real, fake, mistake):
    """Do the first two steps and return the logits of the fakes, from before the update."""
    targets = {"targets_swapped": (0, 1), "target_of_fake": (1, 1)}.get(mistake, (1, 0))
    batches = [real, fake][: 1 if mistake == "no_fakes" else 2]
    seen = [D.forward(x) for x in batches]
    if mistake != "d_not_cleared":
        D.zero_grad()
    for k, (x, target) in enumerate(zip(batches, targets)):
        logits = seen[k] if mistake == "stale" else D.forward(x)
        if k == 1 and mistake not in ("one_step", "d_not_cleared"):
            D.zero_grad()
        D.parameter_gradients(bce_gradient(logits, target))
        if mistake != "d_not_updated" and (mistake, k) != ("one_step", 0):
            update(D)
    return logits


GAN_MISTAKES = (
    "target_of_g", "target_of_fake", "d_updated", "d_updated/cleared", "asked_both", "d_not_cleared",
    "g_not_cleared", "same_noise", "old_judge", "stale", "g_not_updated", "one_step",
    "targets_swapped", "no_fakes", "d_not_updated",
)  # fmt: skip


def _compare(step, mistakes, networks, play):
    """Let the answer play a step; compare both networks with what the right one and mistakes give.

    Args:
        step: (G, D, mistake) -> result, the right step or one with a mistake; mistakes: names of causes,
            such as "stale", or "stale/variant" for a variant of one.
        networks: makes G and D; play: (G, D) -> result, the answer's.
    """
    outcomes = {}
    for mistake in (None, *mistakes):
        G, D = networks()
        step(G, D, mistake)
        outcomes[mistake] = D.flat_params, G.flat_params, D.flat_grads
    G, D = networks()
    before = state([G, D])
    result = play(G, D)
    require_change("G, D", [G, D], before)
    # D's gradients may also have been cleared at the end, which does no harm.
    got = D.flat_params, G.flat_params, D.flat_grads if np.any(D.flat_grads) else outcomes[None][2]
    names = ("D parameters", "G parameters", "D gradients")
    for mistake, outcome in outcomes.items():  # first those that explain all three vectors
        if mistake and all(np.allclose(a, b, rtol=1e-9, atol=1e-12) for a, b in zip(got, outcome)):
            for name, array, true in zip(names, got, outcomes[None]):
                same(name, array, true, {mistake.partition("/")[0]: array})
    for k, name in enumerate(names):
        suspects = variants({mistake: outcome[k] for mistake, outcome in outcomes.items() if mistake})
        same(name, got[k], outcomes[None][k], suspects)
    return result


def gan_step(answer):
    rng = np.random.default_rng(18)
    real, z_fake, z_new = rng.normal(size=(5, 3)) + 1, rng.normal(size=(5, 2)), rng.normal(size=(5, 2))

    def networks():
        return network(2, 3, seed=3), network(3, 1, seed=4)

    def step(G, D, mistake):
        _gan_step(G, D, real, z_fake, z_new, mistake)

    def play(G, D):
        answer.gan_step(G, D, real, z_fake, z_new, bce_gradient, update)

    _compare(step, GAN_MISTAKES, networks, play)


def generator_loss(answer):
    logits = np.random.default_rng(19).normal(scale=2, size=(4, 1))
    M, D = logits.size, sigmoid(logits)
    each = -np.log(D)
    suspects = {
        "of_fakes": -np.log(1 - D).mean(),
        "not_averaged": each.sum(),
        "minus": -each.mean(),
    }
    same("loss", call(answer.generator_loss, logits), each.mean(), suspects, M=M)
    suspects = {
        "saturating": -D / M,
        "of_fakes": D / M,
        "not_averaged": D - 1,
        "uphill": (1 - D) / M,
    }
    same("gradient", call(answer.generator_gradient, logits), (D - 1) / M, suspects, M=M)
    suspects = {"non_saturating": (D - 1) / M, "not_averaged": -D, "uphill": D / M}
    same("saturating gradient", call(answer.saturating_gradient, logits), -D / M, suspects, M=M)
    belief = sigmoid(LARGE)
    softplus = np.maximum(-LARGE, 0) + np.log1p(np.exp(-np.abs(LARGE)))
    survives("loss", softplus.mean(), answer.generator_loss, LARGE)
    survives("gradient", (belief - 1) / 3, answer.generator_gradient, LARGE)
    survives("saturating gradient", -belief / 3, answer.saturating_gradient, LARGE)
    measure("dl", (logits,), answer.generator_loss, lambda z: (answer.generator_gradient(z),), 1.0)


def _dcgan_iteration(G, D, real, z_fake, z_new, mistake):
    """Do what exercise 24 asks, but for the images to show, with one mistake if asked for."""
    g_mode, d_mode = mistake != "g_inference", mistake != "d_inference"
    fake = G.forward(z_fake, training=g_mode)
    if mistake != "d_not_cleared":
        D.zero_grad()
    if mistake == "mixed":
        logits = D.forward(np.concatenate([real, fake]), training=True)
        target = np.repeat([1.0, 0.0], [len(real), len(fake)])[:, None]
        D.parameter_gradients((sigmoid(logits) - target) / len(real))
    elif mistake == "stale":
        logits = D.forward(real, training=True), D.forward(fake, training=True)
        for k, each in enumerate(logits):
            D.parameter_gradients(bce_gradient(each, 1 - k))
    else:
        swapped = mistake == "targets_swapped"
        _judged(D, real, 0 if swapped else 1, training=d_mode)
        if mistake == "two_updates":
            update(D)
        if mistake in ("cleared_between", "two_updates"):
            D.zero_grad()
        _judged(D, fake, 1 if swapped else 0, training=d_mode)
    if mistake != "d_not_updated":
        update(D)
    if mistake != "g_not_cleared":
        G.zero_grad()
    z = z_fake if mistake == "same_noise" else z_new
    d_mode = d_mode and mistake != "d_inference/g_step"
    logits = D.forward(G.forward(z, training=g_mode and mistake != "g_inference/g_step"), training=d_mode)
    G.parameter_gradients(D.input_gradient(bce_gradient(logits, 0 if mistake == "target_of_g" else 1)))
    update(G)


DCGAN_MISTAKES = (
    "cleared_between", "stale", "mixed", "d_inference", "d_inference/g_step", "g_inference",
    "g_inference/g_step", "two_updates", "targets_swapped", "d_not_updated", "d_not_cleared",
    "g_not_cleared", "target_of_g", "same_noise",
)  # fmt: skip


def dcgan_iteration(answer):
    rng = np.random.default_rng(20)
    real = 2 * rng.normal(size=(5, 3)) + 1
    z_fake, z_new, z_show = rng.normal(size=(3, 5, 2))
    nets = []

    def networks():
        nets[:] = network(2, 3, seed=5, normalised=True), network(3, 1, seed=6, normalised=True)
        return nets

    def step(G, D, mistake):
        _dcgan_iteration(G, D, real, z_fake, z_new, mistake)

    def play(G, D):
        return answer.dcgan_iteration(G, D, real, z_fake, z_new, z_show, bce_gradient, update)

    shown = _compare(step, DCGAN_MISTAKES, networks, play)
    G = nets[0]
    still = G.forward(z_show)
    same("images", shown, still, {"shown_in_training": G.forward(z_show, training=True)})


CHECKS = {each.__name__: each for each in (gan_step, generator_loss, dcgan_iteration)}
