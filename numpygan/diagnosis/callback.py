"""A callback that keeps an eye on a training and speaks when something changes."""

import numpy as np

from ..training import Callback
from ..validation import integer
from .findings import NAMES, main_trouble
from .probe import measure, subsample
from .verdict import judge


class Diagnosis(Callback):
    """Says in one line when a training goes wrong, in which way, and when it recovers.

    Every so many iterations it does what `diagnose` does. So as to be calm, it speaks
    only when the first trouble found is the same twice in a row and not the one it has
    spoken of. It looks at a copy of the model and has random numbers of its own: a
    training with it is the same, to the bit, as one without.

    Args:
        x: the data, (N, ...), of which it keeps a few hundred samples.
        target: of an autoencoder, if it is not x; for a CycleGAN images of domain B.
        every: iterations between two looks.
        classes: see `diagnose`.
        show: called with each line.

    `findings` holds what the latest look found, `said` the lines so far.
    """

    def __init__(self, x, *, target=None, every=500, classes=None, show=print):
        self.every = integer("Diagnosis", "every", every)
        self.x, self.target = subsample(x), subsample(target)
        self.classes, self.show = classes, show
        self.findings, self.said = [], []
        self._start_gradient = None  # norm of the generator's, before the first iteration
        self._trouble = self._before = None  # what was spoken of; what the look before found

    def begin(self, model, history):
        self._trouble = self._before = None
        self._start_gradient = self._look(model).gradient

    def state(self):
        numbers = [-1 if name is None else NAMES.index(name) for name in (self._trouble, self._before)]
        gradient = np.nan if self._start_gradient is None else self._start_gradient
        return {"troubles": np.array(numbers, np.int64), "start_gradient": gradient}

    def resume(self, state, model, history):
        numbers, gradient = state["troubles"].tolist(), float(state["start_gradient"])
        if len(numbers) != 2 or not all(-1 <= number < len(NAMES) for number in numbers):
            raise ValueError(
                f"the state of {type(self).__name__} names troubles {numbers}, there are {len(NAMES)}"
            )
        self._trouble, self._before = (None if number < 0 else NAMES[number] for number in numbers)
        self._start_gradient = None if np.isnan(gradient) else gradient

    def after_iteration(self, iteration, model, history):
        if iteration % self.every:
            return
        self.findings = judge(history, self._look(model), start_gradient=self._start_gradient)
        trouble = main_trouble(self.findings)
        if trouble == self._before and trouble != self._trouble:
            self._say(iteration, trouble)
            self._trouble = trouble
        self._before = trouble

    def _look(self, model):
        return measure(model, self.x, target=self.target, classes=self.classes)

    def _say(self, iteration, trouble):
        line = f"iteration {iteration:,}: no longer {self._trouble}; nothing wrong now"
        if trouble:
            finding = self.findings[0]
            line = f"iteration {iteration:,}: {trouble}. {finding.evidence} Try: {finding.advice}"
        self.said.append(line)
        self.show(line)
