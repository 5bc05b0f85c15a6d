"""Decoding one picture file with Pillow, without trusting it.

The size in the header is checked before anything is decoded, so a kilobyte that claims
50,000 x 50,000 pixels costs neither time nor memory. Pillow's own limit is a global that
any code may change, so it is not relied on.
"""

import numbers
import warnings
from contextlib import contextmanager

import numpy as np

MAX_PIXELS = 64_000_000  # of one picture: 8,000 x 8,000
FORMATS = (  # not EPS and WMF, for which Pillow starts programs, nor ICO, which may hold a larger picture
    "PNG", "JPEG", "MPO", "GIF", "BMP", "DIB", "TIFF", "WEBP", "AVIF", "JPEG2000", "PPM", "TGA", "PCX",
    "SGI",
)  # fmt: skip
SUFFIXES = (
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp",
    ".avif", ".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".pcx", ".sgi", ".mpo",
)  # fmt: skip
BACKGROUNDS = {"black": (0, 0, 0, 255), "white": (255, 255, 255, 255)}
MODES = (None, "grey", "colour")
TURNS = {  # EXIF orientation -> what turns the picture upright (EXIF 2.3, section 4.6.4)
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270",
    7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip


def check_size(size):
    """Return a size given as 32, (H, W) or "HxW" as (H, W), or None for None."""
    expected = f'size must be a positive integer, (H, W) or "HxW" such as "32x48", got {size!r}'
    if isinstance(size, str):
        parts = size.lower().split("x")
        if not all(part.strip().isdecimal() for part in parts):
            raise ValueError(expected)
        size = [int(part) for part in parts]
        size = size * 2 if len(size) == 1 else size
    elif isinstance(size, numbers.Integral) and not isinstance(size, bool):
        size = (size, size)
    if size is None:
        return None
    if not isinstance(size, (tuple, list)) or not all(
        isinstance(side, numbers.Integral) and not isinstance(side, bool) for side in size
    ):
        raise TypeError(expected)
    if len(size) != 2 or min(size) < 1:
        raise ValueError(expected)
    if size[0] * size[1] > MAX_PIXELS:
        raise ValueError(f"size {size[0]} x {size[1]} is over {MAX_PIXELS:,} pixels")
    return int(size[0]), int(size[1])


@contextmanager
def open_picture(path):
    """Yield the Pillow image in a file, not yet decoded, and its (H, W) once upright.

    Raises:
        ValueError: naming the file, if it is not a picture or too large, or if decoding it
            within the block fails.
        OSError: if it cannot be opened.
    """
    from PIL import Image

    Image.init()
    with open(path, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata, and sizes, which are checked here
        try:
            with Image.open(file, formats=[name for name in FORMATS if name in Image.OPEN]) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise ValueError(f"{height:,} x {width:,} pixels, over {MAX_PIXELS:,}")
                turned = _orientation(image) >= 5
                yield image, (width, height) if turned else (height, width)
        except Exception as error:  # on a broken file Pillow may raise anything
            reason = (
                "not in a supported format" if type(error).__name__ == "UnidentifiedImageError" else error
            )
            reason = str(reason)[:200] or type(error).__name__
            raise ValueError(f"{path} cannot be read as a picture: {reason}") from None


def decode(image, size=None, mode=None, *, background="black", white=None):
    """Return the pixels of an opened picture, uint8 (H, W, 1) if grey, else (H, W, 3).

    Args:
        size: (H, W) to scale and centre-crop it to.
        mode: "grey", "colour", or None for what it is; three equal channels are grey.
        background: the colour behind transparent pixels, a key of BACKGROUNDS.
        white: the value of white in the file, if it is not the largest of its bit depth.
    """
    from PIL import Image, ImageOps

    turn, deep = TURNS.get(_orientation(image)), image.mode[0] in "IF"
    if size is not None:
        image.draft(None, (2 * max(size), 2 * max(size)))  # lets a JPEG be decoded at a smaller scale
    image = _over_background(_from_deep(image, white) if deep else image, background)
    if white is not None and not deep:
        image = image.point([min(255, round(255 * value / white)) for value in range(256)] * len(image.mode))
    if turn is not None:
        image = image.transpose(Image.Transpose[turn])
    image = image.convert({None: image.mode, "grey": "L", "colour": "RGB"}[mode])
    if size is not None and image.size != size[::-1]:
        image = ImageOps.fit(image, size[::-1], method=Image.Resampling.LANCZOS)
    pixels = np.asarray(image)
    if pixels.ndim == 2:
        return pixels[..., np.newaxis]
    red = pixels[..., :1]
    return red if mode is None and (pixels == red).all() else pixels


def _from_deep(image, white):
    """Return an image of 16-bit, 32-bit or float pixels as one of 8 bits."""
    from PIL import Image

    if image.mode == "F" and white is None:
        raise ValueError("its pixels are floats: give the value of white, such as white=1")
    white, values = white or 65_535, np.asarray(image)
    low, high = float(values.min()), float(values.max())
    if not 0 <= low <= high <= white:
        raise ValueError(f"pixels from {low:g} to {high:g}, outside 0 to white={white:g}")
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def _over_background(image, background):
    """Return the image in mode L or RGB, composited over the background if it is transparent."""
    from PIL import Image

    if "transparency" in image.info or image.mode in ("RGBA", "RGBa", "LA", "La", "PA"):
        if image.mode in ("La", "RGBa"):
            image = image.convert(image.mode.upper())
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, BACKGROUNDS[background])
        return Image.alpha_composite(ground, image).convert("RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _orientation(image):
    try:
        return image.getexif().get(0x0112, 1)
    except Exception:  # broken metadata; the picture itself may be fine
        return 1
