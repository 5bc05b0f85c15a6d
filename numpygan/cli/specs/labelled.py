"""What the models that are told a class have in common on the command line."""

import numpy as np

from ...metrics import as_digits, bootstrap, load_classifier
from ..data import load_labelled, noun
from .base import Spec

ROW = 8  # samples of each class in a grid


class Labelled(Spec):
    """A Spec whose model learns from images and labels. It stands before the model's other Spec."""

    def training_data(self, model, trained, source=None, batch_size=1):
        source = source or (trained or {}).get("data") or "digits"
        return load_labelled(source, model.value_range, batch_size).train, source, noun(source)

    def choose_batch(self, arrays, n, rng):
        chosen = rng.integers(len(arrays[0]), size=n)
        return [x[chosen] for x in arrays]  # every image with its own label

    def measure(self, model, yardstick, n, seed, trained):
        subject = Spec.measure(self, model, yardstick, n, seed, trained)
        hits = yardstick.classifier.predict(subject.images) == model.classes.labels_for(n)
        return subject._replace(figures=subject.figures | {"class_accuracy": bootstrap(np.mean, hits)})


def classifier_of_digits(model):
    """Return a function from a model's images (N, 28, 28, 1) to the digits that the classifier sees, (N,)."""
    return lambda images: load_classifier().predict(as_digits(images, model.value_range))
