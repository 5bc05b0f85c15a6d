"""The classifier: which of K classes does an image belong to?

    body  x -> features    reduces an image to the few numbers that separate the classes
    head  features -> logits (N, K)

It generates nothing; it serves to measure models that do. It says which digit a generated
image shows and how clearly, and whether all ten are there. Distances between its features
compare what images show; by the distance between pixels, a digit and the same digit two
pixels further right are far apart.
"""

import numpy as np

from ..layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten, LeakyReLU, Sequential
from ..losses import SoftmaxCrossEntropy, log_softmax
from ..optimizers import Adam
from ..training import EpochBatches, EpochRecorder, History, require_finite, squared_norm, train
from ..validation import integer
from .base import Model
from .data import check_batch, check_images, require_batches
from .parts import named, require_networks, require_optimizers


def small_classifier(image_shape=(28, 28, 1), classes=10, *, features=64, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, classes).

    Three convolutions of stride 2, with batch normalisation; 103,000 parameters in all for
    (28, 28, 1). The first layer is the body, a Sequential that ends in the features.
    """
    body = [
        Conv2D(20, 4, strides=2, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.1),
        Conv2D(40, 4, strides=2, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.1),
        Conv2D(64, 3, strides=2, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.1),
        Flatten(),
        Dense(features),
        LeakyReLU(0.1),
    ]
    layers = [Sequential(body, name="body"), Dropout(0.3), Dense(classes, name="head")]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="classifier")


class Classifier(Model):
    """A network that returns a logit for each class, trained on labelled images.

    Args:
        network: network from images to logits (N, K). Its first layer must be a Sequential,
            whose output are the features. small_classifier() if None.
        value_range: (low, high), the pixel values of black and white.
        none_class: whether the last of the K classes means "none of the others". `probabilities`
            shares its probability equally among the K - 1 others; `predict` chooses one of them.
        optimizer: Adam(1e-3) if None.
        rng: numpy Generator, or a seed for one. It draws the initial parameters, the
            dropout masks, the order of the data and the shifts.
    """

    measures = ("loss", "accuracy")
    histories = ("history", "epoch_history")

    def __init__(self, network=None, *, value_range=(-1, 1), none_class=False, optimizer=None, rng=None):
        require_networks(network=network)
        self.rng = np.random.default_rng(rng)
        self.network = network or small_classifier(rng=self.rng)
        self.body, self.sample_shape = self.network.layers[0], self.network.input_shape
        if not isinstance(self.body, Sequential) or len(self.network.output_shape) != 1:
            raise ValueError(
                f"Classifier: network must start with a Sequential that returns features and end in logits "
                f"(N, K); this one starts with {self.body} and returns {self.network.output_shape}"
            )
        low, high = self.value_range = tuple(map(float, value_range))
        if not low < high:
            raise ValueError(f"value_range must be (black, white) with black < white, got {value_range}")
        self.none_class = bool(none_class)
        self.optimizer = optimizer or Adam(1e-3)
        self.networks, self.optimizers = named({"network": self.network}), {"optimizer": self.optimizer}
        require_optimizers(self.optimizers)
        self.loss = SoftmaxCrossEntropy()
        self.history, self.epoch_history = History(), History()

    def parameters_of(self, optimizer):
        return self.network.flat_params

    def train_on_batch(self, x, labels):
        """Take one step on x (N, *image_shape), labels (N,); return loss and accuracy before it."""
        x = check_batch(x, self.value_range, drawn_by="classifier's data")
        self.require_batch(len(x))
        logits = self.network.forward(x, training=True)
        loss = self.loss.forward(logits, labels)
        require_finite(loss, [self.network], x, self.loss, labels)
        self.network.zero_grad()
        self.network.parameter_gradients(self.loss.backward())
        require_finite(squared_norm(self.network.flat_grads), [self.network], x, self.loss, labels)
        self.optimizer.update(self.network.flat_params, self.network.flat_grads)
        return {"loss": loss, "accuracy": float(np.mean(logits.argmax(axis=1) == labels))}

    def fit(
        self, x, labels, *, epochs=10, batch_size=100, shift=0, validation_data=None, callbacks=(),
        progress=True, checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train on images x (N, *image_shape) with labels (N,), integers from 0 to K - 1.

        Args:
            epochs: passes over the data.
            shift: move each image by up to this many pixels in each direction, at random
                every time: a digit two pixels further right is the same digit.
            validation_data: (x, labels) to measure after every epoch.
            callbacks, progress, checkpoint, resume: as for `Autoencoder.fit`.

        Returns:
            the History, with loss and accuracy of every iteration. `epoch_history` holds their
            means over each epoch and those of the validation data, as "val_loss" and
            "val_accuracy".
        """
        epochs = integer("fit", "epochs", epochs)
        x, labels = self._check_pair(x, labels)
        if validation_data is not None:
            validation_data = self._check_pair(*validation_data)
        batches = ShiftedBatches(x, labels, batch_size, self.rng, shift, self.value_range[0])
        require_batches(self, batches)
        recorder = EpochRecorder(batches.per_epoch, validation_data)
        return train(
            self, batches, epochs * batches.per_epoch, self.history,
            callbacks=[recorder, *callbacks], progress=progress, show=self.measures,
            checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    def _check_pair(self, x, labels):
        x, labels = check_images(x, self.network.input_shape, None), np.asarray(labels)
        low, high = self.value_range
        if x.min() < low or x.max() > high:
            raise ValueError(
                f"x has pixels from {x.min():g} to {x.max():g}, the classifier expects {low:g} to "
                f"{high:g}: scale them"
            )
        if labels.shape != x.shape[:1]:
            raise ValueError(f"each image needs a label: got images {x.shape} and labels {labels.shape}")
        (classes,) = self.network.output_shape
        if labels.dtype.kind not in "iu":
            raise TypeError(f"labels must be integers, got {labels.dtype}")
        if labels.min() < 0 or labels.max() >= classes:
            found = f"{labels.min()} to {labels.max()}"
            raise ValueError(f"labels must be from 0 to {classes - 1}, got {found}")
        return x, labels

    def evaluate(self, x, labels):
        """Return the mean loss and the accuracy on images x with these labels, as a dict."""
        x, labels = self._check_pair(x, labels)
        logits = self.network.predict(x)
        accuracy = float(np.mean(logits.argmax(axis=1) == labels))
        return {"loss": self.loss.forward(logits, labels), "accuracy": accuracy}

    def config(self):
        return {"value_range": list(self.value_range), "none_class": self.none_class}

    # --- using it -----------------------------------------------------------------

    def features(self, x):
        """Return the features of images x, (N, features): the input of the head."""
        return self.body.predict(x)

    def probabilities(self, x):
        """Return the probability of each class, (N, K) or (N, K - 1), for images x (N, *image_shape)."""
        p = np.exp(log_softmax(self.network.predict(x)))
        if not self.none_class:
            return p
        return p[:, :-1] + p[:, -1:] / (p.shape[1] - 1)

    def predict(self, x):
        """Return the most likely class of each image, (N,)."""
        return self.probabilities(x).argmax(axis=1)

    def recognises(self, x):
        """Return for each image whether one class is likelier than none of them, (N,); needs `none_class`."""
        if not self.none_class:
            raise ValueError(
                "recognises: without none_class=True every image is of some class; give the network one "
                "class more, for none of them, and train it on images of none as well"
            )
        return self.network.predict(x).argmax(axis=1) < self.network.output_shape[0] - 1


class ShiftedBatches(EpochBatches):
    """Batches of images and labels in which each image is shifted by up to `shift` pixels."""

    def __init__(self, x, labels, batch_size, rng, shift, background):
        super().__init__(x, labels, batch_size, rng)
        self.shift = integer("Classifier", "shift", shift, least=0)
        self.background = background  # fills the pixels left empty

    def fingerprint(self):
        return super().fingerprint() + (f", moved by up to {self.shift} pixels" if self.shift else "")

    def __next__(self):
        x, labels = super().__next__()
        if self.shift == 0:
            return x, labels
        s, (n, H, W, _) = self.shift, x.shape
        padded = np.pad(x, ((0, 0), (s, s), (s, s), (0, 0)), constant_values=self.background)
        shifts = self.rng.integers(0, 2 * s + 1, (n, 2))
        return np.stack([image[i : i + H, j : j + W] for image, (i, j) in zip(padded, shifts)]), labels
