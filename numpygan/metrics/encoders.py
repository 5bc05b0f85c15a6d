"""Metrics of codes and reconstructions: anomaly detection, retrieval, denoising."""

import numpy as np


def roc_auc(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """Return the probability that a random anomaly scores higher than a random normal sample.

    1 is a perfect detector, 1/2 a coin toss. This equals the area under the ROC curve. It
    is computed from ranks: sort all scores together; the anomalies' ranks add up to the
    number of pairs they win plus m (m + 1) / 2. Equal scores share their mean rank, which
    counts as half a win.

    Args:
        normal: scores (n,) of normal samples.
        anomalous: scores (m,) of anomalies.

    Source: Hanley & McNeil 1982; Mann & Whitney 1947.
    """
    normal, anomalous = np.asarray(normal), np.asarray(anomalous)
    n, m = normal.size, anomalous.size
    if n == 0 or m == 0:
        raise ValueError(f"roc_auc needs both kinds of scores, got {n} normal and {m} anomalous")
    scores = np.concatenate([normal.ravel(), anomalous.ravel()])
    if np.isnan(scores).any():
        raise ValueError("roc_auc: a score is NaN")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # from 1; ties share their mean
    return float((ranks[n:].sum() - m * (m + 1) / 2) / (n * m))


def precision_at_k(query_labels: np.ndarray, found_labels: np.ndarray) -> float:
    """Return the share of retrieved samples that have the query's label.

    Args:
        query_labels: (Q,).
        found_labels: (Q, k), the labels of the k samples retrieved for each query.
    """
    query_labels, found_labels = np.asarray(query_labels), np.asarray(found_labels)
    if found_labels.ndim != 2 or query_labels.shape != found_labels.shape[:1]:
        raise ValueError(
            f"expected labels (Q,) and (Q, k), got {query_labels.shape} and {found_labels.shape}"
        )
    return float((found_labels == query_labels[:, np.newaxis]).mean())


def psnr(clean: np.ndarray, image: np.ndarray, *, peak: float = 1.0) -> float:
    """Return the mean peak signal-to-noise ratio over the samples, in decibels.

        psnr = 10 log10(peak^2 / mean((image - clean)^2))

    Ten decibels more mean a tenth of the squared error. Both are (N, ...).
    """
    clean, image = np.asarray(clean), np.asarray(image)
    if clean.shape != image.shape or clean.size == 0:
        raise ValueError(f"psnr expects two arrays of equal shape, got {clean.shape} and {image.shape}")
    error = np.square(image - clean).reshape(len(clean), -1).mean(axis=1, dtype=np.float64)
    if not error.all():
        raise ValueError("psnr is infinite: an image equals its clean version")
    return float(10 * np.log10(peak**2 / error).mean())
