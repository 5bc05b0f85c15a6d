"""The loop around any model: batches in, history out, and a clean way to stop.

A model here is anything with `train_on_batch(batch) -> dict of floats`,
`snapshot()` and `restore(snapshot)`. What it learns, and how, is its own affair.
"""

import numbers
import signal
import threading
import zlib
from contextlib import contextmanager

import numpy as np

from .callbacks import Callback
from .checks import whole_number
from .divergence import DivergenceError
from .resume import Checkpoint, Run

KEEP_EVERY = 50  # iterations between copies of the model to fall back on


class Batches:
    """Endless mini-batches: the data in a random order, then in another one.

    Every sample comes once per pass over the data, save for the remainder that does
    not fill a batch, which is a different one each time.
    """

    def __init__(self, x, batch_size, rng):
        if not isinstance(batch_size, numbers.Integral) or isinstance(batch_size, bool):
            raise TypeError(f"batch_size must be a whole number, got {batch_size!r}")
        if not 1 <= batch_size <= len(x):
            raise ValueError(
                f"batch_size must be from 1 to the number of samples, {len(x)}, got {batch_size}"
            )
        self.x, self.batch_size, self.rng = x, batch_size, rng
        self.order, self.position = np.empty(0, np.int64), len(x)

    def __next__(self):
        if self.position + self.batch_size > len(self.x):
            self.order, self.position = self.rng.permutation(len(self.x)), 0
        part = self.order[self.position : self.position + self.batch_size]
        self.position += self.batch_size
        return self.x[part]

    def arrays(self):
        """Return the arrays of which batches are made."""
        return [self.x]

    def fingerprint(self):
        """Return a text that tells these data and this batch size from others."""
        parts = []
        for array in self.arrays():
            check = 0
            for start in range(0, len(array), 1000):
                check = zlib.crc32(np.ascontiguousarray(array[start : start + 1000]), check)
            parts.append(f"{array.dtype} {array.shape} with the check sum {check:08x}")
        return f"{' and '.join(parts)}, in batches of {self.batch_size}"

    def check_place(self, order, position):
        """Raise ValueError if the data cannot be in this order, or the position be in it."""
        n = len(self.x)
        shuffled = order.dtype == np.int64 and np.array_equal(np.sort(order), np.arange(n))
        untouched = position == n and not order.size
        if type(position) is not int or not 0 <= position <= n or not (shuffled or untouched):
            raise ValueError(f"its position {position} in the data, or their order, cannot be")


class EpochBatches(Batches):
    """Endless mini-batches of pairs (x, target), in which every pass takes every sample.

    A pass (an epoch) is cut into the `per_epoch` batches that it takes, all of
    `batch_size` samples or, where that does not divide, as equally as can be, so that
    no small remainder is left to count as much as a whole batch.
    """

    def __init__(self, x, target, batch_size, rng):
        super().__init__(x, batch_size, rng)
        self.target = target
        self.per_epoch = -(-len(x) // batch_size)

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


def train(
    model, batches, iterations, history, *, callbacks=(), progress=True, show=(),
    checkpoint=None, resume=None,
):  # fmt: skip
    """Train `model` for a number of iterations more, adding to `history`.

    Ctrl-C lets the iteration in hand finish and then stops, as if that had been the
    last one; a second Ctrl-C interrupts at once. If a loss or gradient becomes
    infinite or NaN, the model is put back to a copy, at most 2 * KEEP_EVERY
    iterations old, after which at least KEEP_EVERY more went well, and
    DivergenceError is raised.

    Args:
        batches: an iterator of mini-batches; a tuple becomes several arguments.
        callbacks: see callbacks/.
        progress: whether to draw a progress bar.
        show: the columns of the history to show beside the bar.
        checkpoint: a Checkpoint, or a path for one, to write everything to at times.
        resume: path of a file that such a checkpoint wrote. Training goes on there;
            the iterations made since that call of `train` began count as made.
    """
    iterations = whole_number("fit", "iterations", iterations)
    callbacks = _checked(callbacks)
    if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
        checkpoint = Checkpoint(checkpoint)
    run = Run(model, batches, history, callbacks)
    if resume is None:
        run.begin()
    else:
        run.resume(resume)
    reason = history.stopped_by if run.stopped else None
    history.stopped_by, history.interrupted = reason, False
    first, last = len(history) + 1, run.first + iterations
    if checkpoint is not None and resume is None:
        checkpoint.write(model, *run.state())
    proven = latest = model.snapshot()  # latest: newest copy; proven: the one before it
    bar = _progress_bar(len(history) - run.first, iterations, progress)
    with bar, np.errstate(over="ignore", invalid="ignore"), finish_iteration_on_interrupt() as interrupt:
        for iteration in range(first, last + 1) if not run.stopped else ():
            if (iteration - first) % KEEP_EVERY == KEEP_EVERY - 1:
                proven, latest = latest, model.snapshot()
            try:
                batch = next(batches)
                measured = model.train_on_batch(*batch if isinstance(batch, tuple) else (batch,))
            except DivergenceError as error:
                model.restore(proven)
                history.stopped_by = f"stopped in iteration {iteration:,}: {error}"
                for callback in callbacks:
                    callback.end(model, history)
                raise DivergenceError(history.stopped_by) from None
            history.append(measured)
            bar.update()
            if iteration % 20 == 0:
                bar.set_postfix({key: f"{measured[key]:.3f}" for key in show}, refresh=False)
            reasons = [callback.after(iteration, model, history) for callback in callbacks]
            run.stopped = any(reasons)
            if interrupt.is_set():
                history.interrupted = True
                reasons.append(f"interrupted after iteration {iteration:,}")
            history.stopped_by = next(filter(None, reversed(reasons)), None)
            if history.stopped_by:
                break
            if checkpoint is not None and iteration < last and checkpoint.due(iteration):
                checkpoint.write(model, *run.state())
        if checkpoint is not None:
            checkpoint.write(model, *run.state())
    for callback in callbacks:
        callback.end(model, history)
    return history


def _checked(callbacks):
    """Return the callbacks as a list, or raise TypeError if there is something else among them."""
    callbacks = list(callbacks)
    for each in callbacks:
        if not isinstance(each, Callback):
            raise TypeError(f"fit: callbacks must be a list of Callback objects, got {each!r} among them")
    return callbacks


def _progress_bar(done, total, shown):
    from tqdm import tqdm  # here, so that importing the models does not wait for it

    return tqdm(
        initial=done, total=total, disable=not shown, unit="it", dynamic_ncols=True, mininterval=0.2
    )


@contextmanager
def finish_iteration_on_interrupt():
    """Turn the first Ctrl-C into a flag, so that no update is left half made."""
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag  # only the main thread receives Ctrl-C
        return

    def handle(signum, frame):
        flag.set()
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield flag
    finally:
        signal.signal(signal.SIGINT, previous)
