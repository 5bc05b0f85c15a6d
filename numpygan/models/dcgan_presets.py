"""The settings with which each pair of a DCGAN's networks was tried."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from .colour_networks import colour_discriminator, colour_generator, wide_generator
from .dcgan_networks import (
    book_discriminator,
    book_generator,
    check_image_shape,
    small_discriminator,
    small_generator,
)


class Preset(NamedTuple):
    """Two networks that go together, and the settings with which they were tried."""

    generator: Callable
    discriminator: Callable
    learning_rate: float
    batch_size: int = 64
    r1: float = 0.0
    beta_1: float = 0.5


# Pictures in colour were tried on coloured shapes of 32x32 and of 64x64 pixels
# (docs/book/4-use/03-your-own-images.md). Without R1 the discriminator soon tells real from fake with
# certainty, and the pictures stay as they are or get worse.
_in_colour = partial(Preset, learning_rate=1e-3, batch_size=16, r1=3.0, beta_1=0.0)
PRESETS = {
    "small": Preset(small_generator, small_discriminator, 1e-3),
    "colour": _in_colour(colour_generator, colour_discriminator),
    "large-colour": _in_colour(wide_generator, small_discriminator),
    "book": Preset(book_generator, book_discriminator, 2e-4),
}


def preset_for(image_shape):
    """Return the name of the preset for images (H, W, C) if none is chosen."""
    H, W, C = check_image_shape("DCGAN", image_shape)
    if C != 3:
        return "small"
    return "colour" if H * W <= 32 * 32 else "large-colour"
