"""What a model makes of a drawing: panels for a figure, and a table that says which models get which.

A panel has two methods: `draw(axes)`, called once, and `show(x)`, called for every change of the
drawing with x (1, H, W, C) as the model takes it. To show another kind of model, add a line to
PANELS: a method that it has, and a function that returns its panels.
"""

import numpy as np

from ..latent.planes import plane_for
from ..plotting.colours import BLUE, GREY, VERMILION
from ..plotting.latent import plot_latent_plane
from ..plotting.samples import tile

DRAWS = 150  # codes in the cloud of a VAE
CODES = 400  # codes of data behind it
SHOWN = 9  # draws that are decoded


class Picture:
    """An image that a function of the drawing returns, (1, H, W, C) in `value_range`."""

    def __init__(self, title, make, value_range):
        self.title, self.make, self.value_range = title, make, value_range

    def draw(self, axes):
        self._image = axes.imshow(np.zeros((1, 1)), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.set_title(self.title, fontsize=10)

    def show(self, x):
        low, high = self.value_range
        picture = np.clip((self.make(x)[0] - low) / (high - low), 0, 1)
        self._image.set_data(picture.squeeze())
        height, width = picture.shape[:2]
        self._image.set_extent((-0.5, width - 0.5, height - 0.5, -0.5))


class Bars:
    """A probability for each class."""

    def __init__(self, title, probabilities, names):
        self.title, self.probabilities, self.names = title, probabilities, names

    def draw(self, axes):
        self._axes = axes
        places = np.arange(len(self.names))
        self._bars = axes.barh(places, np.zeros(len(places)), color=BLUE)
        axes.set_yticks(places, self.names)
        axes.set(xlim=(0, 1), ylim=(len(places) - 0.5, -0.5), xlabel="probability")

    def show(self, x):
        p = self.probabilities(x)[0]
        for k, bar in enumerate(self._bars):
            bar.set(width=p[k], color=VERMILION if k == p.argmax() else BLUE)
        self._axes.set_title(f"{self.title}: {self.names[p.argmax()]}, {p.max():.0%}", fontsize=10)


class Cloud:
    """The distribution q(z|x) that a VAE makes of the drawing, over the codes of data.

    Args:
        model: a VAE of two latents or more.
        codes, labels: of data, (M, latent_dim) and (M,), or None.
        epsilon: noise (DRAWS, latent_dim), always the same, so that the cloud follows the drawing smoothly.
    """

    def __init__(self, model, codes, labels, epsilon):
        self.model, self.epsilon = model, epsilon
        self.codes, self.labels = codes, labels
        self.plane = plane_for(model, codes)

    def draw(self, axes):
        if self.codes is not None and self.labels is not None:
            plot_latent_plane(self.plane.points(self.codes), self.labels, axes=axes)
        elif self.codes is not None:
            axes.plot(*self.plane.points(self.codes).T, ".", color=GREY, markersize=3)
        low, high = self.plane.low, self.plane.high
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="auto")
        axes.set_xlabel(self.plane.axes[0], fontsize=9)
        axes.set_ylabel(self.plane.axes[1], fontsize=9)
        axes.set_title("its code: a cloud, q(z|x)", fontsize=10)
        (self._dots,) = axes.plot([], [], ".", color=VERMILION, markersize=4, alpha=0.6, zorder=8)
        (self._mean,) = axes.plot([], [], "+", color="black", markersize=18, markeredgewidth=1.2, zorder=9)

    def show(self, x):
        mean, log_var = self.model.encode_distribution(x)
        self._dots.set_data(*self.plane.points(mean + np.exp(0.5 * log_var) * self.epsilon).T)
        self._mean.set_data(*self.plane.points(mean).T)


def translations(model, codes, labels):
    panels = [Picture("translated", model.translate, model.value_range)]
    if hasattr(model, "to_a"):  # a CycleGAN's way back
        panels.append(Picture("and back", lambda x: model.to_a(model.translate(x)), model.value_range))
    return panels


def cloud_and_reconstruction(model, codes, labels):
    epsilon = np.random.default_rng(0).standard_normal((DRAWS, model.latent_dim), dtype=np.float32)

    def drawn(x):
        mean, log_var = model.encode_distribution(x)
        images = model.decode(mean + np.exp(0.5 * log_var) * epsilon[:SHOWN])
        picture = tile(images, 3, gap=1, value_range=model.value_range)
        low, high = model.value_range
        return (low + (high - low) * picture)[np.newaxis]

    panels = [
        Picture("reconstructed", lambda x: model.decode(model.encode(x)), model.value_range),
        Picture("drawn from the cloud", drawn, model.value_range),
    ]
    known = model.latent_dim == 2 or codes is not None  # else there is no plane to show the code on
    return [*panels, Cloud(model, codes, labels, epsilon)] if model.latent_dim > 1 and known else panels


def reconstruction(model, codes, labels):
    return [Picture("reconstructed", model.reconstruct, model.value_range)]


def class_probabilities(model, codes, labels):
    names = [str(k) for k in range(model.network.output_shape[0] - model.none_class)]
    return [Bars("class", model.probabilities, names)]


PANELS = {  # the first of these methods that a model has says what is shown
    "translate": translations,
    "encode_distribution": cloud_and_reconstruction,
    "reconstruct": reconstruction,
    "probabilities": class_probabilities,
}


def panels_for(model, images=None, labels=None):
    """Return the panels of a model.

    Args:
        images: data to show the codes of, (M, H, W, C), for a VAE; or None.
        labels: (M,), their classes, or None.

    Raises:
        ValueError: if there is nothing to show for a model of this kind.
    """
    kind, shape = type(model).__name__, model.sample_shape
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise ValueError(f"what can be drawn is an image (H, W, 1) or (H, W, 3), the {kind} takes {shape}")
    make = next((make for method, make in PANELS.items() if hasattr(model, method)), None)
    if make is None or hasattr(model, "classes"):
        why = "needs the label of an image too" if make else "takes no image that could be drawn"
        raise ValueError(
            f"a {kind} {why}: give an autoencoder, a VAE, a classifier, or a model that translates images"
        )
    codes = None if images is None or not hasattr(model, "encode") else model.encode(images[:CODES])
    return make(model, codes, None if labels is None else np.asarray(labels)[:CODES])
