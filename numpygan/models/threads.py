"""Worker threads that run in lockstep, one for each core.

BLAS, the library behind NumPy's matrix products, uses every core. All other passes over
arrays run in the thread that asked for them. Several threads can run several passes at
once: Python executes only one of them at a time, but NumPy releases Python's lock while it
computes. BLAS must then be held to one thread, or its own would compete with these.

Each thread has a `Worker`, its end of the communication. What it needs from the others it
gets from `all_gather`, which waits until every worker has called it.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue

import numpy as np

_END = object()  # what the others find in place of a message from a worker that has left


class WorkerLeft(Exception):
    """A worker that this one was waiting for has raised an error and will not answer."""


class NoThread(RuntimeError):
    """The system gives this process no further thread."""


class Worker:
    """The k-th of K threads that run in lockstep.

    Args:
        mailboxes: mailboxes[k][j] is where worker k finds what worker j has sent it.
    """

    def __init__(self, k, mailboxes):
        self.k, self.K, self.mailboxes = k, len(mailboxes), mailboxes

    def all_gather(self, value=None):
        """Send a value to all others and return the list of everybody's, in the workers' order."""
        self._send(value)
        return [value if j == self.k else self._receive(j) for j in range(self.K)]

    def all_reduce_mean(self, array):
        """Return the mean of everybody's array; all get the same, to the bit."""
        first, *others = self.all_gather(array)
        return sum(others, first) / self.K

    def shard(self, n):
        """Return the slice of range(n) that is this worker's."""
        return slice(n * self.k // self.K, n * (self.k + 1) // self.K)

    def leave(self):
        """Release the workers that wait for this one, now or later."""
        self._send(_END)

    def _receive(self, j):
        value = self.mailboxes[self.k][j].get()  # waits until there is one
        if value is _END:
            raise WorkerLeft
        return value

    def _send(self, value):
        for j in range(self.K):
            if j != self.k:
                self.mailboxes[j][self.k].put(value)


def run_workers(K, work):
    """Return [work(worker), ...] for K workers: the first runs in this thread, the others in one each.

    An error in one of them ends all at their next `all_gather` and is raised here. The
    threads have ended when this returns. (Ctrl-C at the very moment when one is started
    does not wait for it; it ends by itself.)

    Raises:
        NoThread: if the system does not start as many. The first worker has then done nothing.
    """
    mailboxes = [[SimpleQueue() for _ in range(K)] for _ in range(K)]
    mine, *others = [Worker(k, mailboxes) for k in range(K)]
    errors = {**np.geterr(), "call": np.geterrcall()}  # each thread has settings of its own
    with ThreadPoolExecutor(K - 1) as pool:
        try:
            futures = [_submit(pool, work, worker, errors) for worker in others]
            return [work(mine), *(future.result() for future in futures)]
        except BaseException as error:  # Ctrl-C, for example, may come at any time
            mine.leave()
            if isinstance(error, WorkerLeft):
                causes = [future.exception() for future in futures]
                raise next(cause for cause in causes if cause and not isinstance(cause, WorkerLeft)) from None
            raise


def _submit(pool, work, worker, errors):
    try:
        return pool.submit(_work, work, worker, errors)
    except RuntimeError as error:  # "can't start new thread"
        raise NoThread(str(error)) from None


def _work(work, worker, errors):
    try:
        with np.errstate(**errors):
            return work(worker)
    except BaseException:
        worker.leave()
        raise


@contextmanager
def single_threaded_blas(choose=lambda cores: cores):
    """Hold BLAS to one thread in this block and yield how many threads to use instead.

    `choose` maps the number of threads that BLAS would use, so that OPENBLAS_NUM_THREADS=1
    means one core here too, to the number wanted. If that is 1, BLAS is left alone. Some
    BLAS libraries, such as macOS's Accelerate, cannot be limited; then it is 1 as well.
    """
    with _lock():
        cores = blas_threads()
        count = choose(cores) if cores > 1 else 1
        if count == 1:
            yield 1
            return
        with _blas().limit(limits=1):
            yield count


def blas_threads():
    """Return the number of threads that BLAS uses now, or 1 if it cannot be limited."""
    return max((library.num_threads or 1 for library in _blas().lib_controllers), default=1)


@cache
def _blas():
    from threadpoolctl import ThreadpoolController  # looks through all loaded libraries

    return ThreadpoolController().select(user_api="blas")


_locks: dict[int, threading.RLock] = {}  # by process


def _lock():
    # BLAS's setting belongs to the whole process, so one thread at a time may change it. A forked
    # child has a lock of its own: the parent's may have been held when it was copied.
    return _locks.setdefault(os.getpid(), threading.RLock())
