"""The idea of a gradient check in ten lines; the rest of this folder makes it accurate and fast."""

import numpy as np


def numeric_gradient(f, x, h=2.0**-17):
    """Return the gradient of f at x by central differences (eq. 1.4), float64, in the shape of x.

    f takes an array like x and returns a number.
    """
    x = np.array(x, np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        start = x[index]
        x[index] = start + h
        upper = f(x)
        x[index] = start - h
        lower = f(x)
        x[index] = start
        gradient[index] = (upper - lower) / (2 * h)
    return gradient
