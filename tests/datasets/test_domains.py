"""Two domains: which digits they are made of, and what turns one into the other."""

import tracemalloc

import numpy as np
import pytest

from numpygan.datasets import load_digits, load_domains
from numpygan.datasets.domains import DOMAINS, stripe, thicken


@pytest.fixture(scope="module")
def digits():
    return load_digits("train", scale=(0, 1))[0]


def test_stripes_by_hand():
    y = stripe(np.ones((1, 5, 6, 1)), period=4, dark=0.5)[0, ..., 0]
    b, d = 1, 0.5
    expected = [
        [b, d, d, b, b, d],
        [b, b, d, d, b, b],
        [d, b, b, d, d, b],
        [d, d, b, b, d, d],
        [b, d, d, b, b, d],
    ]
    np.testing.assert_array_equal(y, expected)


def test_stripes_are_on_the_ink_only_and_can_be_undone(digits):
    x = digits[:50]
    y = stripe(x)
    assert y.dtype == np.float32 and y.shape == x.shape
    assert ((y > 0) == (x > 0)).all() and (y <= x).all()
    np.testing.assert_allclose(y / stripe(np.ones_like(x)), x, rtol=1e-6)
    assert 0.4 < (y[x > 0] < x[x > 0]).mean() < 0.6  # half of the ink


def test_thicken_by_hand():
    x = np.zeros((1, 4, 5, 1))
    x[0, 0, 0], x[0, 2, 3] = 0.5, 1
    expected = [[0.5, 0.5, 0, 0, 0], [0.5, 0.5, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1]]
    np.testing.assert_array_equal(thicken(x)[0, ..., 0], expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", DOMAINS)
def test_the_domains_are_made_of_different_digits(name, digits):
    a, b = load_domains(name)
    assert len(a) == len(b) == 5000 and a.dtype == b.dtype == np.float32
    np.testing.assert_allclose(a, 2 * digits[:5000] - 1, atol=1e-6)
    np.testing.assert_allclose(b, 2 * DOMAINS[name](digits[5000:]) - 1, atol=1e-6)
    made = {image.tobytes() for image in digits[:5000]}
    assert not made & {image.tobytes() for image in digits[5000:]}


@pytest.mark.parametrize("name", DOMAINS)
def test_the_evaluation_digits_are_pairs_that_no_training_saw(name, digits):
    a, b = load_domains(name, "evaluation")
    held_out, _ = load_digits("evaluation", scale=(0, 1))
    assert len(a) == len(b) == 2000
    np.testing.assert_allclose(a, 2 * held_out - 1, atol=1e-6)
    np.testing.assert_allclose((b + 1) / 2, DOMAINS[name](held_out), atol=1e-6)
    for images in (a, b):
        assert images.min() == -1 and images.max() <= 1
    assert not {image.tobytes() for image in digits} & {image.tobytes() for image in held_out}


def test_to_do_nothing_is_far_from_right():
    for name in ("zebra", "thick"):
        a, b = load_domains(name, "evaluation")
        assert np.abs(a - b).mean() > 0.1


def test_errors():
    with pytest.raises(ValueError, match="name must be one of 'zebra', 'thick', 'colour', got 'horse'"):
        load_domains("horse")
    with pytest.raises(ValueError, match="part must be one of 'train', 'evaluation', got 'test'"):
        load_domains("zebra", "test")
    for function in (stripe, thicken):
        with pytest.raises(ValueError, match=r"expected float images \(N, H, W, 1\), got uint8"):
            function(np.zeros((1, 2, 2, 1), np.uint8))


def test_thickening_takes_one_padded_copy_and_no_nine(digits):
    x = digits[:200]
    tracemalloc.start()
    try:
        thicken(x)
        assert tracemalloc.get_traced_memory()[1] < 2.5 * x.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("period", [0, -4, 2.5])
def test_periods_that_cannot_be(period, digits):
    with pytest.raises((TypeError, ValueError), match="stripe: period must be a positive integer"):
        stripe(digits[:2], period=period)
