"""The networks of Pix2Pix: a U-Net, which draws, and a discriminator, which judges pairs patch by patch.

A U-Net halves the image until each pixel depends on all of it, then doubles it as often. The small
images know *what* is drawn, but not exactly where. So on the way up each image is joined with the one of
equal size on the way down, in which every line is still in its place. Nested `Skip` layers do that:

    a (32, 32)                                                                        G(a) (32, 32)
       \\ (16, 16) ------------------------- joined ------------------------ (16, 16) /
             \\ (8, 8) -------------------- joined ------------------- (8, 8) /
                  \\ (4, 4) -------------- joined ------------- (4, 4) /
                        \\______________ (2, 2) ______________/

Source: Isola et al. 2017, section 3.2 and appendix 6.1; Ronneberger, Fischer & Brox 2015.
"""

from ..layers import BatchNormalization, Conv2D, Conv2DTranspose, LeakyReLU, ReLU, Sequential, Skip, Tanh
from ..validation import integer, sample_shape
from .cyclegan_networks import patch_discriminator

WIDEST = 4  # times the filters of the first layer: no layer has more


def unet_generator(image_shape=(32, 32, 1), channels=3, *, filters=16, depth=4, rng=None):
    """Return a network from images (N, H, W, C) to images (N, H, W, channels) in [-1, 1].

    Args:
        image_shape: (H, W, C); H and W must be multiples of 2^depth.
        channels: of the images that come out.
        filters: channels of the largest of the halved images; twice as many in each smaller
            one, up to four times.
        depth: how often the image is halved.
    """
    channels, filters = (
        integer("unet_generator", name, value)
        for name, value in (("channels", channels), ("filters", filters))
    )
    depth = integer("unet_generator", "depth", depth)
    shape = _check_shape(image_shape, depth)
    widths = [filters * min(2**k, WIDEST) for k in range(depth)]
    layers = [
        Conv2D(widths[0], 4, strides=2, padding="same"),
        *_inside(widths),
        ReLU(),
        Conv2DTranspose(channels, 4, strides=2, padding="same"),
        Tanh(),
    ]
    return Sequential(layers, input_shape=shape, rng=rng, name="generator")


def _inside(widths):
    """Return what stands between halving an image to one of widths[0] channels and doubling it again.

    Nothing in the middle of the U; elsewhere one Skip, whose chain halves and doubles once more.
    """
    outer, *smaller = widths
    if not smaller:
        return []
    middle = len(smaller) == 1
    chain = [
        LeakyReLU(0.2),
        Conv2D(smaller[0], 4, strides=2, padding="same"),
        *([] if middle else [BatchNormalization(momentum=0.9)]),
        *_inside(smaller),
        ReLU(),
        Conv2DTranspose(outer, 4, strides=2, padding="same"),
        BatchNormalization(momentum=0.9),
    ]
    return [Skip(chain)]


def pair_discriminator(image_shape=(32, 32, 1), channels=3, *, filters=32, rng=None):
    """Return a network from pairs (N, H, W, C + channels) to logits (N, H/4, W/4, 1), one for each patch.

    Args:
        image_shape: (H, W, C) of the images a; H and W must be multiples of 4.
        channels: of the images b that stand beside them.
        filters: channels of the first layer, see `patch_discriminator`.
    """
    H, W, C = _check_shape(image_shape, 2)
    channels = integer("pair_discriminator", "channels", channels)
    return patch_discriminator((H, W, C + channels), filters=filters, rng=rng, name="discriminator")


def check_networks(G, D):
    """Raise ValueError unless D judges pairs of what goes into G and what comes out."""
    if len(G.input_shape) != 3 or len(G.output_shape) != 3 or G.input_shape[:2] != G.output_shape[:2]:
        raise ValueError(
            f"the generator must return images as high and wide as it is given, got {G.input_shape} to "
            f"{G.output_shape}"
        )
    *size, C = G.input_shape
    pair = (*size, C + G.output_shape[-1])
    if D.input_shape != pair:
        raise ValueError(
            f"the discriminator must judge pairs (a, b), joined along the channels to {pair}, not "
            f"{D.input_shape}"
        )
    if D.output_range is not None:
        raise ValueError(
            f"the discriminator must return logits, any real numbers, but {D.layers[-1]} keeps them in "
            f"{D.output_range}: leave that layer out"
        )
    if G.dtype != D.dtype:
        raise ValueError(f"the generator computes in {G.dtype}, the discriminator in {D.dtype}")


def _check_shape(image_shape, halvings):
    shape, step = sample_shape("Pix2Pix", "image_shape", image_shape), 2**halvings
    if len(shape) != 3 or shape[0] % step or shape[1] % step:
        raise ValueError(
            f"image_shape must be (H, W, C) with H and W multiples of {step}, because they are halved "
            f"{halvings} times, got {shape}"
        )
    return shape
