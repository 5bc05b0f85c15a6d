"""The laboratory in a window: train, look, and turn the knobs meanwhile."""

import math

import numpy as np

from ..datasets import Points
from ..losses.gan import GAN_LOSSES, gan_losses
from ..plotting.colours import BLUE
from ..training.batches import Batches
from ..training.divergence import DivergenceError
from .lab import plot_lab

SIZE = (10.4, 7.9)  # inches; the lowest 1.3 belong to the knobs
OWN = "losses of your own"
RATES = (-5, -1.5)  # ends of the sliders, as powers of ten


def has_display():
    """Return whether matplotlib can open a window here."""
    from matplotlib import pyplot

    try:
        figure = pyplot.figure()
    except ImportError:  # MPLBACKEND names one that cannot be loaded here
        return False
    interactive = figure.canvas.required_interactive_framework is not None
    pyplot.close(figure)
    return interactive


class LabWindow:
    """A GAN that trains while it is looked at.

    Between two pictures it makes `steps` iterations. The buttons play, pause and do one
    iteration; the sliders are the two learning rates; the list is the game. The
    iterations made are those of `gan.fit(x, ...)`: looking changes nothing.

    Args:
        gan, toy: as for `plot_lab`.
        x: the data to train on, (N, dim).
        iterations: where playing stops; the right end of the curves.
        figure: a matplotlib figure of about SIZE, such as `pyplot.figure()`.
    """

    def __init__(self, gan, toy, x, figure, *, batch_size=256, iterations=4000, steps=25):
        self.gan, self.toy, self.figure = gan, toy, figure
        self.iterations, self.steps = iterations, steps
        self.batches = Batches(x, batch_size, gan.rng)
        self.playing, self.trouble = False, None
        self._picture, knobs = figure.subfigures(2, 1, height_ratios=(SIZE[1] - 1.3, 1.3))
        self._add_knobs(knobs)
        self._timer = figure.canvas.new_timer(interval=20)
        self._timer.add_callback(self.advance)
        self.draw()

    def _add_knobs(self, knobs):
        from matplotlib.widgets import Button, RadioButtons, Slider

        self.play_button = Button(knobs.add_axes((0.06, 0.3, 0.09, 0.5)), "Play")
        self.step_button = Button(knobs.add_axes((0.16, 0.3, 0.09, 0.5)), "1 step")
        self.play_button.on_clicked(lambda event: self.toggle())
        self.step_button.on_clicked(lambda event: self.step())
        self.sliders = {}
        for name, bottom in (("generator", 0.55), ("discriminator", 0.2)):
            optimizer = getattr(self.gan, f"{name}_optimizer")
            axes = knobs.add_axes((0.42, bottom, 0.2, 0.28))
            slider = Slider(axes, f"{name}'s rate", *RATES, valinit=math.log10(optimizer.learning_rate))
            slider.on_changed(lambda value, name=name: self.set_rate(name, 10**value))
            slider.valtext.set_text(f"{optimizer.learning_rate:.1e}")
            self.sliders[name] = slider
        axes = knobs.add_axes((0.74, 0.08, 0.2, 0.84), title="")
        playing, self._own = self.gan.loss_name or OWN, (self.gan.loss, self.gan.generator_loss)
        names = [*GAN_LOSSES, *([OWN] if playing == OWN else [])]
        self.games = RadioButtons(axes, names, active=names.index(playing))
        self.games.on_clicked(self.choose)

    def choose(self, name):
        """Let the two play the game of that name, or descend the losses of your own that they came with."""
        if name == OWN:
            self.gan.loss, self.gan.generator_loss = self._own
        else:
            self.gan.loss, self.gan.generator_loss = gan_losses(name)

    def set_rate(self, name, rate):
        """Give the generator or the discriminator another learning rate, from now on."""
        getattr(self.gan, f"{name}_optimizer").learning_rate = rate
        self.sliders[name].valtext.set_text(f"{rate:.1e}")

    def toggle(self):
        """Play, or pause."""
        self.playing = not self.playing and self.trouble is None and len(self.gan.history) < self.iterations
        self.play_button.label.set_text("Pause" if self.playing else "Play")
        if self.playing:
            self._timer.start()
        else:
            self._timer.stop()
        self.figure.canvas.draw_idle()

    def step(self):
        """Pause, do one iteration and show it."""
        if self.playing:
            self.toggle()
        self._train(1)
        self.draw()

    def advance(self):
        """Do what comes between two pictures, and show it; called by the timer while playing."""
        if not self.playing:
            return
        self._train(min(self.steps, self.iterations - len(self.gan.history)))
        if self.trouble or len(self.gan.history) >= self.iterations:
            self.toggle()
        self.draw()

    def _train(self, count):
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(count if self.trouble is None else 0):
                copy = self.gan.snapshot()
                try:
                    self.gan.history.append(self.gan.train_on_batch(next(self.batches)))
                except DivergenceError as error:
                    self.gan.restore(copy)
                    self.trouble = f"stopped after iteration {len(self.gan.history):,}: {error}"

    def draw(self):
        """Show the GAN as it is."""
        plot_lab(self.gan, self.toy, iterations=self.iterations, title=self.trouble, figure=self._picture)
        self.figure.canvas.draw_idle()


class PointDrawing:
    """An empty plane in which to put points with the mouse.

    Each click adds one, and dragging one for each move. Backspace takes the last one back.

    Args:
        figure: a matplotlib figure, such as `pyplot.figure()`.
    """

    def __init__(self, figure):
        self.figure, self.x = figure, []
        self._axes = axes = figure.add_subplot(xlim=(-2, 2), ylim=(-2, 2), aspect="equal")
        axes.set(xlabel="x[0]", ylabel="x[1]")
        help_text = "Click or drag to put points, Backspace takes one back; close the window to go on"
        axes.set_title(help_text, fontsize=10)
        axes.grid(alpha=0.25)
        (self._dots,) = axes.plot([], [], ".", color=BLUE, markersize=5)
        figure.canvas.mpl_connect("button_press_event", self._on_mouse)
        figure.canvas.mpl_connect("motion_notify_event", self._on_mouse)
        figure.canvas.mpl_connect("key_press_event", self._on_key)

    def _on_mouse(self, event):
        if event.button == 1 and event.inaxes is self._axes:
            self.x.append((event.xdata, event.ydata))
            self._show()

    def _on_key(self, event):
        if event.key == "backspace" and self.x:
            self.x.pop()
            self._show()

    def _show(self):
        self._dots.set_data(*zip(*self.x)) if self.x else self._dots.set_data([], [])
        self.figure.canvas.draw_idle()

    def points(self):
        """Return the Points put so far; ValueError if they are too few."""
        if len(self.x) < 2:
            raise ValueError(f"at least two points are needed to learn from, {len(self.x)} were drawn")
        return Points(self.x, name="the points you drew")


def draw_points():
    """Open a window to put points in with the mouse; return them as Points once it is closed.

    Raises:
        ValueError: where there is no display.
    """
    if not has_display():
        raise ValueError(
            "points are drawn with the mouse in a window, and there is no display: "
            "give a .npy or .csv file instead"
        )
    from matplotlib import pyplot

    drawing = PointDrawing(pyplot.figure(figsize=(7, 7)))
    pyplot.show()
    return drawing.points()
