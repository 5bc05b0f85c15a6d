"""Distributions that the codes of an adversarial autoencoder are held to.

A VAE needs a formula for how far codes are from its prior. A discriminator needs only draws, so any
distribution will do from which one can draw.

Source: Makhzani et al. 2016, *Adversarial autoencoders*, sections 2.1 and 2.3.
"""

import math

import numpy as np

from ..validation import integer, number

MOST_MODES = 1_000  # a file may ask for any number


class NormalPrior:
    """N(0, 1), each latent by itself; for any number of latents."""

    def __str__(self):
        return "N(0, 1)"

    def draw(self, n, latent_dim, rng, dtype, labels=None):
        """Return codes z (n, latent_dim)."""
        return rng.standard_normal((n, latent_dim), dtype=dtype)

    def config(self):
        """Return the arguments that build it again."""
        return {}


class RingPrior:
    """Gaussians in a ring, equally probable, for codes of two latents.

        z = c_k + std * epsilon,   c_k = radius (cos a_k, sin a_k),   a_k = 2 pi k / modes    (eq. 3.60)

    with epsilon ~ N(0, 1) and k drawn at random, or given as the label.

    Args:
        modes: how many there are.
        radius: distance of their centres from the origin.
        std: standard deviation of each, in both directions.

    The centres of ten modes are 2.5 apart, five standard deviations.
    """

    def __init__(self, modes=10, *, radius=4.0, std=0.5):
        self.modes = integer("RingPrior", "modes", modes, least=2)
        if self.modes > MOST_MODES:
            raise ValueError(f"RingPrior: modes must be at most {MOST_MODES:,}, got {self.modes}")
        self.radius = number("RingPrior", "radius", radius, "(0, inf)")
        self.std = number("RingPrior", "std", std, "(0, inf)")
        angles = 2 * math.pi * np.arange(self.modes) / self.modes
        self.centres = self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (modes, 2)

    def __str__(self):
        ring = f"a ring of radius {self.radius:g}"
        return f"{self.modes} Gaussians of standard deviation {self.std:g} in {ring}, the first at angle 0"

    def draw(self, n, latent_dim, rng, dtype, labels=None):
        """Return codes z (n, 2), of the modes `labels` (n,) if given."""
        k = rng.integers(self.modes, size=n) if labels is None else labels
        z = rng.standard_normal((n, latent_dim), dtype=dtype)
        z *= z.dtype.type(self.std)
        z += self.centres.astype(z.dtype)[k]  # (eq. 3.60)
        return z

    def config(self):
        """Return the arguments that build it again."""
        return {"modes": self.modes, "radius": self.radius, "std": self.std}


def check_prior(prior, code_shape, classes):
    """Raise an error if this cannot be the prior of codes (N, *code_shape) of these classes, if any."""
    if not isinstance(prior, tuple(PRIORS.values())):
        raise TypeError(f"prior must be a NormalPrior or a RingPrior, got {prior!r}")
    if len(code_shape) != 1:
        raise ValueError(f"the encoder must return codes (N, latent_dim), not {code_shape}: add Flatten()")
    ring = isinstance(prior, RingPrior)
    if ring and code_shape != (2,):
        raise ValueError(f"a RingPrior is for codes of 2 latents, but the encoder returns {code_shape[0]}")
    if classes is not None and (not ring or prior.modes != len(classes)):
        raise ValueError(
            f"prior: {len(classes)} classes need a mode each: take RingPrior({len(classes)}), or leave it out"
        )


PRIORS = {"NormalPrior": NormalPrior, "RingPrior": RingPrior}


def prior_from(config):
    """Return the prior that a dict of its kind and arguments describes; raise ValueError if unknown."""
    config = dict(config)
    kind = PRIORS.get(name := config.pop("kind"))
    if kind is None:
        raise ValueError(f"it uses {name!r}, which is not a known prior")
    return kind(**config)
