"""The loop around any model: batches in, history out, and a clean way to stop.

A model here is anything with `train_on_batch(batch) -> dict of floats`,
`snapshot()` and `restore(snapshot)`; what it learns, and how, is up to the model.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np

from ..keras_words import CALLBACK_METHODS
from ..saving.bounds import NotFinite
from ..validation import integer
from .alone import alone
from .batches import Batches
from .callback import Callback
from .divergence import DivergenceError
from .history import History
from .progress import Progress
from .resume import Checkpoint
from .run import Run
from .signals import delivered_at_the_end, finish_iteration_on_interrupt
from .unpaired import UnpairedBatches

KEEP_EVERY = 50  # iterations between copies of the model to fall back on


def train(
    model: Any, batches: Batches | UnpairedBatches, iterations: int, history: History, *,
    callbacks: Iterable[Callback] = (), progress: bool = True, show: Sequence[str] = (),
    checkpoint: Checkpoint | str | os.PathLike[str] | None = None,
    resume: str | os.PathLike[str] | None = None,
) -> History:  # fmt: skip
    """Train `model` for `iterations` more iterations, adding a row to `history` for each.

    Ctrl-C lets the current iteration finish and then stops, as if that had been the
    last; a second Ctrl-C interrupts at once. SIGTERM and SIGHUP take effect after the
    last checkpoint of a run that ends in the same way (signals.py). If a loss or gradient
    becomes infinite or NaN, the model goes back to an earlier copy, at most 2 * KEEP_EVERY
    iterations old and followed by at least KEEP_EVERY that went well, or to its start if
    there were fewer, and DivergenceError is raised. A model that is being trained already
    raises RuntimeError.

    Args:
        batches: an iterator of mini-batches; a tuple becomes several arguments.
        callbacks: see callback.py.
        progress: whether to show how far it is; see progress.py.
        show: the columns of the history to show beside that.
        checkpoint: a Checkpoint, or a path for one, to write everything to at times.
        resume: path of a file that such a checkpoint wrote. Training continues from there;
            the iterations made since that call of `train` began count towards `iterations`.
    """
    iterations = integer("fit", "iterations", iterations)
    if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
        checkpoint = Checkpoint(checkpoint)
    with alone(model):
        run = Run(model, batches, history, _checked(callbacks))
        if resume is None:
            run.begin()
        else:
            run.resume(resume)
        history.stopped_by, history.interrupted = history.stopped_by if run.stopped else None, False
        if checkpoint is not None and resume is None:
            checkpoint.write(model, *run.state())
        bar = Progress(len(history) - run.first, iterations, show=show, wanted=progress)
        with ExitStack() as ending, bar, _quiet(), finish_iteration_on_interrupt() as interrupt:
            signals = ending.enter_context(delivered_at_the_end())  # after the callbacks' ends, too
            for callback in reversed(run.callbacks):
                ending.callback(callback.end, model, history)  # however it ends, in their order
            steps = _GuardedSteps(model, history)
            if not run.stopped:
                _loop(run, steps, run.first + iterations, (interrupt, signals), checkpoint, bar)
            if checkpoint is not None:
                steps.keep(checkpoint.write, run)
    return history


def _loop(run, steps, last, asked, checkpoint, bar):
    """Make the iterations up to `last`, or until there is a reason to stop."""
    history = run.history
    for iteration in range(len(history) + 1, last + 1):
        bar.update(steps.make(next(run.batches)))
        history.stopped_by = _reason_to_stop(run, iteration, *asked)
        if history.stopped_by:
            return
        if checkpoint is not None and iteration < last and checkpoint.due(iteration):
            steps.keep(checkpoint.write_unless_held, run)


class _GuardedSteps:
    """Makes iterations, and keeps copies of the model to fall back on if one diverges."""

    def __init__(self, model, history):
        self.model, self.history, self.made = model, history, 0
        self.step = getattr(model, "fit_on_batch", model.train_on_batch)
        self.proven = self.latest = model.snapshot()  # latest: newest copy; proven: the one before it

    def make(self, batch):
        """Make one iteration, and return the row that it adds to the history."""
        self.made += 1
        if self.made % KEEP_EVERY == 0:
            self.proven, self.latest = self.latest, self.model.snapshot()
        try:
            measured = self.step(*batch if isinstance(batch, tuple) else (batch,))
        except DivergenceError as error:
            self._go_back(f"stopped in iteration {len(self.history) + 1:,}: {error}")
        self.history.append(measured)
        return measured

    def keep(self, write, run):
        """Write a checkpoint, but none that is not finite: it would replace the last that can be loaded."""
        try:
            write(self.model, *run.state())
        except NotFinite as error:
            done = len(self.history)
            self._go_back(f"stopped after iteration {done:,}: {error}; try a smaller learning rate")

    def _go_back(self, reason):
        self.model.restore(self.proven)
        self.history.stopped_by = reason
        raise DivergenceError(reason) from None


def _reason_to_stop(run, iteration, interrupt, signals):
    """Call the callbacks; return the last reason in words to stop, or None."""
    reasons = [callback.after_iteration(iteration, run.model, run.history) for callback in run.callbacks]
    run.stopped = any(reasons)
    if interrupt.is_set() or signals:
        run.history.interrupted = True
        how = f"ended by {signals[0].name}" if signals else "interrupted"
        reasons.append(f"{how} after iteration {iteration:,}")
    return next(filter(None, reversed(reasons)), None)


def _quiet():
    return np.errstate(over="ignore", invalid="ignore")  # require_finite names what these would warn of


def _checked(callbacks):
    """Return the callbacks as a list, or raise TypeError if something else is among them."""
    callbacks = list(callbacks)
    for each in callbacks:
        if not isinstance(each, Callback):
            raise TypeError(f"fit: callbacks must be a list of Callback objects, got {each!r} among them")
        if hasattr(each, "after"):
            raise TypeError(f"fit: {type(each).__name__} has a method `after`: rename it to after_iteration")
        for method, ours in CALLBACK_METHODS.items():
            if hasattr(each, method):
                raise TypeError(f"fit: {type(each).__name__}.{method} is never called: rename it to {ours}")
    return callbacks
