"""Distributions in one or two dimensions, simple enough to see and to write down.

Almost all of them are built the same way: choose a centre c and add noise,

    x = c + std * e,    e ~ N(0, I)

so that, with d the dimension of x, the density is the mean over all centres of

    N(x; c, std^2 I) = exp(-|x - c|^2 / (2 std^2)) / (2 pi std^2)^(d/2).

For a `Mixture` the centres are a few points and the mean is a sum. For a `Curve` they
are the points c(t) of a path, t uniform in [0, 1), and the mean is an integral over t.

    toy = load_toy("ring")
    x = toy.sample(1000, rng=0)   # (1000, 2)
    p = toy.density(x)            # (1000,)
"""

import math
from pathlib import Path

import numpy as np

from ..validation import integer, number
from .points import load_points


class Toy:
    """A distribution over rows of `dim` numbers; subclasses say how to choose centres.

    Attributes:
        name: its name in titles.
        dim: 1 or 2.
        std: standard deviation of the noise around a centre, along each axis.
        nodes: (K, dim), the centres over which the density is averaged.
    """

    def __init__(self, name, nodes, std):
        self.name = name
        self.nodes = np.asarray(nodes, np.float64)
        self.dim = self.nodes.shape[1]
        self.std = number(f"{type(self).__name__} {name!r}", "std", std, "(0, inf)")

    def draw_centres(self, n, rng):
        """Return the centres (n, dim) of n new samples, from the Generator `rng`."""
        raise TypeError(f"{type(self).__name__} must define draw_centres(n, rng)")

    def sample(self, n, rng=None):
        """Return n new samples, float32 (n, dim), from a Generator or a seed."""
        n, rng = integer(self.name, "n", n), np.random.default_rng(rng)
        x = self.draw_centres(n, rng)
        x = x + self.std * rng.standard_normal(x.shape)
        return x.astype(np.float32)

    def density(self, x, *, batch_size=100):
        """Return the density at each row of x (N, dim), float64 (N,), per unit length or area."""
        x = self._check(x)
        p = np.empty(len(x))
        for start in range(0, len(x), batch_size):
            part = x[start : start + batch_size, np.newaxis] - self.nodes  # (n, K, dim)
            squares = np.einsum("nkd,nkd->nk", part, part)
            p[start : start + batch_size] = np.exp(squares / (-2 * self.std**2)).mean(axis=1)
        return p / (2 * math.pi * self.std**2) ** (self.dim / 2)

    def _check(self, x):
        x = np.asarray(x, np.float64)
        if x.ndim != 2 or x.shape[1] != self.dim:
            raise ValueError(f"{self.name} expects x of shape (N, {self.dim}), got {x.shape}")
        return x


class Mixture(Toy):
    """A few Gaussians with equal weights: the modes that a generator has to find.

    Args:
        centres: (K, dim).
    """

    def __init__(self, name, centres, std):
        super().__init__(name, centres, std)
        self.centres = self.nodes

    def draw_centres(self, n, rng):
        return self.centres[rng.integers(len(self.centres), size=n)]


class Curve(Toy):
    """Points along a path, with Gaussian noise.

        p(x) = integral from 0 to 1 of N(x; c(t), std^2 I) dt

    has no closed form for most paths. `density` takes the mean over the midpoints of
    2000 equal steps of t. A step moves c by a small fraction of std, so the integrand changes
    little between neighbours: four times as many steps change the result by less than a
    thousandth of the highest density.

    Args:
        path: function from t (N,) in [0, 1) to the points c(t), (N, 2).
    """

    def __init__(self, name, path, std, *, steps=2000):
        super().__init__(name, path((np.arange(steps) + 0.5) / steps), std)
        self.path = path

    def draw_centres(self, n, rng):
        return self.path(rng.random(n))


def _ring(modes=8, radius=2.0):
    angle = 2 * np.pi * np.arange(modes) / modes
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _grid(side=5):
    at = np.linspace(-2, 2, side)
    return np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)


def _line(t):
    return np.stack([4 * t - 2, 2 * t - 1], axis=1)


def _moons(t):
    """The upper half of a circle for t < 1/2, the lower half of another one after it."""
    upper = t < 0.5
    angle = 2 * np.pi * t  # 0 to pi, then pi to 2 pi
    centre = np.where(upper, -0.5, 0.5), np.where(upper, -0.25, 0.25)
    return 1.3 * np.stack([centre[0] + np.cos(angle), centre[1] + np.sin(angle)], axis=1)


def _spiral(t):
    """Two arms of one and a half turns, opposite each other."""
    arm = np.where(t < 0.5, 1, -1)
    s = np.sqrt(2 * t % 1)  # the root spreads the points evenly along the growing arm
    angle = 3 * np.pi * s
    return arm[:, np.newaxis] * 2.1 * s[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _swiss_roll(t):
    """The cross-section of Tenenbaum et al. 2000: angle and radius grow together."""
    angle = 1.5 * np.pi * (1 + 2 * t)
    return (angle / 6.5)[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


TOYS = {  # name on the command line -> factory
    "gaussian": lambda: Mixture("one Gaussian", [[1.5]], 0.5),
    "peaks": lambda: Mixture("two peaks", [[-2.0], [2.0]], 0.3),
    "line": lambda: Curve("line", _line, 0.1),
    "ring": lambda: Mixture("ring of eight Gaussians", _ring(), 0.1),
    "grid": lambda: Mixture("grid of 25 Gaussians", _grid(), 0.1),
    "moons": lambda: Curve("two moons", _moons, 0.1),
    "spiral": lambda: Curve("spiral", _spiral, 0.08),
    "swiss-roll": lambda: Curve("Swiss roll", _swiss_roll, 0.08),
}


def load_toy(name):
    """Return the toy distribution of that name, one of `TOYS`, or points from a file.

    Args:
        name: "gaussian" and "peaks" (1-D); "line", "ring", "grid", "moons", "spiral",
            "swiss-roll" (2-D); or the path of a .npy, .npz or .csv file, see `load_points`.
    """
    if name in TOYS:
        return TOYS[name]()
    if Path(name).suffix.lower() in (".npy", ".npz", ".csv"):
        return load_points(name)
    raise ValueError(
        f"unknown toy data {str(name)!r}: expected {', '.join(TOYS)}, or a .npy, .npz or .csv file"
    )
