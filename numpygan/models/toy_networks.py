"""A GAN for points in one or two dimensions: small enough to be looked at whole.

    generator      z (2,) -> 64 -> 64 -> x (dim,)
    discriminator  x (dim,) -> 64 -> 64 -> logit

Two latents, so that what the generator does can be drawn: it lays the plane of z over
the data like a rubber sheet, which it may stretch and fold but not tear. On the ring of
eight Gaussians some of the sheet must therefore lie between the modes.
"""

import numpy as np

from ..layers import Dense, LeakyReLU, Sequential
from ..layers.initializers import HeUniform
from ..optimizers import Adam
from .gan import GAN

GENERATOR_RATE, DISCRIMINATOR_RATE, BETA_1 = 5e-4, 4e-3, 0.5
COLLAPSING = {"generator_rate": 1e-2, "discriminator_rate": 2e-4, "beta_1": 0.9}


def mlp(inputs, outputs, hidden=64, *, rng=None, name=None):
    """Return a network (N, inputs) -> (N, outputs) with two hidden layers."""
    layers = []
    for _ in range(2):
        layers += [Dense(hidden, initializer=HeUniform()), LeakyReLU(0.2)]
    return Sequential([*layers, Dense(outputs)], (inputs,), rng=rng, name=name)


def toy_gan(
    dim=2,
    *,
    latent_dim=2,
    hidden=64,
    generator_rate=GENERATOR_RATE,
    discriminator_rate=DISCRIMINATOR_RATE,
    beta_1=BETA_1,
    loss="non-saturating",
    r1=0.0,
    rng=None,
):
    """Return a GAN that learns points (N, dim).

    The discriminator's learning rate is eight times the generator's, so that it has
    learnt where the fakes are before they move on. On the ring of eight Gaussians, with
    batches of 256, this decides how many modes the generator finds: with 4e-3 and
    5e-4, all eight on nearly every seed; with 1e-3 for both, four to eight; the other way
    round, few or none. With `COLLAPSING`, where the generator is fifty times as fast and
    keeps its direction, all fakes sit in one place, which the discriminator finds out
    too slowly; then all move to another one.

    Args:
        generator_rate, discriminator_rate: learning rates of the two Adams.
        loss, r1: as for `GAN`.
        rng: numpy Generator, or a seed for one.

    Source: two time scales, Heusel et al. 2017, section 2.
    """
    rng = np.random.default_rng(rng)
    return GAN(
        mlp(latent_dim, dim, hidden, rng=rng, name="generator"),
        mlp(dim, 1, hidden, rng=rng, name="discriminator"),
        generator_optimizer=Adam(generator_rate, beta_1=beta_1),
        discriminator_optimizer=Adam(discriminator_rate, beta_1=beta_1),
        loss=loss,
        discriminator_updates="separate",
        r1=r1,
        averaging=0,  # here one looks at the game itself, not at its mean
        rng=rng,
    )
