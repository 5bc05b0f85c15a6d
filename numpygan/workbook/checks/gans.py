"""Exercise 22: a GAN's steps."""

import numpy as np

from ...layers.activations import sigmoid
from ..judge import same_all
from .networks import network, require_change, state, update


def bce_gradient(logits, target):
    return (sigmoid(logits) - target) / logits.size


def _gan_step(G, D, real, z_fake, z_new, mistake):
    """Do what exercise 22 asks, with one mistake if asked for."""
    if mistake == "noises_swapped":
        z_fake, z_new = z_new, z_fake
    if mistake == "g_first":
        _teach_generator(G, D, D.forward(G.forward(z_new)), mistake)
    if mistake in ("g_between", "g_between/drawn_before"):
        fake = G.forward(z_fake)
        _teach_discriminator(D, real, fake, "no_fakes")
        _teach_generator(G, D, D.forward(G.forward(z_new)), mistake)
        _teach_discriminator(D, real, G.forward(z_fake) if mistake == "g_between" else fake, "no_real")
        return
    logits = _teach_discriminator(D, real, G.forward(z_new if mistake == "fakes_of_new" else z_fake), mistake)
    if mistake in ("g_not_updated", "g_first"):
        return
    if mistake != "old_judge":
        logits = D.forward(G.forward(z_fake if mistake == "same_noise" else z_new))
    _teach_generator(G, D, logits, mistake)


def _teach_generator(G, D, logits, mistake):
    """Do the third step, after a forward pass of both."""
    dlogits = bce_gradient(logits, 0 if mistake == "target_of_g" else 1)
    if mistake in ("d_updated", "asked_both"):
        D.parameter_gradients(dlogits)
    if mistake != "g_not_cleared":
        G.zero_grad()
    sign = -1 if mistake == "minus_dfake" else 1
    G.parameter_gradients(sign * D.input_gradient(dlogits))
    update(G)
    if mistake == "d_updated/cleared":
        D.zero_grad()
        D.parameter_gradients(dlogits)
    if mistake in ("d_updated", "d_updated/cleared"):
        update(D)


def _teach_discriminator(D, real, fake, mistake):
    """Do the first two steps and return the logits of the fakes, from before the update."""
    real_first = mistake != "fakes_first"
    right = [(real, 1), (fake, 0)] if real_first else [(fake, 0), (real, 1)]
    targets = {"targets_swapped": (0, 1), "target_of_fake": (1, 1)}.get(mistake)
    batches = right if targets is None else list(zip((real, fake), targets))
    batches = {"no_fakes": batches[:1], "no_real": batches[1:]}.get(mistake, batches)
    seen = [D.forward(x) for x, _ in batches]
    if mistake != "d_not_cleared":
        D.zero_grad()
    for k, (x, target) in enumerate(batches):
        logits = seen[k] if mistake == "stale" else D.forward(x)
        if k == 1 and mistake not in ("one_step", "d_not_cleared", "d_cleared_once"):
            D.zero_grad()
        D.parameter_gradients(bce_gradient(logits, target))
        left_out = {"one_step": 0, "d_not_updated/real": 0, "d_not_updated/fakes": 1}
        if mistake != "d_not_updated" and left_out.get(mistake) != k:
            update(D)
    return logits


GAN_MISTAKES = (
    "target_of_g", "target_of_fake", "d_updated", "d_updated/cleared", "asked_both", "d_not_cleared",
    "g_not_cleared", "same_noise", "old_judge", "stale", "g_not_updated", "one_step",
    "targets_swapped", "no_fakes", "d_not_updated", "fakes_first", "g_first", "fakes_of_new",
    "noises_swapped", "minus_dfake", "d_cleared_once", "g_between", "g_between/drawn_before",
    "no_real", "d_not_updated/real", "d_not_updated/fakes",
)  # fmt: skip


def compare(step, mistakes, networks, play):
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
    true = outcomes.pop(None)
    same_all(("D parameters", "G parameters", "D gradients"), got, true, outcomes)
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

    compare(step, GAN_MISTAKES, networks, play)


CHECKS = {"gan_step": gan_step}
