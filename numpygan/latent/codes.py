"""Working with codes: interpolate between them, fit a distribution to them, spot outliers.

A code is a row of an array z (N, latent_dim), from any encoder.
"""

from statistics import NormalDist

import numpy as np


def latent_grid(side, *, edge=0.02) -> np.ndarray:
    """Return codes (side * side, 2) that cover N(0, 1) in the plane evenly by probability.

    The coordinates are quantiles of the standard normal, at probabilities evenly spaced
    from `edge` to 1 - edge. Equally many samples of N(0, 1) fall between any two
    neighbours, so the grid is dense near 0 and sparse in the tails. The first `side` codes
    are the top row of the plane (largest second coordinate), as in an image.
    """
    if side < 2:
        raise ValueError(f"side must be at least 2, got {side}")
    if not 0 < edge < 0.5:
        raise ValueError(f"edge must lie between 0 and 0.5, got {edge}")
    at = np.array([NormalDist().inv_cdf(p) for p in np.linspace(edge, 1 - edge, side)], np.float32)
    across, up = np.meshgrid(at, at[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def interpolate(a, b, steps=10) -> np.ndarray:
    """Return codes (steps, latent_dim) on the straight line from code a to code b."""
    if steps < 2:
        raise ValueError(f"steps must be at least 2, got {steps}")
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"a and b must be two codes (latent_dim,), got {a.shape} and {b.shape}")
    dtype = np.result_type(a, b, np.float32)  # between integers lie fractions
    share = np.linspace(0, 1, steps, dtype=dtype)[:, np.newaxis]
    return (1 - share) * a + share * b


class CodeCloud:
    """A normal distribution fitted to codes, to measure how unusual a code is and to sample new ones.

        mean = sum(z) / N,    cov = sum (z - mean)^T (z - mean) / N = C C^T

    with C the Cholesky factor of cov. If e is noise from N(0, 1), mean + e C^T has that
    mean and covariance; conversely, solving for e turns the cloud into N(0, 1), where
    distances are comparable in all directions.

    Args:
        z: the codes (N, latent_dim) to fit; more of them than latents.
    """

    def __init__(self, z):
        z = np.asarray(z, np.float64)
        if z.ndim != 2 or len(z) <= z.shape[1]:
            raise ValueError(f"CodeCloud needs more codes than latents, (N, latent_dim), got {z.shape}")
        self.mean = z.mean(axis=0)
        cov = (z - self.mean).T @ (z - self.mean) / len(z)
        # A latent that the encoder does not use has variance 0: keep C invertible.
        cov[np.diag_indices_from(cov)] += 1e-6 * np.trace(cov) / len(cov) + 1e-12
        self._C = np.linalg.cholesky(cov)

    def distance(self, z) -> np.ndarray:
        """Return how many standard deviations each code is from the mean, (N,).

        This is the Mahalanobis distance sqrt((z - mean) cov^-1 (z - mean)^T), which counts
        a step less in directions in which the codes vary more.
        """
        e = np.linalg.solve(self._C, (np.asarray(z) - self.mean).T)  # (latent_dim, N)
        return np.sqrt(np.square(e).sum(axis=0))

    def draw(self, n, rng) -> np.ndarray:
        """Return n new codes (n, latent_dim) as float32, from a Generator or a seed."""
        e = np.random.default_rng(rng).standard_normal((n, len(self.mean)))
        return (self.mean + e @ self._C.T).astype(np.float32)


def principal_angles(A, B) -> np.ndarray:
    """Return the angles between two subspaces in degrees, smallest first.

    The subspaces are spanned by the columns of A and of B, both (features, k). With
    orthonormal bases Q_A and Q_B, the cosines are the singular values of Q_A^T Q_B. Near
    0 the cosine is too flat to resolve an angle, so the sines are used instead: the
    singular values of Q_B - Q_A Q_A^T Q_B, the part of B orthogonal to A.

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
