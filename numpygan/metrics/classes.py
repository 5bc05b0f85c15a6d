"""What a classifier says of drawn images: which digits, how clearly, and all of them?

Everything here works on what a classifier returns, the probabilities p (N, K) of K
classes for N images.
"""

import numpy as np


def class_shares(p):
    """Return the share of images whose likeliest class is k, (K,): the class histogram."""
    p = _checked("class_shares", p)
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / len(p)


def classes_covered(p, *, least=0.1, sure=0.5):
    """Return how many classes are there.

    The rule: a class counts if the share of images that the classifier takes for it, with
    a probability above `sure`, is at least `least` of an equal share, 1/K. Of ten classes
    each thus needs one image in a hundred, so that a few freaks do not make a class.
    """
    p = _checked("classes_covered", p)
    sure_of = p.argmax(axis=1)[p.max(axis=1) > sure]
    shares = np.bincount(sure_of, minlength=p.shape[1]) / len(p)
    return int((shares >= least / p.shape[1]).sum())


def confidence(p):
    """Return the mean probability of the likeliest class: 1 if every image is plainly one."""
    return float(_checked("confidence", p).max(axis=1).mean(dtype=np.float64))


def class_entropy(p):
    """Return the entropy of the mean of p over the images, in nats.

        H = -sum over k of m[k] log m[k],    m = 1/N sum over n of p[n]

    log K if all classes come equally often, 0 if there is but one.
    """
    return float(_entropy(_checked("class_entropy", p).mean(axis=0, dtype=np.float64)))


def inception_score(p):
    """Return exp(H(mean of p) - mean of H(p)), from 1 to K.

    High if each image is plainly of one class (the second entropy is small) and the
    classes come in equal shares (the first is large). The score of that name uses a
    network for photographs in place of a classifier of digits. It does not see whether
    the images of a class differ, nor whether they look like any real one.

    Source: Salimans et al. 2016, section 4.
    """
    p = _checked("inception_score", p)
    return float(np.exp(_entropy(p.mean(axis=0, dtype=np.float64)) - _entropy(p).mean()))


def _entropy(p):
    """Return -sum p log p over the last axis, with 0 log 0 = 0."""
    p = np.asarray(p, np.float64)
    return 0 - (p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)  # not -0.0 of a single class


def _checked(name, p):
    p = np.asarray(p)
    if p.ndim != 2 or p.size == 0:
        raise ValueError(f"{name} expects probabilities (N, K), got {p.shape}")
    if not (p.min() >= 0 and np.abs(p.sum(axis=1) - 1).max() < 1e-3):  # so written that NaN fails
        raise ValueError(
            f"{name} expects probabilities, from 0 up and 1 in every row: see Classifier.probabilities"
        )
    return p
