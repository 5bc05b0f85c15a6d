"""The Frechet distance: two clouds of features, each taken for a normal distribution."""

import numpy as np


def frechet_distance(a, b):
    """Return the squared Frechet distance between features a (N, D) and b (M, D).

    With mean m and covariance S of each set,

        d^2 = |m_a - m_b|^2 + trace(S_a + S_b - 2 (S_a S_b)^(1/2))

    which is the squared Wasserstein distance of two normal distributions. It is 0 only if
    both means and covariances agree, so it sees blurred, missing and too similar samples
    alike. As FID, with features of an Inception network, it is quoted for photographs;
    here the features are a digit classifier's, and figures cannot be compared with those.

    S_a S_b is not symmetric, but R S_b R with R = S_a^(1/2) is, and it has the same
    eigenvalues, which are not negative. The trace of the root is therefore the sum of the
    roots of those, for which eigh suffices.

    With few samples d^2 is too large, by about 1/N, since an estimated covariance is one
    of fewer directions. Compare at one N.

    Raises:
        ValueError: with fewer than D + 1 samples, whose covariance is singular.

    Source: Dowson & Landau 1982, eq. 16; Heusel et al. 2017, eq. 6.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"frechet_distance: expected features (N, D) and (M, D), got {a.shape} and {b.shape}"
        )
    return frechet_of_normals(*moments(a), *moments(b))


def moments(x):
    """Return mean (D,) and covariance (D, D), in float64, of features x (N, D); N must be above D."""
    x = np.asarray(x, np.float64)
    if x.ndim != 2 or len(x) <= x.shape[1]:
        raise ValueError(
            f"the covariance of features (N, D) needs N of at least D + 1, or it is singular; got {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("a feature is NaN or infinite")
    mean = x.mean(axis=0)
    x = x - mean
    return mean, x.T @ x / (len(x) - 1)


def frechet_of_normals(mean_a, cov_a, mean_b, cov_b):
    """Return the squared Frechet distance of two normals; means (D,), covariances (D, D)."""
    root = matrix_sqrt(cov_a)
    eigenvalues = np.linalg.eigvalsh(root @ cov_b @ root)
    overlap = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    squared = np.square(mean_a - mean_b).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * overlap
    return max(float(squared), 0.0)  # rounding may leave -1e-14 of equal sets


def matrix_sqrt(S):
    """Return the symmetric R with R R = S, for a symmetric S (D, D) without negative eigenvalues.

    S = Q diag(v) Q^T with orthonormal Q, so R = Q diag(sqrt(v)) Q^T.
    """
    v, Q = np.linalg.eigh(S)
    return (Q * np.sqrt(np.maximum(v, 0))) @ Q.T
