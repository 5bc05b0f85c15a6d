"""The networks of a CycleGAN: from image to image, and from image to a map of verdicts."""

from ..checks import sample_shape, whole_number
from ..layers import (
    Conv2D,
    Conv2DTranspose,
    InstanceNormalization,
    LeakyReLU,
    ReflectionPadding2D,
    ReLU,
    Tanh,
)
from ..network import Sequential
from ..residual import Residual


def resnet_generator(image_shape=(28, 28, 1), channels=None, *, filters=16, blocks=2, rng=None, name="G"):
    """Return a network from images (N, H, W, C) to images (N, H, W, channels) in [-1, 1]."""
    H, W, C = _quarters(image_shape)
    channels = C if channels is None else whole_number(name, "channels", channels)
    few, many = filters, 2 * filters
    layers = [
        Conv2D(few, 4, strides=2, padding="same"),  # (H/2, W/2, few)
        InstanceNormalization(),
        ReLU(),
        Conv2D(many, 4, strides=2, padding="same"),  # (H/4, W/4, many)
        InstanceNormalization(),
        ReLU(),
        *(residual_block(many) for _ in range(blocks)),
        Conv2DTranspose(few, 4, strides=2, padding="same"),  # (H/2, W/2, few)
        InstanceNormalization(),
        ReLU(),
        Conv2DTranspose(channels, 4, strides=2, padding="same"),  # (H, W, channels)
        Tanh(),
    ]
    return Sequential(layers, input_shape=(H, W, C), rng=rng, name=name)


def residual_block(filters):
    """Return x + f(x) for images of so many channels."""
    return Residual(
        [
            ReflectionPadding2D(1),
            Conv2D(filters, 3),
            InstanceNormalization(),
            ReLU(),
            ReflectionPadding2D(1),
            Conv2D(filters, 3),
            InstanceNormalization(),
        ]
    )


def patch_discriminator(image_shape=(28, 28, 1), *, filters=32, rng=None, name="D"):
    """Return a network from images (N, H, W, C) to logits (N, H/4, W/4, 1), one for each patch."""
    layers = [
        Conv2D(filters, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Conv2D(2 * filters, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Conv2D(1, 3, padding="same"),
    ]
    return Sequential(layers, input_shape=_quarters(image_shape), rng=rng, name=name)


def _quarters(image_shape):
    image_shape = sample_shape("CycleGAN", "image_shape", image_shape)
    if len(image_shape) != 3 or image_shape[0] % 4 or image_shape[1] % 4:
        raise ValueError(
            f"image_shape must be (H, W, C) with H and W multiples of 4, as the networks halve "
            f"them twice, got {image_shape}"
        )
    return image_shape
