"""The loop around any model: batches in, history out, and a clean way to stop.

A model here is anything with `train_on_batch(batch) -> dict of floats`,
`snapshot()` and `restore(snapshot)`. What it learns, and how, is its own affair.
"""

import signal
import threading
from contextlib import ExitStack, contextmanager

import numpy as np

from ..validation import integer
from .callback import Callback
from .divergence import DivergenceError
from .resume import Checkpoint, Run

KEEP_EVERY = 50  # iterations between copies of the model to fall back on


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
        callbacks: see callback.py.
        progress: whether to draw a progress bar.
        show: the columns of the history to show beside the bar.
        checkpoint: a Checkpoint, or a path for one, to write everything to at times.
        resume: path of a file that such a checkpoint wrote. Training goes on there;
            the iterations made since that call of `train` began count as made.
    """
    iterations = integer("fit", "iterations", iterations)
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
    step = getattr(model, "fit_on_batch", model.train_on_batch)
    proven = latest = model.snapshot()  # latest: newest copy; proven: the one before it
    bar = _progress_bar(len(history) - run.first, iterations, progress)
    with ExitStack() as ending, bar, _quiet(), finish_iteration_on_interrupt() as interrupt:
        for callback in reversed(callbacks):
            ending.callback(callback.end, model, history)  # however this ends, in the callbacks' order
        for iteration in range(first, last + 1) if not run.stopped else ():
            if (iteration - first) % KEEP_EVERY == KEEP_EVERY - 1:
                proven, latest = latest, model.snapshot()
            try:
                batch = next(batches)
                measured = step(*batch if isinstance(batch, tuple) else (batch,))
            except DivergenceError as error:
                model.restore(proven)
                history.stopped_by = f"stopped in iteration {iteration:,}: {error}"
                raise DivergenceError(history.stopped_by) from None
            history.append(measured)
            bar.update()
            if iteration % 20 == 0:
                bar.set_postfix({key: f"{measured[key]:.3f}" for key in show}, refresh=False)
            reasons = [callback.after_iteration(iteration, model, history) for callback in callbacks]
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
    return history


def _quiet():
    return np.errstate(over="ignore", invalid="ignore")


def _checked(callbacks):
    """Return the callbacks as a list, or raise TypeError if there is something else among them."""
    callbacks = list(callbacks)
    for each in callbacks:
        if not isinstance(each, Callback):
            raise TypeError(f"fit: callbacks must be a list of Callback objects, got {each!r} among them")
        if hasattr(each, "after"):
            raise TypeError(f"fit: {type(each).__name__} has a method `after`, which is called after_iteration now")
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
