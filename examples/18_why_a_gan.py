"""Why a GAN at all? Data with two peaks.

Half of the data lies around -2, half around +2 (standard deviation 0.3), and nothing in
between: fewer than one sample in a thousand has |x| < 1. Three models of similar size
learn it, each with as many latents as x has dimensions, and are asked for new samples.
How many fall between the peaks, in one dimension and in two? Of the autoencoder's
36% and 37%, of the VAE's 8.5% and 8.0%, of the GAN's 1.0% and 1.0%.

- The autoencoder copies its input and knows nothing of how often a code occurs. Noise
  fitted to its codes has one peak, in the middle.
- The VAE is told to explain every sample. Its decoder must pass from one peak to the
  other as z goes from left to right, and its clouds of codes overlap in the middle,
  where the answer that costs least is an average.
- The GAN is not asked to come near any sample, only to be taken for one. Between the
  peaks the discriminator is sure that a sample is fake, and its gradient pushes the
  sample out. (The generator is continuous, so a few are always caught on their way.)

    python examples/18_why_a_gan.py            under a minute
    python examples/18_why_a_gan.py --quick    a few seconds

Try: NOISE = 1.0, which is the VAE's squared error without a factor (samples then get
that noise too); ITERATIONS = 300; peaks further apart; other seeds.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import Adam, Dense, LeakyReLU, Sequential
from numpygan.latent import CodeCloud
from numpygan.layers import HeUniform
from numpygan.losses import Gaussian
from numpygan.models import GAN, VAE, Autoencoder
from numpygan.plotting.colours import BLUE, GREEN, GREY, ORANGE

ITERATIONS, BATCH, HIDDEN, PEAK, SPREAD, NOISE, N = 12_000, 100, 32, 2.0, 0.3, 0.3, 10_000

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/18_why_a_gan"), help="results")
options = parser.parse_args()
iterations = 500 if options.quick else ITERATIONS
epochs = iterations * BATCH // N


def two_peaks(dimensions, rng):
    """Return samples (N, dimensions): peaks at -2 and 2 along the first axis, 0 along the other."""
    x = SPREAD * rng.standard_normal((N, dimensions))
    x[:, 0] += rng.choice([-PEAK, PEAK], size=N)
    return x.astype(np.float32)


def network(inputs, outputs, name, rng):
    """Return two hidden layers, and an output of any size; None leaves that layer out."""
    layers = [Dense(HIDDEN, initializer=HeUniform()), LeakyReLU(0.2)]
    layers += [Dense(HIDDEN, initializer=HeUniform()), LeakyReLU(0.2)]
    layers += [Dense(outputs)] if outputs else []
    return Sequential(layers, (inputs,), rng=rng, name=name)


def autoencoder_samples(x, rng):
    D = x.shape[1]
    model = Autoencoder(network(D, D, "encoder", rng), network(D, D, "decoder", rng), rng=rng)
    model.fit(x, epochs=epochs, batch_size=BATCH, progress=False)
    return model, model.decode(CodeCloud(model.encode(x)).draw(N, rng))


def vae_samples(x, rng):
    D = x.shape[1]
    trunk, decoder = network(D, None, "trunk", rng), network(D, D, "decoder", rng)
    model = VAE(D, trunk=trunk, decoder=decoder, likelihood=Gaussian(NOISE), rng=rng)
    model.fit(x, epochs=epochs, batch_size=BATCH, progress=False)
    return model, model.generate(N) + NOISE * rng.standard_normal(x.shape)  # p(x|z) has that noise


def gan_samples(x, rng):
    D = x.shape[1]
    model = GAN(
        network(D, D, "generator", rng),
        network(D, 1, "discriminator", rng),
        generator_optimizer=Adam(1e-3, beta_1=0.5),
        discriminator_optimizer=Adam(1e-3, beta_1=0.5),
        rng=rng,
    )
    model.fit(x, iterations=iterations, batch_size=BATCH, progress=False)
    return model, model.generate(N)


kinds = {"autoencoder": autoencoder_samples, "VAE": vae_samples, "GAN": gan_samples}
colours = {"data": GREY, "autoencoder": ORANGE, "VAE": GREEN, "GAN": BLUE}
figure = Figure(figsize=(11, 5.6), layout="constrained")
all_axes = figure.subplots(2, 4, sharex=True, sharey="row")
for dimensions, row in zip((1, 2), all_axes):
    rng = np.random.default_rng(0)
    x = two_peaks(dimensions, rng)
    drawn = {"data": (None, x), **{name: sample(x, rng) for name, sample in kinds.items()}}
    print(f"{dimensions}-D: share of {N:,} samples between the peaks (|x| < 1), and left of 0")
    for (name, (model, samples)), axes in zip(drawn.items(), row):
        first = samples[:, 0]
        between, left = np.mean(np.abs(first) < 1), np.mean(first < 0)
        size = sum(part.count_params() for part in model.networks.values()) if model else 0
        print(
            f"  {name:12s} {between:7.2%} {left:7.1%}" + (f"   {size:,} parameters" if model else ""),
            flush=True,
        )
        if dimensions == 1:
            axes.hist(first, bins=np.linspace(-3.5, 3.5, 71), density=True, color=colours[name])
        else:
            axes.plot(*samples[:3000].T, ".", markersize=1.5, color=colours[name])
            axes.set_xlabel("x[0]")
        axes.axvspan(-1, 1, color=GREY, alpha=0.12, linewidth=0)
        axes.set_title(f"{name}, {dimensions}-D: {between:.2%} between", fontsize=10)
        axes.set_xlim(-3.5, 3.5)
    row[0].set_ylabel("density (per unit of x)" if dimensions == 1 else "x[1]")
all_axes[1, 0].set_ylim(-1.6, 1.6)
options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "two_peaks.png"
figure.savefig(picture, dpi=140)
print(f"Look at {picture}")
