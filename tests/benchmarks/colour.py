"""Which settings learn pictures in colour soonest: a DCGAN on coloured shapes, for the same time each.

    python tests/benchmarks/colour.py --seconds 130 "small, R1 1" "colour"

Every setting has so many seconds of processor time on one core (OPENBLAS_NUM_THREADS=1), all with seed 0.
After each third of it, a line says how 1,500 samples compare with 2,000 held-out shapes: the Frechet
distance of random features, the confidence of a classifier of the ten shapes and the recall, as `numpygan
evaluate` has them.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from numpygan import DCGAN, Adam, BatchNormalization, Sequential
from numpygan.datasets import load_shapes
from numpygan.metrics.own_images import OwnImages
from numpygan.models import (
    colour_discriminator,
    colour_generator,
    small_discriminator,
    small_generator,
    wide_generator,
)
from numpygan.training import Batches


def small(shape, rng):
    """Return the small networks for images (H, W, C)."""
    return small_generator(shape, rng=rng), small_discriminator(shape, rng=rng)


def wide(shape, rng, filters=(32, 64, 128)):
    """Return the same with twice the filters, for 32x32 pixels."""
    G = small_generator(shape, filters=filters[::-1], rng=rng)
    return G, small_discriminator(shape, filters=filters, rng=rng)


def large(shape, rng):
    """Return the networks of the large-colour preset."""
    return wide_generator(shape, rng=rng), small_discriminator(shape, rng=rng)


def colour(shape, rng, channels=16, norm=True):
    """Return the networks of the colour preset, or these without batch normalisation."""
    G = colour_generator(shape, channels=channels, rng=rng)
    if not norm:
        kept = [each for each in G if not isinstance(each, BatchNormalization)]
        layers = [type(each)(**each.config()) for each in kept]
        G = Sequential(layers, G.input_shape, rng=rng, name="generator")
    return G, colour_discriminator(shape, rng=rng)


class Setting(NamedTuple):
    networks: Callable
    rate: float = 1e-3
    batch_size: int = 32
    r1: float = 1.0
    beta_1: float = 0.5


SETTINGS = {
    "small": Setting(small, r1=0.0),
    "small, R1 1": Setting(small),
    "small, R1 1, batch 16": Setting(small, batch_size=16),
    "wide, batch 64": Setting(wide, batch_size=64, r1=0.0),
    "wide, rate 5e-4": Setting(wide, rate=5e-4, r1=0.0),
    "wide, rate 5e-4, R1 0.1": Setting(wide, rate=5e-4, r1=0.1),
    "wide, R1 1": Setting(wide),
    "small, R1 3, batch 16, beta_1 0": Setting(small, batch_size=16, r1=3.0, beta_1=0.0),
    "large-colour": Setting(large, batch_size=16, r1=3.0, beta_1=0.0),
    "large-colour, R1 1": Setting(large, batch_size=16, beta_1=0.0),
    "colour": Setting(colour, batch_size=16, r1=3.0, beta_1=0.0),
    "colour, R1 1": Setting(colour, batch_size=16, beta_1=0.0),
    "colour, R1 1, no batch norm": Setting(partial(colour, norm=False), batch_size=16, beta_1=0.0),
    "colour, R1 1, beta_1 0.5": Setting(colour, batch_size=16),
    "colour, R1 1, beta_1 0.5, no batch norm": Setting(partial(colour, norm=False), batch_size=16),
    "colour, R1 1, beta_1 0.5, 8 channels": Setting(partial(colour, channels=8), batch_size=16),
}


def run(name, seconds, own):
    """Train with one of SETTINGS on the pictures of an OwnImages and print three lines."""
    setting, images, rng = SETTINGS[name], own.training, np.random.default_rng(0)
    optimizer = partial(Adam, setting.rate, beta_1=setting.beta_1)
    gan = DCGAN(
        *setting.networks(images.shape[1:], rng),
        r1=setting.r1,
        generator_optimizer=optimizer(),
        discriminator_optimizer=optimizer(),
        rng=rng,
    )
    batches = Batches(images, setting.batch_size, np.random.default_rng(1))
    spent, iterations = 0.0, 0
    for third in (1, 2, 3):
        while spent < seconds * third / 3:
            start = time.process_time()
            gan.fit_on_batch(next(batches))
            spent, iterations = spent + time.process_time() - start, iterations + 1
        measured = own.measure(gan.generate(1_500, rng=0))
        figures = (f"{key} {measured[key].value:.3f}" for key in ("frechet_distance", "confidence", "recall"))
        print(f"{name:44} {spent:5.0f} s {iterations:6,} iterations ", *figures, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("settings", nargs="*", default=list(SETTINGS), help="default: all")
    parser.add_argument("--seconds", type=float, default=130, help="for each (default: %(default)s)")
    parser.add_argument("--size", type=int, default=32, help="of the shapes (default: %(default)s)")
    parser.add_argument("--turned", action="store_true", help="each shape by an angle of its own")
    given = parser.parse_args()
    images, labels = load_shapes(12_000, size=given.size, turned=given.turned)
    own = OwnImages(images[:10_000], images[10_000:], (labels[:10_000], labels[10_000:]))
    for each in given.settings:
        run(each, given.seconds, own)
