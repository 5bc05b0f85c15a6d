"""The classes that a conditional model knows: their number, their names, and labels checked."""

import numbers
import re
from collections.abc import Sequence

import numpy as np

from ..validation import integer

MOST = 10_000  # classes; a number in a file is a claim, and each class has a name and a weight


class Classes:
    """The classes that a model knows.

    Args:
        owner: the model, for error messages.
        classes: how many there are, numbered from 0, or a list of their names.
    """

    def __init__(self, owner, classes):
        if isinstance(classes, numbers.Integral) and not isinstance(classes, bool):
            count = integer(owner, "classes", classes, least=2)
            if count > MOST:
                raise ValueError(f"{owner}: classes must be at most {MOST:,}, got {count:,}")
            self.names = tuple(map(str, range(count)))
        else:
            self.names = _check_names(owner, classes)

    def __len__(self):
        return len(self.names)

    def config(self):
        """Return what the constructor takes, as JSON can hold it."""
        numbered = self.names == tuple(map(str, range(len(self))))
        return len(self) if numbered else list(self.names)

    def number(self, label):
        """Return the number of a class, given that or its name, or raise an error."""
        if isinstance(label, str):
            if label not in self.names:
                raise ValueError(f"there is no class {label!r}: expected one of {', '.join(self.names)}")
            return self.names.index(label)
        if not isinstance(label, numbers.Integral) or isinstance(label, bool):
            raise TypeError(f"labels must be the integer or the name of a class, got {label!r}")
        if not 0 <= label < len(self):
            raise ValueError(f"labels: there is no class {label}, only 0 to {len(self) - 1}")
        return int(label)

    def labels_for(self, n, labels=None):
        """Return integers (n,): `labels`, one class for all, or if None each class equally often, in order.

        So with n = 10 classes times 8 columns, a grid of 8 columns has one class a row.
        """
        if labels is None:
            return np.arange(n) * len(self) // n
        if np.ndim(labels) == 0:
            return np.full(n, self.number(labels))
        return self.check(labels, n)

    def check(self, labels, n):
        """Return labels as integers (n,), or raise an error that says what is wrong with them."""
        labels = np.asarray(labels)
        if labels.shape != (n,):
            raise ValueError(f"labels must be ({n},), a class for every image, got {labels.shape}")
        if labels.dtype.kind == "U":
            labels = np.array([self.number(str(label)) for label in labels])
        if labels.dtype.kind not in "iu":
            raise TypeError(
                "labels must be integers, the numbers of the classes, or their names, got "
                f"{labels.dtype}: use labels.astype(int) if they are"
            )
        for wrong in labels[(labels < 0) | (labels >= len(self))][:1]:
            raise ValueError(f"labels: there is no class {wrong}, only 0 to {len(self) - 1}")
        return labels.astype(np.int64, copy=False)

    def code(self, labels, dtype):
        """Return the codes (n, K) of labels (n,): 1 in the place of the class, 0 elsewhere."""
        code = np.zeros((len(labels), len(self)), dtype)
        code[np.arange(len(labels)), labels] = 1
        return code


def _check_names(owner, names):
    if not isinstance(names, Sequence) or isinstance(names, str):
        raise TypeError(f"{owner}: classes must be their number or a list of their names, got {names!r}")
    if not all(isinstance(name, str) and name for name in names):
        raise TypeError(f"{owner}: the names of classes must be non-empty strings, got {list(names)}")
    if any(re.search(r"[\x00-\x1f\x7f-\x9f]", name) for name in names):
        raise ValueError(f"{owner}: the names of classes must have no control characters, got {list(names)}")
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"{owner}: classes must have at least two different names, got {list(names)}")
    return tuple(names)
