"""The laboratory's window without a display: real mouse and key events on an Agg canvas."""

import math

import matplotlib
import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from numpygan.datasets import load_toy
from numpygan.interactive.lab_window import SIZE, LabWindow, PointDrawing, draw_points, has_display
from numpygan.losses import LeastSquaresFromLogits
from numpygan.models import toy_gan


class Canvas(FigureCanvasAgg):
    """Draws when asked to, not whenever something has changed."""

    def draw_idle(self):
        pass


def open_window(**settings):
    toy, figure = load_toy("ring"), Figure(figsize=SIZE)
    Canvas(figure)
    window = LabWindow(toy_gan(rng=0), toy, toy.sample(500, rng=0), figure, batch_size=32, **settings)
    return window


def click(figure, axes, across=0.5, down=0.5):
    """Press and release the left button at a place given in shares of the axes."""
    x, y = axes.transAxes.transform((across, 1 - down))
    for name in ("button_press_event", "button_release_event"):
        figure.canvas.callbacks.process(name, MouseEvent(name, figure.canvas, x, y, 1))


def test_play_trains_and_pause_stops():
    window = open_window(steps=3)
    window.advance()
    assert len(window.gan.history) == 0
    click(window.figure, window.play_button.ax)
    assert window.playing and window.play_button.label.get_text() == "Pause"
    window.advance()
    window.advance()
    assert len(window.gan.history) == 6
    click(window.figure, window.play_button.ax)
    window.advance()
    assert len(window.gan.history) == 6 and window.play_button.label.get_text() == "Play"


def test_playing_ends_at_the_last_iteration():
    window = open_window(steps=4, iterations=6)
    window.toggle()
    window.advance()
    window.advance()
    assert len(window.gan.history) == 6 and not window.playing
    window.toggle()
    assert not window.playing
    click(window.figure, window.step_button.ax)
    assert len(window.gan.history) == 7, "a step more is always allowed"


def test_a_step_pauses_and_shows_the_next_iteration():
    window = open_window()
    window.toggle()
    before = window.figure.texts + window._picture.texts
    click(window.figure, window.step_button.ax)
    assert not window.playing and len(window.gan.history) == 1
    assert any("after 1 iteration" in text.get_text() for text in window._picture.texts)
    assert not any("after 1 iteration" in text.get_text() for text in before)


def test_sliders_set_the_learning_rates():
    window = open_window()
    slider = window.sliders["discriminator"]
    assert slider.val == pytest.approx(math.log10(window.gan.discriminator_optimizer.learning_rate))
    click(window.figure, slider.ax, across=0.25)
    assert window.gan.discriminator_optimizer.learning_rate == pytest.approx(10**-4.125, rel=0.01)
    assert slider.valtext.get_text() == "7.5e-05"
    assert window.gan.generator_optimizer.learning_rate == 5e-4


def test_the_losses_are_selected():
    window = open_window()
    assert window.loss_buttons.value_selected == "non-saturating"
    window.loss_buttons.set_active(2)
    assert isinstance(window.gan.generator_loss, LeastSquaresFromLogits)
    window.step()
    assert len(window.gan.history) == 1


def test_the_window_makes_the_iterations_of_fit():
    window, alone = open_window(steps=4), toy_gan(rng=0)
    window.toggle()
    window.advance()
    window.step()
    alone.fit(load_toy("ring").sample(500, rng=0), iterations=5, batch_size=32, progress=False)
    np.testing.assert_array_equal(window.gan.generator.flat_params, alone.generator.flat_params)


def test_divergence_stops_training_and_is_shown():
    window = open_window()
    window.step()
    kept = window.gan.generator.flat_params.copy()
    window.set_rate("discriminator", 1e30)
    window.toggle()
    window.advance()
    assert window.error and not window.playing and np.isfinite(window.gan.generator.flat_params).all()
    assert any("stopped after iteration" in text.get_text() for text in window._picture.texts)
    window.step()
    window.toggle()
    assert not window.playing and len(kept) == len(window.gan.generator.flat_params)


def test_points_are_drawn_by_clicking_and_dragging():
    figure = Figure(figsize=(7, 7))
    canvas = Canvas(figure)
    drawing = PointDrawing(figure)
    canvas.draw()
    axes = figure.axes[0]
    with pytest.raises(ValueError, match="at least two points are needed for training, but 0 were drawn"):
        drawing.points()
    for place in ((-1, 1), (0.5, 0), (1, 1)):
        x, y = axes.transData.transform(place)
        canvas.callbacks.process("button_press_event", MouseEvent("button_press_event", canvas, x, y, 1))
    x, y = axes.transData.transform((1.5, -1))
    canvas.callbacks.process("motion_notify_event", MouseEvent("motion_notify_event", canvas, x, y, 1))
    canvas.callbacks.process("button_release_event", MouseEvent("button_release_event", canvas, x, y, 1))
    canvas.callbacks.process("motion_notify_event", MouseEvent("motion_notify_event", canvas, x, y))
    canvas.callbacks.process(
        "button_press_event", MouseEvent("button_press_event", canvas, 1, 1, 1)
    )  # outside
    np.testing.assert_allclose(drawing.x, [(-1, 1), (0.5, 0), (1, 1), (1.5, -1)], atol=0.02)
    canvas.callbacks.process("key_press_event", KeyEvent("key_press_event", canvas, "backspace"))
    assert len(drawing.points().x) == 3
    np.testing.assert_allclose(axes.lines[0].get_xydata(), drawing.x)


def test_without_a_display_nothing_is_drawn_by_mouse():
    assert matplotlib.get_backend().lower() == "agg" and not has_display()
    with pytest.raises(ValueError, match="there is no display .*: give a .npy or .csv file"):
        draw_points()


class Hinge:
    """A custom loss needs forward and backward, nothing else."""

    def forward(self, y, target):
        self._sign, self._y = (1 if target else -1), y
        return float(np.maximum(0, 1 - self._sign * y).mean())

    def backward(self):
        return np.where(self._sign * self._y < 1, -self._sign, 0).astype(self._y.dtype) / self._y.size


def test_custom_losses():
    gan, toy, figure = toy_gan(rng=0), load_toy("ring"), Figure(figsize=SIZE)
    gan.loss = gan.generator_loss = mine = Hinge()
    Canvas(figure)
    window = LabWindow(gan, toy, toy.sample(500, rng=0), figure, batch_size=32)
    assert window.loss_buttons.value_selected == "custom losses"
    window.step()
    losses = next(axes for axes in window._picture.axes if axes.get_ylabel() == "loss")
    assert any(line.get_label() == "equilibrium, 1" for line in losses.lines)
    window.loss_buttons.set_active(0)
    assert gan.loss is not mine
    window.loss_buttons.set_active(3)
    assert gan.loss is gan.generator_loss is mine
    window.step()
    assert len(gan.history) == 2
