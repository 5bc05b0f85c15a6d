"""Films of training: any figure while it runs; grids of images and a latent plane afterwards."""

import numpy as np

from ..plotting.latent import plot_latent_plane
from ..plotting.samples import tile
from ..training import Callback
from .film import Film, thin

WIDTH = 760  # pixels of a frame of samples, approximately


class FilmRecorder(Callback):
    """Films training: calls draw(model) -> (figure, text) at chosen iterations.

    Args:
        film: the Film to add to.
        draw: function of the model. It must use a random generator of its own, or filming
            would change the run.
        at: iterations at which to add a frame; see `moments`. The states before the first
            and after the last iteration are always added.
    """

    def __init__(self, film: Film, draw, at) -> None:
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


def moments(iterations: int, frames: int) -> list[int]:
    """Return the iterations of so many frames, closer together early on, where most happens."""
    return sorted({round(iterations * share**2) for share in np.linspace(0, 1, max(frames, 2))})


def film_samples(frames, *, title, value_range=(-1, 1), name="iteration", most=60) -> Film:
    """Return a Film of images from the same noise, given a list of (number, images).

    Args:
        most: number of frames at most, evenly spaced, to keep the page small.
    """
    film = Film(title, "Every frame uses the same noise: pick one image and watch it develop.")
    for number, images in thin(frames, most):
        picture = tile(images, columns=8, value_range=value_range)
        scale = max(1, WIDTH // picture.shape[1])
        picture = picture.repeat(scale, axis=0).repeat(scale, axis=1)
        film.add_picture(picture, f"{name} {number:,}", colours=32)
    return film


def film_latent_plane(frames, labels, *, title, name="iteration", most=60) -> Film:
    """Return a Film of codes, given a list of (number, codes (N, 2)) and their labels (N,).

    All frames have the axes of the one with the largest codes, without the outermost 1%.
    """
    film = Film(title, "Each digit marks the code of an image: the classes separate as the encoder learns.")
    limit = max((float(np.quantile(np.abs(codes), 0.99)) for _, codes in frames), default=1) or 1
    for number, codes in thin(frames, most):
        figure = plot_latent_plane(codes, labels, title=f"{name} {number:,}")
        figure.axes[0].set(xlim=(-limit, limit), ylim=(-limit, limit))
        figure.axes[0].set_aspect("equal", adjustable="box")
        film.add(figure, f"{name} {number:,}")
    return film
