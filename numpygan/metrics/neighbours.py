"""Metrics from nearest-neighbour distances between two sets of points.

Points are rows of (N, D): features of images, or their pixels.
"""

import numpy as np

from ..latent.distances import BLOCK, check_points, nearest, squared_distances


def mean_distance(x: np.ndarray) -> float:
    """Return the mean distance between two different points of x (N, ...), in units of x.

    Compare it with that of real data: the samples of a collapsed generator lie close
    together, and it is 0 if all are equal.
    """
    x = _flat(x)
    if len(x) < 2:
        raise ValueError(f"mean_distance needs at least 2 points, got {len(x)}")
    total = 0.0
    for rows, squared in squared_distances(x, x):
        squared[np.arange(len(squared)), np.arange(len(x))[rows]] = 0  # to itself, despite rounding
        total += np.sqrt(squared).sum(dtype=np.float64)
    return float(total / (len(x) * (len(x) - 1)))


def within_manifold(centres: np.ndarray, points: np.ndarray, *, k: int = 3) -> np.ndarray:
    """Return which of the points lie within the manifold of the centres, bools (M,).

    The manifold of a set is the union of balls around its points, each with the distance
    to the k-th nearest other point of the set as its radius. It gives two shares:

        precision = within_manifold(real, generated).mean()   samples that look real
        recall    = within_manifold(generated, real).mean()   real images that could be generated

    Low precision: many samples look like nothing real. Low recall: many kinds of real
    images are never generated. Both depend on k, N and M: compare only at equal ones.

    Args:
        centres, points: features (N, D) and (M, D).
        k: which neighbour sets the radius; 3 in the paper.

    Source: Kynkäänniemi et al. 2019, eqs. 1 and 2.
    """
    centres, points = check_points("within_manifold", centres=centres, points=points)
    if not 1 <= k < len(centres):
        raise ValueError(
            f"within_manifold: k must be from 1 to {len(centres) - 1}, one less than the number of centres, "
            f"got {k}"
        )
    # The k-th nearest other point has index k: index 0 is the point itself.
    kth = [np.partition(squared, k, axis=1)[:, k] for _, squared in squared_distances(centres, centres)]
    radii = np.concatenate(kth)  # squared, (N,)
    within = [(squared <= radii).any(axis=1) for _, squared in squared_distances(points, centres)]
    return np.concatenate(within)


def nearest_distance(x: np.ndarray, gallery: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each x's distance to its nearest neighbour in the gallery, (N,), and that one's index, (N,).

    x is (N, ...) and gallery (M, ...). The distance is computed from the difference itself,
    so that of a copy is exactly 0.
    """
    x, gallery = check_points("nearest_distance", x=_flat(x), gallery=_flat(gallery))
    which = nearest(x, gallery, 1)[:, 0]
    distance = np.empty(len(x))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        distance[rows] = np.linalg.norm(x[rows] - gallery[which[rows]], axis=1)
    return distance, which


def memorisation(x: np.ndarray, training: np.ndarray, held_out: np.ndarray) -> float:
    """Return the median distance of samples x to the training data, relative to that of held-out data.

        r = median over x of min |x - training|  /  median over held-out h of min |h - training|

    About 1: the samples are as far from the training images as new real images are. Near
    0: they are copies. A value above 1 does not prove originality: noise is far from
    everything.

    Source: a number for the nearest-neighbour comparison in Goodfellow et al. 2014, figure 2.
    """
    reference = np.median(nearest_distance(held_out, training)[0])
    if reference == 0:
        raise ValueError("memorisation: at least half of the held-out data are copies of training data")
    return float(np.median(nearest_distance(x, training)[0]) / reference)


def _flat(x):
    x = np.asarray(x)
    return x.reshape(len(x), -1) if x.ndim > 1 and len(x) else x
