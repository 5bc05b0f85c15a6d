"""How different are the samples from each other, compared with the data?

A generator that has collapsed draws the same few things over and over. Three numbers
show it, each divided by what real samples give, so that 1 is as varied as the data:

- the mean distance between two samples, which is small if all are alike;
- the mean distance to the nearest other sample, small if there are many near copies;
- the effective number of regions of the data that the samples fall into. With the
  share p_k of region k it is exp(-sum p_k log p_k): K equally full regions give K, a
  single one gives 1. Regions are classes, if somebody can tell them, and otherwise the
  surroundings of a few real samples that lie far from each other.
"""

from typing import NamedTuple

import numpy as np

from .thresholds import REGIONS


class Variety(NamedTuple):
    """The three numbers, and the shares they come from.

    Attributes:
        distance, neighbour: over that of real samples.
        regions, real_regions: effective numbers, in the samples and in the data.
        counted: "classes" or "regions".
        missing: how many of those with real samples got none.
    """

    distance: float
    neighbour: float
    regions: float
    real_regions: float
    counted: str
    missing: int


def variety(drawn, real, classes=None):
    """Return the Variety of samples `drawn` beside as many real ones, both (N, ...)."""
    drawn, real = drawn[: len(real)], real[: len(drawn)]
    mine, its = _distances(drawn, drawn), _distances(real, real)
    label = classes or _nearest_of(real)
    shares, real_shares = _shares(label(drawn), label(real))
    return Variety(
        distance=_ratio(_mean(mine), _mean(its)),
        neighbour=_ratio(_nearest(mine), _nearest(its)),
        regions=effective_number(shares),
        real_regions=effective_number(real_shares),
        counted="classes" if classes else "regions",
        missing=int(np.sum((shares == 0) & (real_shares > 0))),
    )


def effective_number(shares):
    """Return exp(entropy) of shares (K,) that add up to 1: K if all are equal, 1 if one has all."""
    p = shares[shares > 0]
    return float(np.exp(-(p * np.log(p)).sum()))


def _distances(a, b):
    """Return the distances (N, M) between samples, worked out in float64."""
    a, b = (np.reshape(each, (len(each), -1)).astype(np.float64) for each in (a, b))
    squared = (a * a).sum(axis=1)[:, np.newaxis] + (b * b).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0))


def _mean(distances):
    n = len(distances)
    return distances.sum() / max(n * (n - 1), 1)  # the n zeros of each to itself do not count


def _nearest(distances):
    others = distances + np.where(np.eye(len(distances), dtype=bool), np.inf, 0)
    return others.min(axis=1).mean() if len(others) > 1 else 0.0


def _ratio(mine, its):
    return float(mine / its) if its > 0 else 1.0  # data without variety asks for none


def _nearest_of(real):
    """Return a function from samples to the number of the nearest of REGIONS real anchors.

    The anchors are the centres of k-means, begun at real samples that lie far apart:
    each is the one farthest from those before.
    """
    flat = np.reshape(real, (len(real), -1)).astype(np.float64)
    chosen = [int(_distances(flat, flat.mean(axis=0)[np.newaxis]).argmin())]
    while len(chosen) < min(REGIONS, len(flat)):
        chosen.append(int(_distances(flat, flat[chosen]).min(axis=1).argmax()))
    centres = flat[chosen]
    for _ in range(10):
        nearest = _distances(flat, centres).argmin(axis=1)
        centres = np.stack([flat[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(len(centres))])
    return lambda x: _distances(x, centres).argmin(axis=1)


def _shares(labels, real_labels):
    """Return the share of each label among the samples and among the data."""
    size = 1 + max(int(np.max(labels)), int(np.max(real_labels)))
    return tuple(np.bincount(each, minlength=size) / len(each) for each in (labels, real_labels))
