"""Doodles into pictures: what each of Pix2Pix's two losses is good for.

A doodle is the thinned stroke of a handwritten digit. Its picture is the digit as a glazed object, lit from
the upper left, in a colour that says which digit it is. The doodle does not say how thick the stroke was, and
some digits are hard to recognise, so several pictures are possible. What does a generator draw then?

- With |G(a) - b| alone, L1, it draws the median of them, which has the lowest mean error and is blurred.
- With the discriminator alone it draws something that could be a true picture, often not the right one.
- With both, it has the error of the first and looks better.

This is table 1 of the paper in small. Error and look are measured on doodles that were not trained on. The look
is the Frechet distance between the generated and the true pictures, in the features of a fixed random network,
which respond to edges and colours. The last line shows how low it can get: true pictures of other digits.

    python examples/51_pix2pix.py            nine runs of about a minute each
    python examples/51_pix2pix.py --quick    a few seconds, to see that it works

Try: "shapes" in place of "digits", whose doodles leave nothing open (does the discriminator still
help?); l1_weight=10; a doodle of your own.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan import Pix2Pix
from numpygan.datasets import load_doodles
from numpygan.metrics import frechet_distance
from numpygan.metrics.own_images import random_features
from numpygan.plotting import plot_rows

ITERATIONS, SEEDS, DOODLES = 1000, (0, 1, 2), "digits"
ARMS = {  # name: (weight of the discriminator's word, weight of |G(a) - b|)
    "L1 alone": (0, 100),
    "GAN alone": (1, 0),
    "both": (1, 100),
}

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
here = Path("runs/examples/51_pix2pix")
parser.add_argument("--out", type=Path, default=here, help="folder for the picture")
options = parser.parse_args()
iterations, seeds, n = (5, (0,), 200) if options.quick else (ITERATIONS, SEEDS, None)

a, b = load_doodles(DOODLES, n=n)  # (10000, 32, 32, 1) and (10000, 32, 32, 3), from -1 to 1
new_a, truth = load_doodles(DOODLES, "evaluation", n=n)
features = random_features(truth.shape[1:])
true_features = features.predict(truth)

rows = {"doodle": new_a[:12], "truth": truth[:12]}
print(f"{'losses':12}{'|G(a) - b|':>18}{'Frechet distance':>20}")
for name, (adversarial_weight, l1_weight) in ARMS.items():
    measured = []
    for seed in seeds:
        model = Pix2Pix(adversarial_weight=adversarial_weight, l1_weight=l1_weight, rng=seed)
        model.fit(a, b, iterations=iterations, progress=False)
        drawn = model.translate(new_a)
        distance = frechet_distance(true_features, features.predict(drawn))
        measured.append((np.abs(drawn - truth).mean(), distance))
    (error, distance), (error_std, distance_std) = np.mean(measured, axis=0), np.std(measured, axis=0)
    print(f"{name:12}{error:10.4f} +- {error_std:.4f}{distance:12.3f} +- {distance_std:.3f}", flush=True)
    rows[name] = drawn[:12]  # of the last seed

distance = frechet_distance(true_features, features.predict(b[: len(truth)]))
print(f"{'(true ones)':12}{0:10.4f}{distance:22.3f}")

options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "losses.png"
title = f"Pictures of doodles, after {iterations:,} iterations"
plot_rows({name: (images + 1) / 2 for name, images in rows.items()}, title=title).savefig(picture, dpi=130)
print(f"Look at {picture}")
