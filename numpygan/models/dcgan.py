"""DCGAN: the same game as the GAN's, played by convolutional networks.

A Dense layer has a weight for every pixel and must learn a stroke anew in each place
where it may occur. A convolution has one small kernel for all places: a stroke seen
once is known everywhere, in far fewer weights.

    discriminator   image -> smaller and smaller arrays of more and more channels -> logit
    generator       z -> a small array of many channels -> larger and larger -> image

The discriminator halves the image with convolutions of stride 2. The generator goes
the same way backwards, with transposed convolutions: each pixel of the small array
stamps a kernel, times its own value, into a place of the large one. Losses and
updates are those of `GAN`, to the letter.

Deep networks of this kind are hard to train as they are. What makes them work:

- Batch normalisation, which keeps every layer's outputs in a range where the next one
  learns. Not in the generator's last layer nor in the discriminator's first: they have
  to draw and to see the pixels' true values.
- Little momentum: Adam with beta_1 = 0.5 in place of 0.9. See `GAN` for why.
- LeakyReLU, so that the discriminator's word reaches the generator also through units
  that are off.

There are two sets of networks. "book" is that of Langr & Bok's *GANs in Action*. "small"
takes a twentieth of its multiplications and draws good digits in minutes; see
`small_generator` for how it was chosen.

Source: Radford, Metz & Chintala 2016, sections 3 and 4.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..layers import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Tanh,
)
from ..layers.sequential import Sequential
from ..optimizers import Adam
from ..validation import sample_shape
from . import data_parallel
from .base import image_shape_for, require_networks
from .encoders import check_latent_dim
from .gan import GAN


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


class DCGAN(GAN):
    """A GAN of convolutional networks, by default the small ones, which a CPU trains in minutes.

        dcgan = DCGAN(rng=0)
        dcgan.fit(digits, iterations=5000, batch_size=64)

    `DCGAN.book()` has those of *GANs in Action*.

    Args:
        generator: network from (N, latent_dim) to images; if None, small_generator(image_shape).
        discriminator: network from images to one logit, (N, 1); if None,
            small_discriminator(image_shape).
        image_shape, loss: as in `GAN`.
        generator_optimizer, discriminator_optimizer: Adam(1e-3, beta_1=0.5) if None.
        rng: numpy Generator, or a seed for one, as in `GAN`.

    The weights start with Glorot's variance, not with DCGAN's standard deviation of 0.02,
    which is too small for narrow layers; see `small_generator`. The book's networks learn
    with a rate of 2e-4, the paper's, which found the usual 1e-3 too high.
    """

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, loss="non-saturating",
        generator_optimizer=None, discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        rng = np.random.default_rng(rng)
        preset = PRESETS["small"]
        shape = image_shape_for(image_shape, draws=generator, judges=discriminator)
        super().__init__(
            generator or preset.generator(shape, rng=rng),
            discriminator or preset.discriminator(shape, rng=rng),
            loss=loss,
            generator_optimizer=generator_optimizer or Adam(preset.learning_rate, beta_1=0.5),
            discriminator_optimizer=discriminator_optimizer or Adam(preset.learning_rate, beta_1=0.5),
            rng=rng,
        )

    @classmethod
    def book(cls, *, image_shape=(28, 28, 1), rng=None):
        """Return a DCGAN of the networks of *GANs in Action*, with Adam(2e-4, beta_1=0.5)."""
        rng = np.random.default_rng(rng)
        preset = PRESETS["book"]
        return cls(
            preset.generator(image_shape, rng=rng),
            preset.discriminator(image_shape, rng=rng),
            generator_optimizer=Adam(preset.learning_rate, beta_1=0.5),
            discriminator_optimizer=Adam(preset.learning_rate, beta_1=0.5),
            rng=rng,
        )

    def fit_on_batch(self, real):
        """As `train_on_batch`, with a large batch shared out among all cores; see data_parallel.py."""
        own = type(self) is DCGAN  # a subclass may play otherwise
        return data_parallel.train_on_batch(self, real) if own else self.train_on_batch(real)
