"""Callbacks: what to do besides learning, while learning."""

import numpy as np


class Callback:
    """Something called by the training loop; override what you need.

    A callback may draw random numbers only from a generator of its own, so that
    watching a run does not change it.
    """

    def begin(self, model, history):
        """Called before the first iteration."""

    def after(self, iteration, model, history):
        """Called after every iteration, counted from 1. Return a reason in words to stop."""

    def end(self, model, history):
        """Called at the end, also after Ctrl-C."""


class SampleRecorder(Callback):
    """Keeps samples made from the same noise at intervals, as the frames of a film.

    Args:
        every: iterations between frames; the state before training is the first
            frame and the state at the end the last.
        count: number of samples in a frame.
        show: called as show(iteration, images) for each new frame, or None.

    `frames` is a list of (iteration, images), images (count, H, W, C) as generated.
    """

    def __init__(self, every, *, count=40, show=None):
        for name, value in (("every", every), ("count", count)):
            if value < 1:
                raise ValueError(f"SampleRecorder: {name} must be at least 1, got {value}")
        self.every, self.count, self.show = every, count, show
        self.frames = []
        self._noise = None

    def begin(self, model, history):
        self._noise = model.noise(self.count, rng=np.random.default_rng(0))
        self._record(len(history), model)

    def after(self, iteration, model, history):
        if iteration % self.every == 0:
            self._record(iteration, model)

    def end(self, model, history):
        self._record(len(history), model)

    def _record(self, iteration, model):
        if self.frames and self.frames[-1][0] == iteration:
            return
        images = model.generate_from(self._noise)
        self.frames.append((iteration, images))
        if self.show:
            self.show(iteration, images)


class StopOnPlateau(Callback):
    """Stops when a quantity has stayed flat: it neither falls nor rises any more.

    The mean of `monitor` over each `window` of iterations is compared with the mean
    over the window before. When it has changed by less than `tolerance`, `patience`
    times in a row, the run stops.

    A GAN's losses do not say how good the images are, for each is measured against
    an opponent that learns as well. But once both lie flat, the game has reached a
    balance and little more will change, which is why this watches for flatness and
    not for improvement.
    """

    def __init__(self, monitor="g_loss", *, window=1000, tolerance=0.01, patience=3):
        for name, value in (("window", window), ("patience", patience)):
            if value < 1:
                raise ValueError(f"StopOnPlateau: {name} must be at least 1, got {value}")
        if not tolerance > 0:
            raise ValueError(f"StopOnPlateau: tolerance must be positive, got {tolerance}")
        self.monitor, self.window = monitor, window
        self.tolerance, self.patience = tolerance, patience
        self._previous, self._flat = None, 0

    def begin(self, model, history):
        self._previous, self._flat = None, 0

    def after(self, iteration, model, history):
        if iteration % self.window:
            return None
        if self.monitor not in history:
            raise ValueError(f"StopOnPlateau: no {self.monitor!r} among {list(history.columns)}")
        mean = history.recent_mean(self.monitor, self.window)
        if self._previous is not None:
            self._flat = self._flat + 1 if abs(mean - self._previous) < self.tolerance else 0
        self._previous = mean
        if self._flat < self.patience:
            return None
        return (
            f"{self.monitor} has been flat at {mean:.3f} for {self.patience * self.window:,} iterations "
            f"(to within {self.tolerance:g})"
        )
