"""The Frechet distance between two sets of features, each modelled by a normal distribution."""

import numpy as np


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Return the squared Frechet distance between features a (N, D) and b (M, D).

    With mean m and covariance S of each set,

        d^2 = |m_a - m_b|^2 + trace(S_a + S_b - 2 (S_a S_b)^(1/2))

    the squared Wasserstein-2 distance between two normal distributions. It is 0 only if
    both means and covariances agree, so it responds to blur, to missing kinds of samples
    and to samples that are too much alike. FID is this distance with the features of an
    Inception network, for photographs; with a digit classifier's features the values are
    not comparable with those.

    S_a S_b is not symmetric, but R S_b R with R = S_a^(1/2) is. Both have the same
    eigenvalues, none of them negative, so the trace of the root is the sum of their square
    roots, and a symmetric eigensolver suffices.

    The estimate is biased upwards, by an amount that falls roughly as 1/N
    (frechet_bias.py measures it), so compare distances only at equal N and M.

    Raises:
        ValueError: for fewer than D + 1 samples, whose covariance is singular.

    Source: Dowson & Landau 1982, eq. 16; Heusel et al. 2017, eq. 6.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(f"frechet_distance expects features (N, D) and (M, D), got {a.shape} and {b.shape}")
    return frechet_of_normals(*moments(a), *moments(b))


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean (D,) and covariance (D, D), in float64, of features x (N, D) with N > D."""
    x = np.asarray(x, np.float64)
    if x.ndim != 2 or len(x) <= x.shape[1]:
        raise ValueError(
            f"the covariance of features (N, D) is singular unless N is at least D + 1; got {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("a feature is NaN or infinite")
    mean = x.mean(axis=0)
    x = x - mean
    return mean, x.T @ x / (len(x) - 1)


def frechet_of_normals(mean_a: np.ndarray, cov_a: np.ndarray, mean_b: np.ndarray, cov_b: np.ndarray) -> float:
    """Return the squared Frechet distance between two normals; means (D,), covariances (D, D)."""
    root = matrix_sqrt(cov_a)
    eigenvalues = np.linalg.eigvalsh(root @ cov_b @ root)
    overlap = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    squared = np.square(mean_a - mean_b).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * overlap
    return max(float(squared), 0.0)  # rounding can give -1e-14 for equal sets


def matrix_sqrt(S: np.ndarray) -> np.ndarray:
    """Return the symmetric R with R R = S, for a symmetric positive semi-definite S (D, D).

    S = Q diag(v) Q^T with orthonormal Q, so R = Q diag(sqrt(v)) Q^T.
    """
    v, Q = np.linalg.eigh(S)
    return (Q * np.sqrt(np.maximum(v, 0))) @ Q.T
