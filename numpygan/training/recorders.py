"""Callbacks that keep what a model produces during training."""

import numpy as np

from ..validation import integer
from .callback import Callback


class SampleRecorder(Callback):
    """Keeps samples from the same noise at intervals, as the frames of a film.

    Args:
        every: iterations between frames; the first frame shows the state before
            training, the last one the state at the end.
        n: number of samples in a frame.
        show: called as show(iteration, images) for each new frame, or None.

    `frames` is a list of (iteration, images), images (n, H, W, C) as generated.
    """

    def __init__(self, every, *, n=40, show=None):
        kind = type(self).__name__
        self.every, self.n = integer(kind, "every", every), integer(kind, "n", n)
        self.show = show
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
        if iterations.shape != (len(images),) or images.ndim < 3 or images.shape[1] != self.n:
            raise ValueError(
                f"the frames of {type(self).__name__} are {images.shape}, for {self.n} images each"
            )
        self._prepare(model)
        self.frames[:] = zip(iterations.tolist(), images)

    def after_iteration(self, iteration, model, history):
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
        if not hasattr(model, "noise"):
            raise ValueError(
                f"SampleRecorder needs a model that generates from noise, got {type(model).__name__}: "
                "use ReconstructionRecorder"
            )
        self._noise = model.noise(self.n, rng=np.random.default_rng(0))

    def _images(self, model):
        return model.generate_from(self._noise)


class ReconstructionRecorder(SampleRecorder):
    """Keeps an autoencoder's reconstructions of the same few images, in the same way.

    Args:
        images: (n, H, W, C), as the model's `reconstruct` takes them.
        every, show: as for SampleRecorder.
    """

    def __init__(self, every, images, *, show=None):
        super().__init__(every, n=len(images), show=show)
        self.images = images

    def _prepare(self, model):
        """Nothing to do: the images are given."""

    def _images(self, model):
        return model.reconstruct(self.images)


class TranslationRecorder(ReconstructionRecorder):
    """Keeps what a Pix2Pix or a CycleGAN makes of the same few images a, in the same way."""

    def _images(self, model):
        translate = model.translate if hasattr(model, "translate") else model.to_b
        return translate(self.images)


class CodeRecorder(ReconstructionRecorder):
    """Keeps the codes of the same few images in the same way: (n, latent_dim)."""

    def _images(self, model):
        return model.encode(self.images)


class ClassAccuracy(Callback):
    """Records how often a conditional model draws the class it was asked for.

    Args:
        every: iterations between two measurements; the first is before training, the last at the end.
        classify: function from images (N, H, W, C), as the model draws them, to integers (N,).
        n: number of images, each class equally often, always from the same noise.

    `curve` is a list of (iteration, share of images that `classify` takes for the class asked for).
    """

    def __init__(self, every, classify, *, n=500):
        kind = type(self).__name__
        self.every, self.n = integer(kind, "every", every), integer(kind, "n", n)
        self.classify, self.curve = classify, []

    def begin(self, model, history):
        self._record(len(history), model)

    def state(self):
        return {"curve": np.array(self.curve, np.float64)}

    def resume(self, state, model, history):
        curve = state["curve"]
        if curve.ndim != 2 or curve.shape[1] != 2:
            raise ValueError(f"the curve of {type(self).__name__} is {curve.shape}, expected (M, 2)")
        self.curve[:] = [(int(iteration), accuracy) for iteration, accuracy in curve.tolist()]

    def after_iteration(self, iteration, model, history):
        if iteration % self.every == 0:
            self._record(iteration, model)

    def end(self, model, history):
        if not self.curve or self.curve[-1][0] != len(history):
            self._record(len(history), model)

    def _record(self, iteration, model):
        labels = model.classes.labels_for(self.n)
        images = model.generate(self.n, labels, rng=0)
        found = np.isfinite(images).all() and self.classify(images) == labels
        self.curve.append((iteration, float(np.mean(found))))


class EpochRecorder(Callback):
    """Fills `model.epoch_history`: after every epoch, the measures on training and validation data.

    Args:
        every: iterations in an epoch.
        validation: (x, target) that the model is not trained on, or None.
    """

    def __init__(self, every, validation=None):
        self.every, self.validation = every, validation
        self._first = 0  # iterations made before this run

    def begin(self, model, history):
        self._first = len(history)
        names = list(model.measures)
        if self.validation is not None:
            names += [f"val_{name}" for name in model.measures]
        if model.epoch_history.columns and list(model.epoch_history.columns) != names:
            raise ValueError(
                f"earlier epochs of this model recorded {list(model.epoch_history.columns)}, and these would "
                f"record {names}: give validation_data every time or never"
            )
        if not model.epoch_history.columns:
            model.epoch_history.start(names)

    def state(self):
        return {"first": self._first}

    def resume(self, state, model, history):
        self.begin(model, history)
        self._first = int(state["first"].item())

    def after_iteration(self, iteration, model, history):
        if (iteration - self._first) % self.every:
            return
        row = {name: history.recent_mean(name, self.every) for name in model.measures}
        if self.validation is not None:
            measured = model.evaluate(*self.validation)
            row.update({f"val_{name}": measured[name] for name in model.measures})
        model.epoch_history.append(row)
