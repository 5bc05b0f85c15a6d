"""Coloured shapes: seeded, varied, and of the class that they say."""

import numpy as np
import pytest

from numpygan.datasets import SHAPES, load_shapes


def test_shape_and_range():
    images, labels = load_shapes(50)
    assert images.shape == (50, 32, 32, 3) and images.dtype == np.float32 and labels.dtype == np.int64
    assert images.min() >= -1 and images.max() <= 1 and images.min() < -0.9 and images.max() > 0.9
    assert len(SHAPES) == 10 and SHAPES[:2] == ("red circle", "blue circle")


def test_seeded_and_the_first_ones_are_the_same_for_any_n():
    images, labels = load_shapes(600, rng=3)
    for n in (1, 37, 600):
        some, found = load_shapes(n, rng=3)
        np.testing.assert_array_equal(some, images[:n])
        np.testing.assert_array_equal(found, labels[:n])
    assert not np.array_equal(load_shapes(600, rng=4)[1], labels)
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(load_shapes(5, rng=rng)[0], images[:5])


def test_all_classes_are_as_frequent():
    counts = np.bincount(load_shapes(5_000, size=8)[1], minlength=10)
    assert len(counts) == 10 and counts.min() > 400 and counts.max() < 600


def test_the_scale_is_the_callers():
    images, _ = load_shapes(20, scale=(0, 1))
    np.testing.assert_allclose(2 * images - 1, load_shapes(20)[0], atol=1e-6)


def test_another_size_shows_the_same_pictures():
    small, labels = load_shapes(20, size=16)
    large, same = load_shapes(20, size=64)
    np.testing.assert_array_equal(labels, same)
    averaged = large.reshape(20, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    assert np.abs(averaged - small).mean() < 0.02


def ink(images):
    """Return where the shape is, (N, H, W): where one of the channels stands out."""
    return np.ptp(images, axis=-1) > 0.35


def test_the_colour_is_the_labels():
    images, labels = load_shapes(500, scale=(0, 1))
    where = ink(images)[..., None]
    mean = (images * where).sum(axis=(1, 2)) / where.sum(axis=(1, 2))
    np.testing.assert_array_equal((mean[:, 2] > mean[:, 0]).astype(int), labels % 2)  # more blue than red


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_the_shape_is_the_labels(turned):
    """How a shape fills the circle around its middle that reaches its farthest point."""
    images, labels = load_shapes(1_000, size=128, turned=turned, scale=(0, 1))
    where, rows = ink(images), np.arange(128)
    area = where.sum(axis=(1, 2))
    i, j = (where.sum(axis=2) @ rows / area, where.sum(axis=1) @ rows / area)
    distance = np.hypot(rows[:, None] - i[:, None, None], rows - j[:, None, None])
    reach = np.where(where, distance, 0).max(axis=(1, 2))
    filled = area / (np.pi * reach**2)
    expected = {0: 1, 1: 2 / np.pi, 2: 3**1.5 / 4 / np.pi}  # circle, square, triangle: their areas
    for kind, share in expected.items():
        np.testing.assert_allclose(filled[labels // 2 == kind], share, atol=0.06)
    # A star's and a cross's, by integration over one edge: r^2/2 sin(pi/5) times ten parts; two bars less their middle.
    np.testing.assert_allclose(filled[labels // 2 == 3], 10 * 0.42 * np.sin(np.pi / 5) / 2 / np.pi, atol=0.05)
    bars = 4 * (2 * 0.3 * 0.95 - 0.3**2) / (np.pi * (0.95**2 + 0.3**2))
    np.testing.assert_allclose(filled[labels // 2 == 4], bars, atol=0.05)


def test_upright_shapes_are_alike_but_for_place_and_size():
    images, labels = load_shapes(400, size=32)
    turned, same = load_shapes(400, size=32, turned=True)
    np.testing.assert_array_equal(labels, same)
    circles = labels // 2 == 0
    np.testing.assert_array_equal(images[circles], turned[circles])
    assert not np.array_equal(images[~circles], turned[~circles])
    for kind in (2, 3):  # a triangle and a star have a corner at the top, in the middle
        for shape in ink(images[labels // 2 == kind]):
            rows, columns = np.nonzero(shape)
            top, middle = columns[rows == rows.min()].mean(), (columns.min() + columns.max()) / 2
            assert abs(top - middle) <= 1.5
    squares = ink(images[labels // 2 == 1])
    boxes = [np.ptp(np.nonzero(each), axis=1) + 1 for each in squares]
    assert np.mean([shape.sum() / box.prod() for shape, box in zip(squares, boxes)]) > 0.9


def test_nothing_is_cut_off():
    border = np.ones((32, 32), bool)
    border[1:-1, 1:-1] = False
    assert ink(load_shapes(500, scale=(0, 1))[0])[:, border].mean() < 0.01


def test_no_two_are_the_same():
    images, _ = load_shapes(500)
    assert len(np.unique(images.reshape(500, -1), axis=0)) == 500


@pytest.mark.parametrize("arguments", [{"n": 0}, {"n": 5, "size": 7}, {"n": 5, "scale": (1, 0)}])
def test_what_cannot_be(arguments):
    with pytest.raises(ValueError):
        load_shapes(**arguments)
