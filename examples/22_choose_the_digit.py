"""Choose the digit: a GAN that draws the class it is asked for.

The generator gets a label beside its noise, ten numbers of which one is not 0. The
discriminator has ten logits, one for each digit, and the label picks the one that counts: a
beautiful 3 in place of a 7 is a fake.

The first picture has a digit in each row and the same noise in each column. What a column has
in common, a slant, a thick pen, the generator has learnt without being told: it is all that
is left for the noise to say. The second picture walks from one digit to the next through
codes that stand for none: part of one label, part of the other.

    python examples/22_choose_the_digit.py            two to four minutes
    python examples/22_choose_the_digit.py --quick    a few seconds, no digits yet

Try: LABEL_SCALE = 8 (how many different sevens are there?); a walk between two noise vectors,
with one label; ConditionalGAN(classes=10) without `.convolutional`, the dense networks.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan import ConditionalGAN
from numpygan.datasets import load_digits
from numpygan.metrics import load_classifier
from numpygan.plotting import plot_samples
from numpygan.training import ClassAccuracy

ITERATIONS, BATCH, LABEL_SCALE = 3_000, 64, 1
COLUMNS = 10  # noise vectors
STEPS = 12  # images of a walk
WALKS = (3, 8), (1, 7), (4, 9), (0, 6), (2, 5)

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
here = Path("runs/examples/22_choose_the_digit")
parser.add_argument("--out", type=Path, default=here, help="folder for the pictures")
options = parser.parse_args()
iterations = 40 if options.quick else ITERATIONS
options.out.mkdir(parents=True, exist_ok=True)

digits, labels = load_digits()  # (10000, 28, 28, 1), from -1 (black) to 1 (white); (10000,)
gan = ConditionalGAN.convolutional(classes=10, label_scale=LABEL_SCALE, rng=0)
accuracy = ClassAccuracy(iterations // 4, load_classifier().predict)
gan.fit(digits, labels, iterations=iterations, batch_size=BATCH, callbacks=[accuracy])
for iteration, share in accuracy.curve:
    print(f"iteration {iteration:5,}: the digit asked for in {share:.1%} of {accuracy.n} images")

z = gan.noise(COLUMNS, rng=1)
images = gan.generate_from(np.tile(z, (10, 1)), np.repeat(np.arange(10), COLUMNS))
figure = plot_samples(images, title="A row: one digit. A column: one noise.", columns=COLUMNS)
figure.savefig(options.out / "digits.png", dpi=130)

part = np.linspace(0, 1, STEPS, dtype=np.float32)[:, np.newaxis]  # (STEPS, 1)
rows = []
for start, end in WALKS:
    first, last = gan.code(np.array([start])), gan.code(np.array([end]))  # (1, 10)
    code = (1 - part) * first + part * last  # (STEPS, 10)
    rows.append(gan.generate_from_code(np.repeat(z[:1], STEPS, axis=0), code))
title = "Walks: " + ", ".join(f"{start} to {end}" for start, end in WALKS)
figure = plot_samples(np.concatenate(rows), title=title, columns=STEPS)
figure.savefig(options.out / "walks.png", dpi=130)
print(f"Look at {options.out / 'digits.png'} and walks.png beside it")
