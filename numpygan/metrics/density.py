"""Metrics for toy distributions whose modes or density are known."""

from collections.abc import Sequence

import numpy as np


def high_quality_share(x: np.ndarray, centres: np.ndarray, std: float, *, within: float = 3) -> float:
    """Return the share of samples within `within` standard deviations of some mode.

    Args:
        x: samples (N, D).
        centres: the modes of the true distribution, (K, D), such as those of a `Mixture`.
        std: the standard deviation around each mode, the same in every direction.
        within: 3 is common; some papers take 4.

    For the true distribution in 2-D the share is 1 - exp(-within^2 / 2): 98.9% for 3.

    Source: Srivastava et al. 2017, *VEEGAN*, section 4.1.
    """
    return float(mode_shares(x, centres, std, within=within).sum())


def modes_found(
    x: np.ndarray, centres: np.ndarray, std: float, *, within: float = 3, min_share: float = 0.25
) -> int:
    """Return how many of the K modes the samples cover.

    A mode is covered if it has at least `min_share` of its equal share, 1/K, of the samples.
    (By the looser rule of the paper named above, a single stray sample suffices.) Other
    arguments as for `high_quality_share`.
    """
    return int((mode_shares(x, centres, std, within=within) >= min_share / len(centres)).sum())


def mode_shares(x: np.ndarray, centres: np.ndarray, std: float, *, within: float = 3) -> np.ndarray:
    """Return the share (K,) of the samples that belong to each mode.

    A sample belongs to the nearest centre if it lies within `within` standard deviations
    of it, and otherwise to none, so the shares may sum to less than 1. Arguments as for
    `high_quality_share`.
    """
    x, centres = np.asarray(x), np.asarray(centres)
    if x.ndim != 2 or centres.ndim != 2 or x.shape[1] != centres.shape[1] or not x.size or not centres.size:
        raise ValueError(f"expected samples (N, D) and centres (K, D), got {x.shape} and {centres.shape}")
    if not (std > 0 and within > 0):
        raise ValueError(f"std and within must be positive, got {std} and {within}")
    distance = np.stack([np.linalg.norm(x - centre, axis=1) for centre in centres])  # (K, N)
    near = distance.argmin(axis=0)[distance.min(axis=0) <= within * std]
    return np.bincount(near, minlength=len(centres)) / len(x)


def grid_histogram(x: np.ndarray, edges: Sequence[np.ndarray]) -> np.ndarray:
    """Return the share of samples x (N, D) in each cell of a D-dimensional grid.

    Args:
        edges: the ascending cell edges of each of the D axes. Samples outside the grid are
            in no cell, so the shares may sum to less than 1.
    """
    x = np.asarray(x)
    if x.ndim != 2 or len(x) == 0 or x.shape[1] != len(edges):
        raise ValueError(
            f"grid_histogram expects samples (N, {len(edges)}) for that many axes in edges, got {x.shape}"
        )
    return np.histogramdd(x, edges)[0] / len(x)


def kl_divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Return KL(p || q) in nats, for two histograms on the same grid.

        KL = sum over cells of p log(p / q),    with 0 log 0 = 0

    Infinite if q is 0 somewhere p is not. KL(truth || samples) therefore penalises what is
    missing, KL(samples || truth) what should not have been generated. A histogram of N
    samples from the truth itself, on K cells, has a KL of about K / 2N: take N much larger
    than K.

    Args:
        p, q: non-negative arrays of equal shape; each is divided by its sum.
    """
    p, q = _shares("kl_divergence", p, q)
    occupied = p > 0
    if (q[occupied] == 0).any():
        return float("inf")
    p, q = p[occupied], q[occupied]
    return max(float((p * np.log(p / q)).sum()), 0.0)  # rounding can give -1e-17


def js_divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Return the Jensen-Shannon divergence in nats: 0 if p = q, log 2 if they do not overlap.

        JS = 1/2 KL(p || m) + 1/2 KL(q || m),    m = (p + q) / 2

    A GAN's generator minimises it when the discriminator is optimal: the value of the game
    is then 2 JS - log 4.

    Source: Lin 1991; Goodfellow et al. 2014, theorem 1.
    """
    p, q = _shares("js_divergence", p, q)
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


def _shares(name, p, q):
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    if p.shape != q.shape or p.size == 0:
        raise ValueError(f"{name} expects two arrays of equal shape, got {p.shape} and {q.shape}")
    for array in (p, q):
        if not (np.isfinite(array).all() and array.min() >= 0 and array.sum() > 0):
            raise ValueError(f"{name} expects finite, non-negative shares, not all of them 0")
    return p / p.sum(), q / q.sum()
