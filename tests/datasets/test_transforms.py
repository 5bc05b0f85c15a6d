import tracemalloc

import numpy as np
import pytest

from numpygan.datasets import load_digits
from numpygan.datasets.transforms import colour_by_slant, gaussian_noise, salt_and_pepper, slant


@pytest.fixture(scope="module")
def digits():
    return load_digits("evaluation", scale=(0, 1))[0][:200]


def test_gaussian_noise_has_its_spread_and_stays_in_range():
    grey = np.full((50, 28, 28, 1), 0.5, np.float32)
    noisy = gaussian_noise(grey, 0.1, rng=0)
    assert noisy.dtype == np.float32 and noisy.min() >= 0 and noisy.max() <= 1
    assert noisy.std() == pytest.approx(0.1, rel=0.02)
    assert (grey == 0.5).all()  # the caller's array is untouched


def test_salt_and_pepper_in_equal_shares():
    grey = np.full((50, 28, 28, 1), 0.5, np.float32)
    noisy = salt_and_pepper(grey, 0.3, rng=0)
    shares = [(noisy == value).mean() for value in (0, 0.5, 1)]
    np.testing.assert_allclose(shares, [0.15, 0.7, 0.15], atol=0.01)


@pytest.mark.parametrize("lean", [-1.0, -0.5, 0.0, 0.5])
def test_slant_of_a_line(lean):
    image = np.zeros((1, 21, 41, 1))
    for row in range(21):
        column = 20 + lean * (10 - row)
        left = int(np.floor(column))
        image[0, row, left, 0] = 1 - (column - left)
        image[0, row, left + 1, 0] = column - left
    assert slant(image)[0] == pytest.approx(lean, abs=1e-9)


def test_colour_follows_the_slant_and_keeps_the_shape(digits):
    coloured = colour_by_slant(digits)
    assert coloured.shape == (200, 28, 28, 3) and coloured.dtype == np.float32
    assert coloured.min() >= 0 and coloured.max() <= 1
    assert ((coloured > 0).any(axis=-1) == (digits[..., 0] > 0)).all()
    blue_over_red = coloured[..., 2].sum(axis=(1, 2)) / coloured[..., 0].sum(axis=(1, 2)).clip(1e-9)
    order = np.argsort(slant(digits))
    assert (np.diff(blue_over_red[order]) <= 1e-3 * blue_over_red[order][:-1]).all()
    assert blue_over_red[order[0]] > 1 > blue_over_red[order[-1]]


def test_errors(digits):
    with pytest.raises(ValueError, match=r"expected float images \(N, H, W, 1\), got uint8"):
        slant(np.zeros((1, 2, 2, 1), np.uint8))
    with pytest.raises(ValueError, match="all black"):
        slant(np.zeros((1, 2, 2, 1)))
    with pytest.raises(ValueError, match="stddev must be positive"):
        gaussian_noise(digits, 0, rng=0)
    with pytest.raises(ValueError, match=r"share must be in \(0, 1\]"):
        salt_and_pepper(digits, 1.5, rng=0)


@pytest.mark.parametrize(
    "change", [lambda x: 2 * x - 1, lambda x: 255 * x, lambda x: np.where(x > 0.5, np.nan, x)]
)
@pytest.mark.parametrize("function", [slant, colour_by_slant, lambda x: gaussian_noise(x, rng=0)])
def test_pixels_beyond_black_and_white_are_refused(function, change, digits):
    with pytest.raises(ValueError, match=r"from 0 \(black\) to 1 \(white\), got pixels from"):
        function(change(digits))


def test_colouring_takes_no_memory_beyond_what_it_returns(digits):
    tracemalloc.start()
    try:
        coloured = colour_by_slant(digits)
        assert (
            tracemalloc.get_traced_memory()[1] < 1.5 * coloured.nbytes
        )  # in float64 it would be three times
    finally:
        tracemalloc.stop()
    with pytest.raises(ValueError, match="steepest must be in"):
        colour_by_slant(digits, steepest=0)
