"""What one can do with codes: walk between them, search among them, miss the odd one out.

A code is a row of an array z (N, latent_dim), from whichever encoder.
"""

from statistics import NormalDist

import numpy as np


def latent_grid(side, *, edge=0.02):
    """Return codes (side * side, 2) that cover N(0, 1) in the plane evenly by probability.

    The quantiles edge, ..., 1 - edge of the standard normal, through the inverse of its
    distribution function, are the coordinates, so equally many drawn codes fall between
    any two neighbours: close together in the middle, further apart outside. Row 0 is
    the top of the plane (largest second coordinate), as in a picture.
    """
    if side < 2:
        raise ValueError(f"side must be at least 2, got {side}")
    if not 0 < edge < 0.5:
        raise ValueError(f"edge must lie between 0 and 0.5, got {edge}")
    at = np.array([NormalDist().inv_cdf(p) for p in np.linspace(edge, 1 - edge, side)], np.float32)
    across, up = np.meshgrid(at, at[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def interpolate(a, b, steps=10):
    """Return codes (steps, latent_dim) on the straight line from code a to code b."""
    if steps < 2:
        raise ValueError(f"steps must be at least 2, got {steps}")
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"a and b must be two codes (latent_dim,), got {a.shape} and {b.shape}")
    dtype = np.result_type(a, b, np.float32)  # integers have other ones between them
    share = np.linspace(0, 1, steps, dtype=dtype)[:, np.newaxis]
    return (1 - share) * a + share * b


def nearest(queries, gallery, k=10, *, batch_size=256):
    """Return the indices (Q, k) of the k codes in `gallery` nearest to each query.

    Nearest first, by Euclidean distance. Since

        |q - g|^2 = |q|^2 - 2 q . g + |g|^2

    and |q|^2 is the same for the whole row, one matrix product ranks all of them. All are
    first moved so that the gallery's middle is 0: far from it, the differences would be lost
    in the rounding of large squares.

    Args:
        queries: (Q, latent_dim).
        gallery: (G, latent_dim).
    """
    queries, gallery = np.asarray(queries), np.asarray(gallery)
    if queries.ndim != 2 or gallery.ndim != 2 or queries.shape[1] != gallery.shape[1]:
        raise ValueError(
            f"queries and gallery must be (N, latent_dim) of one width, got {queries.shape} and "
            f"{gallery.shape}"
        )
    if not 1 <= k <= len(gallery):
        raise ValueError(f"k must be from 1 to the size of the gallery, {len(gallery)}, got {k}")
    if not (np.isfinite(queries).all() and np.isfinite(gallery).all()):
        raise ValueError("queries and gallery must be finite, got NaN or infinity among their numbers")
    dtype = np.result_type(queries, gallery, np.float32)  # the squares of uint8 would not fit in uint8
    middle = gallery.mean(axis=0, dtype=dtype)
    queries, gallery = np.subtract(queries, middle, dtype=dtype), np.subtract(gallery, middle, dtype=dtype)
    squares = np.einsum("gd,gd->g", gallery, gallery)
    found = np.empty((len(queries), k), np.intp)
    for start in range(0, len(queries), batch_size):
        ranks = squares - 2 * (queries[start : start + batch_size] @ gallery.T)  # (Q, G)
        some = np.argpartition(ranks, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(ranks, some, axis=1), axis=1, kind="stable")
        found[start : start + batch_size] = np.take_along_axis(some, order, axis=1)
    return found


class CodeCloud:
    """A normal distribution fitted to codes: how far out is a code, and what is typical?

        mean = sum(z) / N,    cov = sum (z - mean)^T (z - mean) / N = C C^T

    with C the Cholesky factor of cov, a square root of it. If e is noise from N(0, 1),
    mean + e C^T has that mean and covariance; the other way round, C takes the shape of
    the cloud out of a distance.

    Args:
        z: the codes (N, latent_dim) to fit; more of them than latents.
    """

    def __init__(self, z):
        z = np.asarray(z, np.float64)
        if z.ndim != 2 or len(z) <= z.shape[1]:
            raise ValueError(f"CodeCloud needs more codes than latents, (N, latent_dim), got {z.shape}")
        self.mean = z.mean(axis=0)
        cov = (z - self.mean).T @ (z - self.mean) / len(z)
        # A latent that the encoder never uses has variance 0: keep C invertible.
        cov[np.diag_indices_from(cov)] += 1e-6 * np.trace(cov) / len(cov) + 1e-12
        self._C = np.linalg.cholesky(cov)

    def distance(self, z):
        """Return how many standard deviations each code is from the mean, (N,).

        This is the Mahalanobis distance sqrt((z - mean) cov^-1 (z - mean)^T): a step
        along a direction in which codes vary much counts less.
        """
        e = np.linalg.solve(self._C, (np.asarray(z) - self.mean).T)  # (latent_dim, N)
        return np.sqrt(np.square(e).sum(axis=0))

    def draw(self, n, rng):
        """Return n new codes (n, latent_dim) as float32, from a Generator or a seed."""
        e = np.random.default_rng(rng).standard_normal((n, len(self.mean)))
        return (self.mean + e @ self._C.T).astype(np.float32)


def principal_angles(A, B):
    """Return the angles between two subspaces in degrees, smallest first.

    The subspaces are spanned by the columns of A and of B, both (features, k). With
    orthonormal bases Q_A and Q_B, the cosines are the singular values of Q_A^T Q_B. For
    small angles a cosine is too flat to measure by, so the sines are taken instead: the
    singular values of Q_B - Q_A Q_A^T Q_B, what is left of B outside of A.

    Source: Björck & Golub 1973, section 3.
    """
    A, B = np.asarray(A, np.float64), np.asarray(B, np.float64)
    if A.shape != B.shape or A.ndim != 2 or A.shape[0] < A.shape[1]:
        raise ValueError(
            f"A and B must both be (features, k), k at most features, got {A.shape} and {B.shape}"
        )
    Q_A, Q_B = np.linalg.qr(A)[0], np.linalg.qr(B)[0]
    sines = np.linalg.svd(Q_B - Q_A @ (Q_A.T @ Q_B), compute_uv=False)
    return np.degrees(np.arcsin(np.clip(sines[::-1], 0, 1)))
