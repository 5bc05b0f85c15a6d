"""The first GAN, with its loop in plain sight.

A generator (noise to image) and a discriminator (image to "real or not?") learn
against each other on 10,000 real handwritten digits. The loop below is all there is
to it: three updates, each of them forward, loss, backward, Adam.

    python examples/02_first_gan.py            under two minutes
    python examples/02_first_gan.py --quick    a few seconds, blurry digits

Try: BETA_1 = 0.9 (which digits are missing?), HIDDEN = 32, a generator without the
LeakyReLU, or the target 0 for real and 1 for fake.

`numpygan.GAN(discriminator_updates="separate", averaging=0)` plays the same loop, with checks,
history and saving. By default `GAN` takes one discriminator step on the sum of both losses and
draws with averaged parameters.
"""

import argparse
from pathlib import Path

import numpy as np
from tqdm import trange

from numpygan import Adam, BinaryCrossEntropyFromLogits, Dense, Flatten, LeakyReLU, Reshape, Sequential, Tanh
from numpygan.datasets import load_digits
from numpygan.plotting import plot_samples

ITERATIONS, BATCH, LATENT, HIDDEN = 20_000, 128, 100, 128
LEARNING_RATE, BETA_1 = 2e-3, 0.0

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument(
    "--out", type=Path, default=Path("runs/examples/02_first_gan"), help="folder for the picture"
)
options = parser.parse_args()
iterations = 400 if options.quick else ITERATIONS

rng = np.random.default_rng(0)
digits, _ = load_digits()  # (10000, 28, 28, 1), from -1 (black) to 1 (white)

generator = Sequential(
    [Dense(HIDDEN), LeakyReLU(0.01), Dense(784), Tanh(), Reshape((28, 28, 1))],
    input_shape=(LATENT,),
    rng=rng,
)
discriminator = Sequential(
    [Flatten(), Dense(HIDDEN), LeakyReLU(0.01), Dense(1)],
    input_shape=(28, 28, 1),
    rng=rng,
)
generator.summary()
discriminator.summary()

bce = BinaryCrossEntropyFromLogits()
generator_adam = Adam(LEARNING_RATE, beta_1=BETA_1)
discriminator_adam = Adam(LEARNING_RATE, beta_1=BETA_1)


def noise():
    return rng.standard_normal((BATCH, LATENT), dtype=np.float32)


for iteration in trange(iterations):
    # 1. The discriminator learns that these are real: target 1.
    real = digits[rng.integers(len(digits), size=BATCH)]
    loss_real = bce.forward(discriminator.forward(real, training=True), 1)
    discriminator.zero_grad()
    discriminator.parameter_gradients(bce.backward())
    discriminator_adam.update(discriminator.flat_params, discriminator.flat_grads)

    # 2. The discriminator learns that these are fake: target 0.
    fake = generator.forward(noise(), training=True)
    loss_fake = bce.forward(discriminator.forward(fake, training=True), 0)
    discriminator.zero_grad()
    discriminator.parameter_gradients(bce.backward())
    discriminator_adam.update(discriminator.flat_params, discriminator.flat_grads)

    # 3. The generator learns to be taken for real: target 1. The discriminator only
    #    says which way each pixel should move; its own parameters are not asked.
    fake = generator.forward(noise(), training=True)
    loss_generator = bce.forward(discriminator.forward(fake, training=True), 1)
    dfake = discriminator.input_gradient(bce.backward())
    generator.zero_grad()
    generator.parameter_gradients(dfake)
    generator_adam.update(generator.flat_params, generator.flat_grads)

    if (iteration + 1) % (iterations // 10) == 0:
        loss = (loss_real + loss_fake) / 2
        print(f"\n{iteration + 1:6d}   discriminator {loss:.3f}   generator {loss_generator:.3f}")

options.out.mkdir(parents=True, exist_ok=True)
samples = generator.predict(rng.standard_normal((64, LATENT), dtype=np.float32))
picture = options.out / "samples.png"
plot_samples(samples, title=f"64 samples after {iterations:,} iterations").savefig(picture, dpi=150)
print(f"Look at {picture}")
