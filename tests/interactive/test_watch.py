"""Watching a run, with a cell and a window that the test looks at."""

import sys
import types

import matplotlib
import numpy as np
import pytest

from numpygan import GAN, Autoencoder, CycleGAN, Dense, Flatten, Pix2Pix, Reshape, Sequential, Tanh
from numpygan.interactive import Watch, watch
from numpygan.models import Classifier, toy_gan, unet_generator

matplotlib.use("Agg")


def small_gan():
    generator = Sequential([Dense(16), Tanh(), Reshape((4, 4, 1))], (5,), rng=0)
    discriminator = Sequential([Flatten(), Dense(1)], (4, 4, 1), rng=1)
    return GAN(generator, discriminator, rng=2)


def images():
    return np.random.default_rng(3).uniform(-1, 1, (40, 4, 4, 1)).astype(np.float32)


@pytest.fixture
def shown(monkeypatch):
    """Let this be a notebook, whose cell is a list of what it was told: (first or update, PNG)."""
    told = []

    def display(figure, *, display_id):
        assert display_id
        told.append(("first", figure._repr_png_()))
        return types.SimpleNamespace(update=lambda figure: told.append(("update", figure._repr_png_())))

    module = types.SimpleNamespace(
        display=types.SimpleNamespace(display=display),
        get_ipython=lambda: None,  # this and the next line for matplotlib, which asks too
        version_info=(9, 0, 0),
    )
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", module.display)
    monkeypatch.setattr(watch, "in_notebook", lambda: True)
    return told


def fit(model, *callbacks, x=None, iterations=6):
    model.fit(
        images() if x is None else x, iterations=iterations, batch_size=8, progress=False, callbacks=callbacks
    )
    return model


def test_a_cell_has_one_picture_that_is_replaced(shown):
    fit(small_gan(), Watch(every=2))
    assert [how for how, _ in shown] == ["first", "update", "update", "update", "update"]
    assert all(png.startswith(b"\x89PNG") for _, png in shown)
    assert len({png for _, png in shown}) == 4  # before, 2, 4, 6; the last one again


def test_it_changes_nothing(shown):
    watched, alone = fit(small_gan(), Watch(every=4)), fit(small_gan())
    for network in ("generator", "discriminator"):
        assert np.array_equal(watched.networks[network].flat_params, alone.networks[network].flat_params)
    assert np.array_equal(watched.history.table(), alone.history.table())
    assert watched.rng.bit_generator.state == alone.rng.bit_generator.state


def test_drawing_takes_a_tenth_of_the_time(shown, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: clock[0])
    drawn_at = []

    def draw(model, figure):
        drawn_at.append(clock[0])
        clock[0] += 2.0

    class Tick(watch.Callback):
        def after_iteration(self, iteration, model, history):
            clock[0] += 1.0

    fit(small_gan(), Watch(draw=draw), Tick(), iterations=60)
    assert np.diff(drawn_at[1:-1]).tolist() == [20, 20, 20]  # without those before and after the training


@pytest.mark.slow
def test_points_and_reconstructions(shown):
    fit(
        toy_gan(rng=0), Watch(every=3), x=np.random.default_rng(0).standard_normal((50, 2)).astype(np.float32)
    )
    autoencoder = Autoencoder(image_shape=(4, 4, 1), rng=0)
    x = (images() + 1) / 2
    autoencoder.fit(x, epochs=1, batch_size=8, progress=False, callbacks=[Watch(every=2, images=x[:9])])
    assert len(shown) == 4 + 4


def test_models_that_translate_are_asked_by_one_name():
    a = np.zeros((2, 16, 16, 1), np.float32)
    generator = unet_generator((16, 16, 1), filters=2, depth=2, rng=0)
    assert watch._picture_of(Pix2Pix(generator, rng=0), a).shape == (2, 16, 16, 3)
    assert watch._picture_of(CycleGAN(image_shape=(16, 16, 1), rng=0), a).shape == (2, 16, 16, 1)


def test_a_drawing_of_your_own(shown):
    def draw(model, figure):
        figure.text(0.5, 0.5, f"{len(model.history)} iterations")

    fit(small_gan(), Watch(every=3, draw=draw))
    assert len(shown) == 4


def test_a_drawing_that_fails_ends_the_watching_and_not_the_training(shown):
    def draw(model, figure):
        if len(model.history) == 2:
            raise ZeroDivisionError("no picture")

    with pytest.warns(UserWarning, match="Watch stops drawing: ZeroDivisionError: no picture"):
        model = fit(small_gan(), Watch(every=1, draw=draw))
    assert len(model.history) == 6 and len(shown) == 2


@pytest.mark.parametrize(
    "model, watching, message",
    [
        (lambda: Autoencoder(image_shape=(4, 4, 1), rng=0), Watch(), "Autoencoder: give it images="),
        (small_gan, Watch(images=images()), "GAN: give it draw="),
        (lambda: Classifier(rng=0), Watch(), "Classifier: give it images= .* or draw="),
    ],
)
def test_nothing_to_show_is_said_before_training(shown, model, watching, message):
    model = model()
    with pytest.raises(ValueError, match=message):
        watching.begin(model, model.history)
    assert not shown


def test_nowhere_to_draw_is_said_before_training(monkeypatch):
    monkeypatch.setattr(watch, "has_display", lambda: False)
    model = small_gan()
    with pytest.raises(ValueError, match="nowhere to draw.*Leave it out"):
        fit(model, Watch())
    assert len(model.history) == 0


@pytest.mark.parametrize("every", [0, -1, 2.5, "3"])
def test_every(every):
    with pytest.raises((ValueError, TypeError), match="Watch: every must be a positive integer"):
        Watch(every)


# --- a window ----------------------------------------------------------------------------


@pytest.fixture
def window(monkeypatch):
    """Let there be a display; return the figures that are open."""
    from matplotlib import pyplot

    monkeypatch.setattr(watch, "has_display", lambda: True)
    monkeypatch.setattr(pyplot, "show", lambda *, block: None)
    yield pyplot
    pyplot.close("all")


def test_a_window_is_drawn_into(window):
    fit(small_gan(), Watch(every=2))
    (number,) = window.get_fignums()
    left, right = window.figure(number).axes
    assert left.get_title() == "iteration 6"
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["d_loss", "g_loss"]


def test_closing_the_window_ends_the_watching(window):
    drawn = []

    def draw(model, figure):
        drawn.append(len(model.history))
        if len(model.history) == 2:
            window.close(figure)

    model = fit(small_gan(), Watch(every=1, draw=draw))
    assert len(model.history) == 6 and drawn == [0, 1, 2]


def test_a_window_that_fails_between_drawings_ends_the_watching(window, monkeypatch):
    def gone(self):
        raise RuntimeError("the display is gone")

    monkeypatch.setattr(watch._Window, "stay_alive", gone)
    with pytest.warns(UserWarning, match="Watch stops drawing: RuntimeError: the display is gone"):
        model = fit(small_gan(), Watch(every=100))
    assert len(model.history) == 6
