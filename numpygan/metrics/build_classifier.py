"""Makes data/classifier.npz, the yardstick of the metrics, from the bundled digits.

    python -m numpygan.metrics.build_classifier        about two minutes

It trains on the 10,000 training digits, distorted differently in every epoch, and on half as many again
that are damaged to a random degree. Nothing is downloaded. The number of epochs is fixed and the
last parameters are kept. The 2,000 evaluation digits are used once, at the end, to print the accuracy.
"""

import argparse
from pathlib import Path

import numpy as np

from .. import checkpoint
from ..datasets import load_digits
from ..models.classifier import Classifier, small_classifier
from .augmentation import damage, distort

TARGET = Path(__file__).parent / "data" / "classifier.npz"
EPOCHS = 20
LEARNING_RATE = 2e-3  # falls along a line to 0
DISTORTION = 0.12  # see augmentation.distort
SHIFT = 2  # pixels
PIECE = 500  # images augmented at a time, so that they stay in the cache


def train(model, x, labels, *, epochs):
    """Train a Classifier on digits x (N, 28, 28, 1) from -1 to 1 with labels (N,), and on damaged ones.

    Its network has eleven outputs, the digits 0 to 9 and "no digit". The learning rate falls
    along a line to 0. Returns the model.
    """
    rng = model.rng
    pieces = [slice(start, start + PIECE) for start in range(0, len(x), PIECE)]
    for epoch in range(epochs):
        model.optimizer.learning_rate = LEARNING_RATE * (1 - epoch / epochs)
        shaped = np.concatenate([distort(x[piece], DISTORTION, rng) for piece in pieces])
        # Damaged copies of every second piece: half as many again.
        damaged = [damage(shaped[piece], labels[piece], rng) for piece in pieces[::2]]
        images, targets = map(np.concatenate, zip((shaped, labels), *damaged))
        model.fit(images, targets, epochs=1, shift=SHIFT, progress=False)
    return model


def build(target, epochs=EPOCHS):
    """Train the classifier and write it to `target`; return its accuracy on the evaluation digits."""
    rng = np.random.default_rng(0)
    network = small_classifier(classes=11, rng=rng)  # the ten digits, and none
    train(Classifier(network, rng=rng), *load_digits("train"), epochs=epochs)
    # A new model around the network, without the optimiser's memory and the history.
    yardstick = Classifier(network, none_class=True, rng=0)
    checkpoint.save(yardstick, target)
    return yardstick.evaluate(*load_digits("evaluation"))["accuracy"]


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=Path, default=TARGET, help="default: %(default)s")
    out = parser.parse_args().out
    print(f"{build(out):.2%} of the evaluation digits classified correctly: {out}")
