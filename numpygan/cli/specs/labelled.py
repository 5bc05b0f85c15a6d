"""What the models that are told a class have in common on the command line."""

import numpy as np

from ...metrics import as_digits, bootstrap, load_classifier
from ..data import labels_of, noun, samples_for, with_labels
from .base import Spec

ROW = 8  # samples of each class in a grid


class Labelled(Spec):
    """A Spec whose model learns from images and labels. It stands before the model's other Spec."""

    def load(self, settings):
        return with_labels(super().load(settings), settings.data)

    def training_data(self, model, trained, source=None, batch_size=1):
        source = source or (trained or {}).get("data") or "digits"
        images = samples_for(model, source, trained, batch_size)
        return (images, labels_of(source, getattr(images, "labels", None))), source, noun(source)

    def choose_batch(self, arrays, n, rng):
        chosen = rng.integers(len(arrays[0]), size=n)
        return [x[chosen] for x in arrays]  # every image with its own label

    def measure(self, model, yardstick, n, seed, trained):
        subject = Spec.measure(self, model, yardstick, n, seed, trained)
        if yardstick.classifier is None:  # of other images than digits, if too few of them have labels
            return subject
        hits = yardstick.classifier.predict(subject.images) == model.classes.labels_for(n)
        return subject._replace(figures=subject.figures | {"class_accuracy": bootstrap(np.mean, hits)})


def classes_of(data):
    """Return the names of the classes in some Data, or how many there are."""
    return data.classes or int(data.train[1].max()) + 1


def classifier_of_digits(model):
    """Return a function from a model's images (N, 28, 28, 1) to the digits that the classifier sees, (N,)."""
    return lambda images: load_classifier().predict(as_digits(images, model.value_range))
