"""What is filmed of a training: any figure while it runs; grids of images and a latent plane after it."""

import numpy as np

from ..plotting.latent import plot_latent_plane
from ..plotting.samples import tile
from ..training import Callback
from .film import Film, thin

WIDTH = 760  # about, in pixels, of a frame of samples


class FilmRecorder(Callback):
    """Films a training: calls draw(model) -> (figure, text) at chosen iterations.

    Args:
        film: the Film to add to.
        draw: function of the model. What it draws at random must come from a random
            number generator of its own, or watching would change the training.
        at: iterations at which to take a frame; see `moments`. The state before the
            training and the state at its end are always taken.
    """

    def __init__(self, film, draw, at):
        self.film, self.draw, self.at = film, draw, frozenset(at)
        self._latest = None

    def begin(self, model, history):
        self._take(len(history), model)

    def after_iteration(self, iteration, model, history):
        if iteration in self.at:
            self._take(iteration, model)

    def end(self, model, history):
        if len(history) != self._latest:
            self._take(len(history), model)

    def _take(self, iteration, model):
        self._latest = iteration
        self.film.add(*self.draw(model))


def moments(iterations, frames):
    """Return the iterations of so many frames, the squares of equal steps: most happens early."""
    return sorted({round(iterations * share**2) for share in np.linspace(0, 1, max(frames, 2))})


def film_samples(frames, *, title, value_range=(-1, 1), name="iteration", most=60):
    """Return a Film of images drawn from the same noise, a list of (number, images).

    Args:
        most: how many frames to take at most, evenly from the list, to keep the page small.
    """
    film = Film(title, "The same noise in every frame: watch one place and see what it becomes.")
    for number, images in thin(frames, most):
        picture = tile(images, columns=8, value_range=value_range)
        scale = max(1, WIDTH // picture.shape[1])
        picture = picture.repeat(scale, axis=0).repeat(scale, axis=1)
        film.add_picture(picture, f"{name} {number:,}", colours=32)
    return film


def film_latent_plane(frames, labels, *, title, name="iteration", most=60):
    """Return a Film of codes on their way, a list of (number, codes (N, 2)), with their labels (N,).

    All frames have the axes of the one that reaches furthest, without the outermost 1%.
    """
    caption = "Each digit stands where the encoder puts an image of it: classes part as it learns."
    film = Film(title, caption)
    reach = max((float(np.quantile(np.abs(codes), 0.99)) for _, codes in frames), default=1) or 1
    for number, codes in thin(frames, most):
        figure = plot_latent_plane(codes, labels, title=f"{name} {number:,}")
        figure.axes[0].set(xlim=(-reach, reach), ylim=(-reach, reach))
        figure.axes[0].set_aspect("equal", adjustable="box")
        film.add(figure, f"{name} {number:,}")
    return film
