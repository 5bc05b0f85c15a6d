"""Which settings of a BEGAN find its balance? Each is trained on the digits for 600 iterations.

    python tests/benchmarks/began_settings.py            some minutes
    python tests/benchmarks/began_settings.py --quick    a few iterations, to see that it works

A row appears when its run has ended. The discriminators are that of the library, with or without its
batch normalisation; the error is that of real images, k is the last one.
"""

import argparse

import numpy as np

from numpygan import BEGAN, Adam, BatchNormalization, Sequential
from numpygan.datasets import load_digits
from numpygan.metrics.yardstick import load_yardstick
from numpygan.models import autoencoding_discriminator, small_generator

N, ITERATIONS = 2_000, 600  # images to judge by
RUNS = (  # batch normalisation in the discriminator, rates of generator and discriminator, gamma
    (False, 1e-3, 5e-4, 0.75),
    (True, 1e-3, 5e-4, 0.75),
    (True, 1e-3, 5e-4, 0.5),
    (True, 1e-3, 1e-3, 0.75),
)


def without_normalisation(D, rng):
    """Return the same chain of two networks, but without their batch normalisation."""
    parts = [
        Sequential(
            [
                type(layer)(**layer.config())
                for layer in part.layers
                if not isinstance(layer, BatchNormalization)
            ]
        )
        for part in D.layers
    ]
    return Sequential(parts, D.input_shape, rng=rng, name="discriminator")


def train(normalised, g_rate, d_rate, gamma, iterations):
    rng = np.random.default_rng(0)
    D = autoencoding_discriminator(rng=rng)
    began = BEGAN(
        small_generator(latent_dim=64, rng=rng),
        D if normalised else without_normalisation(D, rng),
        gamma=gamma,
        generator_optimizer=Adam(g_rate, beta_1=0.5),
        discriminator_optimizer=Adam(d_rate, beta_1=0.5),
        rng=rng,
    )
    began.fit(load_digits()[0], iterations=iterations, progress=False)
    return began


def main(quick, chosen):
    print("| batch norm in D | G's rate | D's rate | gamma | error | k | classes | Frechet distance |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for number in chosen or range(len(RUNS)):
        normalised, *rates, gamma = RUNS[number]
        began = train(normalised, *rates, gamma, 10 if quick else ITERATIONS)
        figures = load_yardstick().measure(began.generate(N, rng=1))
        row = ["with" if normalised else "without", *map("{:g}".format, rates), f"{gamma:g}"]
        row += [f"{began.history.recent_mean('real', 200):.3f}", f"{began.k:.3f}"]
        row += [f"{figures['classes_covered'].value:.0f}", f"{figures['frechet_distance'].value:.3g}"]
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, nargs="+", help="train these rows only, from 0")
    options = parser.parse_args()
    main(options.quick, options.rows)
