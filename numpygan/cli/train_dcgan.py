"""`numpygan train dcgan`: the convolutional GAN."""

import numpy as np

from ..models import DCGAN
from ..models.dcgan import PRESETS
from ..optimizers import Adam
from . import adversarial, options

QUICK_ITERATIONS = 60


def add_parser(models):
    small, book = PRESETS["small"], PRESETS["book"]
    parser = models.add_parser(
        "dcgan",
        help="the convolutional GAN, on handwritten digits or other images",
        description="Train a DCGAN on handwritten digits or other images and write sample grids, curves, "
        "an animation, the losses and the model into a folder.",
    )
    add = options.adder(parser)
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default="small",
        help="networks that draw good digits within minutes, or the larger ones of the book GANs in Action "
        "(default: %(default)s)",
    )
    add("--iterations", options.count, 5_000, "training iterations, three updates each")
    add("--batch-size", options.count, 64, "images in a mini-batch")
    parser.add_argument(
        "--learning-rate",
        type=options.rate,
        help=f"Adam's learning rate, for both networks (default: {small.learning_rate:g}, "
        f"with --preset book {book.learning_rate:g})",
    )
    add("--beta-1", options.decay, 0.5, "Adam's memory of past gradients, for both networks")
    add("--latent-dim", options.count, 100, "numbers of noise that make one image")
    options.add_run_options(parser, name="dcgan", sample_interval=250, quick=QUICK_ITERATIONS)
    options.add_watching(parser, every=500)
    parser.set_defaults(run=run)


def run(settings):
    if settings.learning_rate is None:
        settings.learning_rate = PRESETS[settings.preset].learning_rate
    return adversarial.run(settings, name="dcgan", build=build, quick=QUICK_ITERATIONS)


def build(settings, image_shape):
    """Return the DCGAN for images of that shape (H, W, C); the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    preset = PRESETS[settings.preset]
    return DCGAN(
        preset.generator(image_shape, latent_dim=settings.latent_dim, rng=rng),
        preset.discriminator(image_shape, rng=rng),
        generator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        discriminator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        rng=rng,
    )
