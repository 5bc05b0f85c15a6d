"""Makes data/classifier.npz, the yardstick of the metrics, from the bundled digits.

    python -m numpygan.metrics.build_classifier        about a minute

It trains on the 10,000 training digits for a number of epochs that was fixed beforehand,
with a learning rate that falls twice; the last parameters are the ones that are kept.
The 2,000 evaluation digits are looked at once, at the end, to print how good it is.
"""

import argparse
from pathlib import Path

from .. import checkpoint
from ..datasets import load_digits
from ..models.classifier import Classifier

TARGET = Path(__file__).parent / "data" / "classifier.npz"
STAGES = ((14, 2e-3), (8, 5e-4), (4, 1e-4))  # epochs and their learning rate
SHIFT = 2  # pixels


def build(target, stages=STAGES):
    """Train the classifier and write it to `target`; return its accuracy on the evaluation digits."""
    x, labels = load_digits("train")
    model = Classifier(rng=0)
    for epochs, learning_rate in stages:
        model.optimizer.learning_rate = learning_rate
        model.fit(x, labels, epochs=epochs, shift=SHIFT)
    # A new model around the network, without the optimiser's memory and the history.
    yardstick = Classifier(model.network, rng=0)
    checkpoint.save(yardstick, target)
    return yardstick.evaluate(*load_digits("evaluation"))["accuracy"]


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=Path, default=TARGET, help="default: %(default)s")
    out = parser.parse_args().out
    print(f"{build(out):.2%} of the evaluation digits classified correctly: {out}")
