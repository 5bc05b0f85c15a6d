"""Images of your own, from a file that `np.save` or `np.savez` wrote."""

from pathlib import Path

import numpy as np

from ..files.npy import load_array
from .digits import check_scale, scale_pixels

EXPECTED = (
    "images are expected as one array (N, H, W), (N, H, W, 1) or, in colour, (N, H, W, 3), of uint8 from 0 "
    "(black) to 255 (white) or floats from 0 to 1"
)


def load_images(path, *, scale=(-1, 1)):
    """Return the images in a .npy or .npz file as a model can learn from them.

    Args:
        path: a file with one array, in a .npz the one called "images": (N, H, W),
            (N, H, W, 1) or (N, H, W, 3), uint8 from 0 (black) to 255 (white), or floats
            from 0 (black) to 1 (white). All images have the same size.
        scale: the pixel values of black and of white, as for `load_digits`: the same
            file serves a generator that ends in tanh and one that ends in a sigmoid.

    Returns:
        float32 (N, H, W, C), between the two values of `scale`.

    Raises:
        ValueError: if the file is broken or the array something else, saying what was
            found, what is expected and how to get there.
        OSError: if it cannot be read.
    """
    if Path(path).suffix.lower() not in (".npy", ".npz"):
        raise ValueError(
            f"{path} is neither .npy nor .npz: read your pictures with a library such as Pillow, np.stack "
            f"them and np.save that; {EXPECTED}"
        )
    images = np.ascontiguousarray(load_array(path))  # a file may have its columns first
    if trouble := _shape_trouble(images.shape) or _pixel_trouble(images):
        raise ValueError(f"{path} holds {images.dtype} {images.shape}{trouble}; {EXPECTED}")
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.dtype == np.uint8:
        return scale_pixels(images, scale=scale)
    low, high = check_scale(scale)
    images = images.astype(np.float32)
    images *= high - low
    images += low
    return np.clip(images, low, high, out=images)  # against the last bit of rounding


def _shape_trouble(shape):
    if len(shape) not in (3, 4):
        hint = ": np.stack makes an array of a list of images" if len(shape) == 2 else ""
        return f", which has {len(shape)} dimensions{hint}"
    if 0 in shape:
        return ", which is empty"
    if len(shape) == 4 and shape[3] not in (1, 3):
        if shape[1] in (1, 3):
            return ", with channels first: np.moveaxis(images, 1, -1) puts them last"
        return f", with {shape[3]} channels: images[..., :3] leaves out transparency"
    return None


def _pixel_trouble(images):
    if images.dtype == np.uint8:
        return None
    if images.dtype == bool:
        return ": images.astype(float) makes black of False and white of True"
    if images.dtype.kind != "f":
        return ": images.astype(np.uint8) if the values are from 0 to 255"
    low, high = float(images.min()), float(images.max())  # NaN and infinity show in these
    if not np.isfinite([low, high]).all():
        return " with NaN or infinite pixels"
    if low >= 0 and high <= 1:
        return None
    hint = ""
    if low >= 0:
        hint = ": divide by 255 if that is white"
    elif low >= -1 and high <= 1:
        hint = ": take (images + 1) / 2"
    return f" from {low:g} to {high:g}{hint}"
