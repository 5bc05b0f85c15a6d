"""im2col and col2im: the windows of an image as the rows of a matrix, and back.

A convolution takes the same weighted sum in every window of an image. If each window
is copied into a row of a matrix, all those sums are a single matrix product, and matrix
products are what a computer does fastest. With a 2x2 kernel:

    x =  1 2 3      im2col(x, 2) =  1 2 4 5    the window at the top left
         4 5 6                      2 3 5 6    one step to the right
         7 8 9                      4 5 7 8
                                    5 6 8 9

On the way back each entry of a row returns to the pixel that it was copied from. Four
windows read the 5, so it reaches the loss by four paths, and by the chain rule its
gradient is the *sum* of four: hence the += in `scatter`. Sending back ones counts the
windows that read each pixel:

    col2im(ones) =  1 2 1
                    2 4 2
                    1 2 1

In the language of matrices, im2col is y = P x with a single 1 in each row of P, and
col2im is P^T. That is what "adjoint" says: <im2col(x), y> = <x, col2im(y)>.

Source: Chellapilla, Puri & Simard 2006, section 3 ("unrolling" convolution).
"""

import math
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..validation import integer

# NumPy adds arrays with gaps by way of three buffers. At their usual 8192 numbers they do not
# fit into the fastest cache together; at 1024 they do, and the backward pass of a 3x3 convolution
# with strides of 1 takes two thirds of the time.
BUFFER = 1024


class Windows:
    """Where the windows of a convolution lie on an image of H x W pixels.

    Window (p, q) reads, at its own position (i, j), the pixel

        h = p * sh + i - top,    w = q * sw + j - left

    or a zero if that is outside the image. Along one side, with k for the kernel, s for
    the stride and H for the image, there are (eq. 2.7)

        "valid"        no zeros                                (H - k) // s + 1  windows
        an int, z      z zeros at either end                   (H + 2z - k) // s + 1
        "same"         as few zeros as are needed for          ceil(H / s)

    "same" distributes its zeros as Keras does: if their number is odd, the extra one
    goes to the bottom or to the right. All H/s windows of an even image with
    k = 3 and s = 2 thus begin on a pixel of the image.

    Args:
        image_size: (H, W).
        kernel_size, strides: a positive integer, or one for each direction.
        padding: "valid", "same" or a number of zeros.
        owner: whose arguments these are, for error messages.

    Attributes:
        size: (H', W'), the number of windows in each direction.
        taps: for each kernel position (i, j) the windows p, q that read a pixel
            there and the pixels h, w that they read, as slices of equal length.
    """

    def __init__(self, image_size, kernel_size, strides=1, padding="valid", *, owner="im2col"):
        self.image_size = tuple(image_size)
        self.kernel_size = pair(kernel_size, "kernel_size", owner)
        self.strides = pair(strides, "strides", owner)
        check_padding(padding, owner)
        sides = [
            _zeros_and_windows(*side, padding)
            for side in zip(self.image_size, self.kernel_size, self.strides)
        ]
        self.before = tuple(before for before, _ in sides)  # top, left
        self.size = tuple(count for _, count in sides)
        if min(self.size) < 1:
            raise ValueError(
                f"{owner}: a kernel of {self.kernel_size} does not fit into an image of "
                f"{self.image_size} with padding {padding!r}"
            )

    @cached_property
    def taps(self):
        rows, columns = (self._meetings(axis) for axis in (0, 1))
        return [(i, j, p, q, h, w) for i, p, h in rows for j, q, w in columns]

    @cached_property
    def turned(self):
        """The windows, on an image of H' x W' pixels, in which a pixel (h, w) meets all that read it.

        With strides of 1, window p reads pixel h at the position i = h + top - p. All windows that
        do so thus lie side by side, k of them at most, from p = h + top - (k - 1) on: they are
        window h of this second kind, with k - 1 - top zeros around them, and i runs backwards
        in it. None, if strides are larger or no one number of zeros serves all four sides.
        """
        zeros = {kernel - 1 - before for kernel, before in zip(self.kernel_size, self.before)}
        if self.strides != (1, 1) or len(zeros) > 1 or min(zeros) < 0:
            return None
        turned = Windows(self.size, self.kernel_size, 1, zeros.pop())
        return turned if turned.size == self.image_size else None

    @property
    def reads(self):
        """Pixels that all windows read together, at most: those of each that can lie on the image."""
        return math.prod(self.size) * math.prod(map(min, self.kernel_size, self.image_size))

    def _meetings(self, axis):
        """Return (i, windows, pixels) for each kernel row i that meets the image."""
        size, count = self.image_size[axis], self.size[axis]
        stride, before = self.strides[axis], self.before[axis]
        meetings = []
        for i in range(*self._rows_in_reach(axis)):
            p = max(0, -((i - before) // stride))  # the first with p * stride + i - before >= 0
            last = min(count - 1, (size - 1 + before - i) // stride)
            if p <= last:
                pixels = slice(p * stride + i - before, last * stride + i - before + 1, stride)
                meetings.append((i, slice(p, last + 1), pixels))
        return meetings

    def _rows_in_reach(self, axis):
        """Return the range of kernel rows that can meet the image; all others read only zeros."""
        before, last = self.before[axis], (self.size[axis] - 1) * self.strides[axis]
        return max(0, before - last), min(self.kernel_size[axis], before + self.image_size[axis])

    def gather(self, x, cols):
        """Copy each pixel of x (N, H, W, C) to every window that reads it, and zeros beyond the edge.

        cols is (N, H', W', kh, kw, C).
        """
        (sh, sw), (kh, kw) = self.strides, self.kernel_size
        if x.shape[-1] > 1 and sh <= kh and sw <= kw:
            # A row of a window, kw * C numbers, lies in x as in cols, so one assignment copies whole rows.
            x = self._padded(x)
            n, h, w, c = x.strides  # steps in bytes to the next image, row, pixel and channel
            shape = (len(x), *self.size, kh, kw, x.shape[-1])
            cols[...] = as_strided(x, shape, (n, sh * h, sw * w, h, w, c), writeable=False)
        else:  # for one channel this is faster; zeros between windows with gaps could fill any memory
            cols[...] = 0
            for i, j, p, q, h, w in self.taps:
                cols[:, p, q, i, j] = x[:, h, w]

    def _padded(self, x):
        """Return x with the zeros around it that windows read; x itself if they read none."""
        (N, *size, C), reach = x.shape, self._reach
        if list(reach) == size:
            return x
        (top, left), (H, W) = self.before, size
        padded = np.zeros((N, *reach, C), x.dtype)
        padded[:, top : top + H, left : left + W] = x
        return padded

    @cached_property
    def _reach(self):
        """How high and wide the image is with the zeros around it, at least as far as the last window."""
        sides = zip(self.image_size, self.before, self.size, self.kernel_size, self.strides)
        return tuple(
            max(before + size, (count - 1) * stride + kernel) for size, before, count, kernel, stride in sides
        )

    def scatter(self, cols, x):
        """Add each entry of cols to the pixel that it was copied from.

        The shapes are those of `gather`; x holds what the entries are added to.
        """
        channels = x.shape[-1]
        if 1 < channels <= 4:  # one by one: then the innermost loop runs over a row of pixels
            for c in range(channels):
                self.scatter(cols[..., c : c + 1], x[..., c : c + 1])
            return
        usual = np.setbufsize(BUFFER)
        try:
            for i, j, p, q, h, w in self.taps:
                x[:, h, w] += cols[:, p, q, i, j]
        finally:
            np.setbufsize(usual)


def im2col(x, kernel_size, strides=1, padding="valid"):
    """Return the windows of x (N, H, W, C) as the rows of a matrix.

    The result is (N*H'*W', kh*kw*C): a row for each window, image by image, from left
    to right and from top to bottom; within a row, the order is kernel rows, kernel
    columns, channels. A kernel (kh, kw, C, C_out), reshaped to (kh*kw*C, C_out), has its
    rows in the same order. See `Windows` for the arguments.
    """
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"im2col expects (N, H, W, C), got {x.shape}")
    N, H, W, C = x.shape
    windows = Windows((H, W), kernel_size, strides, padding)
    cols = np.empty((N, *windows.size, *windows.kernel_size, C), x.dtype)
    windows.gather(x, cols)
    return cols.reshape(math.prod(cols.shape[:3]), math.prod(cols.shape[3:]))


def col2im(cols, image_shape, kernel_size, strides=1, padding="valid"):
    """Add the rows of a matrix back to the images that they came from: im2col's adjoint.

    cols is (N*H'*W', kh*kw*C) as from `im2col`, image_shape is (H, W, C), the
    result (N, H, W, C) (eq. 2.11).
    """
    H, W, C = image_shape
    windows = Windows((H, W), kernel_size, strides, padding, owner="col2im")
    shape = (*windows.size, *windows.kernel_size, C)
    cols = np.asarray(cols)
    rows, width = windows.size[0] * windows.size[1], windows.kernel_size[0] * windows.kernel_size[1] * C
    if cols.ndim != 2 or cols.shape[1] != width or len(cols) % rows:
        raise ValueError(f"col2im expects (N*{rows}, {width}) for images {H, W, C}, got {cols.shape}")
    cols = cols.reshape(-1, *shape)
    x = np.zeros((len(cols), H, W, C), cols.dtype)
    windows.scatter(cols, x)
    return x


def pair(value, what, owner):
    """Return `value` as two positive ints; a single number stands for both."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{owner}: {what} must be a positive integer or two of them, got {value!r}")
    return tuple(integer(owner, what, each) for each in values)


def check_padding(padding, owner):
    """Return `padding` if it is "valid", "same" or a number of zeros, the number as an int."""
    if isinstance(padding, (int, np.integer)) and not isinstance(padding, bool) and padding >= 0:
        return int(padding)
    if padding not in ("valid", "same"):
        raise ValueError(f'{owner}: padding must be "valid", "same" or a number of zeros, got {padding!r}')
    return padding


def _zeros_and_windows(size, kernel, stride, padding):
    """Return the zeros before the first pixel and the number of windows, along one side."""
    if padding == "same":
        count = -(-size // stride)  # rounded up
        return max((count - 1) * stride + kernel - size, 0) // 2, count
    zeros = 0 if padding == "valid" else int(padding)
    return zeros, (size + 2 * zeros - kernel) // stride + 1
