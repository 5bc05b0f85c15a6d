"""Doodles and their pictures: thinning by its definition, outlines, lighting, what is refused."""

import numpy as np
import pytest

from numpygan.datasets import load_digits, load_doodles
from numpygan.datasets.doodles import GLAZES, outline, render, thin


def thin_slowly(ink):
    """Zhang & Suen's rules, pixel by pixel, for one image (H, W) of booleans."""
    ink = np.pad(ink, 1)
    while True:
        before = ink.copy()
        for first in (True, False):
            off = []
            for i, j in zip(*np.nonzero(ink)):
                p = [bool(ink[i + di, j + dj]) for di, dj in
                     ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))]  # fmt: skip
                north, east, south, west = p[::2]
                entries = sum(not p[k] and p[(k + 1) % 8] for k in range(8))
                if first:
                    edge = not (north and east and south) and not (east and south and west)
                else:
                    edge = not (north and east and west) and not (north and south and west)
                if 2 <= sum(p) <= 6 and entries == 1 and edge:
                    off.append((i, j))
            for place in off:
                ink[place] = False
        if np.array_equal(ink, before):
            return ink[1:-1, 1:-1]


def test_thinning_against_its_definition():
    digits = load_digits("evaluation", scale=(0, 1))[0][:12]
    noise = np.random.default_rng(0).random((3, 9, 11, 1))
    for images in (digits, noise, np.ones((1, 5, 6, 1)), np.zeros((1, 5, 6, 1))):
        thinned = thin(images)
        assert thinned.dtype == np.float32 and set(np.unique(thinned)) <= {0, 1}
        for image, got in zip(images, thinned):
            assert np.array_equal(got[..., 0], thin_slowly(image[..., 0] > 0.5))


def test_a_thick_line_becomes_its_middle():
    image = np.zeros((1, 7, 12, 1))
    image[0, 2:5, 1:11] = 1
    [rows, columns] = np.nonzero(thin(image)[0, :, :, 0])
    assert set(rows) == {3} and len(columns) >= 7


def test_an_outline_is_the_ink_that_has_ground_beside_it():
    image = np.zeros((1, 6, 7, 1))
    image[0, 1:5, 1:6] = 1
    expected = image.copy()
    expected[0, 2:4, 2:5] = 0
    assert np.array_equal(outline(image), expected)
    assert outline(np.ones((1, 3, 3, 1)))[0, :, :, 0].tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_pairs_repeat_and_parts_differ(name):
    a, b = load_doodles(name, n=40)
    assert (a.shape, b.shape) == ((40, 32, 32, 1), (40, 32, 32, 3)) and a.dtype == b.dtype == np.float32
    assert set(np.unique(a)) == {-1, 1} and -1 <= b.min() < -0.5 and 0.9 < b.max() <= 1
    again = load_doodles(name, n=7, scale=(0, 1))
    np.testing.assert_allclose(2 * again[0] - 1, a[:7])
    np.testing.assert_allclose(2 * again[1] - 1, b[:7], atol=1e-6)
    other, _ = load_doodles(name, "evaluation", n=40)
    assert not np.array_equal(other, a)
    ink = (a > 0).mean(axis=(1, 2, 3))
    assert 0.01 < ink.min() and ink.max() < 0.15  # lines, and some of them in every doodle


def hue(colours):
    """Return what is left of colours (..., 3) without their light and their white."""
    without_white = colours - colours.min(axis=-1, keepdims=True)
    return without_white / np.linalg.norm(without_white, axis=-1, keepdims=True)


def test_a_digit_has_the_colour_of_its_class():
    _, b = load_doodles("digits", n=60, scale=(0, 1))
    found = []
    for picture in b:
        colourful = picture.max(axis=-1) - picture.min(axis=-1)
        glaze = picture[colourful > 0.7 * colourful.max()].mean(axis=0)
        found.append(np.argmax(hue(GLAZES) @ hue(glaze)))
    assert np.mean(np.array(found) == load_digits("train")[1][:60]) > 0.95


def test_light_comes_from_the_upper_left():
    image = np.zeros((1, 32, 32, 1), np.float32)
    image[0, 8:24, 8:24] = 1
    grey = render(image, np.array([[0.5, 0.5, 0.5]]))[0].mean(axis=-1)
    upper_left, lower_right = grey[9:12, 9:12].mean(), grey[20:23, 20:23].mean()
    assert upper_left > lower_right + 0.2
    table = render(0 * image, np.ones((1, 3)))[0].mean(axis=-1)
    assert table[0, 0] > table[-1, -1]
    shade = table - grey  # the shadow falls to the lower right
    assert shade[24:26, 12:24].mean() > 0.1 > abs(shade[:5]).max()


def test_pictures_of_one_drawing_are_pictures_of_it_alone():
    drawings = load_digits("evaluation", scale=(0, 1))[0][:6]
    together = render(drawings, GLAZES[:6])
    for k in range(6):
        np.testing.assert_allclose(render(drawings[k : k + 1], GLAZES[k : k + 1])[0], together[k], atol=1e-6)


def test_bad_arguments_are_named():
    for arguments, error in [
        ({"name": "horses"}, ValueError), ({"part": "test"}, ValueError), ({"n": 0}, ValueError),
        ({"n": 2.5}, TypeError), ({"scale": (1, 0)}, ValueError),
    ]:  # fmt: skip
        with pytest.raises(error, match=next(iter(arguments))):
            load_doodles(**arguments)
