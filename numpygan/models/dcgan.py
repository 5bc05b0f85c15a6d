"""DCGAN: the same game as the GAN's, played by convolutional networks.

A Dense layer has a weight for every pixel and must learn a stroke again in each place
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

There are four sets of networks. "book" is that of Langr & Bok's *GANs in Action*. "small"
takes a twentieth of its multiplications and draws good digits in minutes; see
`small_generator` in dcgan_networks.py for how it was chosen. "colour" and "large-colour" are for
pictures in colour, of up to 32x32 pixels and of more, with R1, Adam without momentum, and batches of
16 (`fit(..., batch_size=16)`); see colour_networks.py.

Source: Radford, Metz & Chintala 2016, sections 3 and 4.
"""

from functools import partial

import numpy as np

from ..optimizers import Adam
from . import data_parallel
from .data import image_shape_for
from .dcgan_presets import PRESETS, preset_for
from .gan import GAN
from .parts import require_networks


class DCGAN(GAN):
    """A GAN of convolutional networks, by default the small ones, which a CPU trains in minutes.

        dcgan = DCGAN(rng=0)
        dcgan.fit(digits, iterations=5000, batch_size=64)

    `DCGAN.book()` has those of *GANs in Action*.

    Args:
        generator: network from (N, latent_dim) to images; if None, small_generator(image_shape), or
            for pictures in colour, (H, W, 3), colour_generator or wide_generator(image_shape).
        discriminator: network from images to one logit, (N, 1); if None, likewise.
        image_shape, loss, averaging: as in `GAN`.
        r1: as in `GAN`; if None, 3 for pictures in colour, and 0 for others and for two networks
            of your own.
        discriminator_updates: as in `GAN`, but "separate" by default: here the sum gains nothing.
        generator_optimizer, discriminator_optimizer: if None, Adam(1e-3) with beta_1 = 0 for pictures in
            colour, and 0.5 for others and for two networks of your own.
        rng: numpy Generator, or a seed for one, as in `GAN`.

    The weights start with Glorot's variance, not with DCGAN's standard deviation of 0.02,
    which is too small for narrow layers; see dcgan_networks.py. The book's networks learn
    with a rate of 2e-4, as in the paper, whose authors found the usual 1e-3 too high.
    """

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, discriminator_updates="separate",
        r1=None, generator_optimizer=None, discriminator_optimizer=None, rng=None, **more,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=generator, judges=discriminator)
        both = generator is not None and discriminator is not None
        preset = PRESETS["small" if both else preset_for(shape)]
        optimizer = partial(Adam, preset.learning_rate, beta_1=preset.beta_1)
        super().__init__(
            generator or preset.generator(shape, rng=rng),
            discriminator or preset.discriminator(shape, rng=rng),
            discriminator_updates=discriminator_updates,
            r1=preset.r1 if r1 is None else r1,
            **more,
            generator_optimizer=generator_optimizer or optimizer(),
            discriminator_optimizer=discriminator_optimizer or optimizer(),
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
