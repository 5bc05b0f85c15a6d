"""Mini-batches: the data in a random order, cut into pieces."""

import zlib

import numpy as np

from ..validation import integer


def fingerprint(array):
    """Return a string that distinguishes an array from others: its dtype, its shape, a check sum."""
    check = 0
    for start in range(0, len(array), 1000):
        check = zlib.crc32(np.ascontiguousarray(array[start : start + 1000]), check)
    return f"{array.dtype} {array.shape} with the check sum {check:08x}"


class Batches:
    """Endless mini-batches: the data in a random order, then in another.

    Every sample occurs once per pass over the data, except for the remainder that does
    not fill a batch, which differs from pass to pass.
    """

    def __init__(self, x, batch_size, rng):
        self.x, self.batch_size, self.rng = x, integer("fit", "batch_size", batch_size), rng
        if batch_size > len(x):
            raise ValueError(
                f"fit: batch_size must be from 1 to the number of samples, {len(x)}, got {batch_size}"
            )
        self.order, self.position = np.empty(0, np.int64), len(x)

    def __next__(self):
        return self.x[self._next_part()]

    def _next_part(self):
        """Return the places of the samples of the next batch, (batch_size,)."""
        if self.position + self.batch_size > len(self.x):
            self.order, self.position = self.rng.permutation(len(self.x)), 0
        part = self.order[self.position : self.position + self.batch_size]
        self.position += self.batch_size
        return part

    def arrays(self):
        """Return the arrays that the batches are taken from."""
        return [self.x]

    def fingerprint(self):
        """Return a string that distinguishes these data and this batch size from others."""
        parts = " and ".join(map(fingerprint, self.arrays()))
        return f"{parts}, in batches of {self.batch_size}"

    def check_place(self, order, position):
        """Raise ValueError unless `order` is an order of these data and `position` a position in it."""
        n = len(self.x)
        shuffled = order.dtype == np.int64 and np.array_equal(np.sort(order), np.arange(n))
        untouched = position == n and not order.size
        if type(position) is not int or not 0 <= position <= n or not (shuffled or untouched):
            raise ValueError(f"its position {position} in the data, or their order, is impossible")


class LabelledBatches(Batches):
    """Endless mini-batches (x, labels), each image with its own label."""

    def __init__(self, x, labels, batch_size, rng):
        super().__init__(x, batch_size, rng)
        self.labels = labels

    def __next__(self):
        part = self._next_part()
        return self.x[part], self.labels[part]

    def arrays(self):
        return [self.x, self.labels]


class EpochBatches(Batches):
    """Endless mini-batches (x, target) in which every pass includes every sample.

    A pass (an epoch) is cut into as few batches as it takes, `per_epoch`, all of
    `batch_size` samples or, if that does not divide, of nearly equal sizes, so that no
    small remainder counts as much as a whole batch.
    """

    def __init__(self, x, target, batch_size, rng):
        super().__init__(x, batch_size, rng)
        self.target = target
        self.per_epoch = -(-len(x) // batch_size)
        self.smallest = len(x) // self.per_epoch  # samples in the smallest batch

    def __next__(self):
        if self.position == len(self.x):
            self.order, self.position = self.rng.permutation(len(self.x)), 0
        left = len(self.x) - self.position
        size = -(-left // -(-left // self.batch_size))  # what is left, in equal batches
        part = self.order[self.position : self.position + size]
        self.position += size
        x = self.x[part]
        return x, (x if self.target is self.x else self.target[part])

    def arrays(self):
        return [self.x] if self.target is self.x else [self.x, self.target]
