"""The discriminator of a BEGAN: a convolutional autoencoder."""

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
from .dcgan_networks import check_image_shape, cropping
from .encoders import check_latent_dim


def autoencoding_discriminator(image_shape=(28, 28, 1), code=64, *, filters=16, rng=None):
    """Return a network from images (N, *image_shape) to the same in [-1, 1], through a code of a few numbers.

        encoder   Conv2D of stride 2 -> Dense code
        decoder   Dense -> Conv2DTranspose of stride 2, cropped to the size wanted

    It is a chain of two networks, `layers[0]` and `layers[1]`. Batch normalisation after its two Dense
    layers decides whether the game works at all: see page 3.22 of the book.

    Source: Berthelot, Schumm & Metz 2017, section 3.6, with one convolution each way.
    """
    H, W, C = check_image_shape("BEGAN", image_shape)
    h, w = -(-H // 2), -(-W // 2)  # rounded up
    encoder = [
        Conv2D(filters, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Flatten(),
        Dense(check_latent_dim(code)),
        BatchNormalization(),
        LeakyReLU(0.2),
    ]
    decoder = [
        Dense(h * w * filters),
        BatchNormalization(),
        LeakyReLU(0.2),
        Reshape((h, w, filters)),
        Conv2DTranspose(C, 4, strides=2, padding="same"),  # (2h, 2w, C)
        *cropping(2 * h - H, 2 * w - W),
        Tanh(),
    ]
    parts = [Sequential(encoder, name="encoder"), Sequential(decoder, name="decoder")]
    return Sequential(parts, input_shape=image_shape, rng=rng, name="discriminator")
