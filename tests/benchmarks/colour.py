"""Which settings learn pictures in colour soonest: a DCGAN on coloured shapes, for the same time each.

    python tests/benchmarks/colour.py --seconds 130 "small, R1 1" "wide, R1 1"

Every setting has so many seconds of processor time on one core (OPENBLAS_NUM_THREADS=1), all with seed 0.
After each third of it, a line says how 1,500 samples compare with 2,000 held-out shapes: the Frechet
distance of random features, the confidence of a classifier of the ten shapes and the recall, as `numpygan
evaluate` has them.
"""

import argparse
import time
from typing import NamedTuple

import numpy as np

from numpygan import DCGAN, Adam, BatchNormalization, Sequential
from numpygan.datasets import load_shapes
from numpygan.metrics.own_images import OwnImages
from numpygan.models import small_discriminator, small_generator
from numpygan.training import Batches

SMALL, WIDE = (16, 32, 64), (32, 64, 128)  # of the discriminator; the generator has them in the other order


class Setting(NamedTuple):
    generator: tuple[int, ...] = SMALL
    discriminator: tuple[int, ...] = SMALL
    rate: float = 1e-3
    batch_size: int = 32
    r1: float = 1.0
    norm: bool = True  # batch normalisation after the generator's convolutions
    fine: tuple[int | None, int | None] = (None, None)  # channels at the full size, of both networks


SETTINGS = {
    "small": Setting(r1=0.0),
    "small, R1 1": Setting(),
    "wide, batch 64": Setting(WIDE, WIDE, batch_size=64, r1=0.0),
    "wide, rate 5e-4": Setting(WIDE, WIDE, rate=5e-4, r1=0.0),
    "wide, rate 5e-4, R1 0.1": Setting(WIDE, WIDE, rate=5e-4, r1=0.1),
    "wide, R1 1": Setting(WIDE, WIDE),
    "wide discriminator": Setting(SMALL, WIDE),
    "wide discriminator, no norm": Setting(SMALL, WIDE, norm=False),
    "wide discriminator, no norm, batch 16, R1 3": Setting(SMALL, WIDE, batch_size=16, r1=3.0, norm=False),
    "small, batch 16": Setting(batch_size=16),
    "small, fine, batch 16": Setting(batch_size=16, fine=(16, 8)),
}


def generator(shape, setting, rng):
    """Return small_generator, without batch normalisation of images (H, W, C) if the setting says so."""
    made = small_generator(shape, filters=setting.generator[::-1], fine=setting.fine[0], rng=rng)
    if setting.norm:
        return made
    kept = [
        each for each in made if not (isinstance(each, BatchNormalization) and len(each.input_shape) == 3)
    ]
    layers = [type(each)(**each.config()) for each in kept]
    return Sequential(layers, made.input_shape, rng=rng, name="generator")


def run(name, seconds, own):
    """Train with one of SETTINGS on the pictures of an OwnImages and print three lines."""
    setting, images, rng = SETTINGS[name], own.training, np.random.default_rng(0)
    shape = images.shape[1:]
    gan = DCGAN(
        generator(shape, setting, rng),
        small_discriminator(shape, filters=setting.discriminator, fine=setting.fine[1], rng=rng),
        r1=setting.r1,
        generator_optimizer=Adam(setting.rate, beta_1=0.5),
        discriminator_optimizer=Adam(setting.rate, beta_1=0.5),
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
    given = parser.parse_args()
    images, labels = load_shapes(12_000, size=given.size)
    own = OwnImages(images[:10_000], images[10_000:], (labels[:10_000], labels[10_000:]))
    for each in given.settings:
        run(each, given.seconds, own)
