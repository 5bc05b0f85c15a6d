"""Watching a model while it learns: samples and curves, drawn in place in a notebook or a window."""

import time
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..notebook import in_notebook
from ..plotting.colours import BLUE, GREEN, ORANGE, VERMILION
from ..plotting.figure import Figure
from ..plotting.panels import draw_curve
from ..plotting.samples import tile
from ..training import Callback
from ..validation import integer
from .lab_window import has_display

SIZE = (9, 4)  # inches
N = 36  # samples in the picture
SHARE = 0.1  # of the time, for drawing
CURVES = ("d_loss", "g_loss", "distance", "loss", "reconstruction", "kl", "cycle_a", "cycle_b")
COLOURS = (BLUE, ORANGE, GREEN, VERMILION)


class Watch(Callback):
    """Draws samples and curves in place while `fit` runs.

        gan.fit(x, callbacks=[Watch()])

    In a notebook the cell has one picture, which is replaced; in a program that has a display it is
    a window, and closing it ends the watching, not the training. The samples come from the same noise
    each time. What is learnt is the same to the bit with and without it. A drawing takes about as long
    as 40 iterations of `GAN`'s default networks; by default all drawings take a tenth of the time at most.

    Args:
        every: iterations between drawings; None for as often as takes a tenth of the time.
        images: (n, ...) as the model takes them, for models that reconstruct or translate images: an
            Autoencoder, a Pix2Pix, a CycleGAN (of A). A model that draws from noise needs none.
        draw: a function draw(model, figure) that draws something else into an empty matplotlib figure.
            It must use a random generator of its own.

    Raises:
        ValueError: from `fit`, before training begins, if there is nowhere to draw or nothing to show.
    """

    def __init__(
        self,
        every: int | None = None,
        *,
        images: np.ndarray | None = None,
        draw: Callable[[Any, Any], None] | None = None,
    ) -> None:
        self.every = None if every is None else integer("Watch", "every", every)
        self.images, self.draw = images, draw or self._draw_samples_and_curves
        self._screen: _Cell | _Window | None = None
        self._pause = _Pause(SHARE)

    def begin(self, model, history):
        if self.draw == self._draw_samples_and_curves:
            _picture_of(model, self.images)  # raises if there is nothing to show
        if in_notebook():
            self._screen = _Cell()
        elif has_display():
            self._screen = _Window()
        else:
            raise ValueError(
                "Watch has nowhere to draw: this is no notebook, and there is no display. Leave it out, or "
                "keep what it would show with SampleRecorder or FilmRecorder"
            )
        self._show(model)
        self._pause.until = 0.0  # the first drawing also loads fonts, so it says little about the others

    def after_iteration(self, iteration, model, history):
        if self._screen is None:
            return
        due = self._pause.over() if self.every is None else iteration % self.every == 0
        if due:
            self._show(model)
        else:
            self._try(self._screen.stay_alive)

    def end(self, model, history):
        if self._screen is not None:
            self._show(model)
        self._screen = None

    def _show(self, model):
        def redraw():
            self._screen.figure.clear()
            self.draw(model, self._screen.figure)
            return self._screen.update()

        with self._pause.measured():
            self._try(redraw)

    def _try(self, action):
        """Do something with the screen, and watch no longer if it is closed (False) or that fails.

        An error becomes a warning: training must not end for a picture.
        """
        try:
            is_open = action()
        except Exception as error:
            warnings.warn(f"Watch stops drawing: {type(error).__name__}: {error}", stacklevel=2)
            is_open = False
        if not is_open:
            self._screen = None

    def _draw_samples_and_curves(self, model, figure):
        left, right = figure.subplots(1, 2)
        picture = _picture_of(model, self.images)
        if picture.ndim == 2:
            left.plot(*picture.T, ".", color=VERMILION, markersize=3)
            left.set(aspect="equal", xlabel="x[0]", ylabel="x[1]")
        else:
            picture = tile(picture, value_range=model.value_range)
            left.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            left.set_axis_off()
        history = model.history
        left.set_title(f"iteration {len(history):,}", fontsize=11)
        names = [name for name in CURVES if name in history] or list(history.columns)
        for name, colour in zip(names if len(history) else (), COLOURS):
            draw_curve(right, history[name], name, colour)
            right.legend(loc="upper right", fontsize=8)
        right.set_xlabel("iteration")
        right.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        right.grid(alpha=0.25)


def _picture_of(model, images):
    """Return what the picture shows: images (N, H, W, C), or points (N, 2)."""
    points = tuple(model.sample_shape) == (2,)
    if images is None and hasattr(model, "generate"):
        return model.generate(500 if points else N, rng=0)  # the same noise each time
    for name in ("reconstruct", "translate"):
        if images is not None and hasattr(model, name):
            return getattr(model, name)(images)
    cure = "give it draw=" if images is not None else "give it images= to pass through the model, or draw="
    raise ValueError(f"Watch does not know what to show of a {type(model).__name__}: {cure}")


class _Pause:
    """How long to wait between drawings, so that they take a certain share of the time."""

    def __init__(self, share):
        self.share, self.until = share, 0.0

    def over(self):
        return time.monotonic() >= self.until

    @contextmanager
    def measured(self):
        start = time.monotonic()
        yield
        end = time.monotonic()
        self.until = end + max(0.5, (end - start) * (1 / self.share - 1))


class _Cell:
    """One picture below the cell of a notebook."""

    def __init__(self):
        self.figure, self._handle = Figure(figsize=SIZE, layout="constrained"), None

    def update(self):
        from IPython.display import display  # type: ignore[import-not-found,unused-ignore]

        if self._handle is None:
            self._handle = display(self.figure, display_id=True)
        else:
            self._handle.update(self.figure)
        return True

    def stay_alive(self):
        return True  # the page is another process's


class _Window:
    """A window of matplotlib's, which can be closed."""

    def __init__(self):
        from matplotlib import pyplot

        self._pyplot, self._latest = pyplot, 0.0
        self.figure = pyplot.figure(figsize=SIZE, layout="constrained")
        pyplot.show(block=False)

    def update(self):
        if self._is_open():
            self.figure.canvas.draw_idle()
        return self._answer()

    def stay_alive(self):
        """Let the window answer the mouse, ten times a second."""
        return self._answer() if time.monotonic() - self._latest > 0.1 else True

    def _answer(self):
        self._latest = time.monotonic()
        if self._is_open():
            self.figure.canvas.flush_events()  # which may close it
        return self._is_open()

    def _is_open(self):
        return self._pyplot.fignum_exists(self.figure.number)
