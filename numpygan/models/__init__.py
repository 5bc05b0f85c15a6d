"""The models: networks put together to learn a distribution."""

from .autoencoder import Autoencoder
from .classifier import Classifier
from .cyclegan import CycleGAN
from .dcgan import DCGAN, book_discriminator, book_generator, small_discriminator, small_generator
from .dense import dense_decoder, dense_encoder, dense_trunk, mirror
from .gan import GAN, dense_discriminator, dense_generator
from .plane import plane_gan
from .translators import patch_discriminator, resnet_generator
from .vae import VAE

__all__ = [
    "CycleGAN",
    "DCGAN",
    "GAN",
    "VAE",
    "Autoencoder",
    "Classifier",
    "book_discriminator",
    "book_generator",
    "dense_decoder",
    "dense_discriminator",
    "dense_encoder",
    "dense_generator",
    "dense_trunk",
    "mirror",
    "patch_discriminator",
    "plane_gan",
    "resnet_generator",
    "small_discriminator",
    "small_generator",
]
