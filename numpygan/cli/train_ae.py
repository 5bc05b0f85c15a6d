"""`numpygan train ae`: from the bundled digits to codes and back."""

import numpy as np

from ..models import Autoencoder, dense_encoder
from ..optimizers import Adam
from . import encoding


def add_parser(models):
    parser = models.add_parser(
        "ae",
        help="the autoencoder, on the bundled handwritten digits",
        description="Train an autoencoder on the bundled handwritten digits and write reconstructions, curves, "
        "an animation, the losses and the model into a folder; with --latent-dim 2 also a map of the codes.",
    )
    encoding.add_options(parser, name="ae", epochs=20, latent_dim=32)
    parser.set_defaults(run=run)


def run(settings):
    return encoding.run("ae", lambda: build(settings), settings)


def build(settings):
    """Return the autoencoder that the settings describe; the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    encoder = dense_encoder(latent_dim=settings.latent_dim, hidden=settings.hidden, rng=rng)
    return Autoencoder(encoder, optimizer=Adam(settings.learning_rate), rng=rng)
