"""One GAN iteration in slow motion, at the start and after some training.

An iteration is two updates. The text shows for each of them what goes in, the losses,
which network is asked which of the two questions, and how far every parameter moves.

    python examples/40_slow_motion.py            a few seconds
    python examples/40_slow_motion.py --quick    fewer iterations in between

What to look for:

- In stage 2 the discriminator is asked "what shall I tell the layer below?" and nothing
  else, and 0 of its parameters change. Nobody froze it.
- |step| over |before|: in the first update Adam moves every number by the learning rate,
  0.002, however small its gradient is. Later most of them move less.
- The gradient that reaches the generator, the dx of stage 2: of norm 0.113 in the first
  iteration and 0.038 a thousand later. The loss's gradient dy is no smaller then: the
  discriminator's slope at the fakes is.

Try: GAN(discriminator_updates="separate"), in which the discriminator moves twice;
Autoencoder(rng=0) or VAE(rng=0) with digits from 0 to 1, in which all networks move
at once and the weights of pixels that are black in the whole batch stay where they are;
DCGAN(rng=0), whose biases before a batch normalisation have no gradient to speak of.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan import GAN
from numpygan.datasets import load_digits
from numpygan.tracing import describe, slow_motion

ITERATIONS, BATCH = 1000, 64

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument(
    "--out", type=Path, default=Path("runs/examples/40_slow_motion"), help="folder for the text"
)
options = parser.parse_args()
iterations = 50 if options.quick else ITERATIONS

digits, _ = load_digits()
gan = GAN(rng=0)
order = np.random.default_rng(0)
options.out.mkdir(parents=True, exist_ok=True)

for name in ("first", "later"):
    batch = digits[order.integers(len(digits), size=BATCH)]
    lines = []
    describe(slow_motion(gan, batch), print_fn=lines.append)
    print(f"\n=== the {name} iteration ===\n\n" + "\n".join(lines))
    (options.out / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if name == "first":
        gan.fit(digits, iterations=iterations, progress=False)
print(f"\nThe two reports, to lay side by side: {options.out}")
