"""Holes: where a prior is drawn from and no code is."""

import numpy as np
import pytest

from numpygan.latent import hole_share


def normal(n, seed, **more):
    return np.random.default_rng(seed).normal(size=(n, 2), **more)


def test_codes_like_the_prior_leave_one_draw_in_a_hundred():
    assert 0.003 < hole_share(normal(4000, 0), normal(2000, 1), normal(4000, 2)) < 0.025


def test_codes_of_half_a_plane_leave_half_of_it_empty():
    codes = normal(4000, 0)
    codes[:, 0] = np.abs(codes[:, 0])
    draws = normal(2000, 1)
    left = np.mean(draws[:, 0] < -0.5)
    assert left < hole_share(codes, draws, normal(4000, 2)) < 0.5


def test_codes_elsewhere_leave_nothing_else():
    assert hole_share(normal(100, 0) + 50, normal(60, 1), normal(100, 2)) == 1


def test_bad_points():
    with pytest.raises(ValueError, match="others must be as many as codes, 5, got 4"):
        hole_share(normal(5, 0), normal(6, 0), normal(4, 0))
    with pytest.raises(ValueError, match="hole_share: codes and draws: expected points"):
        hole_share(normal(5, 0)[:, :1], normal(6, 0), normal(5, 0))
