"""The convolutional networks of a DCGAN: those of *GANs in Action*, and smaller ones."""

from collections.abc import Callable
from typing import NamedTuple

from ..layers import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Tanh,
)
from ..validation import sample_shape
from .encoders import check_latent_dim


def book_generator(image_shape=(28, 28, 1), latent_dim=100, *, rng=None):
    """Return a network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1].

    The architecture of *GANs in Action*, with 1.6 million parameters. Height and
    width must be multiples of 4, for two layers double them.

    Source: Langr & Bok 2019, *GANs in Action*, chapter 4.
    """
    H, W, C = _small_size(image_shape)
    layers = [
        Dense(H * W * 256),
        Reshape((H, W, 256)),
        Conv2DTranspose(128, 3, strides=2, padding="same"),  # (2H, 2W, 128)
        BatchNormalization(),
        LeakyReLU(0.01),
        Conv2DTranspose(64, 3, strides=1, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.01),
        Conv2DTranspose(C, 3, strides=2, padding="same"),  # (4H, 4W, C)
        Tanh(),
    ]
    return Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="generator")


def book_discriminator(image_shape=(28, 28, 1), *, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, 1), as in the same book."""
    layers = [
        Conv2D(32, 3, strides=2, padding="same"),
        LeakyReLU(0.01),
        Conv2D(64, 3, strides=2, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.01),
        Conv2D(128, 3, strides=2, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.01),
        Flatten(),
        Dense(1),
    ]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


def small_generator(image_shape=(28, 28, 1), latent_dim=100, *, hidden=256, filters=(32, 16), rng=None):
    """Return a generator for the same images as `book_generator`, for a few minutes' training.

    Two layers of kernels that see 4x4 pixels each know about strokes, not about digits:
    seen through them, a 10x10 patch is all there is. The hidden Dense layer, here and in
    `small_discriminator`, is where patches are put together, and costs next to nothing
    beside the convolutions, which can then have fewer filters. How good the digits are
    is what `numpygan evaluate` says of a run of `numpygan train dcgan`.

    Further choices, tried in short runs:

    - The discriminator has no batch normalisation. Real and fake images pass it in
      batches of their own, and it takes out what all images of a batch share, which may
      be what gives the fakes away. With it digits came about as fast, but images that
      hardly vary were not learnt at all.
    - Kernels of 4, which the stride 2 divides: see docs/book/2-layers/03-transposed-convolution.md.
    - A learning rate of 1e-3 for both networks, with which digits came sooner than with
      4e-4.
    - Glorot's initial variance. With DCGAN's Normal(0.02) the narrow discriminator starts
      out almost blind, and digits came later.

    Source: Chen et al. 2016, *InfoGAN*, appendix C.1, with a quarter of the units.
    """
    H, W, C = _small_size(image_shape)
    many, few = filters
    layers = [
        Dense(hidden),
        BatchNormalization(),
        LeakyReLU(0.2),
        Dense(H * W * many),
        BatchNormalization(),
        LeakyReLU(0.2),
        Reshape((H, W, many)),
        Conv2DTranspose(few, 4, strides=2, padding="same"),  # (2H, 2W, few)
        BatchNormalization(),
        LeakyReLU(0.2),
        Conv2DTranspose(C, 4, strides=2, padding="same"),  # (4H, 4W, C)
        Tanh(),
    ]
    return Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="generator")


def small_discriminator(image_shape=(28, 28, 1), *, hidden=128, filters=(16, 32), rng=None):
    """Return a discriminator for the same images as `book_discriminator`; see `small_generator`."""
    few, many = filters
    layers = [
        Conv2D(few, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Conv2D(many, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Flatten(),
        Dense(hidden),
        LeakyReLU(0.2),
        Dense(1),
    ]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


def _small_size(image_shape):
    """Return (H/4, W/4, C) for images of (H, W, C), or raise ValueError."""
    image_shape = sample_shape("DCGAN", "image_shape", image_shape)
    if len(image_shape) != 3 or image_shape[0] % 4 or image_shape[1] % 4:
        raise ValueError(
            f"image_shape must be (H, W, C) with H and W multiples of 4, as the generator doubles "
            f"them twice, got {image_shape}"
        )
    H, W, C = image_shape
    return H // 4, W // 4, C


class Preset(NamedTuple):
    """Two networks that go together, and the learning rate at which they were tried."""

    generator: Callable
    discriminator: Callable
    learning_rate: float


PRESETS = {
    "small": Preset(small_generator, small_discriminator, 1e-3),
    "book": Preset(book_generator, book_discriminator, 2e-4),
}
