"""The film of a translation: what is in each frame, and the smoothing over frames."""

import io

import numpy as np
import pytest
from PIL import Image

from numpygan.interactive import average_neighbours, film_translation


def films(T=5, channels=1):
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (3, T, 8, 8, channels)).astype(np.float32)


def picture(frame):
    return np.asarray(Image.open(io.BytesIO(frame[1])).convert("RGB")).astype(int)


def test_every_frame_shows_its_images_and_says_how_far_they_are_off():
    a, fake, b = films()
    film = film_translation(a, fake, b, title="zebra")
    assert len(film.frames) == 5 and film.title == "zebra" and "flicker" in film.caption
    error = np.abs(fake[1] - b[1]).mean()
    change = np.abs((fake[2] - fake[1]) - (b[2] - b[1])).mean()
    assert film.frames[1][0] == f"frame 2 of 5: error {error:.4f}, flicker {change:.4f}"
    assert film.frames[4][0].startswith("frame 5 of 5: error ") and "flicker" not in film.frames[4][0]
    first, second = map(picture, film.frames[:2])
    left = slice(0, int(0.4 * first.shape[1]))
    for row in np.array_split(np.abs(first - second)[:, left], 3):
        assert row.mean() > 5, "a picture that does not move"


def test_without_a_truth_it_claims_none():
    a, fake, _ = films(channels=3)
    film = film_translation(a, fake, title="own")
    assert "not known" in film.caption and "error" not in film.frames[0][0]
    change = np.abs(fake[1] - fake[0]).mean()
    assert f"change of the translation {change:.4f}" in film.frames[0][0]


def test_black_and_white_are_where_the_range_says():
    still = np.full((2, 4, 4, 1), 0.5, np.float32)
    dark = picture(film_translation(still, still, title="", value_range=(0.5, 1)).frames[0])
    light = picture(film_translation(still, still, title="", value_range=(0, 0.5)).frames[0])
    middle = slice(int(0.2 * dark.shape[1]) - 5, int(0.2 * dark.shape[1]) + 5)
    height = dark.shape[0] // 4
    assert dark[height, middle].max() < 30 and light[height, middle].min() > 225


@pytest.mark.parametrize("lengths", [(3, 2, None), (3, 3, 2), (1, 1, None)])
def test_rows_of_different_lengths_are_refused(lengths):
    rows = [None if T is None else np.zeros((T, 4, 4, 1), np.float32) for T in lengths]
    with pytest.raises(ValueError, match="the same number of frames, 2 or more, got {'original': "):
        film_translation(*rows, title="")


def test_neighbours_are_averaged():
    frames = np.array([0, 4, 8, 0], np.float32).reshape(4, 1, 1, 1)
    np.testing.assert_array_equal(average_neighbours(frames, 0), frames)
    by_hand = [(2 * 0 + 4) / 3, (0 + 2 * 4 + 8) / 4, (4 + 2 * 8 + 0) / 4, (8 + 2 * 0) / 3]
    np.testing.assert_allclose(average_neighbours(frames, 1).ravel(), by_hand, rtol=1e-6)
    assert average_neighbours(frames, 9).dtype == np.float32  # more than there are
    np.testing.assert_allclose(average_neighbours(np.ones((3, 2, 2, 1)), 5), 1)
    with pytest.raises(ValueError, match="n must be an integer of at least 0"):
        average_neighbours(frames, -1)
