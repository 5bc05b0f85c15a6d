"""How many images go into one picture, and how many a command may hold in memory.

A picture shows every image with at least one pixel for each of its own. So of many images, or
large ones, there are several pictures, drawn one after the other: memory is needed for one.
"""

import math
from typing import NamedTuple

from .. import limits

SIDE = 2_100  # pixels of images, and of the gaps between them, along an edge of a picture at most
GAP = 2  # pixels between images, as in plotting.tile
BYTES = 32  # of memory for each number of the images in a picture: several copies, and the figure


class Grid(NamedTuple):
    """Images per row, images per picture, and the number of pictures."""

    columns: int
    images: int
    pictures: int


def grid_for(n, shape, columns=None):
    """Return the Grid of n images of `shape`, in a square as far as one picture holds them all.

    Args:
        columns: images per row, kept if they fit.

    Raises:
        ValueError: if there were more pictures than are written, or one takes too much memory.
    """
    across, down = (max(1, (SIDE - GAP) // (size + GAP)) for size in (shape[1], shape[0]))
    columns = min(columns or math.ceil(math.sqrt(n)), across)
    if math.ceil(n / columns) > down and columns < across:
        columns = columns if n % columns == 0 else across
    images = min(n, columns * down)
    pictures = math.ceil(n / images)
    if pictures > limits.PICTURES:
        raise ValueError(
            f"{n:,} images fill {pictures:,} pictures, and at most {limits.PICTURES:,} are written: "
            "--files FOLDER writes each image to a file of its own"
        )
    check_memory("drawing", images, shape, BYTES)
    return Grid(columns, images, pictures)


def check_memory(what, n, shape, each=BYTES):
    """Raise ValueError if `what` needs more memory for n images of `shape` than a command may take."""
    needed = n * math.prod(shape) * each
    if needed > limits.MEMORY:
        size = " x ".join(map(str, shape[:2]))
        raise ValueError(
            f"{what} {n:,} images of {size} takes about {needed / 1e9:,.0f} GB of memory, and the limit is "
            f"{limits.MEMORY / 1e9:.0f} GB"
        )
