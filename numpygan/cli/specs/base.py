"""What the command line must know about a model, and what most models have in common."""

from typing import NamedTuple

import numpy as np

from .. import options
from ..data import Data, noun, samples_for


class Run(NamedTuple):
    """A run that has ended: the model, its Data, and the callbacks by name."""

    model: object
    data: Data
    callbacks: dict


class Subject(NamedTuple):
    """What `numpygan evaluate` measured: what the images are called, the images in [-1, 1], the figures."""

    name: str
    images: np.ndarray
    figures: dict


class Spec:
    """One model of the command line. Subclasses set

        name, model         "gan" in `numpygan train gan`, and the model's class
        summary, writes     for --help: what is trained on what, and the first of its results
        sample_interval     iterations between sample grids
        quick               what --quick means: the most iterations (or epochs), the largest interval

    and define

        add_options(parser)     add the options that this model has beside those of every run
        load(settings)          return the Data to train on; see data.py
        build(settings, data)   return a new model for it; the same seed gives the same model
        callbacks(model, data, settings, show)
            return callbacks by name; "frames", a recorder for the films, passes its frames to `show`
        curves(model)           return a figure of the history, or None if that is empty
    """

    model: type
    length = "iterations"  # the option that sets how long a run is
    fixed_length = ""  # why a run cannot be made longer, if it cannot
    changeable: tuple[str, ...] = (  # settings that may change when a run is resumed
        "data", "learning_rate", "sample_interval", "checkpoint_every", "keep_checkpoints",
    )  # fmt: skip
    grid_title = ""  # what the title of a sample grid begins with
    legend = ""  # what `numpygan diagnose` adds to explain the names it uses

    # --- numpygan train -----------------------------------------------------------

    def learning_rates(self, settings):
        """Return the learning rate of each of the model's optimisers, by name."""
        return {"optimizer": settings.learning_rate}

    def resolve(self, settings):
        """Return settings in which everything that depends on other settings is filled in."""
        caps = dict(zip((self.length, "sample_interval"), self.quick, strict=True))
        return options.capped(settings, caps) if settings.quick else settings

    def suited(self, settings, data):
        """Return settings in which everything that depends on the data is filled in as well."""
        return settings

    def count_iterations(self, settings, data):
        """Return how many iterations the run will make."""
        return settings.iterations

    def fit_options(self, settings, data):
        """Return what the model's `fit` is given beside the data and what every `fit` takes."""
        return {"iterations": settings.iterations}

    def pictures(self, run):
        """Yield (file name, what it shows, function that writes it to a path) for each picture of the run."""
        from ... import interactive, plotting  # matplotlib takes a while to import

        frames, value_range = run.callbacks["frames"].frames, run.model.value_range

        def write_gif(path):
            plotting.animate_samples(frames, path, value_range=value_range)

        yield "training.gif", "the training as an animation", write_gif
        title = f"{self.model.__name__}: training, frame by frame"
        film = interactive.film_samples(frames, title=title, value_range=value_range)
        yield "training.html", "the same, to step through in a browser", film.write_page
        if figure := self.curves(run.model):
            yield "curves.png", "losses and other curves", saver(figure)

    def conclusion(self, run):
        """Return what to print about the trained model, or an empty string."""
        return ""

    # --- the other commands -------------------------------------------------------

    def training_data(self, model, trained, source=None, batch_size=1):
        """Return what a model learns from: a tuple of arrays, where it comes from, and what to call it.

        Args:
            trained: the settings of its run, or None if the model is new.
            source: what was given for --data, if anything.
        """
        source = source or (trained or {}).get("data") or "digits"
        return (samples_for(model, source, trained, batch_size),), source, noun(source)

    def choose_batch(self, arrays, n, rng):
        """Return n rows of each array that a model learns from, as `numpygan step` shows them."""
        return [x[rng.integers(len(x), size=n)] for x in arrays]

    def measure(self, model, yardstick, n, seed, trained):
        """Return the Subject that `numpygan evaluate` reports, by default n samples that are drawn.

        Args:
            trained: the settings of its run, {} if there are none.
        """
        images = rescaled(model.generate(n, rng=seed), model.value_range)
        return Subject(f"drawn {self.measured_noun(trained)}", images, yardstick.measure(images))

    def yardstick(self, model, trained):
        """Return what `numpygan evaluate` compares with, or None for the images that `--data` names."""
        return None

    def measured_noun(self, trained):
        """Return what to call the images that `numpygan evaluate` measures."""
        return noun(trained.get("data") or "digits")


def saver(figure, dpi=130, **saving):
    """Return a function that saves the figure to a path."""
    return lambda path: figure.savefig(path, dpi=dpi, **saving)


def plot_last(frames, value_range):
    """Return the number of images in the last frame, and a figure of them."""
    from ...plotting import plot_samples

    iteration, images = frames[-1]
    title = f"after {iteration:,} iterations"
    return len(images), plot_samples(images, title=title, columns=8, value_range=value_range)


def rescaled(images, value_range, to=(-1, 1)):
    """Return images in which black and white are moved from `value_range` to `to`."""
    (low, high), (black, white) = value_range, to
    if (low, high) == (black, white):
        return np.clip(images, low, high)
    images = (images - images.dtype.type(low)) * images.dtype.type((white - black) / (high - low))
    return np.clip(images + images.dtype.type(black), black, white)
