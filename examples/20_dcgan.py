"""Dense or convolutional? Two GANs on the same digits, side by side.

Both play the same game with the same losses. The dense one has a weight for every
pixel; the DCGAN's kernels are the same everywhere in the image, so that a stroke
learnt in one place is known in all. Its samples have clean strokes and a black
background, where the dense GAN leaves a grain of single pixels.

    python examples/20_dcgan.py            about four minutes
    python examples/20_dcgan.py --quick    a few seconds, blurry digits

Try: BETA_1 = 0.9; SLOPE = 0 (a ReLU); a generator without BatchNormalization; no
Dense(256) and no Dense(128) (do the strokes still make digits?); numpygan.DCGAN.book(), the
larger networks of the book *GANs in Action*, which take much longer.

`numpygan.DCGAN()` is the second of these GANs, ready made.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import (
    GAN,
    Adam,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Tanh,
)
from numpygan.datasets import load_digits
from numpygan.plotting import tile

DENSE_ITERATIONS, ITERATIONS, BATCH, LATENT = 10_000, 5_000, 64, 100
LEARNING_RATE, BETA_1, SLOPE = 1e-3, 0.5, 0.2

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
here = Path("runs/examples/20_dcgan")
parser.add_argument("--out", type=Path, default=here, help="folder for the picture")
options = parser.parse_args()
dense_iterations, iterations = (300, 40) if options.quick else (DENSE_ITERATIONS, ITERATIONS)

digits, _ = load_digits()  # (10000, 28, 28, 1), from -1 (black) to 1 (white)

dense = GAN(generator_optimizer=Adam(2e-3, beta_1=0), discriminator_optimizer=Adam(2e-3, beta_1=0), rng=0)
dense.fit(digits, iterations=dense_iterations)

rng = np.random.default_rng(0)
generator = Sequential(
    [
        Dense(256),  # which digit, how slanted, how wide
        BatchNormalization(),
        LeakyReLU(SLOPE),
        Dense(7 * 7 * 32),  # where its strokes are, roughly
        BatchNormalization(),
        LeakyReLU(SLOPE),
        Reshape((7, 7, 32)),
        Conv2DTranspose(16, 4, strides=2, padding="same"),  # (14, 14, 16)
        BatchNormalization(),
        LeakyReLU(SLOPE),
        Conv2DTranspose(1, 4, strides=2, padding="same"),  # (28, 28, 1)
        Tanh(),
    ],
    input_shape=(LATENT,),
    rng=rng,
    name="generator",
)
discriminator = Sequential(
    [
        Conv2D(16, 4, strides=2, padding="same"),  # (14, 14, 16)
        LeakyReLU(SLOPE),
        Conv2D(32, 4, strides=2, padding="same"),  # (7, 7, 32)
        LeakyReLU(SLOPE),
        Flatten(),
        Dense(128),  # do the strokes go together?
        LeakyReLU(SLOPE),
        Dense(1),
    ],
    input_shape=(28, 28, 1),
    rng=rng,
    name="discriminator",
)
convolutional = GAN(
    generator,
    discriminator,
    generator_optimizer=Adam(LEARNING_RATE, beta_1=BETA_1),
    discriminator_optimizer=Adam(LEARNING_RATE, beta_1=BETA_1),
    rng=rng,
)
convolutional.summary()
convolutional.fit(digits, iterations=iterations, batch_size=BATCH)

figure = Figure(figsize=(9, 4.8), layout="constrained")
titles = (f"dense GAN, {dense_iterations:,} iterations", f"DCGAN, {iterations:,} iterations")
for axes, gan, title in zip(figure.subplots(1, 2), (dense, convolutional), titles):
    axes.imshow(tile(gan.generate(64, rng=1)), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "dense-and-convolutional.png"
figure.savefig(picture, dpi=130)
print(f"Look at {picture}")
