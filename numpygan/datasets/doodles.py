"""Doodles and the pictures that they stand for: pairs whose right answer is known.

A doodle is a line drawing one pixel wide: the middle of a digit's strokes, or the outline of a shape.
Its picture is the same digit or shape as a glazed object on a table, lit from the upper left. Both
are made from one drawing by a fixed function:

    drawing  ->  doodle     `thin` or `outline`; the thickness of a stroke is lost
    drawing  ->  picture    `render`; the colour says which digit or shape it is

To draw the picture of a doodle, a network has to recognise the figure and to learn how light falls
on it. It can only guess how thick a digit's strokes should be.
"""

import math

import numpy as np

from ..validation import integer, one_of
from .digits import PARTS, check_scale, load_digits
from .shapes import KINDS, _distance

SIZE = 32  # height and width of doodles and pictures
SHAPES = {"train": (10_000, 3), "evaluation": (2_000, 4)}  # how many, and the seed
PIECE = 250  # images that are worked on at a time
# Colours of the digits 0 to 9, and of the shapes in KINDS: red, green and blue from 0 to 1.
GLAZES = np.array(
    [
        (0.90, 0.22, 0.21), (0.98, 0.55, 0.12), (0.96, 0.78, 0.13), (0.55, 0.76, 0.20), (0.13, 0.60, 0.34),
        (0.10, 0.67, 0.70), (0.17, 0.48, 0.86), (0.36, 0.30, 0.78), (0.66, 0.28, 0.74), (0.92, 0.36, 0.62),
    ],
    np.float32,
)  # fmt: skip
TABLE = np.array([0.93, 0.89, 0.82], np.float32)
LIGHT = np.array([-0.50, -0.62, 0.60], np.float32)  # to the right, downwards, towards the eye
AMBIENT, DIFFUSE, GLOSS, SHINE = 0.34, 0.82, 0.65, 14
HEIGHT = 5.0  # of a drawing that is thick, in pixels


def load_doodles(name="digits", part="train", *, n=None, scale=(-1, 1)):
    """Return pairs of doodles and pictures, made without any download.

    Args:
        name: "digits", the bundled digits thinned, or "shapes", outlines of five shapes.
        part: "train" (10,000 pairs) or "evaluation" (2,000 others).
        n: how many of them, the first ones; all if None.
        scale: the values of black and white, as for `load_digits`.

    Returns:
        a: doodles, float32 (N, 32, 32, 1), white lines on black.
        b: pictures, float32 (N, 32, 32, 3); b[n] is the right picture for a[n].
    """
    name = one_of("load_doodles", "name", name, ("digits", "shapes"))
    part = one_of("load_doodles", "part", part, tuple(PARTS))
    low, high = check_scale(scale)
    drawings, kinds = _digits(part) if name == "digits" else _shapes(*SHAPES[part])
    if n is not None:
        n = integer("load_doodles", "n", n)
        drawings, kinds = drawings[:n], kinds[:n]
    a = np.empty((len(drawings), SIZE, SIZE, 1), np.float32)
    b = np.empty((len(drawings), SIZE, SIZE, 3), np.float32)
    for start in range(0, len(drawings), PIECE):
        piece = slice(start, start + PIECE)
        a[piece] = (thin if name == "digits" else outline)(drawings[piece])
        b[piece] = render(drawings[piece], GLAZES[kinds[piece]])
    for images in (a, b):
        images *= high - low
        images += low
        np.clip(images, low, high, out=images)
    return a, b


def _digits(part):
    """Return the bundled digits in the middle of a larger image, (N, 32, 32, 1), and their classes."""
    digits, labels = load_digits(part, scale=(0, 1))
    return np.pad(digits, ((0, 0), (2, 2), (2, 2), (0, 0))), labels


def _shapes(n, seed):
    """Return filled shapes of random size, place and angle, (n, 32, 32, 1), and their kinds."""
    u = np.random.default_rng(seed).random((5, n, 1, 1), dtype=np.float32)
    kinds = (u[0].ravel() * len(KINDS)).astype(np.int64)
    radius = 0.24 + 0.14 * u[1]  # the image is 1 wide
    axis = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
    x = axis - (radius + (1 - 2 * radius) * u[2])
    y = axis[:, np.newaxis] - (radius + (1 - 2 * radius) * u[3])
    distance = np.empty((n, SIZE, SIZE), np.float32)
    for k, kind in enumerate(KINDS):
        of = kinds == k
        distance[of] = _distance(kind, x[of], y[of], radius[of], 2 * math.pi * u[4][of])
    return np.clip(0.5 - SIZE * distance, 0, 1)[..., np.newaxis], 2 * kinds  # every other glaze


# --- from a drawing to its doodle -------------------------------------------------


def outline(images):
    """Return the outlines of images (N, H, W, 1) from 0 to 1: ink that has ground beside it."""
    ink = np.asarray(images) > 0.5
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1), (0, 0)))
    inside = padded[:, :-2, 1:-1] & padded[:, 2:, 1:-1] & padded[:, 1:-1, :-2] & padded[:, 1:-1, 2:]
    return (ink & ~inside).astype(np.float32)


def thin(images):
    """Return the middle lines of images (N, H, W, 1) from 0 to 1, one pixel wide, as 0 and 1.

    Layer by layer, pixels are taken off the edge of the ink, in turns off its right and lower edge and
    off its left and upper one, so that a line two pixels wide does not vanish at once. `_may_go` says
    which of them keep no line together and are no line's end.

    Source: Zhang & Suen 1984, "A fast parallel algorithm for thinning digital patterns".
    """
    ink = (np.asarray(images)[..., 0] > 0.5).astype(np.uint8)
    N, H, W = ink.shape
    changing = np.arange(N)  # the images that are not thin yet
    while len(changing):
        before = now = ink[changing]
        for table in TABLES:
            padded = np.pad(now, ((0, 0), (1, 1), (1, 1)))
            code = np.zeros_like(now)  # bit k is neighbour k, clockwise from the one above
            for k, (i, j) in enumerate(((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))):
                code += padded[:, i : i + H, j : j + W] << k
            now = now & ~table[code]
        ink[changing] = now
        changing = changing[(now != before).any(axis=(1, 2))]
    return ink[..., np.newaxis].astype(np.float32)


def _may_go(above, right, below, left):
    """Return for each code of 8 neighbours, bits, whether a pixel of ink among them may go: 1 or 0, (256,).

    2 to 6 neighbours must be ink (1 is the end of a line, 7 a dent in the edge), and who walks
    around the pixel must enter ink exactly once, or two lines meet here. The arguments are the numbers of
    four neighbours: one of the first three and one of the last three must be ground.
    """
    p = np.arange(256)[:, np.newaxis] >> np.arange(8) & 1
    entries = (p > np.roll(p, 1, axis=1)).sum(axis=1)
    edge = ~(p[:, [above, right, below]].all(axis=1) | p[:, [right, below, left]].all(axis=1))
    count = p.sum(axis=1)
    return ((count >= 2) & (count <= 6) & (entries == 1) & edge).astype(np.uint8)


TABLES = _may_go(0, 2, 4, 6), _may_go(4, 6, 0, 2)


# --- from a drawing to its picture -------------------------------------------------


def render(images, glazes):
    """Return pictures (N, H, W, 3) from 0 to 1 of drawings (N, H, W, 1) from 0 to 1.

    The drawing is inflated: its height above the table is a mean of blurred copies of it. With the
    normal vector of that surface and the direction of the light, all of length one,

        diffuse = <normal, light>                       matt surfaces (Lambert 1760)
        gloss   = <normal, halfway to the eye>^SHINE    the highlight (Blinn 1977)

    Args:
        glazes: colours (N, 3) of the objects, red, green and blue from 0 to 1.
    """
    ink = np.asarray(images, np.float32)[..., 0]
    blurred = [ink]
    for times in (1, 2, 4):
        blurred.append(_blur(blurred[-1], times))
    height = HEIGHT * sum(blurred) / len(blurred)
    down, right = np.gradient(height, axis=(1, 2))
    normal = np.stack([-right, -down, np.ones_like(right)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = LIGHT / np.linalg.norm(LIGHT)
    halfway = light + np.array([0, 0, 1], np.float32)
    halfway /= np.linalg.norm(halfway)
    diffuse = np.maximum(normal @ light, 0)[..., np.newaxis]
    gloss = np.maximum(normal @ halfway, 0)[..., np.newaxis] ** SHINE
    glaze = np.asarray(glazes, np.float32)[:, np.newaxis, np.newaxis]
    clay = glaze * (AMBIENT + DIFFUSE * diffuse) + GLOSS * gloss
    cover = np.clip((ink - 0.1) / 0.5, 0, 1)[..., np.newaxis]
    return np.clip(cover * clay + (1 - cover) * _table(ink), 0, 1)


def _table(ink):
    """Return the table beneath a drawing (N, H, W): lighter towards the lamp, with a soft shadow."""
    H, W = ink.shape[1:]
    rows, columns = np.arange(H)[:, np.newaxis] / H, np.arange(W) / W
    bright = (1.06 - 0.16 * rows - 0.12 * columns).astype(np.float32)  # (H, W)
    shadow = np.zeros_like(ink)
    shadow[:, 2:, 2:] = ink[:, :-2, :-2]
    shade = bright * (1 - 0.55 * _blur(shadow, 3))
    return shade[..., np.newaxis] * TABLE


def _blur(images, times):
    """Return images (N, H, W), blurred so many times: each pixel mixed with its neighbours, 1 : 2 : 1.

    Mixing along an axis is multiplying by a matrix with 1/4, 1/2, 1/4 around its diagonal.
    """
    rows, columns = (
        np.linalg.matrix_power(np.eye(n) / 2 + np.eye(n, k=1) / 4 + np.eye(n, k=-1) / 4, times)
        for n in images.shape[1:]
    )
    return rows.astype(np.float32) @ images @ columns.astype(np.float32)
