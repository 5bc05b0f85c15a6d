"""Metrics from a classifier's probabilities: which classes are generated, how clearly, and are all there?

Every function takes the probabilities p (N, K) of K classes for N images.
"""

import numpy as np


def class_shares(p: np.ndarray) -> np.ndarray:
    """Return the share of images whose most likely class is k, (K,): the class histogram."""
    p = _checked("class_shares", p)
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / len(p)


def classes_covered(p: np.ndarray, *, min_share: float = 0.1, min_confidence: float = 0.5) -> int:
    """Return how many of the K classes are generated.

    A class counts if the images assigned to it with a probability above `min_confidence`
    make up at least `min_share` of its equal share, 1/K. With ten classes, each needs one
    image in a hundred, so a few stray images do not make a class.
    """
    p = _checked("classes_covered", p)
    confident = p.argmax(axis=1)[p.max(axis=1) > min_confidence]
    shares = np.bincount(confident, minlength=p.shape[1]) / len(p)
    return int((shares >= min_share / p.shape[1]).sum())


def confidence(p: np.ndarray) -> float:
    """Return the mean probability of the most likely class: 1 if every image clearly shows one."""
    return float(_checked("confidence", p).max(axis=1).mean(dtype=np.float64))


def class_entropy(p: np.ndarray) -> float:
    """Return the entropy of the mean of p over the images, in nats.

        H = -sum over k of m[k] log m[k],    m = 1/N sum over n of p[n]

    log K if all classes are equally frequent, 0 if there is only one.
    """
    return float(_entropy(_checked("class_entropy", p).mean(axis=0, dtype=np.float64)))


def inception_score(p: np.ndarray) -> float:
    """Return exp(H(mean of p) - mean of H(p)), from 1 to K.

    High if each image clearly shows one class (the second entropy is small) and all
    classes are equally frequent (the first is large). The published score uses a network
    for photographs instead of a digit classifier. It does not see whether the images of
    a class differ, nor whether they resemble real ones.

    Source: Salimans et al. 2016, section 4.
    """
    p = _checked("inception_score", p)
    return float(np.exp(_entropy(p.mean(axis=0, dtype=np.float64)) - _entropy(p).mean()))


def _entropy(p):
    """Return -sum p log p over the last axis, with 0 log 0 = 0."""
    p = np.asarray(p, np.float64)
    return 0 - (p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)  # a single class gives 0, not -0.0


def _checked(name, p):
    p = np.asarray(p)
    if p.ndim != 2 or p.size == 0:
        raise ValueError(f"{name} expects probabilities (N, K), got {p.shape}")
    if not (p.min() >= 0 and np.abs(p.sum(axis=1) - 1).max() < 1e-3):  # so written that NaN fails
        raise ValueError(
            f"{name} expects probabilities from 0 up, with rows that sum to 1: see Classifier.probabilities"
        )
    return p
