"""The networks of a CycleGAN: from image to image, and from image to a map of verdicts.

A generator first halves the image twice, for a wider view at a quarter of the work each
time; passes it through residual blocks, which add to it rather than replace it; and
doubles it twice again. All is convolution, so what it learns in one place it knows in all. Places
differ only by the zeros beyond an edge, where an edge is in view, and by the strides: these
multiply to 4, so they tell rows and columns apart by their remainder modulo 4. That is how it can
know where stripes of period 4 have their place.

A discriminator says real or fake not once, but for every patch of the image that its
windows see, and the loss is the mean of all these. It judges whether strokes look right,
not whether the digit as a whole is one; that is the cycle's business. One has fewer
weights for it, and 49 verdicts an image to learn from.

Source: Zhu et al. 2017, section 4 and appendix 7.2; the generator: Johnson, Alahi &
Fei-Fei 2016; patches: Isola et al. 2017, "Image-to-Image Translation", section 3.2.2.
docs/cyclegan.md lists what is smaller here, and why.
"""

from ..layers import (
    Conv2D,
    Conv2DTranspose,
    InstanceNormalization,
    LeakyReLU,
    ReflectionPadding2D,
    ReLU,
    Residual,
    Sequential,
    Tanh,
)
from ..validation import integer, sample_shape
from .dcgan_networks import cropping

LEAST = 5  # height and width: the smallest whose quarter, rounded up, has two rows to mirror


def resnet_generator(image_shape=(28, 28, 1), channels=None, *, filters=16, blocks=2, rng=None, name="G"):
    """Return a network from images (N, H, W, C) to images (N, H, W, channels) in [-1, 1].

    Args:
        image_shape: (H, W, C), H and W at least 5. A side that is no multiple of 4 comes out up to
            three pixels too long and is cropped.
        channels: of the images that come out; C if None.
        filters: channels of the first layer; twice as many inside.
        blocks: how many residual blocks.
        name: of the network, for messages.
    """
    H, W, C = _check_image_shape(image_shape)
    h, w = -(-H // 4), -(-W // 4)  # rounded up
    channels = C if channels is None else integer(name, "channels", channels)
    blocks = integer(name, "blocks", blocks, least=0)
    few, many = filters, 2 * filters
    layers = [
        Conv2D(few, 4, strides=2, padding="same"),  # (about 2h, 2w, few)
        InstanceNormalization(),
        ReLU(),
        Conv2D(many, 4, strides=2, padding="same"),  # (h, w, many)
        InstanceNormalization(),
        ReLU(),
        *(residual_block(many) for _ in range(blocks)),
        Conv2DTranspose(few, 4, strides=2, padding="same"),  # (2h, 2w, few)
        InstanceNormalization(),
        ReLU(),
        Conv2DTranspose(channels, 4, strides=2, padding="same"),  # (4h, 4w, channels)
        *cropping(4 * h - H, 4 * w - W),
        Tanh(),
    ]
    return Sequential(layers, input_shape=(H, W, C), rng=rng, name=name)


def residual_block(filters):
    """Return x + f(x) for images of so many channels: two convolutions between mirrored edges."""
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
    """Return a network from images (N, H, W, C) to logits (N, H/4, W/4, 1), one for each patch.

    A logit hears of 18 x 18 pixels: 4 in the first layer, 4 + 3 * 2 = 10 with the second,
    10 + 2 * 4 = 18 with the third. There is no normalisation, for the reasons given in
    `small_generator` in dcgan_networks.py.

    Args:
        image_shape: (H, W, C), H and W at least 5; quarters are rounded up.
        filters: channels of the first layer; the second has twice as many.
        name: of the network, for messages.
    """
    layers = [
        Conv2D(filters, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Conv2D(2 * filters, 4, strides=2, padding="same"),
        LeakyReLU(0.2),
        Conv2D(1, 3, padding="same"),
    ]
    return Sequential(layers, input_shape=_check_image_shape(image_shape), rng=rng, name=name)


def add_networks(G, F, D_A, D_B, a_shape, *, rng):
    """Return G, F, D_A and D_B, with new ones in place of those that are None."""
    b_shape = G.output_shape if G else F.input_shape if F else a_shape
    return (
        G or resnet_generator(a_shape, b_shape[-1], rng=rng, name="G"),
        F or resnet_generator(b_shape, a_shape[-1], rng=rng, name="F"),
        D_A or patch_discriminator(a_shape, rng=rng, name="D_A"),
        D_B or patch_discriminator(b_shape, rng=rng, name="D_B"),
    )


def check_networks(G, F, D_A, D_B, identity_weight):
    """Raise ValueError unless the four networks can play together."""
    if (F.input_shape, F.output_shape) != (G.output_shape, G.input_shape):
        raise ValueError(
            f"G goes from {G.input_shape} to {G.output_shape}, so F must go the other way, "
            f"not from {F.input_shape} to {F.output_shape}"
        )
    for name, D, shape in (("D_A", D_A, G.input_shape), ("D_B", D_B, G.output_shape)):
        if D.input_shape != shape:
            raise ValueError(f"{name} must judge images of {shape}, not {D.input_shape}")
        if D.output_range is not None:
            raise ValueError(
                f"{name} must return logits, any real numbers, but {D.layers[-1]} keeps them in "
                f"{D.output_range}: leave that layer out"
            )
    if identity_weight and G.input_shape != G.output_shape:
        raise ValueError(
            f"G(b) cannot be b, because A has images of {G.input_shape} and B of {G.output_shape}: "
            f"identity_weight must be 0, got {identity_weight}"
        )
    if len({network.dtype for network in (G, F, D_A, D_B)}) > 1:
        raise ValueError("all four networks must compute in one dtype")


def _check_image_shape(image_shape):
    """Return (H, W, C) as a tuple, or raise an error."""
    image_shape = sample_shape("CycleGAN", "image_shape", image_shape)
    if len(image_shape) != 3 or min(image_shape[:2]) < LEAST:
        raise ValueError(
            f"image_shape must be (H, W, C) with H and W at least {LEAST}, as the networks halve them "
            f"twice, got {image_shape}"
        )
    return image_shape
