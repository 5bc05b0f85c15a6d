"""All metrics of generated digits at once, and real digits to compare them with."""

from functools import cache

import numpy as np

from ..datasets import load_digits
from ..models import VAE, Autoencoder
from .classes import class_entropy, classes_covered, confidence, inception_score
from .classifier import load_classifier
from .frechet import frechet_of_normals, moments
from .intervals import Measured, bootstrap
from .neighbours import nearest_distance, within_manifold


class Yardstick:
    """The bundled digits and their features, with which generated digits are compared.

    The reference is the 2,000 held-out digits: neither the models nor the classifier were
    trained on them. Pixels are from -1 to 1 throughout.

    Attributes:
        training, held_out: images (10000, 28, 28, 1) and (2000, 28, 28, 1).
    """

    def __init__(self):
        self.classifier = load_classifier()
        self.training, _ = load_digits("train")
        self.held_out, _ = load_digits("evaluation")
        self._held_out_features = self.classifier.features(self.held_out)
        self._training_features = self.classifier.features(self.training[: len(self.held_out)])
        self.features = self._held_out_features.shape[1]
        self._held_out_distance = np.median(nearest_distance(self.held_out, self.training)[0])

    def measure(self, images: np.ndarray) -> dict[str, Measured]:
        """Return all metrics of generated images (N, 28, 28, 1), as a dict by name."""
        return self._measure(images, self._held_out_features)

    def measure_held_out(self, images: np.ndarray) -> dict[str, Measured]:
        """Return the same for images that are the held-out digits or were made from them.

        They are compared with 2,000 training digits, so that none is compared with itself.
        """
        return self._measure(images, self._training_features)

    @cache
    def anchors(self, n: int) -> dict[str, dict[str, Measured]]:
        """Return the metrics of two sets of n images, the best and the worst to expect of a model.

        "held-out digits" are what a perfect generator would draw; "shuffled pixels" are
        the same digits with the pixels of each in a random order. At most 2,000 are used.
        """
        n = min(n, len(self.held_out))
        pixels = self.held_out[:n].reshape(n, -1)
        shuffled = np.random.default_rng(0).permuted(pixels, axis=1).reshape(n, *self.held_out.shape[1:])
        return {
            "held-out digits": self.measure_held_out(self.held_out[:n]),
            "shuffled pixels": self.measure(shuffled),
        }

    def _measure(self, images, real):
        """Return all metrics of images, compared with real ones of which `real` are the features.

        The bootstrap resamples the images. The real ones and the manifolds stay fixed: they
        are the scale, the same for every model.
        """
        features, p = self.classifier.features(images), self.classifier.probabilities(images)
        normal = moments(real)

        def frechet(resampled):
            return frechet_of_normals(*normal, *moments(resampled))

        def relative(distances):
            return np.median(distances) / self._held_out_distance

        distance, _ = nearest_distance(images, self.training)
        return {
            "frechet_distance": bootstrap(frechet, features, centred=True),
            "classes_covered": bootstrap(classes_covered, p),
            "confidence": bootstrap(confidence, p),
            "class_entropy": bootstrap(class_entropy, p),
            "inception_score": bootstrap(inception_score, p),
            "precision": bootstrap(np.mean, within_manifold(real, features)),
            "recall": bootstrap(np.mean, within_manifold(features, real)),
            "nearest_training_digit": bootstrap(relative, distance),
        }


@cache
def load_yardstick() -> Yardstick:
    """Return the `Yardstick`, the same object every time."""
    return Yardstick()


def elbo_with_intervals(vae: VAE, x: np.ndarray, *, n: int = 50) -> dict[str, Measured]:
    """Return the terms of `VAE.elbo` for samples x, in nats, each a mean with its interval.

    The importance-weighted bound uses n codes for each sample.
    """
    terms = vae.elbo(x, n, rng=0)
    return {name: bootstrap(np.mean, values) for name, values in terms.items()}


def reconstruction(autoencoder: Autoencoder, x: np.ndarray) -> dict[str, Measured]:
    """Return the mean reconstruction error of samples x, as measured by the model's own loss."""
    return {"reconstruction_error": bootstrap(np.mean, autoencoder.reconstruction_error(x))}
