"""All metrics of images other than digits: compared with the run's own pictures, by random features.

The digit classifier has learnt to look at digits, and at nothing else. For other pictures there
is a network that has learnt nothing: three convolutions with fixed random kernels. Its features
respond to edges, colours and where they are, and two sets of pictures that look alike have
features that are distributed alike. What they do not know is what matters in a picture: a
Frechet distance of random features ranks generators of the same pictures, and says nothing
across data sets.

Source: random convolutional features carry much of a network's power: Jarrett et al. 2009,
"What is the best multi-stage architecture for object recognition?", section 4; for evaluating
generative models: Naeem et al. 2020, section 4.
"""

from functools import cache

import numpy as np

from ..layers import AveragePooling2D, Conv2D, Flatten, HeNormal, ReLU, Sequential
from ..models import Classifier
from ..models.classifier import small_classifier
from .augmentation import PICTURE_WAYS, damage
from .classes import confidence
from .frechet import frechet_of_normals, moments
from .intervals import Measured, bootstrap
from .neighbours import nearest_distance, within_manifold

CHANNELS = (16, 24, 32)
MOST = 2_000  # real images to compare with
FEWEST_FOR_QUARTERS = 500
COPY = 0.5  # a sample nearer to a training image than half the usual distance is called a copy
FEWEST_TO_CLASSIFY = 500  # labelled images from which a classifier is trained
MOST_TO_CLASSIFY = 10_000
PIECE = 500  # images damaged at a time
STEPS = 500  # of the classifier, at least; and 8 passes over the images


def random_features(image_shape: tuple[int, int, int], *, quarters: bool = True) -> Sequential:
    """Return a fixed network of random kernels from images (N, *image_shape) to features (N, F).

    Args:
        quarters: whether the last channels are averaged over the quarters of the picture (F is up
            to 128) or over all of it (32). A Frechet distance needs more images than features.
    """
    layers, size = [], list(image_shape[:2])
    for channels in CHANNELS:
        strides = tuple(2 if side >= 4 else 1 for side in size)
        layers += [Conv2D(channels, 3, strides, "same", initializer=HeNormal()), ReLU()]
        size = [-(-side // stride) for side, stride in zip(size, strides)]
    window = tuple(-(-side // 2) for side in size) if quarters else tuple(size)
    network = Sequential([*layers, AveragePooling2D(window, padding="same"), Flatten()], image_shape, rng=0)
    W = layers[0].params["W"]  # half of the first kernels sum to 0 and see edges, the others see colours too
    W[..., ::2] -= W[..., ::2].mean(axis=(0, 1), keepdims=True)
    return network


class OwnImages:
    """The pictures of a run, and their features, with which generated ones are compared.

    Args:
        training, held_out: images (N, H, W, C) from -1 to 1, the second never learnt from.
        labels: classes of both, a pair of integer arrays, or None.

    Attributes:
        classifier: trained on the labelled training images, if there are enough, else None.
    """

    def __init__(self, training, held_out, labels=None):
        self.training, self.held_out = np.asarray(training), np.asarray(held_out)[:MOST]
        many = len(self.held_out) >= FEWEST_FOR_QUARTERS
        self.network = random_features(self.training.shape[1:], quarters=many)
        self._held_out_features = self.network.predict(self.held_out)
        self._training_features = self.network.predict(self.training[: len(self.held_out)])
        self._usual_distance = np.median(nearest_distance(self.held_out, self.training)[0])
        self.classifier = self.accuracy = None
        if labels is not None and len(self.training) >= FEWEST_TO_CLASSIFY:
            self._train_classifier(*labels)

    def _train_classifier(self, labels, held_out_labels):
        rng, K = np.random.default_rng(0), int(labels.max()) + 1
        x, targets = _with_damaged(self.training, labels, none=K, rng=rng)
        network = small_classifier(x.shape[1:], K + 1, rng=rng)  # the classes, and none of them
        self.classifier = Classifier(network, none_class=True, rng=rng)
        epochs = max(8, round(STEPS * 100 / len(x)))
        self.classifier.fit(x, targets, epochs=epochs, progress=False)
        found = self.classifier.predict(self.held_out)
        self.accuracy = float(np.mean(found == held_out_labels[: len(found)]))

    @property
    def features(self) -> int:
        """How many features an image has; more samples than that are needed."""
        return self._held_out_features.shape[1]

    def measure(self, images: np.ndarray) -> dict[str, Measured]:
        """Return all metrics of generated images (N, H, W, C) from -1 to 1, as a dict by name."""
        return self._measure(images, self._held_out_features)

    def measure_held_out(self, images: np.ndarray) -> dict[str, Measured]:
        """Return the same for images that are held out or were made from them."""
        return self._measure(images, self._training_features)

    @cache
    def anchors(self, n: int) -> dict[str, dict[str, Measured]]:
        """Return the metrics of the best and the worst to expect: images held out, and shuffled pixels."""
        x = self.held_out[:n]
        pixels = x.reshape(len(x), -1, x.shape[-1])
        shuffled = np.stack([np.random.default_rng(k).permutation(image) for k, image in enumerate(pixels)])
        return {
            "held-out images": self.measure_held_out(x),
            "shuffled pixels": self.measure_held_out(shuffled.reshape(x.shape)),
        }

    def _measure(self, images, real):
        features = self.network.predict(images)
        distance, _ = nearest_distance(images, self.training)
        relative = distance / self._usual_distance if self._usual_distance else distance
        figures = {
            "nearest_training_image": bootstrap(np.median, relative),
            "copies": bootstrap(np.mean, relative < COPY),
            "precision": bootstrap(np.mean, within_manifold(real, features)),
            "recall": bootstrap(np.mean, within_manifold(features, real)),
        }
        if min(len(real), len(features)) > self.features:  # else a covariance is singular
            normal = moments(real)
            figures["frechet_distance"] = bootstrap(
                lambda drawn: frechet_of_normals(*normal, *moments(drawn)), features, centred=True
            )
        if self.classifier is not None:
            p = self.classifier.probabilities(images)
            figures["confidence"] = bootstrap(confidence, p)
            figures["recognised"] = bootstrap(np.mean, self.classifier.recognises(images))
        return figures


def _with_damaged(x, labels, *, none, rng):
    """Return labelled images and half as many damaged ones, with their labels; see augmentation.py.

    A classifier that has seen only clean pictures is as sure of shuffled pixels as of them.
    """
    many = min(len(x), MOST_TO_CLASSIFY)
    spread = np.arange(many) * len(x) // many  # pictures may be sorted by class, so not simply the first
    x, labels = x[spread], labels[spread]
    pieces = [slice(start, start + 2 * PIECE, 2) for start in range(0, len(x), 2 * PIECE)]
    damaged = [damage(x[piece], labels[piece], rng, ways=PICTURE_WAYS, none=none) for piece in pieces]
    images, targets = map(np.concatenate, zip((x, labels), *damaged, strict=True))
    return images, targets
