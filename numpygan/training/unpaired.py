"""Mini-batches from two sets of images that are not paired."""

import numpy as np

from .batches import Batches


class UnpairedBatches:
    """Endless mini-batches (a, b), each domain in a random order of its own.

    The domains may differ in size: each starts over after its own last batch.

    Args:
        a, b: the images of the two domains.
        batch_size: images of each domain in a mini-batch.
        rng: numpy Generator, for both orders.
    """

    def __init__(self, a, b, batch_size, rng):
        self.domains = Batches(a, batch_size, rng), Batches(b, batch_size, rng)

    def __next__(self):
        a, b = self.domains
        return next(a), next(b)

    def fingerprint(self):
        """Return a string that distinguishes these data and this batch size from others."""
        return " and ".join(domain.fingerprint() for domain in self.domains)

    # --- the position in the data, as `Run` in run.py reads and sets it ---

    @property
    def order(self):
        """Both orders, one after the other."""
        return np.concatenate([domain.order for domain in self.domains])

    @order.setter
    def order(self, order):
        for domain, part in zip(self.domains, self._parts(order)):
            domain.order = part

    @property
    def position(self):
        """Both positions, as a list."""
        return [domain.position for domain in self.domains]

    @position.setter
    def position(self, position):
        for domain, each in zip(self.domains, position):
            domain.position = each

    @property
    def rng(self):
        return self.domains[0].rng

    @rng.setter
    def rng(self, rng):
        for domain in self.domains:
            domain.rng = rng

    def check_place(self, order, position):
        """Raise ValueError unless `order` is an order of these data and `position` a position in it."""
        if not isinstance(position, list) or len(position) != 2 or order.ndim != 1:
            raise ValueError(f"its position {position} in the data, or their order, is impossible")
        for domain, part, each in zip(self.domains, self._parts(order), position):
            domain.check_place(part, each)

    def _parts(self, order):
        """Split what `order` returned; both parts are empty before the first batch."""
        first = len(self.domains[0].x) if order.size else 0
        return order[:first], order[first:]
