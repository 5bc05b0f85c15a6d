"""Convolution three ways, timed: loops, im2col, and the transposed convolution.

    python tests/benchmarks/convolution.py            all of it, half a minute
    python tests/benchmarks/convolution.py example    only the small im2col example

Prints the figures of docs/convolution.md. A time is the best of several runs.
"""

import sys
import time

import numpy as np

from numpygan.layers import Conv2D, Conv2DTranspose, col2im, conv2d_loop, conv2d_transpose_loop, im2col

N, SIZE, CHANNELS, FILTERS, KERNEL, STRIDES = 128, 14, 32, 64, 3, 2


def example():
    """Print an image of 3x3 pixels, its windows, and how often each pixel was read."""
    x = np.arange(1, 10).reshape(1, 3, 3, 1)
    cols = im2col(x, 2)
    print("x", x[0, :, :, 0], "im2col(x, 2)", cols, sep="\n")
    print("col2im(ones)", col2im(np.ones_like(cols), (3, 3, 1), 2)[0, :, :, 0], sep="\n")


def seconds(f, repeats):
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        f()
        best = min(best, time.perf_counter() - start)
    return best


def timings():
    """Print a table of times for a layer like the DCGAN's, at batch N, and its matrix product alone."""
    rng = np.random.default_rng(0)
    small, few = SIZE // STRIDES, 8  # the loops get a few images only, and are scaled up
    x = rng.standard_normal((N, SIZE, SIZE, CHANNELS), dtype=np.float32)
    y = rng.standard_normal((N, small, small, FILTERS), dtype=np.float32)
    conv = Conv2D(FILTERS, KERNEL, STRIDES, "same").build(x.shape[1:], rng=rng)
    transpose = Conv2DTranspose(CHANNELS, KERNEL, STRIDES, "same").build(y.shape[1:], rng=rng)
    W = transpose.params["W"]
    conv.params["W"][...] = W  # the same kernel, so that one is the adjoint of the other
    cols = im2col(x, KERNEL, STRIDES, "same")
    flat = W.reshape(-1, FILTERS)
    multiplications = cols.shape[0] * flat.size

    rows = {
        "loops": N / few * seconds(lambda: conv2d_loop(x[:few], W, STRIDES, "same"), 1),
        "im2col": seconds(lambda: conv.forward(x), 20),
        "its matrix product alone": seconds(lambda: cols @ flat, 20),
        "transposed, loops": N / few
        * seconds(lambda: conv2d_transpose_loop(y[:few], W, (SIZE, SIZE), STRIDES, "same"), 1),
        "transposed, col2im": seconds(lambda: transpose.forward(y), 20),
        "its matrix product alone ": seconds(lambda: y.reshape(-1, FILTERS) @ flat.T, 20),
    }  # fmt: skip
    print(f"{N} images {x.shape[1:]} -> {y.shape[1:]}, {KERNEL}x{KERNEL}, stride {STRIDES}, and back")
    print(f"{multiplications / 1e6:,.0f} million multiplications each")
    for name, t in rows.items():
        print(f"{name:26s} {1000 * t:10,.2f} ms {2 * multiplications / t / 1e9:10.3f} GFLOP/s")
    gap = abs(np.vdot(conv.forward(x), y) - np.vdot(x, transpose.forward(y)))
    print(f"<conv(x), y> - <x, convT(y)> = {gap / np.linalg.norm(x) / np.linalg.norm(y):.1e} |x| |y|")
    loop_gap = np.abs(conv2d_loop(x[:few], W, STRIDES, "same") - conv.forward(x[:few])).max()
    print(f"largest difference between loops and im2col: {loop_gap:.1e}")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["example"]):
        sys.exit(__doc__)
    example()
    if not sys.argv[1:]:
        print()
        timings()
