"""Threads that work in step, one for each core.

BLAS, the library behind NumPy's matrix products, uses every core. All other passes over
arrays are made by the thread that asked for them. Several threads can make several at a
time: Python runs only one of them, but NumPy lets go of Python while it computes. BLAS is
then to be held to one thread: its own would compete with these.

Each thread has a `Place` at a table. What it needs to know of the others it gets from
`all_gather`, which waits until all have called it.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue

import numpy as np

_turn = threading.RLock()  # BLAS's setting is the whole process's: one thread at a time may change it
_END = object()  # what is found in the box of somebody who has left


class Ended(Exception):
    """Somebody whom this thread was waiting for has met with an error, and will not come."""


class Place:
    """The place of the k-th of K threads that work in step.

    Args:
        boxes: boxes[k][j] is where the k-th thread finds what the j-th has for it.
    """

    def __init__(self, k, boxes):
        self.k, self.K, self.boxes = k, len(boxes), boxes

    def all_gather(self, thing=None):
        """Give a thing to all others and return the list of everybody's, in the threads' order."""
        self._give(thing)
        return [thing if j == self.k else self._take(j) for j in range(self.K)]

    def all_reduce_mean(self, array):
        """Return the mean of everybody's array; all get the same, to the bit."""
        first, *others = self.all_gather(array)
        return sum(others, first) / self.K

    def shard(self, n):
        """Return the slice of range(n) that is this thread's."""
        return slice(n * self.k // self.K, n * (self.k + 1) // self.K)

    def leave(self):
        """Send those home who wait for this thread, now or later."""
        self._give(_END)

    def _take(self, j):
        thing = self.boxes[self.k][j].get()  # waits until there is one
        if thing is _END:
            raise Ended
        return thing

    def _give(self, thing):
        for j in range(self.K):
            if j != self.k:
                self.boxes[j][self.k].put(thing)


def run_workers(K, work):
    """Return [work(place), ...] for K places: the first call in this thread, the others in one each.

    An error in one of them ends all at their next `all_gather` and is raised here. The
    threads have ended when this returns. (Ctrl-C in the very moment in which one is started
    does not wait for it; it ends by itself.)
    """
    boxes = [[SimpleQueue() for _ in range(K)] for _ in range(K)]
    mine, *others = [Place(k, boxes) for k in range(K)]
    errors = {**np.geterr(), "call": np.geterrcall()}  # every thread has its own
    with ThreadPoolExecutor(K - 1) as pool:
        try:
            futures = [pool.submit(_work, work, place, errors) for place in others]
            return [work(mine), *(future.result() for future in futures)]
        except BaseException as error:  # Ctrl-C, for one, may come at any time
            mine.leave()
            if isinstance(error, Ended):
                ends = [future.exception() for future in futures]
                raise next(end for end in ends if end and not isinstance(end, Ended)) from None
            raise


def _work(work, place, errors):
    try:
        with np.errstate(**errors):
            return work(place)
    except BaseException:
        place.leave()
        raise


@contextmanager
def single_threaded_blas(choose=lambda cores: cores):
    """Hold BLAS to one thread in this block, which is given the number of threads to use instead.

    `choose` is a function from the number that BLAS would use, so that OPENBLAS_NUM_THREADS=1
    means one core here too, to the number wanted. If that is 1, or if BLAS cannot be held,
    the block is given 1, and BLAS does as it likes. It cannot be held if threadpoolctl is
    missing, or does not know this BLAS, such as macOS's Accelerate.
    """
    with _turn:
        cores = blas_threads()
        count = choose(cores) if cores > 1 else 1
        if count == 1:
            yield 1
            return
        with _blas().limit(limits=1):
            yield count


def blas_threads():
    """Return the number of threads that BLAS uses now, or 1 if it cannot be told to use fewer."""
    libraries = _blas().lib_controllers if _blas() else ()
    return max((library.num_threads or 1 for library in libraries), default=1)


@cache
def _blas():
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")
