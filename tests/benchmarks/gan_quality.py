"""How good the dense GAN and the small DCGAN get: seeds, ways of the discriminator's step, averaging.

    python tests/benchmarks/gan_quality.py train gan       trains what is not yet there
    python tests/benchmarks/gan_quality.py table gan       prints the table of what is there

Every run keeps 10,000 samples at each of its marks, as drawn with the averaged parameters and
with the latest, so that any yardstick can be laid to them later. It can be interrupted and resumed.
"""

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np

from numpygan import DCGAN, GAN, Adam
from numpygan.checkpoint import load, save
from numpygan.datasets import load_digits
from numpygan.metrics import frechet_distance, load_classifier
from numpygan.metrics.build_classifier import train as train_classifier
from numpygan.metrics.check_yardstick import pooling_judge
from numpygan.models import Classifier
from numpygan.training import Callback, LinearDecay

MARKS = {"gan": (2000, 5000, 10_000, 20_000), "dcgan": (1000, 2000, 3000, 5000)}
RATES = {"gan": 2e-3, "dcgan": 1e-3}
SAMPLES = 10_000


class Keeper(Callback):
    """Keeps samples at the marks, and how long training itself has taken until then."""

    def __init__(self, marks):
        self.marks, self.kept, self.seconds = marks, {}, 0.0
        self._started = None

    def begin(self, model, history):
        self._started = time.perf_counter()

    def after_iteration(self, iteration, model, history):
        if iteration in self.marks:
            self.seconds += time.perf_counter() - self._started
            for name, averaged in (("averaged", True), ("latest", False)):
                images = model.generate(SAMPLES, averaged=averaged, rng=0)
                self.kept[f"{iteration}/{name}"] = np.round((images + 1) * 127.5).astype(np.uint8)
            self.kept[f"{iteration}/seconds"] = np.array(self.seconds)
            self._started = time.perf_counter()


def model_of(kind, updates, rate, beta_1, seed):
    optimizers = {f"{who}_optimizer": Adam(rate, beta_1=beta_1) for who in ("generator", "discriminator")}
    return {"gan": GAN, "dcgan": DCGAN}[kind](discriminator_updates=updates, rng=seed, **optimizers)


def train(kind, folder, updates, rate, decay, seed):
    path = folder / f"{kind}-{updates}-{rate:g}-{decay:g}-{seed}.npz"
    if path.exists():
        return
    digits, _ = load_digits()
    model = model_of(kind, updates, rate, 0 if kind == "gan" else 0.5, seed)
    keeper, last = Keeper(MARKS[kind]), MARKS[kind][-1]
    callbacks = [keeper, *([LinearDecay(last, decay=decay)] if decay else [])]
    model.fit(
        digits, iterations=last, batch_size=128 if kind == "gan" else 64, callbacks=callbacks, progress=False
    )
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **keeper.kept)
    partial.rename(path)
    print(path.name, f"{keeper.seconds:.0f} s", flush=True)


def judge(folder):
    """Return a second yardstick: a classifier of another architecture and seed, trained on the digits."""
    path = folder / "judge.npz"
    if path.exists():
        return load(path)
    rng = np.random.default_rng(1)
    classifier = train_classifier(Classifier(pooling_judge(rng), rng=rng), *load_digits("train"), epochs=10)
    save(classifier, path)
    return classifier


def table(kind, folder, seeds, updates, rates, decays):
    """Print Frechet distances as Markdown: medians over the seeds, and the range."""
    held_out, _ = load_digits("evaluation")
    yardsticks = {"shipped classifier": load_classifier(), "second classifier": judge(folder)}
    references = {name: each.features(held_out) for name, each in yardsticks.items()}
    print(
        "| yardstick | updates | rate | decay | parameters | seeds | "
        + " | ".join(f"{m:,}" for m in MARKS[kind])
    )
    print("| " + " | ".join(["---"] * (6 + len(MARKS[kind]))) + " |")
    for how, rate, decay in product(updates, rates, decays):
        paths = [folder / f"{kind}-{how}-{rate:g}-{decay:g}-{seed}.npz" for seed in range(seeds)]
        runs = [np.load(path) for path in paths if path.exists()]
        for (name, classifier), which in product(yardsticks.items(), ("latest", "averaged") if runs else ()):
            cells = []
            for mark in MARKS[kind]:
                found = []
                for run in runs:
                    images = run[f"{mark}/{which}"].astype(np.float32) / 127.5 - 1
                    found.append(frechet_distance(classifier.features(images), references[name]))
                cells.append(f"{np.median(found):.1f} [{min(found):.1f}, {max(found):.1f}]")
            row = [name, how, f"{rate:g}", f"{decay:g}", which, len(runs), *cells]
            print(f"| {' | '.join(map(str, row))} |", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("train", "table"))
    parser.add_argument("kind", choices=tuple(MARKS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--updates", nargs="*", default=["separate", "summed"])
    parser.add_argument("--rates", nargs="*", type=float)
    parser.add_argument("--decays", nargs="*", type=float, default=[0])
    parser.add_argument("--out", type=Path, default=Path("runs/quality"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rates = options.rates or [RATES[options.kind]]
    if options.what == "table":
        table(options.kind, options.out, options.seeds, options.updates, rates, options.decays)
        return
    for seed, updates, rate, decay in product(range(options.seeds), options.updates, rates, options.decays):
        train(options.kind, options.out, updates, rate, decay, seed)


if __name__ == "__main__":
    main()
