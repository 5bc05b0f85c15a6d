"""`numpygan train gan`: from the bundled digits to pictures of new ones."""

import numpy as np

from ..callbacks import StopOnPlateau
from ..datasets import load_digits
from ..models import GAN, dense_discriminator, dense_generator
from ..optimizers import Adam
from . import folders, options
from .adversarial import train_and_write

QUICK_ITERATIONS = 300


def add_parser(models):
    parser = models.add_parser(
        "gan",
        help="the dense GAN, on the bundled handwritten digits",
        description="Train the dense GAN on the bundled handwritten digits and write sample grids, curves, "
        "an animation, the losses and the model into a folder.",
    )
    add = options.adder(parser)
    add("--iterations", options.count, 20_000, "training iterations, three updates each")
    add("--batch-size", options.count, 128, "images in a mini-batch")
    add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, for both networks")
    add("--beta-1", options.decay, 0.0, "Adam's memory of past gradients, for both networks")
    add("--latent-dim", options.count, 100, "numbers of noise that make one image")
    add("--hidden", options.count, 128, "units in the hidden layer of each network")
    options.add_run_options(parser, name="gan", sample_interval=500, quick=QUICK_ITERATIONS)
    parser.add_argument(
        "--stop-on-plateau", action="store_true", help="stop early once the generator's loss stays flat"
    )
    parser.set_defaults(run=run)


def run(settings):
    images, _ = load_digits("train")
    if settings.batch_size > len(images):
        raise ValueError(f"--batch-size {settings.batch_size} is larger than the data: {len(images):,} images")
    if settings.quick:
        settings.iterations = min(settings.iterations, QUICK_ITERATIONS)
        settings.sample_interval = min(settings.sample_interval, QUICK_ITERATIONS // 5)
    folder = folders.new_run("gan", settings.out, settings.overwrite)
    callbacks = [StopOnPlateau()] if settings.stop_on_plateau else []
    return train_and_write(lambda: build(settings), images, settings, folder, callbacks)


def build(settings):
    """Return the GAN that the settings describe; the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    return GAN(
        dense_generator(latent_dim=settings.latent_dim, hidden=settings.hidden, rng=rng),
        dense_discriminator(hidden=settings.hidden, rng=rng),
        generator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        discriminator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
        rng=rng,
    )
