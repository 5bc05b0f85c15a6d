"""Damaging digits by degrees: small cases worked by hand, and what a degree of 0 or 1 does."""

import numpy as np
import pytest

from numpygan.datasets import load_digits
from numpygan.metrics.augmentation import (
    NO_DIGIT,
    PICTURE_WAYS,
    WAYS,
    add_noise,
    blur,
    damage,
    distort,
    fade,
    scatter,
    shuffle_blocks,
    thicken,
    warp,
)


def dot(height=5, width=5):
    """An image (1, height, width, 1) of background with one white pixel in the middle."""
    x = np.full((1, height, width, 1), -1, np.float32)
    x[0, height // 2, width // 2] = 1
    return x


CROSS = np.zeros((5, 5), bool)
CROSS[2, 1:4] = CROSS[1:4, 2] = True


def test_a_dot_thickens_to_a_cross_and_thins_to_nothing():
    thick = thicken(dot(), 1)[0, ..., 0]
    np.testing.assert_array_equal(thick, np.where(CROSS, 1, -1))
    np.testing.assert_array_equal(thicken(dot(), 0.5)[0, 2, :, 0], [-1, 0, 1, 0, -1])
    np.testing.assert_array_equal(thicken(dot(), 2)[0, 2, :, 0], np.ones(5))
    np.testing.assert_array_equal(thicken(dot(), -1), np.full((1, 5, 5, 1), -1))
    np.testing.assert_array_equal(thicken(thicken(dot(), 1), -1), dot())


def test_blur_averages_a_pixel_with_its_four_neighbours():
    once = blur(dot(), 1)[0, ..., 0]
    np.testing.assert_allclose(once, np.where(CROSS, -1 + 2 / 5, -1), rtol=1e-6)
    np.testing.assert_allclose(blur(dot(), 0.5), (dot() + blur(dot(), 1)) / 2, rtol=1e-6)
    np.testing.assert_allclose(blur(dot(), 2), blur(blur(dot(), 1), 1), rtol=1e-6)


def test_fading_leaves_the_background_black():
    np.testing.assert_allclose(fade(np.float32([-1, 0, 1]), 0.5), [-1, -0.5, 0])


def test_noise_has_its_standard_deviation_and_stays_within_range():
    x = np.zeros((20, 28, 28, 1), np.float32)
    assert add_noise(x, 0.1, np.random.default_rng(0)).std() == pytest.approx(0.1, rel=0.03)
    assert np.abs(add_noise(x, 3, np.random.default_rng(0))).max() == 1


def test_scattered_pixels_come_from_nearby():
    x = np.arange(40 * 40, dtype=np.float32).reshape(1, 40, 40, 1)
    scattered = scatter(x, 2, np.random.default_rng(0))[0, 10:30, 10:30, 0].astype(int)
    rows, columns = np.indices((20, 20)) + 10
    for moved, where in ((scattered // 40, rows), (scattered % 40, columns)):
        assert (moved - where).std() == pytest.approx(2, rel=0.15)  # 400 draws
    np.testing.assert_array_equal(scatter(x, 0, np.random.default_rng(0)), x)


def test_shuffling_moves_whole_squares():
    x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    shuffled = shuffle_blocks(x, 4, 1.0, np.random.default_rng(1))

    def squares(image):
        return [image[0, i : i + 4, j : j + 4, 0].tobytes() for i in (0, 4) for j in (0, 4)]

    assert sorted(squares(shuffled)) == sorted(squares(x)) and squares(shuffled) != squares(x)
    np.testing.assert_array_equal(shuffle_blocks(x, 4, 0.0, np.random.default_rng(1)), x)


def test_shuffled_squares_keep_their_colours_and_leave_the_rest_where_it_is():
    x = np.arange(7 * 9 * 3, dtype=np.float32).reshape(1, 7, 9, 3)
    shuffled = shuffle_blocks(x, 3, 1.0, np.random.default_rng(1))
    np.testing.assert_array_equal(shuffled[:, 6:], x[:, 6:])
    assert not np.array_equal(shuffled[:, :6], x[:, :6])
    assert sorted(map(tuple, shuffled.reshape(-1, 3))) == sorted(map(tuple, x.reshape(-1, 3)))
    assert shuffled.base is not x


def test_a_warp_moves_pixels_along_a_smooth_field():
    columns = np.tile(np.arange(40, dtype=np.float32), (4, 40, 1))[..., None]  # the value says where it was
    moved = (warp(columns, 1.5, np.random.default_rng(0)) - columns)[:, :, 8:-8]
    assert moved.std() == pytest.approx(1.5, rel=0.25)
    assert np.abs(np.diff(moved, axis=1)).mean() < 0.5 * moved.std()
    np.testing.assert_allclose(warp(columns, 0, np.random.default_rng(0)), columns, atol=0.01)


@pytest.mark.parametrize("way", range(len(PICTURE_WAYS)))
@pytest.mark.parametrize("shape", [(12, 9, 3), (1, 9, 1), (9, 1, 3)])
def test_the_ways_for_pictures_do_nothing_at_0_and_much_at_1(way, shape):
    x = np.random.default_rng(0).uniform(-1, 1, (20, *shape)).astype(np.float32)
    none, whole = (
        PICTURE_WAYS[way](x.copy(), np.full((20, 1, 1, 1), degree, np.float32), np.random.default_rng(0))
        for degree in (0, 1)
    )
    np.testing.assert_allclose(none, x, atol=0.01)
    assert whole.shape == x.shape and whole.dtype == np.float32 and np.abs(whole).max() <= 1
    assert np.abs(whole - x).mean() > 0.05 or min(shape[:2]) == 1


def test_a_tenth_of_the_pixels_moves():
    x = np.arange(28 * 28, dtype=np.float32).reshape(1, 28, 28, 1)
    assert (shuffle_blocks(x, 1, 0.1, np.random.default_rng(0)) != x).mean() == pytest.approx(0.1, abs=0.03)


def test_no_distortion_changes_nothing_and_a_little_keeps_the_centre():
    x = load_digits()[0][:5]
    # The last row and column are interpolated within the image, so that they may lose a thousandth.
    np.testing.assert_allclose(distort(x, 0, np.random.default_rng(0)), x, atol=0.01)
    odd = distort(dot(27, 27), 0.2, np.random.default_rng(0))
    assert odd.dtype == np.float32 and odd[0, 13, 13, 0] == pytest.approx(1)
    assert not np.array_equal(distort(x, 0.1, np.random.default_rng(0)), x)


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_more_damage_is_further_from_the_digit(way):
    x = load_digits()[0][:30]
    distances = []
    for degree in (0, 0.3, 1):
        damaged = WAYS[way](x, np.full((30, 1, 1, 1), degree, np.float32), np.random.default_rng(0))
        assert damaged.shape == x.shape and damaged.dtype == np.float32
        assert damaged.min() >= -1.0001 and damaged.max() <= 1.0001
        distances.append(np.abs(damaged - x).mean())
    assert distances[0] < 1e-6 < 10 * distances[0] + 0.01 < distances[1] < distances[2]


def test_labels_become_no_digit_as_often_as_the_mean_degree():
    x, labels = load_digits()
    before = x[:2000].copy()
    damaged, new = damage(x[:2000], labels[:2000], np.random.default_rng(0))
    np.testing.assert_array_equal(x[:2000], before)
    order = np.random.default_rng(0).permutation(2000)
    changed = new != labels[:2000][order]
    assert changed.mean() == pytest.approx(0.5, abs=0.04)
    assert (new[changed] == NO_DIGIT).all()
    assert damaged.dtype == np.float32 and new.min() == 0 and new.max() == NO_DIGIT


def test_fewer_images_than_ways_can_be_damaged():
    x, labels = load_digits()
    assert damage(x[:3], labels[:3], np.random.default_rng(0))[0].shape == (3, 28, 28, 1)
