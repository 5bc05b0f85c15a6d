"""Metrics from distances between two sets of points: is one where the other is?

Points are rows of (N, D): features of images, or their pixels.
"""

import numpy as np

from ..latent.distances import BLOCK, check_points, nearest, squared_distances


def mean_distance(x):
    """Return the mean distance between two different points of x (N, ...): 0 if all are one.

    In units of x; compare it with that of real data. Samples of a generator that has
    collapsed lie close together.
    """
    x = _flat(x)
    if len(x) < 2:
        raise ValueError(f"mean_distance needs at least 2 points, got {len(x)}")
    total = 0.0
    for rows, squared in squared_distances(x, x):
        squared[np.arange(len(squared)), np.arange(len(x))[rows]] = 0  # to itself, but for rounding
        total += np.sqrt(squared).sum(dtype=np.float64)
    return float(total / (len(x) * (len(x) - 1)))


def within_manifold(centres, points, *, k=3):
    """Return which of the points lie within the manifold of the centres, bools (M,).

    The manifold of a set is the union of balls around its points, each reaching to the
    k-th nearest other point of the set. From this come two shares:

        precision = within_manifold(real, generated).mean()   samples that look like real ones
        recall    = within_manifold(generated, real).mean()   real ones that could be drawn

    Low precision: samples that look like nothing real. Low recall: kinds of real images
    that are never drawn. Both depend on k and on the numbers of points: compare at equal
    ones.

    Args:
        centres, points: features (N, D) and (M, D).
        k: 3, as in the paper.

    Source: Kynkäänniemi et al. 2019, eqs. 1 and 2.
    """
    centres, points = check_points("within_manifold", centres=centres, points=points)
    if not 1 <= k < len(centres):
        raise ValueError(
            "within_manifold: k must be from 1 to the number of centres less 1, "
            f"{len(centres) - 1}, got {k}"
        )
    # The k-th nearest other one is number k from 0, for number 0 is the point itself.
    radii = [np.partition(squared, k, axis=1)[:, k] for _, squared in squared_distances(centres, centres)]
    radii = np.concatenate(radii)  # squared, (N,)
    within = [(squared <= radii).any(axis=1) for _, squared in squared_distances(points, centres)]
    return np.concatenate(within)


def nearest_distance(x, gallery):
    """Return the distance of each x (N, ...) to the nearest of the gallery (M, ...), and which it is.

    Both results are (N,). The distance is worked out from the difference itself, so a
    copy has distance exactly 0.
    """
    x, gallery = check_points("nearest_distance", x=_flat(x), gallery=_flat(gallery))
    which = nearest(x, gallery, 1)[:, 0]
    distance = np.empty(len(x))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        distance[rows] = np.linalg.norm(x[rows] - gallery[which[rows]], axis=1)
    return distance, which


def memorisation(x, training, held_out):
    """Return the median distance of samples x to the training data, over that of held-out data.

        r = median over x of min |x - training|  /  median over held-out h of min |h - training|

    About 1: the samples are as far from the training images as other real ones are. Near
    0: they are copies. More than 1 is no proof of originality: noise is far from
    everything.

    Source: the comparison of nearest neighbours in Goodfellow et al. 2014, figure 2, as
    a number.
    """
    reference = np.median(nearest_distance(held_out, training)[0])
    if reference == 0:
        raise ValueError("memorisation: half of the held-out data are copies of training data")
    return float(np.median(nearest_distance(x, training)[0]) / reference)


def _flat(x):
    x = np.asarray(x)
    return x.reshape(len(x), -1) if x.ndim > 1 and len(x) else x

