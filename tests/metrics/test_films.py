"""Errors and flicker of films, by hand."""

import numpy as np
import pytest

from numpygan.metrics import flicker, frame_errors


def film(*values):
    """Return frames of one level each, (T, 2, 3, 1)."""
    return np.broadcast_to(np.array(values, np.float32)[:, None, None, None], (len(values), 2, 3, 1))


def test_errors_are_those_of_each_frame():
    np.testing.assert_allclose(frame_errors(film(0, 1, -1), film(0.5, 1, 1)), [0.5, 0, 2])


def test_flicker_is_the_change_of_the_error():
    truth = film(0, 0.5, 1, 1)
    np.testing.assert_allclose(flicker(film(0, 0.5, 1, 1), truth), 0)
    np.testing.assert_allclose(flicker(truth + 0.25, truth), 0, atol=1e-7)  # an error that stays
    np.testing.assert_allclose(flicker(film(0.1, 0.4, 1.1, 0.9), truth), 0.2, rtol=1e-5)
    np.testing.assert_allclose(flicker(film(0, 0, 0, 0), truth), [0.5, 0.5, 0])  # standing still is no cure


def test_it_is_at_most_the_sum_of_both_errors():
    rng = np.random.default_rng(0)
    frames, truth = rng.random((2, 5, 4, 4, 3))
    errors = frame_errors(frames, truth)
    assert (flicker(frames, truth) <= errors[1:] + errors[:-1]).all()


@pytest.mark.parametrize("frames", [film(1, 2), film(1, 2, 3)[..., 0], np.zeros((3, 2, 2, 1))])
def test_shapes_must_agree(frames):
    for measure in (frame_errors, flicker):
        with pytest.raises(ValueError, match=r"expected frames and truth \(T, H, W, C\) alike"):
            measure(frames, film(1, 2, 3))


def test_one_frame_does_not_flicker():
    with pytest.raises(ValueError, match="at least two frames"):
        flicker(film(1), film(1))
