"""Metrics for 2-D toys, where the truth is known: the modes, or the density itself."""

import numpy as np


def high_quality_share(x, centres, std, *, within=3):
    """Return the share of samples within so many standard deviations of some mode.

    Args:
        x: samples (N, D).
        centres: of the true distribution's modes, (K, D), such as those of a `Mixture`.
        std: the standard deviation around each, the same in every direction.
        within: 3; some papers take 4.

    Of a 2-D normal itself, 1 - exp(-within^2 / 2) lie within: 98.9% for 3.

    Source: Srivastava et al. 2017, *VEEGAN*, section 4.1.
    """
    return float(mode_shares(x, centres, std, within=within).sum())


def modes_found(x, centres, std, *, within=3, least=0.25):
    """Return how many modes have samples.

    The rule: a mode is found if its share is at least `least` of an equal one, 1/K. (A
    single stray sample would find it by the looser rule of the same paper.) Arguments as
    for `high_quality_share`.
    """
    return int((mode_shares(x, centres, std, within=within) >= least / len(centres)).sum())


def mode_shares(x, centres, std, *, within=3):
    """Return the share (K,) of the samples that belong to each mode.

    A sample belongs to the nearest centre if it lies within so many standard deviations
    of it. What the shares lack of 1 lies in between. Arguments as for
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


def grid_histogram(x, edges):
    """Return the share of samples in each cell of a grid, as many axes as x (N, D) has columns.

    Args:
        edges: for each axis the edges of its cells, ascending. Samples beyond them are in
            no cell, so the shares may add up to less than 1.
    """
    x = np.asarray(x)
    if x.ndim != 2 or len(x) == 0 or x.shape[1] != len(edges):
        raise ValueError(
            f"grid_histogram expects samples (N, {len(edges)}), as edges has so many axes, got {x.shape}"
        )
    return np.histogramdd(x, edges)[0] / len(x)


def kl_divergence(p, q):
    """Return KL(p || q) in nats, of shares of the cells of one grid.

        KL = sum over cells of p log(p / q),    with 0 log 0 = 0

    Infinite where p has something and q nothing. KL(truth || samples) thus punishes what
    is missing, KL(samples || truth) what is drawn and should not be. A histogram of N
    samples on K cells has itself a KL of about K / 2N from its own truth: take N far
    larger than K.

    Args:
        p, q: arrays of one shape, from 0 up; each is divided by its sum.
    """
    p, q = _shares("kl_divergence", p, q)
    some = p > 0
    if (q[some] == 0).any():
        return float("inf")
    return max(float((p[some] * np.log(p[some] / q[some])).sum()), 0.0)  # rounding may leave -1e-17


def js_divergence(p, q):
    """Return the Jensen-Shannon divergence in nats: 0 if p = q, log 2 if they never meet.

        JS = 1/2 KL(p || m) + 1/2 KL(q || m),    m = (p + q) / 2

    This is what a GAN's generator descends against an optimal discriminator: the game
    is then worth 2 JS - log 4.

    Source: Lin 1991; Goodfellow et al. 2014, theorem 1.
    """
    p, q = _shares("js_divergence", p, q)
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


def _shares(name, p, q):
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    if p.shape != q.shape or p.size == 0:
        raise ValueError(f"{name} expects two arrays of one shape, got {p.shape} and {q.shape}")
    for array in (p, q):
        if not (np.isfinite(array).all() and array.min() >= 0 and array.sum() > 0):
            raise ValueError(f"{name} expects shares, from 0 up and not all 0")
    return p / p.sum(), q / q.sum()
