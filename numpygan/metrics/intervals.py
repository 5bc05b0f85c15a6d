"""How sure is a figure that was measured on N samples?"""

from typing import NamedTuple

import numpy as np

from ..validation import integer, number


class Measured(NamedTuple):
    """A figure and its confidence interval."""

    value: float
    low: float
    high: float


def bootstrap(statistic, samples, *, resamples=200, level=0.95, centred=False, rng=0):
    """Return a statistic of the samples, with its percentile bootstrap interval.

    The N samples stand for the distribution they came from: N are drawn from them with
    replacement, the statistic is taken again, and so on. The interval lies between the
    (1 - level) / 2 and (1 + level) / 2 quantiles of those values.

    Args:
        statistic: function from an array (N, ...) to a number.
        samples: (N, ...), resampled along the first axis.
        resamples: how many times.
        centred: move the interval by the mean of the resampled values minus the value.
            A set drawn with replacement has but 63% different members, and a statistic
            that grows as samples get fewer, as the Frechet distance does, comes out too
            large every time. What is wanted is how much it would vary with N other
            samples, and its value at N.
        rng: numpy Generator, or a seed for one.

    Source: Efron & Tibshirani 1993, chapter 13; centred: their estimate of bias, chapter 10.
    """
    samples, rng = np.asarray(samples), np.random.default_rng(rng)
    if samples.ndim == 0 or len(samples) < 2:
        raise ValueError(f"bootstrap needs at least 2 samples, got an array {samples.shape}")
    n, level = len(samples), number("bootstrap", "level", level, "(0, 1)")
    resamples = integer("bootstrap", "resamples", resamples)
    value = float(statistic(samples))
    again = np.array([statistic(samples[rng.integers(0, n, n)]) for _ in range(resamples)], np.float64)
    if centred:
        again += value - again.mean()
    low, high = np.quantile(again, ((1 - level) / 2, (1 + level) / 2))
    return Measured(value, float(low), float(high))
