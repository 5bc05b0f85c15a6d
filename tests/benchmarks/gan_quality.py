"""How good the dense GAN and the small DCGAN get: seeds, ways of the discriminator's step, averaging.

    python tests/benchmarks/gan_quality.py train gan       trains what is not yet there
    python tests/benchmarks/gan_quality.py table gan       prints the table of what is there

Every run keeps 10,000 samples at each of its marks, as drawn with the averaged parameters and
with the latest, so that any yardstick can be laid to them later. It can be cut off and goes on.
"""

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np

from numpygan import DCGAN, GAN, Adam
from numpygan.datasets import load_digits
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
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
    for seed, updates, rate, decay in product(range(options.seeds), options.updates, rates, options.decays):
        if options.what == "train":
            train(options.kind, options.out, updates, rate, decay, seed)


if __name__ == "__main__":
    main()
