"""The laboratory in a window: watch a GAN train, and change its settings while it does."""

import math

import numpy as np

from ..datasets import Points
from ..losses.gan import GAN_LOSSES, gan_losses
from ..plotting.colours import BLUE
from ..training.batches import Batches
from ..training.divergence import DivergenceError
from .lab import plot_lab

SIZE = (10.4, 7.9)  # inches; the lowest 1.3 are for the controls
CUSTOM = "custom losses"
RATES = (-5, -1.5)  # log10 of the ends of the sliders


def has_display() -> bool:
    """Return whether matplotlib can open a window here."""
    from matplotlib import pyplot

    try:
        figure = pyplot.figure()
    except ImportError:  # MPLBACKEND names a backend that cannot be loaded here
        return False
    interactive = figure.canvas.required_interactive_framework is not None
    pyplot.close(figure)
    return interactive


class LabWindow:
    """A window that shows a GAN while it trains.

    The buttons play, pause and run a single iteration; the sliders set the two learning
    rates; the list selects the losses. Training is the same as with `gan.fit(x, ...)`.

    Args:
        gan, toy: as for `plot_lab`.
        x: the data to train on, (N, dim).
        figure: a matplotlib figure of about SIZE, such as `pyplot.figure()`.
        iterations: where playing stops; the right end of the curves.
        steps: iterations between two pictures.
    """

    def __init__(self, gan, toy, x, figure, *, batch_size=256, iterations=4000, steps=25) -> None:
        self.gan, self.toy, self.figure = gan, toy, figure
        self.iterations, self.steps = iterations, steps
        self.batches = Batches(x, batch_size, gan.rng)
        self.playing, self.error = False, None
        self._picture, controls = figure.subfigures(2, 1, height_ratios=(SIZE[1] - 1.3, 1.3))
        self._add_controls(controls)
        self._timer = figure.canvas.new_timer(interval=20)
        self._timer.add_callback(self.advance)
        self.draw()

    def _add_controls(self, controls):
        from matplotlib.widgets import Button, RadioButtons, Slider

        self.play_button = Button(controls.add_axes((0.06, 0.3, 0.09, 0.5)), "Play")
        self.step_button = Button(controls.add_axes((0.16, 0.3, 0.09, 0.5)), "1 step")
        self.play_button.on_clicked(lambda event: self.toggle())
        self.step_button.on_clicked(lambda event: self.step())
        self.sliders = {}
        for name, bottom in (("generator", 0.55), ("discriminator", 0.2)):
            optimizer = getattr(self.gan, f"{name}_optimizer")
            axes = controls.add_axes((0.42, bottom, 0.2, 0.28))
            slider = Slider(axes, f"{name} rate", *RATES, valinit=math.log10(optimizer.learning_rate))
            slider.on_changed(lambda value, name=name: self.set_rate(name, 10**value))
            slider.valtext.set_text(f"{optimizer.learning_rate:.1e}")
            self.sliders[name] = slider
        axes = controls.add_axes((0.74, 0.08, 0.2, 0.84), title="")
        current, self._custom = self.gan.loss_name or CUSTOM, (self.gan.loss, self.gan.generator_loss)
        names = [*GAN_LOSSES, *([CUSTOM] if current == CUSTOM else [])]
        self.loss_buttons = RadioButtons(axes, names, active=names.index(current))
        self.loss_buttons.on_clicked(self.set_losses)

    def set_losses(self, name):
        """Train with the losses of that name from now on, or with the custom ones the GAN came with."""
        losses = self._custom if name == CUSTOM else gan_losses(name)
        self.gan.loss, self.gan.generator_loss = losses

    def set_rate(self, name, rate):
        """Set the learning rate of the generator or the discriminator from now on."""
        getattr(self.gan, f"{name}_optimizer").learning_rate = rate
        self.sliders[name].valtext.set_text(f"{rate:.1e}")

    def toggle(self):
        """Play or pause."""
        self.playing = not self.playing and self.error is None and len(self.gan.history) < self.iterations
        self.play_button.label.set_text("Pause" if self.playing else "Play")
        if self.playing:
            self._timer.start()
        else:
            self._timer.stop()
        self.figure.canvas.draw_idle()

    def step(self):
        """Pause, run one iteration and show it."""
        if self.playing:
            self.toggle()
        self._train(1)
        self.draw()

    def advance(self):
        """Run the iterations up to the next picture and show it; called by the timer while playing."""
        if not self.playing:
            return
        self._train(min(self.steps, self.iterations - len(self.gan.history)))
        if self.error or len(self.gan.history) >= self.iterations:
            self.toggle()
        self.draw()

    def _train(self, count):
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(count if self.error is None else 0):
                copy = self.gan.snapshot()
                try:
                    self.gan.history.append(self.gan.train_on_batch(next(self.batches)))
                except DivergenceError as error:
                    self.gan.restore(copy)
                    self.error = f"stopped after iteration {len(self.gan.history):,}: {error}"

    def draw(self):
        """Show the current state of the GAN."""
        plot_lab(self.gan, self.toy, iterations=self.iterations, title=self.error, figure=self._picture)
        self.figure.canvas.draw_idle()


class PointDrawing:
    """An empty plane in which to draw points with the mouse.

    Clicking adds a point, dragging adds one per mouse event, and Backspace removes the last.

    Args:
        figure: a matplotlib figure, such as `pyplot.figure()`.
    """

    def __init__(self, figure):
        self.figure, self.x = figure, []
        self._axes = axes = figure.add_subplot(xlim=(-2, 2), ylim=(-2, 2), aspect="equal")
        text = "Click or drag to draw points, Backspace removes the last; close the window to continue"
        axes.set(xlabel="x[0]", ylabel="x[1]")
        axes.set_title(text, fontsize=10)
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

    def points(self) -> Points:
        """Return the Points drawn so far; ValueError if they are fewer than two."""
        if len(self.x) < 2:
            raise ValueError(f"at least two points are needed for training, but {len(self.x)} were drawn")
        return Points(self.x, name="the points you drew")


def draw_points() -> Points:
    """Open a window to draw points in with the mouse; return them once it is closed.

    Raises:
        ValueError: if there is no display, or fewer than two points were drawn.
    """
    if not has_display():
        raise ValueError("there is no display to draw points on with the mouse: give a .npy or .csv file")
    from matplotlib import pyplot

    drawing = PointDrawing(pyplot.figure(figsize=(7, 7)))
    pyplot.show()
    return drawing.points()
