"""`numpygan train vae`: from the bundled digits to a space to draw new ones from."""

import numpy as np

from ..models import VAE, dense_decoder, dense_trunk
from ..optimizers import Adam
from . import encoding, options


def add_parser(models):
    parser = models.add_parser(
        "vae",
        help="the variational autoencoder, on the bundled handwritten digits",
        description="Train a VAE on the bundled handwritten digits and write samples, reconstructions, curves, an "
        "animation, the losses and the model into a folder; with two latents also the latent plane.",
    )
    encoding.add_options(parser, name="vae", epochs=30, latent_dim=2)
    options.adder(parser)("--beta", options.weight, 1.0, "weight of the KL term")
    parser.set_defaults(run=run)


def run(settings):
    return encoding.run("vae", lambda: build(settings), settings)


def build(settings):
    """Return the VAE that the settings describe; the same seed makes the same one."""
    rng = np.random.default_rng(settings.seed)
    return VAE(
        settings.latent_dim,
        trunk=dense_trunk(hidden=settings.hidden, rng=rng),
        decoder=dense_decoder(latent_dim=settings.latent_dim, hidden=settings.hidden, rng=rng),
        beta=settings.beta,
        optimizer=Adam(settings.learning_rate),
        rng=rng,
    )
