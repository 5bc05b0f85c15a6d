"""Planes through a latent space: two coordinates to explore, whatever the dimension of the code.

A plane maps points (N, 2) to codes (N, latent_dim). There are four kinds, and
`plane_for(model)` picks the one that fits:

    IdentityPlane      for codes of two latents, which are points already
    PrincipalPlane     through the codes of data, along their first two principal components
    NoisePlane         through three samples of noise, for a generator, which has no encoder
    UniformNoisePlane  the same for noise that is uniform, a BEGAN's
"""

import math
from statistics import NormalDist

import numpy as np


class IdentityPlane:
    """The plane for a code of two latents: the point is the code.

    Attributes, common to all planes:
        low, high: two arrays (2,), the corners of the region worth looking at.
        axes: labels of the two coordinates.
    """

    axes = ("first latent, z[0]", "second latent, z[1]")

    def __init__(self, low=(-3.0, -3.0), high=(3.0, 3.0)):
        self.low, self.high = np.array(low, float), np.array(high, float)

    def codes(self, points):
        """Return the codes (N, latent_dim) at points (N, 2)."""
        return np.asarray(points, np.float32)

    def points(self, codes):
        """Return the points (N, 2) of the plane nearest to codes (N, latent_dim)."""
        return np.asarray(codes, float)


class PrincipalPlane:
    """The plane that keeps most of the variance of codes z (N, latent_dim).

        mean = sum(z) / N,   z - mean = U S V^T,   code = mean + point (s V)^T

    with the first two columns of V, orthonormal directions, and the standard deviations
    s = S / sqrt(N) along them: the coordinates are in units of standard deviations.
    """

    axes = ("along the first principal direction (std)", "along the second principal direction (std)")
    low, high = np.array([-3.0, -3.0]), np.array([3.0, 3.0])

    def __init__(self, z):
        z = np.asarray(z, np.float64)
        if z.ndim != 2 or z.shape[1] < 2 or len(z) < 3:
            raise ValueError(f"PrincipalPlane needs at least 3 codes of at least 2 latents, got {z.shape}")
        self.mean = z.mean(axis=0)
        _, S, Vt = np.linalg.svd(z - self.mean, full_matrices=False)
        self._V = Vt[:2].T  # (latent_dim, 2)
        self._s = np.maximum(S[:2] / math.sqrt(len(z)), 1e-12)

    def codes(self, points):
        return (self.mean + (np.asarray(points) * self._s) @ self._V.T).astype(np.float32)

    def points(self, codes):
        return (np.asarray(codes) - self.mean) @ self._V / self._s


class NoisePlane:
    """A plane through three samples of noise a, b, c ~ N(0, 1), each (latent_dim,).

        code(u, v) = (a + u b + v c) / sqrt(1 + u^2 + v^2)

    The sum has variance 1 + u^2 + v^2, so after the division each point of the plane, on
    its own, is distributed as N(0, 1). The flat plane u b + v c would not be: in many
    dimensions d, noise lies near the sphere of radius sqrt(d), and a generator has seen
    hardly anything inside it.
    """

    axes = ("towards the second noise vector, u", "towards the third noise vector, v")
    low, high = np.array([-2.0, -2.0]), np.array([2.0, 2.0])

    def __init__(self, a, b, c):
        self.abc = np.stack([a, b, c]).astype(np.float64)  # (3, latent_dim)

    def codes(self, points):
        weights = np.insert(np.asarray(points, np.float64), 0, 1, axis=1)  # (N, 3): 1, u, v
        weights /= np.linalg.norm(weights, axis=1, keepdims=True)
        return (weights @ self.abc).astype(np.float32)


class UniformNoisePlane(NoisePlane):
    """A plane through three samples of noise that is uniform between `least` and `most`.

        code(u, v) = least + (most - least) Phi(g(u, v))

    g(u, v) is the code of a NoisePlane, and Phi is the distribution function of N(0, 1), taken of each of
    its numbers. Those are distributed as N(0, 1), so Phi of them is uniform in [0, 1]: again each point
    of the plane, on its own, is a fair draw, and none leaves the range.

    Args:
        a, b, c: draws from N(0, 1), each (latent_dim,).
    """

    def __init__(self, a, b, c, least=-1.0, most=1.0):
        super().__init__(a, b, c)
        self.least, self.most = least, most

    def codes(self, points):
        share = np.vectorize(NormalDist().cdf, otypes=[np.float32])(super().codes(points))
        return self.least + (self.most - self.least) * share


Plane = IdentityPlane | PrincipalPlane | NoisePlane


def plane_for(model, codes=None, *, rng=0):
    """Return the plane on which to explore the latent space of `model`.

    Without codes, it lies where the model's noise does: within `model.noise_range` if there is one.

    Args:
        model: a VAE, an autoencoder, a GAN or a DCGAN.
        codes: (N, latent_dim) of data, for models with an encoder; the plane is fitted to
            them.
        rng: numpy Generator or seed, for the noise of a NoisePlane.
    """
    latent_dim = getattr(model, "latent_dim", None)
    if latent_dim is None:
        raise TypeError(f"{type(model).__name__} has no latent_dim: give a VAE, Autoencoder, GAN or DCGAN")
    if latent_dim < 2:
        raise ValueError(f"a plane needs at least 2 latents, but the {type(model).__name__} has {latent_dim}")
    if codes is None:
        bounds, rng = getattr(model, "noise_range", None), np.random.default_rng(rng)
        if latent_dim == 2:
            return IdentityPlane(*([bound] * 2 for bound in bounds)) if bounds else IdentityPlane()
        if bounds:
            return UniformNoisePlane(*rng.standard_normal((3, latent_dim)), *bounds)
        draws = model.noise(3, rng=rng) if hasattr(model, "noise") else rng.standard_normal((3, latent_dim))
        return NoisePlane(*draws)
    if np.ndim(codes) != 2 or np.shape(codes)[1] != latent_dim or len(codes) == 0:
        kind = type(model).__name__
        raise ValueError(f"codes of this {kind} must be (N, {latent_dim}), got {np.shape(codes)}")
    if latent_dim > 2:
        return PrincipalPlane(codes)
    low, high = np.quantile(codes, [0.005, 0.995], axis=0)
    middle, half = (low + high) / 2, 0.55 * float(max(high - low)) + 1e-6  # a square, with a margin
    return IdentityPlane(middle - half, middle + half)
