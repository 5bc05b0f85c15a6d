"""Callbacks: what to do besides learning, while learning."""

import math

import numpy as np

from .state import check_arrays


class Callback:
    """Something called by the training loop; override what you need.

    A callback may draw random numbers only from a generator of its own, so that
    watching a run does not change it.
    """

    def begin(self, model, history):
        """Called before the first iteration."""

    def state(self):
        """Return what `resume` will need in a training that goes on, as a dict of arrays."""
        return {}

    def resume(self, state, model, history):
        """Called instead of `begin` if a training goes on from where `state()` was saved.

        If `state()` returned nothing, `begin` is called instead.
        """

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
        self._prepare(model)
        self._record(len(history), model)

    def state(self):
        iterations, images = zip(*self.frames)
        return {"iterations": np.array(iterations), "images": np.stack(images)}

    def resume(self, state, model, history):
        iterations, images = state["iterations"], state["images"]
        if iterations.shape != (len(images),) or images.ndim < 3 or images.shape[1] != self.count:
            raise ValueError(f"the frames of {type(self).__name__} are {images.shape}, for {self.count} images each")
        self._prepare(model)
        self.frames[:] = zip(iterations.tolist(), images)

    def after(self, iteration, model, history):
        if iteration % self.every == 0:
            self._record(iteration, model)

    def end(self, model, history):
        self._record(len(history), model)

    def _record(self, iteration, model):
        if self.frames and self.frames[-1][0] == iteration:
            return
        images = self._images(model)
        self.frames.append((iteration, images))
        if self.show:
            self.show(iteration, images)

    def _prepare(self, model):
        self._noise = model.noise(self.count, rng=np.random.default_rng(0))

    def _images(self, model):
        return model.generate_from(self._noise)


class ReconstructionRecorder(SampleRecorder):
    """Keeps what an autoencoder makes of the same few images, in the same way.

    Args:
        images: (count, H, W, C), as the model's `reconstruct` takes them.
        every, show: as for SampleRecorder.
    """

    def __init__(self, every, images, *, show=None):
        super().__init__(every, count=len(images), show=show)
        self.images = images

    def _prepare(self, model):
        """Nothing to do: the images are there."""

    def _images(self, model):
        return model.reconstruct(self.images)


class TranslationRecorder(ReconstructionRecorder):
    """Keeps what the G of a CycleGAN makes of the same few images of A, in the same way."""

    def _images(self, model):
        return model.to_b(self.images)


class CodeRecorder(ReconstructionRecorder):
    """Keeps the codes of the same few images in the same way: (count, latent_dim), of a VAE the means."""

    def _images(self, model):
        codes = model.encode(self.images)
        return codes[0] if isinstance(codes, tuple) else codes


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

    def state(self):
        return {"previous": math.nan if self._previous is None else self._previous, "flat": self._flat}

    def resume(self, state, model, history):
        previous, self._flat = float(state["previous"].item()), int(state["flat"].item())
        self._previous = None if math.isnan(previous) else previous

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


class EpochRecorder(Callback):
    """Fills `model.epochs`: after every epoch, how training and validation went.

    Args:
        every: iterations in an epoch.
        validation: (x, target) that the model never learns from, or None.
    """

    def __init__(self, every, validation=None):
        self.every, self.validation = every, validation
        self._first = 0  # iterations made before this run

    def begin(self, model, history):
        self._first = len(history)
        names = list(model.measures)
        if self.validation is not None:
            names += [f"val_{name}" for name in model.measures]
        if model.epochs.columns and list(model.epochs.columns) != names:
            raise ValueError(
                f"the earlier epochs of this model recorded {list(model.epochs.columns)}, these would record "
                f"{names}: give validation_data every time or never"
            )
        if not model.epochs.columns:
            model.epochs.start(names)

    def state(self):
        return {"first": self._first}

    def resume(self, state, model, history):
        self.begin(model, history)
        self._first = int(state["first"].item())

    def after(self, iteration, model, history):
        if (iteration - self._first) % self.every:
            return
        row = {name: history.recent_mean(name, self.every) for name in model.measures}
        if self.validation is not None:
            measured = model.evaluate(*self.validation)
            row.update({f"val_{name}": measured[name] for name in model.measures})
        model.epochs.append(row)


class EarlyStopping(Callback):
    """Stops when a loss has ceased to fall, and puts the best parameters back.

    A training loss keeps falling while the network learns its samples by heart. The
    loss on validation data then turns and rises; the place to stop is where it turned.

    Args:
        monitor: a column of `model.epochs`.
        patience: how many epochs in a row may pass without a new best value.
        min_delta: by how much a value must be lower to count as a new best.

    However the run ends, the model is left as it was after its best epoch,
    `best_epoch`, counted from 1.
    """

    def __init__(self, monitor="val_loss", *, patience=5, min_delta=0.0):
        if patience < 1:
            raise ValueError(f"EarlyStopping: patience must be at least 1, got {patience}")
        if not min_delta >= 0:
            raise ValueError(f"EarlyStopping: min_delta must be at least 0, got {min_delta}")
        self.monitor, self.patience, self.min_delta = monitor, patience, min_delta
        self.best_epoch, self._best, self._arrays, self._seen = None, None, None, 0

    def begin(self, model, history):
        if self.monitor not in model.epochs:
            hint = ": give fit validation_data" if self.monitor.startswith("val_") else ""
            raise ValueError(f"EarlyStopping: no {self.monitor!r} among {list(model.epochs.columns)}{hint}")
        self._seen = len(model.epochs)
        self.best_epoch, self._best, self._arrays = None, None, None

    def state(self):
        if self._arrays is None:
            return {"seen": self._seen}
        best = {f"best/{name}": array for name, array in self._arrays.items()}
        return {"seen": self._seen, "best_epoch": self.best_epoch, "best_value": self._best, **best}

    def resume(self, state, model, history):
        self.begin(model, history)
        self._seen = int(state["seen"].item())
        if "best_epoch" in state:
            arrays = {name.removeprefix("best/"): a for name, a in state.items() if name.startswith("best/")}
            check_arrays(arrays, model.snapshot())
            self.best_epoch, self._best = int(state["best_epoch"].item()), float(state["best_value"].item())
            self._arrays = arrays

    def after(self, iteration, model, history):
        if len(model.epochs) == self._seen:
            return None
        self._seen = len(model.epochs)
        value = model.epochs.columns[self.monitor][-1]
        if self._best is None or value < self._best - self.min_delta:
            self.best_epoch, self._best, self._arrays = self._seen, value, model.snapshot()
        if self._seen - self.best_epoch < self.patience:
            return None
        return (
            f"{self.monitor} has not fallen below {self._best:.4g}, its value after epoch "
            f"{self.best_epoch}, for {self.patience} epochs"
        )

    def end(self, model, history):
        if self._arrays is not None and self.best_epoch < self._seen:
            model.restore(self._arrays)
