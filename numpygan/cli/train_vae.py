"""`numpygan train vae`: from images to a space to draw new ones from."""

import numpy as np

from ..models import VAE, dense_decoder, dense_trunk
from ..optimizers import Adam
from . import encoding, options


def add_parser(models):
    parser = models.add_parser(
        "vae",
        help="the variational autoencoder, on handwritten digits or other images",
        description="Train a VAE on handwritten digits or other images and write samples, reconstructions, "
        "curves, an animation, the losses and the model into a folder; with two latents also the "
        "latent plane.",
    )
    encoding.add_options(parser, name="vae", epochs=30, latent_dim=2)
    options.adder(parser)("--beta", options.weight, 1.0, "weight of the KL term")
    parser.set_defaults(run=run)


def run(settings):
    return encoding.run("vae", lambda image_shape: build(settings, image_shape), settings)


def build(settings, image_shape):
    """Return the VAE for images of that shape (H, W, C); the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    return VAE(
        settings.latent_dim,
        trunk=dense_trunk(image_shape, hidden=settings.hidden, rng=rng),
        decoder=dense_decoder(image_shape, settings.latent_dim, hidden=settings.hidden, rng=rng),
        beta=settings.beta,
        optimizer=Adam(settings.learning_rate),
        rng=rng,
    )
