"""Checks that the yardstick orders sets of samples as other classifiers do.

    python -m numpygan.metrics.check_yardstick           about five minutes
    python -m numpygan.metrics.check_yardstick --quick   to see that it works

Twenty sets of samples come in families whose order is known: digits of a dense GAN after more
and more iterations, and digits damaged by degrees, for each kind of damage. Their Frechet
distances to the held-out digits are taken with the features of the shipped classifier and with
those of two judges, trained here, of other architectures and from other seeds. Kendall's tau
says how far the orders agree: within the families, where there is a right order, and over all
pairs, where there is none (is it worse to drop a class or to blur all of them?).
"""

import argparse

import numpy as np

from ..datasets import load_digits, load_mnist
from ..layers import Conv2D, Dense, Dropout, Flatten, LeakyReLU, MaxPooling2D
from ..layers.sequential import Sequential
from ..models import GAN
from ..models.classifier import Classifier
from .augmentation import add_noise, blur, shuffle_blocks, thicken
from .build_classifier import train
from .classifier import load_classifier
from .frechet import frechet_distance

RUNS = {0: (300, 1000, 3000), 1: (600, 2000, 6000)}  # a GAN's seed: iterations at which it is measured
N = 2000  # samples in a set
NAMES = ("shipped classifier", "dense judge", "pooling judge")


def dense_judge(rng):
    """Return a network of fully connected layers, with features (N, 48)."""
    body = [Flatten()]
    for units in (256, 128):
        body += [Dense(units), LeakyReLU(0.1), Dropout(0.1)]
    body += [Dense(48), LeakyReLU(0.1)]
    return Sequential([Sequential(body), Dense(11)], (28, 28, 1), rng=rng)


def pooling_judge(rng):
    """Return a network of convolutions and maximum pooling, with features (N, 32)."""
    body = []
    for filters in (8, 16):
        body += [Conv2D(filters, 3, padding="same"), LeakyReLU(0.1), MaxPooling2D(2)]
    body += [Flatten(), Dense(32), LeakyReLU(0.1)]
    return Sequential([Sequential(body), Dropout(0.2), Dense(11)], (28, 28, 1), rng=rng)


def generated_sets(x, runs, n):
    """Return {"GAN": [(name, images)]}: n digits after every stop of the runs, the longest first."""
    sets = []
    for seed, stops in runs.items():
        model = GAN(rng=seed)
        for iterations in stops:
            model.fit(x, iterations=iterations - len(model.history), progress=False)
            sets.append((iterations, f"{iterations:,} iterations, seed {seed}", model.generate(n, rng=0)))
    return {"GAN": [(name, images) for _, name, images in sorted(sets, key=lambda s: -s[0])]}


def damaged_sets(x, labels, n, rng):
    """Return {family: [(name, images)]} of n digits each, the least damaged first."""
    digits = x[:n]
    return {
        "noise": [(f"standard deviation {s}", add_noise(digits, s, rng)) for s in (0.2, 0.8, 2.5)],
        "blur": [(f"{times} times", blur(digits, times)) for times in (1, 4, 12)],
        "squares of 7 pixels shuffled": [
            (f"{s:.0%}", shuffle_blocks(digits, 7, s, rng)) for s in (0.15, 0.5, 1.0)
        ],
        "classes dropped": [(f"{k}", x[labels >= k][:n]) for k in (1, 4, 7)],
        "strokes thinner": [(f"{a} pixels", thicken(digits, -a)) for a in (0.3, 1.5)],
    }


JUDGES = ((dense_judge, 25), (pooling_judge, 10))  # networks and their epochs


def kendall_tau(a: np.ndarray, b: np.ndarray, *, groups: np.ndarray | None = None) -> float:
    """Return Kendall's rank correlation of values a and b (N,) of the same N things, from -1 to 1.

        tau = (pairs in the same order - pairs in opposite orders) / all pairs

    A pair with equal values in a or in b counts as neither.

    Args:
        groups: (N,), if given: count only the pairs whose two things have the same group.

    Source: Kendall 1938.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 2:
        raise ValueError(f"kendall_tau expects two arrays (N,) with N >= 2, got {a.shape} and {b.shape}")
    if np.isnan(a).any() or np.isnan(b).any():
        raise ValueError("kendall_tau: a value is NaN")
    i, j = np.triu_indices(len(a), 1)
    if groups is not None:
        same = np.asarray(groups)[i] == np.asarray(groups)[j]
        i, j = i[same], j[same]
    return float(np.mean(np.sign(a[i] - a[j]) * np.sign(b[i] - b[j])))


def measure(families, classifiers, real):
    """Return [(family, name, distances)] of all sets: their distances to `real`, by each classifier."""
    references = [classifier.features(real) for classifier in classifiers]
    return [
        (family, name, [frechet_distance(c.features(x), r) for c, r in zip(classifiers, references)])
        for family, sets in families.items()
        for name, x in sets
    ]


def check(judged_on, *, runs=RUNS, n=N, judges=JUDGES):
    """Return the rows of `measure` for the shipped classifier and the two judges, and all three accuracies.

    Args:
        judged_on: (images, labels) to train the judges on.
        runs, n, judges: as the constants of this module.
    """
    classifiers = [load_classifier()]
    for seed, (network, epochs) in enumerate(judges, start=1):
        rng = np.random.default_rng(seed)
        classifiers.append(train(Classifier(network(rng), rng=rng), *judged_on, epochs=epochs))
    held_out, held_out_labels = load_digits("evaluation")
    accuracies = [c.evaluate(held_out, held_out_labels)["accuracy"] for c in classifiers]
    x, labels = load_digits("train")
    families = generated_sets(x, runs, n) | damaged_sets(x, labels, n, np.random.default_rng(0))
    return measure(families, classifiers, held_out), accuracies


def report(rows, accuracies, n):
    """Return the results of `check` as two Markdown tables: the distances, and how far they agree."""
    lines = [["set", *NAMES], ["---"] * 4]
    lines += [[f"{family}: {name}", *(f"{d:.3g}" for d in distances)] for family, name, distances in rows]
    groups, values = [family for family, *_ in rows], np.array([distances for *_, distances in rows]).T
    known = np.arange(len(rows))  # within a family, the order of the rows
    lines += [[], ["Kendall's tau", *NAMES], ["---"] * 4]
    for title, reference in (("the known order", known), *zip(NAMES, values)):
        taus = [kendall_tau(reference, v, groups=groups) for v in values]
        lines.append([f"within families, with {title}", *(f"{tau:.2f}" for tau in taus)])
    for title, reference in zip(NAMES, values):
        lines.append([f"all pairs, with {title}", *(f"{kendall_tau(reference, v):.2f}" for v in values)])
    lines.append(["held-out digits classified correctly", *(f"{accuracy:.1%}" for accuracy in accuracies)])
    text = [f"| {' | '.join(line)} |" if line else "" for line in lines]
    return "\n".join([f"Frechet distances of {n:,} samples to the 2,000 held-out digits:", "", *text])


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m numpygan.metrics.check_yardstick",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--mnist", metavar="FOLDER", help="train the judges on the full MNIST in this folder instead of the "
        "bundled digits"
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="tiny runs, only to see that it works")
    settings = parser.parse_args(arguments)
    digits = load_mnist(folder=settings.mnist) if settings.mnist else load_digits("train")
    options = {}
    if settings.quick:
        digits = tuple(array[:500] for array in digits)
        options = {"runs": {0: (1, 2, 3), 1: (4, 5, 6)}, "n": 200}
        options["judges"] = [(network, 1) for network, _ in JUDGES]
    print(report(*check(digits, **options), options.get("n", N)))


if __name__ == "__main__":
    main()
