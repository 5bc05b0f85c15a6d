"""Distances between two sets of points, and who is nearest to whom.

Points are rows of (N, D): codes, features of images, or pixels. Squared distances come
from one matrix product per block of rows,

    |a - b|^2 = |a|^2 - 2 a . b + |b|^2

so no array (N, M, D) of differences is ever made. The points are first centred on the
mean of b: far from the origin the three terms are large, and their sum would be lost in
rounding errors.
"""

import numpy as np

BLOCK = 256  # rows at a time


def distance_blocks(a, b, size=BLOCK):
    """Yield (slice of rows of a, squared distances (rows, M) to all of b), for float a (N, D), b (M, D)."""
    centre = b.mean(axis=0)
    a, b = a - centre, b - centre
    squares = np.einsum("md,md->m", b, b)
    for start in range(0, len(a), size):
        rows = slice(start, start + size)
        out = a[rows] @ b.T  # (rows, M)
        out *= -2
        out += squares
        out += np.einsum("nd,nd->n", a[rows], a[rows])[:, np.newaxis]
        yield rows, np.maximum(out, 0, out=out)


def squared_distances(a, b):
    """Yield what `distance_blocks` does, for points (N, D) and (M, D) of any type, once they are checked."""
    yield from distance_blocks(*check_points("squared_distances", a=a, b=b))


def nearest(queries, gallery, k=10, *, batch_size=BLOCK) -> np.ndarray:
    """Return the indices (Q, k) of the k points in `gallery` nearest to each query.

    Nearest first, by Euclidean distance.

    Args:
        queries: (Q, D), such as codes.
        gallery: (G, D).
        batch_size: queries at a time.
    """
    queries, gallery = check_points("nearest", queries=queries, gallery=gallery)
    if not 1 <= k <= len(gallery):
        raise ValueError(f"k must be from 1 to the size of the gallery, {len(gallery)}, got {k}")
    found = np.empty((len(queries), k), np.intp)
    for rows, squared in distance_blocks(queries, gallery, batch_size):
        nearby = np.argpartition(squared, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(squared, nearby, axis=1), axis=1, kind="stable")
        found[rows] = np.take_along_axis(nearby, order, axis=1)
    return found


def hole_share(codes, draws, others) -> float:
    """Return how much of a prior is a hole: the share of its draws that have no code near them.

    A code is near if it is no farther away than the nearest of as many other draws is from 99 draws in
    100. So if the codes lie as the prior does, the share is about 0.01, with as many codes as others.

    Args:
        codes: (N, latent_dim), of data.
        draws: (M, latent_dim) from the prior: where new samples are decoded from.
        others: more draws from it, as many as there are codes, (N, latent_dim).
    """
    check_points("hole_share", codes=codes, draws=draws)
    check_points("hole_share", others=others, draws=draws)
    if len(codes) != len(others):
        raise ValueError(f"hole_share: others must be as many as codes, {len(codes)}, got {len(others)}")
    to_codes, to_others = (_to_nearest(draws, points) for points in (codes, others))
    return float(np.mean(to_codes > np.quantile(to_others, 0.99)))


def _to_nearest(queries, points):
    """Return the distance of each query (M, D) from the nearest of the points (N, D)."""
    queries, points = np.asarray(queries), np.asarray(points)
    return np.linalg.norm(queries - points[nearest(queries, points, 1)[:, 0]], axis=1)


def check_points(caller, **pair):
    """Return two named arrays of points of one width, as floats of one dtype; ValueError if they are not."""
    names = " and ".join(pair)
    a, b = map(np.asarray, pair.values())
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or not a.size or not b.size:
        raise ValueError(
            f"{caller}: {names}: expected points (N, D) and (M, D) of one width, got {a.shape} and {b.shape}"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError(f"{caller}: {names} must be finite, got NaN or infinite values")
    dtype = np.result_type(a, b, np.float32)  # the squares of uint8 would not fit in uint8
    return a.astype(dtype, copy=False), b.astype(dtype, copy=False)
