"""Which settings learn pictures in colour soonest: a DCGAN on coloured shapes, for the same time each.

    python tests/benchmarks/colour.py --seconds 130 "small, R1 1" "wide, R1 1"

Every setting has so many seconds of processor time on one core (OPENBLAS_NUM_THREADS=1), all with seed 0.
After each third of it, a line says how far 1,500 samples are from 2,000 held-out shapes: the Frechet
distance of random features, as `numpygan evaluate` has it.
"""

import argparse
import time

import numpy as np

from numpygan import DCGAN, Adam
from numpygan.datasets import load_shapes
from numpygan.metrics.frechet import frechet_of_normals, moments
from numpygan.metrics.own_images import random_features
from numpygan.models import small_discriminator, small_generator
from numpygan.training import Batches

WIDE = {"filters": (32, 64, 128)}  # of the discriminator; the generator has them in the other order
SETTINGS = {  # networks, learning rate, batch size, R1
    "small": ({}, 1e-3, 32, 0.0),
    "small, R1 1": ({}, 1e-3, 32, 1.0),
    "wide, batch 64": (WIDE, 1e-3, 64, 0.0),
    "wide, rate 5e-4": (WIDE, 5e-4, 32, 0.0),
    "wide, rate 5e-4, R1 0.1": (WIDE, 5e-4, 32, 0.1),
    "wide, R1 1": (WIDE, 1e-3, 32, 1.0),
}


def run(name, seconds, size):
    """Train with one of SETTINGS and print three lines."""
    networks, rate, batch_size, r1 = SETTINGS[name]
    shape, rng = (size, size, 3), np.random.default_rng(0)
    images, _ = load_shapes(12_000, size=size)
    network = random_features(shape)
    real = moments(network.predict(images[10_000:]))
    gan = DCGAN(
        small_generator(shape, **{key: value[::-1] for key, value in networks.items()}, rng=rng),
        small_discriminator(shape, **networks, rng=rng),
        r1=r1,
        generator_optimizer=Adam(rate, beta_1=0.5),
        discriminator_optimizer=Adam(rate, beta_1=0.5),
        rng=rng,
    )
    batches = Batches(images[:10_000], batch_size, np.random.default_rng(1))
    spent, iterations = 0.0, 0
    for third in (1, 2, 3):
        while spent < seconds * third / 3:
            start = time.process_time()
            gan.fit_on_batch(next(batches))
            spent, iterations = spent + time.process_time() - start, iterations + 1
        distance = frechet_of_normals(*real, *moments(network.predict(gan.generate(1_500, rng=0))))
        print(f"{name:26} {spent:5.0f} s {iterations:6,} iterations  Frechet distance {distance:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("settings", nargs="*", default=list(SETTINGS), help="default: all")
    parser.add_argument("--seconds", type=float, default=130, help="for each (default: %(default)s)")
    parser.add_argument("--size", type=int, default=32, help="of the shapes (default: %(default)s)")
    given = parser.parse_args()
    for each in given.settings:
        run(each, given.seconds, given.size)
