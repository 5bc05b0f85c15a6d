"""Digits in other shapes, and digits damaged by degrees, to train a classifier on.

A classifier that has seen only clean digits is sure of things that it knows nothing about:
grain becomes an eight. So some of its images are damaged, each to a degree d of its own, from
0 (as it was) to 1 (no digit any more), and with probability d its label is replaced by an
eleventh, "no digit". The best answer to such labels is the probability 1 - d for the digit and
d for "no digit": the classifier learns to be as unsure as the image is unclear, and its
features reflect the amount of damage.

The same is done to other pictures, in the ways that suit any of them, for the classifier that is
trained on the spot where pictures have labels; see own_images.py.

Images are float32 (N, H, W, C) from -1 to 1; of digits, C is 1, -1 the background and 1 the ink. An
amount is one number, or an array (N, 1, 1, 1) with one for each image.
"""

import math

import numpy as np

NO_DIGIT = 10  # a label


def damage(x, labels, rng, *, ways=None, none=NO_DIGIT):
    """Return images x (N, H, W, C) in a random order, each damaged in one of the ways, and labels (N,).

    The degrees are uniform from 0 to 1, and are the probabilities with which labels become `none`.

    Args:
        ways: functions of images, degrees and a Generator that return images; WAYS if None.
    """
    ways = ways or WAYS
    order = rng.permutation(len(x))
    x, labels = x[order], labels[order]
    degree = rng.random((len(x), 1, 1, 1), dtype=np.float32)
    for way, part in zip(ways, np.array_split(np.arange(len(x)), len(ways))):
        x[part] = way(x[part], degree[part], rng)
    return x, np.where(rng.random(len(x)) < degree.ravel(), none, labels)


WAYS = (  # from images, degrees and a Generator to images
    lambda x, degree, rng: add_noise(x, 2.5 * degree, rng),
    lambda x, degree, rng: blur(x, 12 * degree),
    lambda x, degree, rng: fade(x, degree),
    lambda x, degree, rng: thicken(x, 2 * degree),
    lambda x, degree, rng: thicken(x, -2 * degree),
    lambda x, degree, rng: scatter(x, 6 * degree, rng),
    lambda x, degree, rng: x + degree / 2 * (x[::-1] - x),  # another digit shines through
    lambda x, degree, rng: shuffle_blocks(x, 1, degree, rng),
    lambda x, degree, rng: shuffle_blocks(x, 4, degree, rng),
    lambda x, degree, rng: shuffle_blocks(x, 7, degree, rng),
)

PICTURE_WAYS = (  # for pictures of any size and colour
    lambda x, degree, rng: add_noise(x, 2.5 * degree, rng),
    lambda x, degree, rng: blur(x, 0.015 * math.prod(x.shape[1:3]) * degree),
    lambda x, degree, rng: scatter(x, 0.2 * min(x.shape[1:3]) * degree, rng),
    lambda x, degree, rng: warp(x, 0.12 * min(x.shape[1:3]) * degree, rng),
    lambda x, degree, rng: x + degree / 2 * (x[::-1] - x),
    lambda x, degree, rng: shuffle_blocks(x, 1, degree, rng),
    lambda x, degree, rng: shuffle_blocks(x, max(1, min(x.shape[1:3]) // 4), degree, rng),
)


def distort(x, strength, rng):
    """Return each image turned, slanted and stretched about its centre, differently each time.

    The pixel at p (row and column, from the centre) is that of x at A p, where A is the
    identity with a uniform number of at most `strength` added to each of its four elements;
    between pixels x is interpolated linearly.
    """
    N, H, W, _ = x.shape
    A = np.eye(2) + rng.uniform(-strength, strength, (N, 2, 2))
    centre = np.array([(H - 1) / 2, (W - 1) / 2])[:, None, None]
    p = np.indices((H, W)) - centre  # (2, H, W)
    rows, columns = (np.einsum("nij,jhw->inhw", A, p) + centre[:, None]).astype(np.float32)
    return _interpolated(x, rows, columns)


def warp(x, stddev, rng):
    """Return x with its pixels moved along a smooth random field: normal, `stddev` pixels along both axes.

    Lines stay lines and edges stay sharp, but straight ones become wavy and round ones lumpy.
    """
    N, H, W, _ = x.shape
    field = blur(rng.standard_normal((N, H, W, 2), dtype=np.float32), np.float32(0.02 * H * W))
    field *= np.float32(stddev) / field.std()
    rows, columns = np.arange(H, dtype=np.float32)[:, None], np.arange(W, dtype=np.float32)
    return _interpolated(x, rows + field[..., 0], columns + field[..., 1])


def _interpolated(x, rows, columns):
    """Return x (N, H, W, C) at places between its pixels, rows and columns being (N, H, W)."""
    N, H, W, _ = x.shape
    rows, columns = np.clip(rows, 0, max(0, H - 1.001)), np.clip(columns, 0, max(0, W - 1.001))
    i, j, n = rows.astype(int), columns.astype(int), np.arange(N)[:, None, None]
    below, beside = np.minimum(i + 1, H - 1), np.minimum(j + 1, W - 1)
    down, right = rows[..., None] % 1, columns[..., None] % 1
    top = (1 - right) * x[n, i, j] + right * x[n, i, beside]
    bottom = (1 - right) * x[n, below, j] + right * x[n, below, beside]
    return (1 - down) * top + down * bottom


def add_noise(x, stddev, rng):
    """Return x with normal noise added to every pixel, kept within [-1, 1]."""
    return np.clip(x + stddev * rng.standard_normal(x.shape, dtype=np.float32), -1, 1)


def fade(x, share):
    """Return x with its ink paler by that share, from 0 to 1; the background stays black."""
    return (x + 1) * (1 - share) - 1


def blur(x, times):
    """Return x, each pixel averaged with its four neighbours `times` times, a fraction of a time in part."""
    for step in range(int(np.ceil(np.max(times, initial=0)))):
        x = x + np.clip(times - step, 0, 1) * (_with_neighbours(x).mean(axis=0) - x)
    return x


def thicken(x, pixels):
    """Return x with strokes thicker on every side by so many pixels, or thinner if `pixels` is negative."""
    for step in range(int(np.ceil(np.max(np.abs(pixels), initial=0)))):
        around = _with_neighbours(x)
        target = np.where(np.asarray(pixels) > 0, around.max(axis=0), around.min(axis=0))
        x = x + np.clip(np.abs(pixels) - step, 0, 1) * (target - x)
    return x


def scatter(x, stddev, rng):
    """Return x with every pixel taken from a random place nearby: normal, `stddev` pixels along both axes.

    The background stays clean and strokes dissolve into grain, like that of a dense generator.
    """
    N, H, W, _ = x.shape
    down, right = np.rint(stddev * rng.standard_normal((2, N, H, W, 1), dtype=np.float32)).astype(int)
    rows = np.clip(np.arange(H)[:, None] + down[..., 0], 0, H - 1)
    columns = np.clip(np.arange(W) + right[..., 0], 0, W - 1)
    return x[np.arange(N)[:, None, None], rows, columns]


def shuffle_blocks(x, side, share, rng):
    """Return x (N, H, W, C), cut into squares of that side, of which a share change places.

    What is left over at the lower and the right edge stays where it is.
    """
    N, H, W, C = x.shape
    rows, columns = H // side, W // side
    inner = slice(None), slice(rows * side), slice(columns * side)
    blocks = x[inner].reshape(N, rows, side, columns, side, C).swapaxes(2, 3)
    blocks = blocks.reshape(N, rows * columns, side, side, C)
    moved = rng.random((N, rows * columns)) < np.reshape(share, (-1, 1))
    order = np.tile(np.arange(rows * columns), (N, 1))
    for places, which in zip(order, moved):
        places[which] = rng.permutation(places[which])
    blocks = blocks[np.arange(N)[:, None], order]
    shuffled = x.copy()
    shuffled[inner] = blocks.reshape(N, rows, columns, side, side, C).swapaxes(2, 3).reshape(x[inner].shape)
    return shuffled


def _with_neighbours(x):
    """Return x, and x moved by one pixel each way with its edge repeated: (5, N, H, W, 1)."""
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    moved = wide[:, :-2, 1:-1], wide[:, 2:, 1:-1], wide[:, 1:-1, :-2], wide[:, 1:-1, 2:]
    return np.stack([x, *moved])
