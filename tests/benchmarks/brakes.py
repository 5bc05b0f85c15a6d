"""Modes found by each game, with and without each brake, on the ring of eight and the grid of 25 Gaussians.

    python tests/benchmarks/brakes.py --seeds 5 --iterations 10000

The networks, batch and number of iterations are the same for all; an iteration of a WGAN has two critic
steps. Counted are the modes that have at least a quarter of their share of 10,000 samples within
three standard deviations, of the averaged generator; `good` is the share of samples
that lie as near to any mode. One line for each game is printed as soon as its seeds are done.
"""

import argparse
import time

import numpy as np

from numpygan import GAN, WGAN, Adam, Dense, LeakyReLU, MinibatchStddev, Sequential, SpectralNormalization
from numpygan.datasets import load_toy
from numpygan.layers import HeUniform
from numpygan.metrics import mode_shares, modes_found
from numpygan.models.toy_networks import DISCRIMINATOR_RATE, GENERATOR_RATE, mlp

HIDDEN, BATCH, SAMPLES = 64, 256, 10_000


def discriminator(rng, *, spectral=False, stddev=False):
    def dense(units, **options):
        layer = Dense(units, **options)
        return SpectralNormalization(layer) if spectral else layer

    layers = [MinibatchStddev()] if stddev else []
    for _ in range(2):
        layers += [dense(HIDDEN, initializer=HeUniform()), LeakyReLU(0.2)]
    return Sequential([*layers, dense(1)], (2,), rng=rng, name="discriminator")


def game(loss="non-saturating", *, r1=0.0, rates=(GENERATOR_RATE, DISCRIMINATOR_RATE), **brakes):
    def build(rng):
        return GAN(
            mlp(2, 2, HIDDEN, rng=rng, name="generator"), discriminator(rng, **brakes), loss=loss, r1=r1,
            generator_optimizer=Adam(rates[0], beta_1=0.5),
            discriminator_optimizer=Adam(rates[1], beta_1=0.5),
            discriminator_updates="separate",
            rng=rng,
        )  # fmt: skip

    return build


def wasserstein(*, penalty=0.0, clip=0.0, rate=1e-3, n_critic=2, **brakes):
    def build(rng):
        return WGAN(
            mlp(2, 2, HIDDEN, rng=rng, name="generator"), discriminator(rng, **brakes),
            penalty=penalty, clip=clip, n_critic=n_critic,
            generator_optimizer=Adam(rate, beta_1=0, beta_2=0.9),
            discriminator_optimizer=Adam(rate, beta_1=0, beta_2=0.9),
            rng=rng,
        )  # fmt: skip

    return build


GAMES = {
    "non-saturating": game(),
    "non-saturating, R1 0.1": game(r1=0.1),
    "non-saturating, spectral": game(spectral=True),
    "non-saturating, stddev": game(stddev=True),
    "least-squares": game("least-squares"),
    "least-squares, R1 0.1": game("least-squares", r1=0.1),
    "least-squares, spectral": game("least-squares", spectral=True),
    "least-squares, stddev": game("least-squares", stddev=True),
    "WGAN, clipping 0.1": wasserstein(clip=0.1),
    "WGAN, spectral": wasserstein(spectral=True),
    "WGAN, penalty 10": wasserstein(penalty=10.0),
    "WGAN, penalty 0.1": wasserstein(penalty=0.1),
}


def play(build, toy, seed, iterations):
    """Return the number of modes found, and the share of samples near one."""
    model = build(np.random.default_rng(seed))
    rng = np.random.default_rng([seed, 1])
    size = BATCH * getattr(model, "n_critic", 1)
    for _ in range(iterations):
        model.train_on_batch(toy.sample(size, rng))
    x = model.generate(SAMPLES, rng=seed)
    return modes_found(x, toy.centres, toy.std), float(mode_shares(x, toy.centres, toy.std).sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=10_000)
    parser.add_argument("--toys", nargs="+", default=["ring", "grid"])
    parser.add_argument("--games", nargs="+", default=list(GAMES))
    options = parser.parse_args()
    for name in options.toys:
        toy = load_toy(name)
        print(
            f"{name}: modes found of {len(toy.centres)} after {options.iterations:,} iterations", flush=True
        )
        for label in options.games:
            start = time.perf_counter()
            found, good = zip(
                *(play(GAMES[label], toy, seed, options.iterations) for seed in range(options.seeds))
            )
            seconds = (time.perf_counter() - start) / options.seeds
            print(f"  {label:<26} {list(found)}  good {np.mean(good):.2f}  {seconds:.0f} s a run", flush=True)


if __name__ == "__main__":
    main()
