"""Data sets; no layer or model imports anything from here."""

from ..files.idx import load_idx
from ..keras_words import names_of
from .digits import load_digits, scale_pixels
from .domains import load_domains
from .doodles import load_doodles
from .first_look import FirstLook, describe_images
from .image_set import Images
from .images import load_images
from .mnist import load_mnist
from .pairs import load_pairs
from .points import Points, load_points
from .shapes import SHAPES, load_shapes
from .toys import TOYS, load_toy

__all__ = [
    "SHAPES",
    "TOYS",
    "FirstLook",
    "Images",
    "Points",
    "describe_images",
    "load_digits",
    "load_domains",
    "load_doodles",
    "load_idx",
    "load_images",
    "load_mnist",
    "load_pairs",
    "load_points",
    "load_shapes",
    "load_toy",
    "scale_pixels",
]

__getattr__ = names_of(__name__)
