"""The axes of an image array: which one is images, rows, columns or channels."""

import math

import numpy as np

LAYOUTS = ("NHW", "NHWC", "NCHW")
EXPECTED = "images are expected as (N, H, W), (N, H, W, C) or (N, C, H, W) with C = 1 or 3"


def to_nhwc(images, *, size=None, layout=None, rows=False):
    """Return the array as (N, H, W, C), and what was assumed, or None.

    Args:
        size: (H, W) of the images in a flattened array, (N, H W) or (N, 3 H W).
        layout: the meaning of the axes, one of LAYOUTS, if the shape is ambiguous.
        rows: whether an array (N, D) certainly has one image per row, as in a CSV.

    Raises:
        ValueError: if this cannot be the shape of images, or is ambiguous, with the cure.
    """
    if layout not in (None, *LAYOUTS):
        raise ValueError(f"layout must be one of {', '.join(map(repr, LAYOUTS))}, got {layout!r}")
    shape = images.shape
    if 0 in shape:
        raise ValueError("which is empty")
    if images.ndim == 2:
        return _unflatten(images, size, layout, rows)
    if images.ndim not in (3, 4):
        what = "labels or a signal rather than images" if images.ndim == 1 else "too many for images"
        raise ValueError(f"which has {images.ndim} dimension{'s' * (images.ndim > 1)}: {what}")
    if layout is not None and len(layout) != images.ndim:
        raise ValueError(f"which has {images.ndim} dimensions, so layout={layout!r} does not fit")
    if images.ndim == 3:
        if layout is None:
            _refuse_other_three(shape)
        return images[..., np.newaxis], None
    return _channels_last(images, layout)


def _refuse_other_three(shape):
    a, b, c = shape
    if c == 3 and min(a, b) >= 8:
        raise ValueError(
            "which is either one colour picture, images[np.newaxis], or many pictures 3 pixels wide, "
            'layout="NHW"'
        )
    if a == b >= 8 and c > 4 * a:
        raise ValueError(
            f"which looks like {c:,} images of {a} x {a} along the last axis: np.moveaxis(images, -1, 0), or "
            f'layout="NHW" if these are {a} images of {b} x {c}'
        )


def _channels_last(images, layout):
    shape = images.shape
    first, last = shape[1] in (1, 3), shape[3] in (1, 3)
    if layout is None and first and last and not shape[1] == shape[3] == 1:
        raise ValueError(
            f'which is ambiguous: layout="NHWC" if the {shape[3]} last are channels, layout="NCHW" if the '
            f"{shape[1]} first are"
        )
    if layout == "NCHW" or (layout is None and first and not last):
        if not first:
            raise ValueError(f"which has {shape[1]} channels as NCHW{_fewer_channels(shape[1], True)}")
        return np.ascontiguousarray(np.moveaxis(images, 1, -1)), f"{shape}: taken as channels first"
    if last:
        return images, None
    if layout is None and shape[2] in (1, 3) and shape[3] > 4:
        raise ValueError("which has its images along the last axis: np.moveaxis(images, -1, 0)")
    channels_first = shape[3] not in (2, 4) and shape[1] in (2, 4)
    C = shape[1] if channels_first else shape[3]
    raise ValueError(f"which has {C} channels{_fewer_channels(C, channels_first)}")


def _fewer_channels(C, first):
    """Return how to drop the alpha channel, which is the last of 2 or 4."""
    if C not in (2, 4):
        return ""
    return f": images[{':, ' if first else '..., '}:{C - 1}] drops the alpha channel"


def _unflatten(images, size, layout, rows):
    """Return images (N, H, W, C) from rows (N, D), of the given size or square."""
    N, D = images.shape
    H, W, C = _flat_shape(D, size, rows)
    said = f"rows of {D:,} values: taken as images of {H} x {W}"
    if C == 1:
        return images.reshape(N, H, W, 1), said
    if layout == "NCHW":
        return np.ascontiguousarray(np.moveaxis(images.reshape(N, C, H, W), 1, -1)), said
    if layout == "NHWC":
        return images.reshape(N, H, W, C), said
    raise ValueError(
        f"whose rows are colour images of {H} x {W}: say whether the three values of a pixel are adjacent, "
        'layout="NHWC", or all red values come first, layout="NCHW"'
    )


def _flat_shape(D, size, rows):
    """Return (H, W, C) of images with D values in a row, or raise ValueError."""
    squares = [(math.isqrt(D // C), math.isqrt(D // C), C) for C in (1, 3)]
    asked = [(*size, C) for C in (1, 3)] if size else []
    for H, W, C in asked + squares if asked or rows else ():
        if H * W * C == D and D > 3:
            return H, W, C
    for s, _, C in squares:
        if size is None and s > 1 and s * s * C == D:
            shape = f"-1, {s}, {s}" if C == 1 else f"-1, {s}, {s}, 3"
            raise ValueError(
                f"which has 2 dimensions: size={s}, or images.reshape({shape}), if each row is an image of "
                f"{s} x {s}"
            )
    if size is not None:
        raise ValueError(f"whose rows of {D:,} values are neither {size[0]} x {size[1]} nor square")
    raise ValueError(
        "which has 2 dimensions: size=(H, W) if each row is an image of H x W, images[np.newaxis] if it is "
        "one image"
    )
