"""The dense networks that a GAN has by default, and what two networks must be to play."""

import math

from ..layers import Dense, Flatten, LeakyReLU, Reshape, Sequential, Tanh


def dense_generator(image_shape=(28, 28, 1), latent_dim=100, hidden=128, *, rng=None):
    """Return a network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1]."""
    layers = [
        Dense(hidden),
        LeakyReLU(0.01),
        Dense(math.prod(image_shape)),
        Tanh(),
        Reshape(image_shape),
    ]
    return Sequential(layers, input_shape=(latent_dim,), rng=rng, name="generator")


def dense_discriminator(image_shape=(28, 28, 1), hidden=128, *, outputs=1, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, outputs)."""
    layers = [Flatten(), Dense(hidden), LeakyReLU(0.01), Dense(outputs)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


def check_networks(G, D):
    """Raise ValueError unless D can judge what G draws."""
    if D.input_shape != G.output_shape:
        raise ValueError(f"the generator draws {G.output_shape}, the discriminator expects {D.input_shape}")
    if D.output_shape != (1,):
        raise ValueError(f"the discriminator must return one logit per image, (N, 1), not {D.output_shape}")
    check_logits(G, D)


def check_logits(G, D):
    """Raise ValueError unless D returns logits, in the dtype of G."""
    if D.output_range is not None:
        raise ValueError(
            f"the discriminator must return a logit, any real number, but {D.layers[-1]} keeps it in "
            f"{D.output_range}: leave that layer out"
        )
    if G.dtype != D.dtype:
        raise ValueError(f"the generator computes in {G.dtype}, the discriminator in {D.dtype}")
