"""Resizing an array of images, and converting it between grey and colour."""

import numpy as np

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as in JPEG and Pillow


def fit_all(pixels, size):
    """Return pixels (N, H, W, C) scaled and centre-cropped to `size` (H, W)."""
    from PIL import Image, ImageOps

    if size is None or pixels.shape[1:3] == size:
        return pixels
    y = np.empty((len(pixels), *size, pixels.shape[-1]), pixels.dtype)
    for n, c in np.ndindex(len(pixels), pixels.shape[-1]):
        plane = Image.fromarray(pixels[n, :, :, c])  # mode L, or F for floats
        y[n, :, :, c] = ImageOps.fit(plane, size[::-1], method=Image.Resampling.LANCZOS)
    return np.clip(y, 0, 1, out=y) if y.dtype == np.float32 else y


def to_mode(pixels, mode):
    """Return pixels (N, H, W, C) with C = 1 for "grey", C = 3 for "colour", unchanged for None."""
    C = pixels.shape[-1]
    if mode == "colour" and C == 1:
        return np.repeat(pixels, 3, axis=-1)
    if mode != "grey" or C == 1:
        return pixels
    y = np.empty((*pixels.shape[:3], 1), pixels.dtype)
    for n, image in enumerate(pixels):  # one at a time, to bound the memory for floats
        grey = image @ LUMA
        y[n, :, :, 0] = np.rint(grey) if pixels.dtype == np.uint8 else grey
    return y
