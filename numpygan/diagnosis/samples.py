"""How different are the samples from each other, compared with the data?

A generator that has collapsed draws the same few things over and over. Three numbers
show it, each divided by what real samples give, so that 1 is as varied as the data:

- the mean distance between two samples, which is small if all are alike;
- the mean distance to the nearest other sample, small if there are many near copies;
- the effective number of regions of the data that the samples fall into. With the
  share p_k of region k it is exp(-sum p_k log p_k): K equally full regions give K, a
  single one gives 1. Regions are the surroundings of a few centres of the data.

The last is asked only if at least half of the samples can be recognised as something: a
generator that has just begun draws blurs, all of which lie in the middle of the data.
"""

from typing import NamedTuple

import numpy as np

from .findings import NOTE, TROUBLE, Finding
from .thresholds import (
    COVERED,
    DIVERSITY,
    NEIGHBOURS,
    OFTEN,
    PLAINLY_FEWER,
    RECOGNISED,
    REGIONS,
    TYPICAL,
)  # fmt: skip


class Variety(NamedTuple):
    """The three numbers, and the shares they come from.

    Attributes:
        distance, neighbour: over that of real samples.
        regions, real_regions: effective numbers, in the samples and in the data.
        recognised: share of the samples that were counted for it.
        missing: how many regions with real samples got none.
        missing_classes: the classes of real samples that got none, () if nobody can tell.
    """

    distance: float
    neighbour: float
    regions: float
    real_regions: float
    recognised: float
    missing: int
    missing_classes: tuple = ()


def variety(drawn, real, classes=None):
    """Return the Variety of samples `drawn` beside as many real ones, both (N, ...).

    Args:
        classes: function from samples to the number of the class of each, (N,), or None.
    """
    drawn, real = drawn[: len(real)], real[: len(drawn)]
    mine, its = _distances(drawn, drawn), _distances(real, real)
    region = _regions_of(real)
    labels = region(drawn)
    shares, real_shares = _shares(labels), _shares(region(real))
    missing_classes = _missing(classes(drawn), classes(real)) if classes else ()
    return Variety(
        distance=_ratio(_mean(mine), _mean(its)),
        neighbour=_ratio(_nearest(mine), _nearest(its)),
        regions=effective_number(shares),
        real_regions=effective_number(real_shares),
        recognised=float(np.mean(labels >= 0)),
        missing=int(np.sum((shares == 0) & (real_shares > 0))),
        missing_classes=missing_classes,
    )


def mode_collapse(seen):
    """The samples are too much alike, or all lie in few of the data's regions."""
    v = seen.variety
    if v is None:
        return None
    few = v.recognised >= RECOGNISED and v.regions < COVERED * v.real_regions
    if v.distance >= DIVERSITY and v.neighbour >= NEIGHBOURS and not few:
        return None
    evidence = f"Two samples lie {v.distance:.2g} times as far apart as two real ones, "
    evidence += f"the nearest {v.neighbour:.2g} times"
    if few:
        evidence += f"; they fill {v.regions:.1f} regions where the data fills {v.real_regions:.1f}"
    return Finding(
        "mode collapse", TROUBLE, evidence + ".",
        "One step of each player in turn, a generator that learns no faster, and beta_1=0.5 or 0.",
    )  # fmt: skip


def translation_collapse(seen):
    """A CycleGAN's G makes the same image of all, whatever it is given."""
    found = mode_collapse(seen)
    if found is None:
        return None
    advice = "A larger cycle weight: what tells one image from another must survive the way back."
    return found._replace(advice=advice)


def classes_missing(seen):
    """Some kinds of real samples are never drawn, as in the beginning, or for good."""
    v = seen.variety
    if v is None or not v.missing_classes:
        return None
    return Finding(
        "classes missing", NOTE,
        f"No sample is taken for {', '.join(map(str, v.missing_classes))}.",
        "Train on; if they stay away, try beta_1=0 or a larger batch.",
    )  # fmt: skip


def unlike_the_data(v):
    """Return in words how samples of Variety v plainly differ from the data, or None."""
    if v.missing_classes:
        return f"none is taken for {', '.join(map(str, v.missing_classes))}"
    if v.recognised < RECOGNISED:
        return f"only {v.recognised:.0%} lie where data lies"
    if v.regions < PLAINLY_FEWER * v.real_regions:
        return f"they fill {v.regions:.1f} regions where the data fills {v.real_regions:.1f}"
    return None


def effective_number(shares):
    """Return exp(entropy) of shares (K,) that add up to 1: K if all are equal, 1 if one has all."""
    p = shares[shares > 0]
    return float(np.exp(-(p * np.log(p)).sum()))


def _missing(drawn, real):
    """Return the classes that real samples have, often enough to be no accident, and drawn ones never."""
    names, counts = np.unique(real, return_counts=True)
    often = names[counts >= OFTEN].tolist()
    return tuple(name for name in often if name not in drawn)


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


def _regions_of(real):
    """Return a function from samples to the number of the region of each, or -1.

    A region is what lies nearest to one of REGIONS centres. A sample belongs to none if it
    is farther from its centre than nearly all real ones, or nearer: in many dimensions real
    ones keep away from the middle, where only blurs lie.
    """
    centres = _centres(np.reshape(real, (len(real), -1)).astype(np.float64))
    low, high = np.quantile(_distances(real, centres).min(axis=1), TYPICAL)

    def region(x):
        distances = _distances(x, centres)
        nearest = distances.min(axis=1)
        return np.where((nearest >= low) & (nearest <= high), distances.argmin(axis=1), -1)

    return region


def _centres(x):
    """Return REGIONS centres of x (N, D) by k-means: the means of those nearest to each, ten times.

    It begins at samples, each drawn with a chance that grows as the squared distance from
    those before. Source: Arthur & Vassilvitskii 2007, section 2.
    """
    rng = np.random.default_rng(0)
    centres = x[rng.integers(len(x), size=1)]
    while len(centres) < min(REGIONS, len(x)):
        squared = np.square(_distances(x, centres).min(axis=1))
        chance = squared / squared.sum() if squared.any() else None
        centres = np.concatenate([centres, x[rng.choice(len(x), size=1, p=chance)]])
    for _ in range(10):
        near = _distances(x, centres).argmin(axis=1)
        for k in np.unique(near):
            centres[k] = x[near == k].mean(axis=0)
    return centres


def _shares(labels):
    """Return the share of each region among the recognised samples, (REGIONS,)."""
    counts = np.bincount(labels[labels >= 0], minlength=REGIONS)
    return counts / max(counts.sum(), 1)
