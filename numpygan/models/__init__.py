"""The models: networks put together to learn a distribution."""

from ..keras_words import names_of
from .adversarial_autoencoder import AdversarialAutoencoder
from .autoencoder import Autoencoder
from .began import BEGAN
from .began_networks import autoencoding_discriminator
from .classifier import Classifier
from .colour_networks import colour_discriminator, colour_generator, wide_generator
from .conditional_gan import ConditionalGAN
from .conditional_vae import ConditionalVAE
from .cyclegan import CycleGAN
from .cyclegan_networks import patch_discriminator, resnet_generator
from .dcgan import DCGAN
from .dcgan_networks import book_discriminator, book_generator, small_discriminator, small_generator
from .encoders import dense_decoder, dense_encoder, dense_trunk, mirror
from .gan import GAN
from .gan_networks import dense_discriminator, dense_generator
from .pix2pix import Pix2Pix
from .pix2pix_networks import pair_discriminator, unet_generator
from .priors import NormalPrior, RingPrior
from .toy_networks import toy_gan
from .vae import VAE
from .wgan import WGAN

__all__ = [
    "BEGAN",
    "CycleGAN",
    "DCGAN",
    "GAN",
    "VAE",
    "WGAN",
    "AdversarialAutoencoder",
    "Autoencoder",
    "Classifier",
    "ConditionalGAN",
    "ConditionalVAE",
    "Pix2Pix",
    "NormalPrior",
    "RingPrior",
    "autoencoding_discriminator",
    "book_discriminator",
    "book_generator",
    "colour_discriminator",
    "colour_generator",
    "dense_decoder",
    "dense_discriminator",
    "dense_encoder",
    "dense_generator",
    "dense_trunk",
    "mirror",
    "pair_discriminator",
    "patch_discriminator",
    "toy_gan",
    "resnet_generator",
    "small_discriminator",
    "small_generator",
    "unet_generator",
    "wide_generator",
]

__getattr__ = names_of(__name__)
