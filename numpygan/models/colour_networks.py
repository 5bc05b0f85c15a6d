"""The convolutional networks of a DCGAN of pictures in colour.

`colour_generator` and `colour_discriminator`, for up to 32x32 pixels, differ from the small ones in
dcgan_networks.py in two ways:

- Both have a convolution at full resolution. The small generator ends in a layer that doubles the size:
  it draws each square of 2x2 pixels at one stroke, with a linear map of what lies below. Here LeakyReLU
  and a convolution that sees every pixel with its neighbours come after it, and the discriminator
  begins with such a convolution.
- The generator has twice the channels of the discriminator, and of the small generator in its inner layers.

For larger pictures, a convolution at full resolution takes more time than it is worth. `wide_generator` has
the channels and no such layer, and plays against the small discriminator.

What each of these brings was measured; see docs/book/4-use/03-your-own-images.md.
"""

from ..layers import Conv2D, Dense, Flatten, LeakyReLU, Sequential, Tanh
from .dcgan_networks import check_image_shape, doublings, growing_layers, small_generator, strides_of
from .encoders import check_latent_dim


def colour_generator(image_shape=(32, 32, 3), latent_dim=100, *, hidden=256, channels=16, rng=None):
    """Return a network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1].

    Args:
        channels: of the array at full resolution; each array of half the height and width has twice as many.
    """
    H, W, C = check_image_shape("DCGAN", image_shape)
    n = len(strides_of((doublings(H), doublings(W))))
    filters = [channels * 2**k for k in range(n, 0, -1)]
    layers = [
        *growing_layers((H, W), hidden, filters, channels),
        LeakyReLU(0.2),
        Conv2D(C, 3, padding="same"),
        Tanh(),
    ]
    return Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="generator")


def wide_generator(image_shape=(64, 64, 3), latent_dim=100, *, hidden=256, rng=None):
    """Return `small_generator` with twice the channels in every layer but the last, which makes the image."""
    H, W, _ = check_image_shape("DCGAN", image_shape)
    n = len(strides_of((doublings(H), doublings(W))))
    filters = [16 * 2**k for k in range(n, 0, -1)]
    return small_generator(image_shape, latent_dim, hidden=hidden, filters=filters, rng=rng)


def colour_discriminator(image_shape=(32, 32, 3), *, hidden=128, channels=8, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, 1); `channels` as for the generator."""
    H, W, _ = check_image_shape("DCGAN", image_shape)
    layers = [Conv2D(channels, 3, padding="same"), LeakyReLU(0.2)]
    for k, stride in enumerate(strides_of((doublings(H), doublings(W))), 1):
        layers += [Conv2D(channels * 2**k, 4, strides=stride, padding="same"), LeakyReLU(0.2)]
    layers += [Flatten(), Dense(hidden), LeakyReLU(0.2), Dense(1)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")
