"""Arguments checked in one place, so that all error messages have the same form.

Each function returns the value it was given, in a plain Python type, or raises an
error that names the owner (a layer, an optimiser), the argument, what came and what
was expected: TypeError for the wrong kind of thing, ValueError for a wrong value.
"""

import numbers

import numpy as np


def number(owner, what, value, interval):
    """Return `value` as a float if it lies in `interval`, such as "[0, 1)" or "(0, inf)"."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{owner}: {what} must be a number in {interval}, got {value!r}")
    low, high = map(float, interval[1:-1].split(","))
    if not low <= value < high or (value == low and interval[0] == "("):
        raise ValueError(f"{owner}: {what} must be in {interval}, got {value!r}")
    return float(value)


def integer(owner, what, value, *, least=1):
    """Return `value` as an int if it is an integer, `least` or larger."""
    expected = "a positive integer" if least == 1 else f"an integer of at least {least}"
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(f"{owner}: {what} must be {expected}, got {value!r}")
    if value < least:
        raise ValueError(f"{owner}: {what} must be {expected}, got {value!r}")
    return int(value)


def one_of(owner, what, value, choices):
    """Return `value` if it is one of the strings `choices`."""
    if value not in choices:
        raise ValueError(f"{owner}: {what} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def sample_shape(owner, what, shape):
    """Return `shape`, the shape of one sample without N, as a tuple of ints."""
    if not isinstance(shape, (tuple, list)):
        raise TypeError(f"{owner}: {what} must be a tuple such as (784,) or (28, 28, 1), got {shape!r}")
    what = f"each size in {what} {tuple(shape)}"
    return tuple(integer(owner, what, size) for size in shape)


def image_shape(owner, shape):
    """Return `shape` if it is that of an image, (H, W, C)."""
    if len(shape) != 3:
        raise ValueError(f"{owner} expects samples of shape (H, W, C), got {shape}: add a Reshape before it")
    return shape


def plain_array(owner, what, values):
    """Return `values` as an array; a masked array is refused, because its mask would be ignored."""
    if type(values) is np.ndarray:  # asked of every array between two layers, so the usual answer comes first
        return values
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{owner}: {what} is a masked array, whose mask would be ignored: give {what}.filled(0), say"
        )
    return np.asarray(values)


def batch_shape(shape):
    """Return the shape of a batch of samples of `shape` as a string, such as "(N, 28, 28, 1)"."""
    return f"({', '.join(['N', *map(str, shape)])})"


def float_dtype(owner, dtype):
    """Return `dtype` as a NumPy dtype if it is float32 or float64."""
    for known in (np.float32, np.float64):
        if dtype is not None and dtype in (known, np.dtype(known), np.dtype(known).name):
            return np.dtype(known)
    raise TypeError(f"{owner}: dtype must be float32 or float64, got {dtype!r}")
