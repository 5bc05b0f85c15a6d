"""All metrics of drawn digits at once, and real digits to compare them with."""

from functools import cache

import numpy as np

from ..datasets import load_digits
from .classes import class_entropy, classes_covered, confidence, inception_score
from .classifier import load_classifier
from .frechet import frechet_of_normals, moments
from .intervals import bootstrap
from .neighbours import nearest_distance, within_manifold


@cache
def load_yardstick():
    """Return the one `Yardstick` there is."""
    return Yardstick()


class Yardstick:
    """The bundled digits, as the classifier sees them.

    The 2,000 held-out digits, which neither a model nor the classifier has learnt from,
    are what drawn ones are compared with. Pixels are from -1 to 1 throughout.

    Attributes:
        training, held_out: images (10000, 28, 28, 1) and (2000, 28, 28, 1).
    """

    def __init__(self):
        self.classifier = load_classifier()
        self.training, _ = load_digits("train")
        self.held_out, _ = load_digits("evaluation")
        self._held_out_features = self.classifier.features(self.held_out)
        self._training_features = self.classifier.features(self.training[: len(self.held_out)])
        self._held_out_distance = np.median(nearest_distance(self.held_out, self.training)[0])

    def measure(self, images):
        """Return a dict from metrics to `Measured`, for drawn images (N, 28, 28, 1)."""
        return self._measure(images, self._held_out_features)

    def measure_held_out(self, images):
        """Return the same for images that are, or were made of, the held-out digits.

        They are compared with as many training digits, lest each meet itself. That the
        classifier has learnt from those makes no difference that would show: with 1,000
        digits a side, the Frechet distance between the two halves of the held-out ones is
        4.8, between a half and training digits 4.1 to 5.1.
        """
        return self._measure(images, self._training_features)

    @cache
    def anchors(self, n):
        """Return the same of two sets of n images, between which those of a model should lie.

        "held-out digits" are what a perfect generator would draw; "shuffled pixels" are
        those digits, the pixels of each in a random order: as bright, and nothing else.
        """
        n = min(n, len(self.held_out))
        pixels = self.held_out[:n].reshape(n, -1)
        shuffled = np.random.default_rng(0).permuted(pixels, axis=1).reshape(n, *self.held_out.shape[1:])
        return {
            "held-out digits": self.measure_held_out(self.held_out[:n]),
            "shuffled pixels": self.measure(shuffled),
        }

    def _measure(self, images, real):
        """Return all metrics of images; `real` are features to compare theirs with.

        The intervals are of N images drawn with replacement. The real ones, and the
        manifolds, stay as they are: they are the scale, the same for every model.
        """
        features, p = self.classifier.features(images), self.classifier.probabilities(images)
        normal = moments(real)

        def frechet(some):
            return frechet_of_normals(*normal, *moments(some))

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


def elbo_with_intervals(vae, x, *, n=50):
    """Return what a VAE knows of samples x, in nats, as a dict of `Measured`; see `VAE.elbo`.

    The importance-weighted bound is from n codes for each sample.
    """
    terms = vae.elbo(x, n, rng=0)
    return {name: bootstrap(np.mean, values) for name, values in terms.items()}


def reconstruction(autoencoder, x):
    """Return the mean reconstruction error of samples x, as the model's own loss measures it."""
    return {"reconstruction_error": bootstrap(np.mean, autoencoder.reconstruction_error(x))}


