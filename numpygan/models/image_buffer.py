"""A memory of past fakes."""

import numpy as np

from ..validation import integer


class ImageBuffer:
    """Mixes new images with older ones, so that a discriminator does not forget.

    A discriminator that sees only the newest fakes may unlearn what gave the older ones
    away; the generator goes back to those, and the two turn in circles. From here it gets
    half of its fakes out of the past. Each image that comes in

    - is kept and passed on, until `size` images are kept;
    - from then on, by the toss of a coin, is passed on without being kept, or takes the
      place of a random older one, which is passed on instead.

    Args:
        size: images to keep; 0 passes everything on as it is.
        shape: (H, W, C) of one image.
        dtype: of the images.

    Source: Shrivastava et al. 2017, section 2.3; Zhu et al. 2017, section 4, with 50 images.
    """

    def __init__(self, size, shape, dtype=np.float32):
        self.size = integer("ImageBuffer", "buffer_size", size, least=0)
        self.shape, self.dtype = tuple(shape), np.dtype(dtype)
        self.kept = []

    def exchange(self, images, rng):
        """Take images (N, *shape) in and return as many: new ones, or older ones in their place."""
        out = np.array(images, self.dtype)
        if out.shape[1:] != self.shape or out.ndim == 0:
            expected = ", ".join(["N", *map(str, self.shape)])
            raise ValueError(f"the image buffer keeps images ({expected}), got {out.shape}")
        for n in range(len(out) if self.size else 0):
            if len(self.kept) < self.size:
                self.kept.append(out[n].copy())
            elif rng.random() < 0.5:
                k = rng.integers(self.size)
                old, self.kept[k] = self.kept[k], out[n].copy()
                out[n] = old
        return out

    def images(self):
        """Return the images kept so far, (n, *shape), n from 0 to `size`."""
        return np.array(self.kept, self.dtype).reshape(-1, *self.shape)

    def fill(self, images):
        """Keep these images, which `images()` returned, instead of the present ones."""
        self.kept = list(np.array(images))

    def like(self, images):
        """Return an array that shows the shape and dtype that `images` must have, or raise ValueError."""
        if len(images) > self.size:
            raise ValueError(f"it has {len(images)} past fakes, for a buffer of {self.size}")
        return np.broadcast_to(np.zeros((), self.dtype), (len(images), *self.shape))
