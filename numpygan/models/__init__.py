"""The models: networks put together to learn a distribution."""

from .gan import GAN, dense_discriminator, dense_generator

__all__ = ["GAN", "dense_discriminator", "dense_generator"]
