"""A callback that diagnoses a model while it trains and reports changes."""

import numpy as np

from ..training import Callback
from ..validation import integer
from .findings import NAMES, Finding, main_trouble
from .probe import measure, subsample
from .verdict import judge


class Diagnosis(Callback):
    """Reports in one line when training goes wrong, how, and when it recovers.

    Every so many iterations it does what `diagnose` does. To avoid false alarms it reports
    only when the same trouble comes first twice in a row and is not the one reported last.
    It works on a copy of the model with random numbers of its own, so a run with it is
    bit-identical to one without.

    Args:
        x: the data, (N, ...), of which it keeps a few hundred samples.
        target: of an autoencoder, if it is not x; for a CycleGAN images of domain B; for a
            Pix2Pix the pictures of x; for a model that is told classes the labels of x.
        every: iterations between two measurements.
        classes: see `diagnose`.
        show: called with each line.

    Attributes:
        findings: the latest findings.
        messages: the lines shown so far.
    """

    def __init__(self, x, *, target=None, every: int = 500, classes=None, show=print) -> None:
        self.every = integer("Diagnosis", "every", every)
        self.x, self.target = subsample(x), subsample(target)
        self.classes, self.show = classes, show
        self.findings: list[Finding] = []
        self.messages: list[str] = []
        self._start_gradient = None  # norm of the generator's, before the first iteration
        self._reported = self._previous = None  # trouble reported last; trouble found last time

    def begin(self, model, history):
        self._reported = self._previous = None
        self._start_gradient = self._measure(model).gradient

    def state(self):
        numbers = [-1 if name is None else NAMES.index(name) for name in (self._reported, self._previous)]
        gradient = np.nan if self._start_gradient is None else self._start_gradient
        return {"troubles": np.array(numbers, np.int64), "start_gradient": gradient}

    def resume(self, state, model, history):
        numbers, gradient = state["troubles"].tolist(), float(state["start_gradient"])
        if len(numbers) != 2 or not all(-1 <= number < len(NAMES) for number in numbers):
            raise ValueError(
                f"{type(self).__name__} state: troubles must be two numbers from -1 to {len(NAMES) - 1}, "
                f"got {numbers}"
            )
        self._reported, self._previous = (None if number < 0 else NAMES[number] for number in numbers)
        self._start_gradient = None if np.isnan(gradient) else gradient

    def after_iteration(self, iteration, model, history):
        if iteration % self.every:
            return
        self.findings = judge(history, self._measure(model), start_gradient=self._start_gradient)
        trouble = main_trouble(self.findings)
        if trouble == self._previous and trouble != self._reported:
            self._report(iteration, trouble)
            self._reported = trouble
        self._previous = trouble

    def _measure(self, model):
        return measure(model, self.x, target=self.target, classes=self.classes)

    def _report(self, iteration, trouble):
        line = f"iteration {iteration:,}: resolved: {self._reported}; nothing wrong now"
        if trouble:
            finding = self.findings[0]
            line = f"iteration {iteration:,}: {trouble}. {finding.evidence} Try: {finding.advice}"
        self.messages.append(line)
        self.show(line)
