"""Horses into zebras, with digits: what each of a CycleGAN's three losses is good for.

The horses are handwritten digits, the zebras other digits, painted with stripes. No digit
is in both, so nothing shows the networks what a certain digit looks like as a zebra. Four
CycleGANs learn, each with other losses switched on, and because we know what the stripes
are, we can say how far each is from the truth:

- adversarial alone: G draws something striped, the same whatever digit it is given;
- with the cycle: G(a) must tell F all about a. It does, though not always in the way one
  had in mind: to move a digit aside, and back, is a cycle too, and some seeds do it;
- with the identity: what is a zebra already is to stay as it is, which holds in place;
- with all three.

    python examples/50_cyclegan.py            a little over two minutes
    python examples/50_cyclegan.py --quick    a few seconds, to see that it works

Try: "thick" or "colour" in place of "zebra" (there is no identity loss for "colour", because
G(b) has three channels and b must have one); another seed; buffer_size=0. The step itself,
with the four gradients into G, is `_around` in numpygan/models/cyclegan.py.
"""

import argparse
from pathlib import Path

from numpygan import CycleGAN
from numpygan.datasets import load_domains
from numpygan.plotting import plot_rows

ITERATIONS, SEED = 1000, 0
ARMS = {  # name: (weight of the cycle loss, weight of the identity loss)
    "adversarial": (0, 0),
    "adversarial, cycle": (10, 0),
    "adversarial, identity": (0, 5),
    "all three": (10, 5),
}

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
here = Path("runs/examples/50_cyclegan")
parser.add_argument("--out", type=Path, default=here, help="folder for the picture")
options = parser.parse_args()
iterations, pairs = (15, 20) if options.quick else (ITERATIONS, 500)

plain, striped = load_domains("zebra")  # (5000, 28, 28, 1) each, of different digits
a, truth = (images[:pairs] for images in load_domains("zebra", "evaluation"))

rows = {"a": a[:12], "truth": truth[:12]}
print("losses                     |G(a) - truth|   |F(G(a)) - a|    (pixels from -1 to 1)")
for name, (cycle_weight, identity_weight) in ARMS.items():
    model = CycleGAN(cycle_weight=cycle_weight, identity_weight=identity_weight, rng=SEED)
    model.fit(plain, striped, iterations=iterations, progress=False)
    measured = model.evaluate(a, truth)
    print(f"{name:<26} {measured['error_b']:14.4f} {measured['cycle_a']:15.4f}", flush=True)
    rows[f"G(a): {name}"] = model.to_b(a[:12])
print(f"{'(a, left as it is)':<26} {measured['unchanged']:14.4f}")

options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "losses.png"
title = f"Digits as zebras, after {iterations:,} iterations without a pair"
plot_rows({name: (images + 1) / 2 for name, images in rows.items()}, title=title).savefig(picture, dpi=130)
print(f"Look at {picture}")
