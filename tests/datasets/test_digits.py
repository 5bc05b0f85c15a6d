import hashlib
from importlib import resources

import numpy as np
import pytest

from numpygan.datasets import load_digits, scale_pixels


def test_the_two_parts():
    x, labels = load_digits()
    assert x.shape == (10_000, 28, 28, 1) and x.dtype == np.float32
    assert labels.shape == (10_000,) and labels.dtype == np.int64
    assert (x.min(), x.max()) == (-1, 1)
    xe, labels_e = load_digits("evaluation", scale=(0, 1))
    assert xe.shape == (2_000, 28, 28, 1) and (xe.min(), xe.max()) == (0, 1)
    assert set(labels) == set(labels_e) == set(range(10))


def test_it_is_the_published_data():
    """First labels as published, and a digest of all the bytes that are bundled."""
    _, labels = load_digits()
    assert labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    file = resources.files("numpygan.datasets").joinpath("data", "digits.npz")
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        digest = hashlib.sha256(stored["images"].tobytes() + stored["labels"].tobytes()).hexdigest()
    assert digest == "11160ac2730cc0439be95fa04b8df8022293a8b50e572b3b8f7f171fb77655ba"


def test_zeros_are_round_and_ones_are_thin():
    x, labels = load_digits(scale=(0, 1))
    ink = [x[labels == digit].mean() for digit in range(10)]
    assert np.argmin(ink) == 1 and np.argmax(ink) == 0
    assert x[labels == 0][:, 14, 14].mean() < 0.1 < x[labels == 1][:, 14, 14].mean()  # the hole


def test_scaling_is_exact_at_both_ends_and_even_between():
    pixels = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(scale_pixels(pixels, scale=(0, 1)), np.arange(256) / 255, rtol=1e-6)
    scaled = scale_pixels(pixels)
    assert scaled[0] == -1 and scaled[255] == 1 and scaled.dtype == np.float32


def test_wrong_arguments():
    with pytest.raises(ValueError, match="part must be one of 'train', 'evaluation', got 'test'"):
        load_digits("test")
    with pytest.raises(ValueError, match="lower first"):
        load_digits(scale=(1, 0))
    with pytest.raises(TypeError, match="uint8 pixels from 0 to 255, got float64"):
        scale_pixels(np.zeros(3))
    with pytest.raises(ValueError, match="two finite numbers"):
        scale_pixels(np.zeros(3, np.uint8), scale=(0, np.nan))


@pytest.mark.parametrize("scale", [3, (0, 1, 2), "01"])
def test_a_scale_is_two_numbers(scale):
    with pytest.raises(TypeError, match="scale must be the values of black and of white"):
        scale_pixels(np.zeros(3, np.uint8), scale=scale)
