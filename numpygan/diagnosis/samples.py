"""How diverse are the samples, compared with the data?

A collapsed generator draws the same few things over and over. Three numbers show it:

- the mean distance between two samples, over that of real ones: small if all are alike;
- the mean distance to the nearest other sample, likewise: small if many are near copies;
- the effective number of regions of the data that the samples fall into. With the
  share p_k of region k it is exp(-sum p_k log p_k): K equally full regions give K, a
  single one gives 1. Regions are clusters of the data.

The last is judged only if at least half of the samples fall into any region: a generator
that has just begun draws blurs, all of which lie in the middle of the data.
"""

from typing import NamedTuple

import numpy as np

from ..latent.distances import distance_blocks
from . import thresholds
from .findings import NOTE, TROUBLE, Finding, less_momentum


class Diversity(NamedTuple):
    """The three numbers, and what they rest on.

    Attributes:
        distance, neighbour: over those of real samples.
        regions, real_regions: effective numbers, for the samples and for the data.
        recognised: share of the samples that fall into a region.
        missing: number of regions with real samples but no generated ones.
        missing_classes: classes of real samples without generated ones, () if not known.
    """

    distance: float
    neighbour: float
    regions: float
    real_regions: float
    recognised: float
    missing: int
    missing_classes: tuple = ()


def diversity(samples, data, classes=None):
    """Return the Diversity of samples, compared with as many of the data, both (N, ...).

    Args:
        classes: function from samples to the class of each, integers (N,), or None.
    """
    n = min(len(samples), len(data))
    generated, real = (np.reshape(each[:n], (n, -1)).astype(np.float64) for each in (samples, data))
    between, real_between = _distances(generated, generated), _distances(real, real)
    region = _regions_of(real)
    labels = region(generated)
    shares, real_shares = _shares(labels), _shares(region(real))
    missing_classes = _missing(classes(samples[:n]), classes(data[:n])) if classes else ()
    return Diversity(
        distance=_ratio(_mean(between), _mean(real_between)),
        neighbour=_ratio(_nearest(between), _nearest(real_between)),
        regions=effective_number(shares),
        real_regions=effective_number(real_shares),
        recognised=float(np.mean(labels >= 0)),
        missing=int(np.sum((shares == 0) & (real_shares > 0))),
        missing_classes=missing_classes,
    )


def mode_collapse(measured):
    """The samples are too much alike, or all lie in a few regions of the data."""
    d = measured.diversity
    if d is None:
        return None
    few = d.recognised >= thresholds.RECOGNISED and d.regions < thresholds.COLLAPSED_REGIONS * d.real_regions
    if d.distance >= thresholds.DISTANCE and d.neighbour >= thresholds.NEIGHBOUR and not few:
        return None
    evidence = f"On average, samples are {d.distance:.2g} times as far apart as real ones, "
    evidence += f"and nearest neighbours {d.neighbour:.2g} times"
    if few:
        evidence += f"; they cover {d.regions:.1f} regions where the data covers {d.real_regions:.1f}"
    return Finding(
        "mode collapse", TROUBLE, evidence + ".",
        "Alternate single steps and keep the generator's learning rate (--generator-learning-rate) no higher "
        f"than the discriminator's. {less_momentum(measured.beta_1)}",
    )  # fmt: skip


def translation_collapse(measured):
    """A CycleGAN's G returns the same image whatever its input."""
    found = mode_collapse(measured)
    if found is None:
        return None
    advice = "A larger cycle weight, so that what distinguishes the inputs must survive the translation."
    return found._replace(advice=advice)


def pictures_collapse(measured):
    """A Pix2Pix's generator returns much the same picture whatever its input."""
    found = mode_collapse(measured)
    advice = "A larger l1_weight (--l1-weight), so that each input has its answer."
    return found and found._replace(advice=advice)


def classes_missing(measured):
    """Some classes of the data are not generated: not yet, or not any more."""
    d = measured.diversity
    if d is None or not d.missing_classes:
        return None
    return Finding(
        "classes missing", NOTE,
        f"No sample is classified as {', '.join(map(str, d.missing_classes))}.",
        "Train for longer; if they stay missing, try "
        f"{'' if measured.beta_1 == 0 else 'beta_1=0 or '}a larger batch.",
    )  # fmt: skip


def unlike_the_data(d):
    """Return in words how samples of Diversity d clearly differ from the data, or None."""
    if d.missing_classes:
        return f"none is classified as {', '.join(map(str, d.missing_classes))}"
    if d.recognised < thresholds.RECOGNISED:
        return f"only {d.recognised:.0%} lie where the data lies"
    if d.regions < thresholds.FEWER_REGIONS * d.real_regions:
        return f"they cover {d.regions:.1f} regions where the data covers {d.real_regions:.1f}"
    return None


def effective_number(shares):
    """Return exp(entropy) of shares (K,) that sum to 1: K if all are equal, 1 if one is 1."""
    p = shares[shares > 0]
    return float(np.exp(-(p * np.log(p)).sum()))


def _missing(generated, real):
    """Return the common classes of the real samples that no generated one has."""
    names, counts = np.unique(real, return_counts=True)
    return tuple(name for name in names[counts >= thresholds.COMMON_CLASS].tolist() if name not in generated)


def _distances(a, b):
    """Return the distances (N, M) between the rows of a (N, D) and b (M, D)."""
    return np.sqrt(np.concatenate([squared for _, squared in distance_blocks(a, b)]))


def _mean(distances):
    n = len(distances)
    np.fill_diagonal(distances, 0)  # of each to itself, but for rounding
    return distances.sum() / max(n * (n - 1), 1)


def _nearest(distances):
    others = distances + np.diag(np.full(len(distances), np.inf))
    return others.min(axis=1).mean() if len(others) > 1 else 0.0


def _ratio(value, real):
    return float(value / real) if real > 0 else 1.0  # where all the data are equal, so may the samples be


def _regions_of(real):
    """Return a function from samples (N, D) to the number of the region of each, or -1.

    A region is the set of points nearest to one of REGIONS centres. A sample belongs to none if
    it is farther from its centre than nearly all real ones, or closer: in many dimensions
    real samples keep away from the centre, where only blurs lie.
    """
    centres = _centres(real)
    low, high = np.quantile(_distances(real, centres).min(axis=1), thresholds.TYPICAL)

    def region(x):
        distances = _distances(x, centres)
        nearest = distances.min(axis=1)
        return np.where((nearest >= low) & (nearest <= high), distances.argmin(axis=1), -1)

    return region


def _centres(x):
    """Return REGIONS centres of x (N, D), by k-means, ten iterations at most.

    It starts at samples drawn one by one with probability proportional to the squared
    distance from those chosen before. Source: Arthur & Vassilvitskii 2007, section 2.
    """
    rng = np.random.default_rng(0)
    centres = x[rng.integers(len(x), size=1)]
    while len(centres) < min(thresholds.REGIONS, len(x)):
        squared = np.square(_distances(x, centres).min(axis=1))
        p = squared / squared.sum() if squared.any() else None
        centres = np.concatenate([centres, x[rng.choice(len(x), size=1, p=p)]])
    before = None
    for _ in range(10):
        near = _distances(x, centres).argmin(axis=1)
        if np.array_equal(near, before):
            break  # the centres would be the same again
        for k in np.unique(near):
            centres[k] = x[near == k].mean(axis=0)
        before = near
    return centres


def _shares(labels):
    """Return the share of each region among the recognised samples, (REGIONS,)."""
    counts = np.bincount(labels[labels >= 0], minlength=thresholds.REGIONS)
    return counts / max(counts.sum(), 1)
