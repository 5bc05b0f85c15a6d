"""The models: networks put together to learn a distribution."""

from .autoencoder import Autoencoder
from .dense import dense_decoder, dense_encoder, dense_trunk, mirror
from .gan import GAN, dense_discriminator, dense_generator
from .vae import VAE

__all__ = [
    "GAN",
    "VAE",
    "Autoencoder",
    "dense_decoder",
    "dense_discriminator",
    "dense_encoder",
    "dense_generator",
    "dense_trunk",
    "mirror",
]
