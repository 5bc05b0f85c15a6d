"""`numpygan train gan`: from images to new ones."""

import numpy as np

from ..models import GAN, dense_discriminator, dense_generator
from ..optimizers import Adam
from . import adversarial, options

QUICK_ITERATIONS = 300


def add_parser(models):
    parser = models.add_parser(
        "gan",
        help="the dense GAN, on handwritten digits or other images",
        description="Train the dense GAN on handwritten digits or other images and write sample grids, "
        "curves, an animation, the losses and the model into a folder.",
    )
    add = options.adder(parser)
    add("--iterations", options.count, 20_000, "training iterations, three updates each")
    add("--batch-size", options.count, 128, "images in a mini-batch")
    add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, for both networks")
    add("--beta-1", options.decay, 0.0, "Adam's memory of past gradients, for both networks")
    add("--latent-dim", options.count, 100, "numbers of noise that make one image")
    add("--hidden", options.count, 128, "units in the hidden layer of each network")
    options.add_run_options(parser, name="gan", sample_interval=500, quick=QUICK_ITERATIONS)
    options.add_watching(parser, every=1000)
    parser.set_defaults(run=run)


def run(settings):
    return adversarial.run(settings, name="gan", build=build, quick=QUICK_ITERATIONS)


def build(settings, image_shape):
    """Return the GAN for images of that shape (H, W, C); the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    return GAN(
        dense_generator(image_shape, latent_dim=settings.latent_dim, hidden=settings.hidden, rng=rng),
        dense_discriminator(image_shape, hidden=settings.hidden, rng=rng),
        generator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        discriminator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        rng=rng,
    )
