"""Images stored as bytes, and scaled to floats one batch at a time."""

import numpy as np

from .digits import check_scale


class Images(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of images that stores a byte per value and is read as float32.

    `images[index]` is a float32 array, scaled to `scale`, so training needs the floats of only
    one batch at a time: 60,000 colour pictures of 64 x 64 take 0.7 GB as bytes and 3 GB as
    floats. `numpy.asarray(images)` and arithmetic such as `images - 1` make the whole array.

    Attributes:
        pixels: (N, H, W, C), uint8 from 0 (black) to 255 (white), or float32 from 0 to 1.
        scale: the values of black and white, (-1, 1) for a generator that ends in tanh.
        labels: int64 (N,), indices into `classes`, or None.
        classes: the names of the classes, a tuple of strings, or None.
        parts: the parts that the source has, ("train",) or ("train", "evaluation").
        notes: what was assumed or skipped in loading, a tuple of sentences.
    """

    dtype = np.dtype(np.float32)
    ndim = 4

    def __init__(self, pixels, *, scale=(-1, 1), labels=None, classes=None, parts=("train",), notes=()):
        if pixels.ndim != 4 or pixels.dtype not in (np.uint8, np.float32):
            raise TypeError(
                f"pixels must be uint8 or float32 (N, H, W, C), got {pixels.dtype} {pixels.shape}"
            )
        if labels is not None and np.shape(labels) != pixels.shape[:1]:
            raise ValueError(f"labels must be ({len(pixels)},), one for each image, got {np.shape(labels)}")
        self.pixels, self.scale = pixels, check_scale(scale)
        self.labels = None if labels is None else np.asarray(labels, np.int64)
        self.classes = None if classes is None else tuple(classes)
        self.parts, self.notes = tuple(parts), tuple(notes)
        self._table = np.linspace(*self.scale, 256).astype(np.float32)  # exact at both ends

    @property
    def shape(self):
        return self.pixels.shape

    @property
    def size(self):
        return self.pixels.size

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        return self._scaled(self.pixels[index])

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("an array of Images is always a copy, as the floats are not stored")
        return self._scaled(self.pixels).astype(dtype or np.float32, copy=False)

    def __array_ufunc__(self, function, method, *inputs, **options):
        """Apply NumPy's functions and operators to the whole array."""
        if any(isinstance(x, Images) for x in options.get("out", ())):
            raise TypeError("Images cannot be changed in place: `x = x - 1` makes an array, `x -= 1` cannot")
        inputs = [np.asarray(x) if isinstance(x, Images) else x for x in inputs]
        return getattr(function, method)(*inputs, **options)

    def astype(self, dtype, *, copy=True):
        """Return the whole array in this floating-point type."""
        return np.asarray(self, dtype)

    def __repr__(self):
        count, H, W, C = self.shape
        colour = {1: "grey", 3: "colour"}.get(C, f"{C}-channel")
        return f"Images: {count:,} {colour} images of {H} x {W}, read as float32 in {self.scale}"

    def _scaled(self, pixels):
        if pixels.dtype == np.uint8:
            return self._table[pixels]
        low, high = self.scale
        scaled = pixels * np.float32(high - low)
        scaled += np.float32(low)
        return np.clip(scaled, low, high, out=scaled)  # against the last bit of rounding

    def min(self, axis=None, **options):
        """Return the smallest value, overall or along an axis, in `scale`."""
        if axis is not None:
            return np.asarray(self).min(axis, **options)
        return self._scaled(self.pixels.min()[np.newaxis])[0]

    def max(self, axis=None, **options):
        """Return the largest value, overall or along an axis, in `scale`."""
        if axis is not None:
            return np.asarray(self).max(axis, **options)
        return self._scaled(self.pixels.max()[np.newaxis])[0]

    def mean(self, axis=None, **options):
        """Return the mean, overall or along an axis, in `scale`."""
        if axis is not None:
            return np.asarray(self).mean(axis, **options)
        low, high = self.scale
        white = 255 if self.pixels.dtype == np.uint8 else 1
        return np.float32(low + (high - low) * float(self.pixels.mean(dtype=np.float64)) / white)

    def subset(self, index):
        """Return the Images selected by integers, a slice or a mask, with their labels."""
        labels = None if self.labels is None else self.labels[index]
        return self._with(self.pixels[index], labels, self.scale)

    def scaled(self, scale):
        """Return the same images, which share the pixels, in another scale."""
        return self._with(self.pixels, self.labels, scale)

    def _with(self, pixels, labels, scale):
        return Images(
            pixels, scale=scale, labels=labels, classes=self.classes, parts=self.parts, notes=self.notes
        )
