"""Histories made up to show one thing each."""

import math

import numpy as np

from numpygan.training import History


def game(n=1000, **columns):
    """A game in progress, with no trouble; `columns` replace some of its curves, numbers or arrays (n,)."""
    rng = np.random.default_rng(0)
    means = {
        "d_loss": 0.55,
        "g_loss": 1,
        "accuracy_real": 0.75,
        "accuracy_fake": 0.75,
        "D(x)": 0.65,
        "D(G(z))": 0.35,
    }
    table = [np.broadcast_to(columns.get(key, mean), n) for key, mean in means.items()]
    return filled(means, np.array(table) + 0.02 * rng.standard_normal((len(means), n)))


def balanced(n=1000, noise=0.02):
    """A game at its equilibrium."""
    rng = np.random.default_rng(1)
    names = ("d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))")
    means = np.array([math.log(2), math.log(2), 0.5, 0.5, 0.5, 0.5])
    return filled(names, means[:, np.newaxis] + noise * rng.standard_normal((6, n)))


def losses(values):
    """What an autoencoder records."""
    return filled(["loss"], np.asarray(values, float)[np.newaxis])


def filled(names, table):
    history = History()
    history.fill(list(names), table)
    return history
