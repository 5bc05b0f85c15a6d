"""What an array is made of: is it a product, a sum or a difference of two of the arguments?"""

import itertools

import numpy as np

SINGLE = {
    "{a}": lambda a: a,
    "{a}^2": np.square,
    "|{a}|": np.abs,
    "sqrt({a})": np.sqrt,
    "exp({a})": np.exp,
    "1 / {a}": lambda a: 1 / a,
    "tanh({a})": np.tanh,
    "1 - {a}": lambda a: 1 - a,
    "{a}^T": np.transpose,
}
PAIRS = {
    "{a} * {b}": np.multiply,
    "{a} + {b}": np.add,
    "{a} - {b}": np.subtract,
    "{a} / {b}": np.divide,
    "the matrix product of {a} and {b}": lambda a, b: a @ b,
    "the matrix product of {a}^T and {b}": lambda a, b: a.T @ b,
    "the matrix product of {a} and {b}^T": lambda a, b: a @ b.T,
    "the outer product of {a} and {b}": np.outer,
    "{a} * {b}^2": lambda a, b: a * b * b,
    "{a} * |{b}|": lambda a, b: a * np.abs(b),
    "{a} * exp({b})": lambda a, b: a * np.exp(b),
    "{a} * (1 - {b})": lambda a, b: a * (1 - b),
}
TOTALS = {
    "{}": lambda a: a,
    "the sum of {}": np.sum,
    "the mean of {}": np.mean,
    "the sum of {} along axis 0": lambda a: np.sum(a, axis=0),
    "the mean of {} along axis 0": lambda a: np.mean(a, axis=0),
    "the sum of {} along axis 1": lambda a: np.sum(a, axis=1),
    "the mean of {} along axis 1": lambda a: np.mean(a, axis=1),
}


def made_of(got, arrays, same):
    """Return in words what gives the numbers of `got`, such as "W * dy", or None.

    Args:
        arrays: dict from a name to an array; same: (a, b) -> whether they are equal.
    """
    arrays = {name: array.astype(float) for name, array in arrays.items()}  # a mask may be of booleans
    with np.errstate(all="ignore"):
        for words, array in _candidates(arrays):
            for total, function in TOTALS.items():
                try:
                    candidate = function(array)
                except ValueError:
                    continue
                for sign, name in ((1, "{}"), (-1, "-({})")):
                    if same(got, sign * candidate):
                        return name.format(total.format(words))
    return None


def _candidates(arrays):
    """Yield (words, array): each array, changed in one way, and each two of them, joined in one way."""
    for (words, function), (a, array) in itertools.product(SINGLE.items(), arrays.items()):
        yield words.format(a=a), function(array)
    for (words, function), (a, b) in itertools.product(PAIRS.items(), itertools.product(arrays, repeat=2)):
        try:
            yield words.format(a=a, b=b), function(arrays[a], arrays[b])
        except ValueError:
            continue
