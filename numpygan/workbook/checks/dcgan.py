"""Exercise 24: an iteration of a DCGAN."""

import numpy as np

from ...layers.activations import sigmoid
from ..judge import same
from .gans import bce_gradient, compare
from .networks import network, update


def _judged(D, x, target, **mode):
    D.parameter_gradients(bce_gradient(D.forward(x, **mode), target))


def _dcgan_iteration(G, D, real, z_fake, z_new, mistake):
    """Do what exercise 24 asks, but for the images to show, with one mistake if asked for."""
    g_mode, d_mode = mistake != "g_inference", mistake != "d_inference"
    if mistake == "noises_swapped":
        z_fake, z_new = z_new, z_fake
    if mistake == "g_first":
        _teach_generator(G, D, z_new, mistake)
    fake = G.forward(z_new if mistake == "fakes_of_new" else z_fake, training=g_mode)
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
    D.flat_grads *= {"halved": 0.5}.get(mistake, 1.0)
    if mistake != "d_not_updated":
        update(D)
    if mistake != "g_first":
        _teach_generator(G, D, z_fake if mistake == "same_noise" else z_new, mistake)


def _teach_generator(G, D, z, mistake):
    """Do the second step."""
    if mistake != "g_not_cleared":
        G.zero_grad()
    g_mode = mistake not in ("g_inference", "g_inference/g_step")
    d_mode = mistake not in ("d_inference", "d_inference/g_step")
    logits = D.forward(G.forward(z, training=g_mode), training=d_mode)
    G.parameter_gradients(D.input_gradient(bce_gradient(logits, 0 if mistake == "target_of_g" else 1)))
    if mistake != "g_not_updated":
        update(G)


DCGAN_MISTAKES = (
    "cleared_between", "stale", "mixed", "d_inference", "d_inference/g_step", "g_inference",
    "g_inference/g_step", "two_updates", "targets_swapped", "d_not_updated", "d_not_cleared",
    "g_not_cleared", "g_not_updated", "target_of_g", "same_noise", "noises_swapped", "fakes_of_new",
    "g_first", "halved",
)  # fmt: skip


def dcgan_iteration(answer):
    rng = np.random.default_rng(20)
    real = 2 * rng.normal(size=(5, 3)) + 1
    z_fake, z_new, z_show = rng.normal(size=(3, 5, 2))
    nets, early = [], []

    def networks():
        nets[:] = network(2, 3, seed=5, normalised=True), network(3, 1, seed=6, normalised=True)
        return nets

    def step(G, D, mistake):
        _dcgan_iteration(G, D, real, z_fake, z_new, mistake)
        if mistake == "g_not_updated":
            early[:] = G.forward(z_show), G.forward(z_show, training=True)

    def play(G, D):
        return answer.dcgan_iteration(G, D, real, z_fake, z_new, z_show, bce_gradient, update)

    shown = compare(step, DCGAN_MISTAKES, networks, play)
    G = nets[0]
    still = G.forward(z_show)
    others = [G.forward(z) for z in (z_new, z_fake)]  # before a pass in training mode moves the averages
    others += [G.forward(z, training=True) for z in (z_new, z_fake)]
    suspects = {
        "shown_too_early": early,
        "shown_in_training": G.forward(z_show, training=True),
        "shown_other": others,
    }
    same("images", shown, still, suspects)


CHECKS = {"dcgan_iteration": dcgan_iteration}
