"""A walking digit: where it is in each frame, and that nothing but its place changes."""

import numpy as np
import pytest

from numpygan.datasets import load_digits, walk


def dot(T, row, column, size=21):
    images = np.zeros((T, size, size, 1), np.float32)
    images[:, row, column] = 1
    return images


def place(frame):
    """Return the mean row and column of the ink."""
    ink = frame[..., 0] / frame.sum()
    axis = np.arange(len(ink))
    return np.array([ink.sum(axis=1) @ axis, ink.sum(axis=0) @ axis])


def test_a_blob_in_the_middle_walks_a_figure_of_eight():
    far = np.square(np.indices((21, 21)) - 10).sum(axis=0)
    blob = np.exp(-far / 8)[..., np.newaxis].astype(np.float32)  # round, so that turning leaves it as it is
    frames = walk(np.repeat(blob[np.newaxis], 8, axis=0), reach=4, turn=90)
    u = 2 * np.pi * np.arange(8) / 8
    expected = 10 + np.stack([2 * np.sin(2 * u), 4 * np.sin(u)], axis=1)
    np.testing.assert_allclose([place(frame) for frame in frames], expected, atol=0.02)
    np.testing.assert_allclose(frames.sum(axis=(1, 2, 3)), blob.sum(), rtol=0.01)


def test_it_turns_anticlockwise():
    frames = walk(dot(4, 10, 15), reach=0, turn=90)  # u = 0: 90 degrees; u = pi / 2: 0; u = pi: -90
    np.testing.assert_allclose(place(frames[0]), [5, 10], atol=1e-4)  # what was right is up
    np.testing.assert_allclose(place(frames[1]), [10, 15], atol=1e-4)
    np.testing.assert_allclose(place(frames[2]), [15, 10], atol=1e-4)


def test_each_frame_shows_its_own_image():
    images = np.concatenate([dot(1, 10, 10), dot(1, 5, 10), dot(1, 15, 10)])
    np.testing.assert_array_equal(walk(images, reach=0, turn=0), images)


def test_what_leaves_the_frame_is_gone_and_black_comes_in():
    images = np.ones((4, 6, 9, 1), np.float32)
    frames = walk(images, reach=3, turn=0)
    np.testing.assert_allclose(frames[1, :, :3], 0, atol=1e-6)
    np.testing.assert_allclose(frames[1, :, 3:], 1, atol=1e-6)
    assert frames.min() >= 0 and frames.max() <= 1


def test_digits_keep_their_ink():
    digits, _ = load_digits("evaluation", scale=(0, 1))
    frames = walk(digits[:50])
    assert frames.dtype == np.float32 and frames.shape == (50, 28, 28, 1)
    np.testing.assert_allclose(
        frames.sum(axis=(1, 2, 3)), digits[:50].sum(axis=(1, 2, 3)), rtol=0.05
    )  # one leaves in part


def test_a_shift_by_half_a_pixel_is_halfway_between():
    images = np.random.default_rng(0).random((4, 8, 8, 1))
    moved = walk(images, reach=0.5, turn=0)[1]
    np.testing.assert_allclose(moved[:, 1:], (images[1, :, 1:] + images[1, :, :-1]) / 2, atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": np.zeros((2, 8, 8, 3))}, r"expected float images \(N, H, W, 1\)"),
        ({"images": np.full((2, 8, 8, 1), -1.0)}, "images from 0"),
        ({"reach": -1}, r"walk: reach must be in \[0, inf\)"),
        ({"turn": 180}, r"walk: turn must be in \[0, 180\)"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        walk(**{"images": dot(2, 4, 4), **arguments})
