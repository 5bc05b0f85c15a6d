"""What `numpygan evaluate` measures of each kind of model.

Each function is given the model, the yardstick, the number of samples, a seed and the
settings that the model was trained with.
"""

from typing import NamedTuple

import numpy as np

from ..datasets import load_digits, load_domains
from ..metrics import as_digits, bootstrap
from ..metrics.yardstick import elbo_with_intervals, reconstruction


class Subject(NamedTuple):
    """What was measured of a model: images from -1 to 1, what they are, and the figures."""

    name: str
    images: np.ndarray
    figures: dict


def drawn(model, yardstick, samples, seed, trained):
    """Measure what a generator draws."""
    images = as_digits(model.generate(samples, rng=seed), model.value_range)
    return Subject("drawn digits", images, yardstick.measure(images))


def drawn_and_explained(model, yardstick, samples, seed, trained):
    """Measure what a VAE draws, and how well it explains held-out digits."""
    subject = drawn(model, yardstick, samples, seed, trained)
    return subject._replace(figures=subject.figures | elbo_with_intervals(model, _held_out(model)))


def reconstructed(model, yardstick, samples, seed, trained):
    """Measure what an autoencoder, which draws nothing, makes of held-out digits."""
    x = _held_out(model)[:samples]
    images = as_digits(model.reconstruct(x), model.value_range)
    figures = yardstick.measure_held_out(images) | reconstruction(model, x)
    return Subject("reconstructed digits", images, figures)


def translated(model, yardstick, samples, seed, trained):
    """Measure a CycleGAN's translations of held-out digits, whose truth is known, both ways.

    The classifier judges the plain digits that it makes of those of its other domain.
    """
    if "domains" not in trained:
        raise ValueError("the run has no settings.json that names its domains, so the truth is not known")
    a, b = (images[:samples] for images in load_domains(trained["domains"], "evaluation"))
    errors = {name: bootstrap(np.mean, error) for name, error in model.errors(a, b).items()}
    images = model.to_a(b)
    measured = yardstick.measure_held_out(as_digits(images, (-1, 1)))
    return Subject("translated digits", images, measured | errors)


def _held_out(model):
    x, _ = load_digits("evaluation", scale=model.value_range)
    if model.sample_shape != x.shape[1:]:
        raise ValueError(
            f"only models of digits {x.shape[1:]} can be measured, this one takes "
            f"{model.sample_shape}"
        )
    return x


# For a new kind of model, add a function and a line.
SUBJECTS = {
    "GAN": drawn,
    "DCGAN": drawn,
    "VAE": drawn_and_explained,
    "Autoencoder": reconstructed,
    "CycleGAN": translated,
}
