"""Strokes as pixels, by hand."""

import numpy as np
import pytest

from numpygan.interactive.paper import Paper


def test_a_dot_covers_pixels_by_their_distance():
    paper = Paper((5, 7, 1), radius=1)
    paper.stroke([(3, 2)])
    far = np.hypot(*(np.indices((5, 7)) - np.array([2, 3])[:, None, None]))
    np.testing.assert_allclose(paper.pixels[..., 0], np.clip(1.5 - far, 0, 1), atol=1e-6)


def test_a_line_is_as_wide_everywhere():
    paper = Paper((9, 20, 1), radius=1.5)
    paper.stroke([(3, 4), (16, 4)])
    inside = paper.pixels[:, 3:17, 0]
    np.testing.assert_allclose(inside, np.repeat(inside[:, :1], 14, axis=1))
    np.testing.assert_allclose(inside[:, 0], [0, 0, 0, 1, 1, 1, 0, 0, 0], atol=1e-6)
    assert paper.pixels[4, 18, 0] == 0 and 0 < paper.pixels[4, 17, 0] <= 1


def test_many_pieces_make_the_same_line_as_one():
    whole, pieces = Paper((20, 20, 3)), Paper((20, 20, 3))
    whole.stroke([(2, 3), (17, 12)], (1, 0.5, 0))
    pieces.stroke(np.linspace((2, 3), (17, 12), 40), (1, 0.5, 0))
    np.testing.assert_allclose(pieces.pixels, whole.pixels, atol=1e-5)
    assert whole.pixels[..., 1].max() == pytest.approx(0.5) and whole.pixels[..., 2].max() == 0


def test_the_thinnest_pen_draws_lines_one_pixel_wide():
    paper = Paper((9, 9, 1), radius=0.5)
    paper.stroke([(1, 4), (7, 4)])
    expected = np.zeros((9, 9))
    expected[4, 1:8] = 1
    np.testing.assert_array_equal(paper.pixels[..., 0], expected)
    paper.fill()
    paper.stroke([(1, 1), (7, 7)])
    np.testing.assert_array_equal(paper.pixels[..., 0], np.diag([0, 1, 1, 1, 1, 1, 1, 1, 0]))


def test_erasing_undoing_and_filling():
    paper = Paper((12, 12, 1))
    paper.stroke([(0, 6), (11, 6)])
    drawn = paper.pixels.copy()
    paper.stroke([(0, 6), (11, 6)], 0)
    assert paper.pixels.max() < 0.3  # the soft edges
    paper.undo()
    np.testing.assert_array_equal(paper.pixels, drawn)
    paper.fill()
    assert paper.pixels.max() == 0
    paper.undo()
    np.testing.assert_array_equal(paper.pixels, drawn)
    for _ in range(3):  # once more than there is to undo
        paper.undo()
    assert paper.pixels.max() == 0
    paper.put(drawn)
    np.testing.assert_array_equal(paper.pixels, drawn)


def test_strokes_may_leave_the_paper():
    paper = Paper((8, 8, 1))
    paper.stroke([(-5, 4), (20, 4)])
    assert np.isfinite(paper.pixels).all() and paper.pixels[4].min() == 1


def test_a_pen_without_width():
    with pytest.raises(ValueError, match=r"Paper: radius must be in \(0, inf\), got 0"):
        Paper((8, 8, 1), radius=0)
