"""Images kept as they were read and scaled when a batch is asked for."""

import numpy as np

from .digits import check_scale


class Images(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of images that takes a byte a value and reads as float32.

    `images[index]` is a float32 array, scaled to `scale`, so a model that trains on it
    holds the floats of one batch at a time: 60,000 colour pictures of 64 x 64 take 0.7 GB
    as bytes and would take 3 GB as floats. `numpy.asarray(images)` makes the whole array, and
    so does arithmetic such as `images - 1`.

    Attributes:
        pixels: (N, H, W, C), uint8 from 0 (black) to 255 (white), or float32 from 0 to 1.
        scale: what black and white become, (-1, 1) for a generator that ends in tanh.
        labels: int64 (N,), each an index into `classes`, or None.
        classes: the names of the classes, a tuple of strings, or None.
        parts: what the source has besides: ("train",) or ("train", "evaluation").
        notes: what was assumed or left out in reading, a tuple of sentences.
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
            raise ValueError("an array of Images is always a copy: the floats are not kept anywhere")
        return self._scaled(self.pixels).astype(dtype or np.float32, copy=False)

    def __array_ufunc__(self, function, method, *inputs, **options):
        """Let NumPy's functions and operators work, on the whole array."""
        inputs = [np.asarray(x) if isinstance(x, Images) else x for x in inputs]
        return getattr(function, method)(*inputs, **options)

    def astype(self, dtype, *, copy=True):
        """Return the whole array of floats."""
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
        """Return the darkest value, in `scale`, or as an array's method does along an axis."""
        if axis is not None:
            return np.asarray(self).min(axis, **options)
        return self._scaled(self.pixels.min()[np.newaxis])[0]

    def max(self, axis=None, **options):
        """Return the brightest value, in `scale`, or as an array's method does along an axis."""
        if axis is not None:
            return np.asarray(self).max(axis, **options)
        return self._scaled(self.pixels.max()[np.newaxis])[0]

    def mean(self, axis=None, **options):
        """Return the mean of all values, in `scale`, or as an array's method does along an axis."""
        if axis is not None:
            return np.asarray(self).mean(axis, **options)
        low, high = self.scale
        white = 255 if self.pixels.dtype == np.uint8 else 1
        return np.float32(low + (high - low) * float(self.pixels.mean(dtype=np.float64)) / white)

    def subset(self, index):
        """Return the Images at these indices (integers, a slice or a mask), with their labels."""
        labels = None if self.labels is None else self.labels[index]
        return self._with(self.pixels[index], labels, self.scale)

    def scaled(self, scale):
        """Return the same images, sharing the pixels, read between two other values."""
        return self._with(self.pixels, self.labels, scale)

    def _with(self, pixels, labels, scale):
        return Images(
            pixels, scale=scale, labels=labels, classes=self.classes, parts=self.parts, notes=self.notes
        )
