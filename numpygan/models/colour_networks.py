"""The convolutional networks of a DCGAN of pictures in colour.

They differ from the small ones in dcgan_networks.py in two ways:

- Both have a convolution at full resolution. The small generator ends in a layer that doubles the size:
  it draws each square of 2x2 pixels at one stroke, with a linear map of what lies below. Here LeakyReLU
  and a convolution that sees every pixel with its neighbours come after it, and the discriminator
  begins with such a convolution.
- The generator has twice the channels of the discriminator, and of the small generator in its inner layers.

What each of these brings was measured; see docs/book/4-use/03-your-own-images.md.
"""

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
from .dcgan_networks import check_image_shape, cropping, doublings, strides_of
from .encoders import check_latent_dim


def colour_generator(image_shape=(32, 32, 3), latent_dim=100, *, hidden=256, channels=16, rng=None):
    """Return a network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1].

    Args:
        channels: of the array at full resolution; each array of half the height and width has twice as many.
    """
    H, W, C = check_image_shape("DCGAN", image_shape)
    steps = doublings(H), doublings(W)
    h, w = (-(-size // 2**n) for size, n in zip((H, W), steps))
    strides = strides_of(steps)
    first, *rest = [channels * 2**k for k in range(len(strides), -1, -1)]
    layers = [
        Dense(hidden),
        BatchNormalization(),
        LeakyReLU(0.2),
        Dense(h * w * first),
        BatchNormalization(),
        LeakyReLU(0.2),
        Reshape((h, w, first)),
    ]
    *inner, last = zip(rest, strides)
    for filters, stride in inner:
        layers += [Conv2DTranspose(filters, 4, strides=stride, padding="same"), BatchNormalization()]
        layers += [LeakyReLU(0.2)]
    layers += [Conv2DTranspose(last[0], 4, strides=last[1], padding="same")]
    layers += [*cropping(h * 2 ** steps[0] - H, w * 2 ** steps[1] - W), LeakyReLU(0.2)]
    layers += [Conv2D(C, 3, padding="same"), Tanh()]
    return Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="generator")


def colour_discriminator(image_shape=(32, 32, 3), *, hidden=128, channels=8, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, 1); `channels` as for the generator."""
    H, W, _ = check_image_shape("DCGAN", image_shape)
    layers = [Conv2D(channels, 3, padding="same"), LeakyReLU(0.2)]
    for k, stride in enumerate(strides_of((doublings(H), doublings(W))), 1):
        layers += [Conv2D(channels * 2**k, 4, strides=stride, padding="same"), LeakyReLU(0.2)]
    layers += [Flatten(), Dense(hidden), LeakyReLU(0.2), Dense(1)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")
