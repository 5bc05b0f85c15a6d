"""Confidence intervals for figures measured on N samples."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..validation import integer, number


class Measured(NamedTuple):
    """A figure and its confidence interval."""

    value: float
    low: float
    high: float


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    samples: np.ndarray,
    *,
    resamples: int = 200,
    level: float = 0.95,
    centred: bool = False,
    rng: int | np.random.Generator = 0,
) -> Measured:
    """Return a statistic of the samples with its percentile bootstrap interval.

    The N samples stand for the distribution they came from: N of them are drawn with
    replacement and the statistic is computed again, many times. The interval runs from
    the (1 - level) / 2 to the (1 + level) / 2 quantile of these values.

    Args:
        statistic: function from an array (N, ...) to a number.
        samples: (N, ...), resampled along the first axis.
        resamples: how many sets to draw.
        centred: shift the resampled values so that their mean is the measured value.
            A set drawn with replacement has only 63% distinct members, so a statistic
            that is biased upwards for small sets, such as the Frechet distance, comes out
            too large in every one of them.
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
