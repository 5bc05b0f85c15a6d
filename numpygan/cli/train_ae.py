"""`numpygan train ae`: from images to codes and back."""

import numpy as np

from ..models import Autoencoder, dense_encoder
from ..optimizers import Adam
from . import encoding


def add_parser(models):
    parser = models.add_parser(
        "ae",
        help="the autoencoder, on handwritten digits or other images",
        description="Train an autoencoder on handwritten digits or other images and write reconstructions, "
        "curves, an animation, the losses and the model into a folder; with --latent-dim 2 also a map of "
        "the codes.",
    )
    encoding.add_options(parser, name="ae", epochs=20, latent_dim=32)
    parser.set_defaults(run=run)


def run(settings):
    return encoding.run("ae", lambda image_shape: build(settings, image_shape), settings)


def build(settings, image_shape):
    """Return the autoencoder for images of that shape (H, W, C); the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    encoder = dense_encoder(image_shape, settings.latent_dim, hidden=settings.hidden, rng=rng)
    return Autoencoder(encoder, optimizer=Adam(settings.learning_rate), rng=rng)
