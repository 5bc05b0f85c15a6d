"""The convolutional networks of a DCGAN: those of *GANs in Action*, and smaller ones."""

import math

from ..layers import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
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

    The architecture of *GANs in Action*, with 1.6 million parameters for 28x28 pixels. Two
    layers double height and width; what that makes too many of is cropped.

    Source: Langr & Bok 2019, *GANs in Action*, chapter 4.
    """
    H, W, C = check_image_shape("DCGAN", image_shape)
    h, w = -(-H // 4), -(-W // 4)  # rounded up
    layers = [
        Dense(h * w * 256),
        Reshape((h, w, 256)),
        Conv2DTranspose(128, 3, strides=2, padding="same"),  # (2h, 2w, 128)
        BatchNormalization(),
        LeakyReLU(0.01),
        Conv2DTranspose(64, 3, strides=1, padding="same"),
        BatchNormalization(),
        LeakyReLU(0.01),
        Conv2DTranspose(C, 3, strides=2, padding="same"),  # (4h, 4w, C)
        *cropping(4 * h - H, 4 * w - W),
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


def small_generator(image_shape=(28, 28, 1), latent_dim=100, *, hidden=256, filters=None, rng=None):
    """Return a small network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1].

    As many layers double height and width as lead from 4 to 7 pixels to the size wanted
    (two for 28, three for 32, four for 64), with half as many channels after each; what that
    makes too many of is cropped.

    At 28x28, two layers of kernels that see 4x4 pixels each know about strokes, not about digits:
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
    H, W, C = check_image_shape("DCGAN", image_shape)
    filters = filters or _filters((doublings(H), doublings(W)))[::-1]
    layers = [*growing_layers((H, W), hidden, filters, C), Tanh()]
    return Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="generator")


def growing_layers(size, hidden, filters, last):
    """Return layers from noise (N, latent_dim) to an array (N, H, W, last), linear in its last layer.

    Args:
        size: H and W.
        hidden: units of the first Dense layer.
        filters: channels of the small array that the second one makes, and after each doubling but the last.
        last: channels after the last doubling.

    Raises:
        ValueError: if there are fewer filters than doublings.
    """
    steps = [doublings(side) for side in size]
    small = [-(-side // 2**n) for side, n in zip(size, steps)]
    *inner, final = strides_of(steps)
    if len(filters) <= len(inner):
        H, W = size
        raise ValueError(f"filters: images of {H} x {W} need {len(inner) + 1} numbers, got {tuple(filters)}")
    first, *rest = filters
    layers = [
        Dense(hidden),
        BatchNormalization(),
        LeakyReLU(0.2),
        Dense(math.prod(small) * first),
        BatchNormalization(),
        LeakyReLU(0.2),
        Reshape((*small, first)),
    ]
    for channels, strides in zip(rest, inner):
        layers += [Conv2DTranspose(channels, 4, strides=strides, padding="same"), BatchNormalization()]
        layers += [LeakyReLU(0.2)]
    layers += [Conv2DTranspose(last, 4, strides=final, padding="same")]
    return layers + cropping(*(side * 2**n - wanted for side, n, wanted in zip(small, steps, size)))


def small_discriminator(image_shape=(28, 28, 1), *, hidden=128, filters=None, outputs=1, rng=None):
    """Return a discriminator (N, outputs) for the same images as `small_generator`, which see."""
    H, W, _ = check_image_shape("DCGAN", image_shape)
    steps = doublings(H), doublings(W)
    layers = []
    for channels, strides in zip(filters or _filters(steps), strides_of(steps)):
        layers += [Conv2D(channels, 4, strides=strides, padding="same"), LeakyReLU(0.2)]
    layers += [Flatten(), Dense(hidden), LeakyReLU(0.2), Dense(outputs)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


def check_image_shape(owner, image_shape):
    """Return (H, W, C) as a tuple, or raise an error."""
    image_shape = sample_shape(owner, "image_shape", image_shape)
    if len(image_shape) != 3:
        raise ValueError(f"image_shape must be (H, W, C), got {image_shape}: a GAN of Dense layers takes any")
    return image_shape


def doublings(size):
    """Return how often 4 to 7 pixels must be doubled to be at least `size`."""
    return max(0, math.ceil(math.log2(size / 7)))


def strides_of(steps):
    """Return the strides of each convolution; the shorter side of an image needs fewer doublings."""
    return [tuple(2 if k < n else 1 for n in steps) for k in range(max(1, *steps))]


def _filters(steps):
    """Return the channels of the discriminator's convolutions: doubled where the image is halved."""
    return [16 * 2**k for k in range(max(1, *steps))]


def cropping(rows, columns):
    """Return a list of the layer that cuts off so many rows and columns, if there are any."""
    return [Cropping2D(((0, rows), (0, columns)))] if rows or columns else []
