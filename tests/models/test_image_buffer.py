"""The memory of past fakes."""

import numpy as np
import pytest

from numpygan.models.image_buffer import ImageBuffer

SHAPE = (2, 3, 1)


def numbered(first, count):
    """Return images whose pixels are all their own number."""
    return np.arange(first, first + count, dtype=np.float32).reshape(-1, 1, 1, 1) * np.ones(SHAPE, np.float32)


def numbers(images):
    return images[:, 0, 0, 0].astype(int).tolist()


def test_until_it_is_full_everything_is_kept_and_passed_on():
    buffer, rng = ImageBuffer(5, SHAPE), np.random.default_rng(0)
    assert buffer.images().shape == (0, *SHAPE)
    for first, count, kept in ((0, 2, 2), (2, 3, 5)):
        x = numbered(first, count)
        out = buffer.exchange(x, rng)
        assert np.array_equal(out, x) and out.dtype == np.float32
        assert numbers(buffer.images()) == list(range(kept))
    assert rng.random() == np.random.default_rng(0).random()  # no coin was tossed


def test_when_it_is_full_nothing_is_lost_and_nothing_comes_twice():
    buffer, rng = ImageBuffer(50, SHAPE), np.random.default_rng(1)
    seen = []
    for k in range(100):
        out = buffer.exchange(numbered(8 * k, 8), rng)
        seen += numbers(out)
    assert sorted(seen + numbers(buffer.images())) == sorted(
        [*range(800), *range(50)]
    )  # the first 50 stay and pass
    assert len(buffer.kept) == 50


def test_half_of_what_comes_out_is_new():
    buffer, rng = ImageBuffer(50, SHAPE), np.random.default_rng(2)
    buffer.exchange(numbered(0, 50), rng)
    new = [
        number >= 8 * k
        for k in range(10, 1000)
        for number in numbers(buffer.exchange(numbered(8 * k, 8), rng))
    ]
    # one in two passes through, and a few more are exchanged twice within a batch of eight
    assert 0.5 < np.mean(new) < 0.56


def test_it_keeps_copies():
    buffer, rng = ImageBuffer(3, SHAPE), np.random.default_rng(3)
    x = numbered(0, 3)
    out = buffer.exchange(x, rng)
    x[:], out[:] = -1, -1
    assert numbers(buffer.images()) == [0, 1, 2]
    images = buffer.images()
    twin = ImageBuffer(3, SHAPE)
    twin.fill(images)
    images[:] = -1
    assert numbers(twin.images()) == [0, 1, 2]


def test_size_0_passes_everything_on():
    buffer, x = ImageBuffer(0, SHAPE), numbered(0, 4)
    for _ in range(3):
        assert np.array_equal(buffer.exchange(x, np.random.default_rng(0)), x)
    assert buffer.images().shape == (0, *SHAPE)


@pytest.mark.parametrize("size", [-1, 2.5, None, True, "50"])
def test_sizes_that_are_none(size):
    with pytest.raises((TypeError, ValueError), match="buffer_size must be an integer of at least 0, got"):
        ImageBuffer(size, SHAPE)


def test_more_images_than_it_can_keep():
    buffer = ImageBuffer(3, SHAPE, np.float64)
    assert (
        buffer.like(numbered(0, 2)).shape == (2, *SHAPE) and buffer.like(numbered(0, 2)).dtype == np.float64
    )
    with pytest.raises(ValueError, match="it has 4 past fakes, for a buffer of 3"):
        buffer.like(numbered(0, 4))


def test_it_keeps_images_of_one_shape_and_dtype():
    buffer, rng = ImageBuffer(3, SHAPE), np.random.default_rng(4)
    assert buffer.exchange(numbered(0, 2).astype(np.float64), rng).dtype == buffer.kept[0].dtype == np.float32
    with pytest.raises(ValueError, match=r"keeps images \(N, 2, 3, 1\), got \(2, 3, 2, 1\)"):
        buffer.exchange(np.zeros((2, 3, 2, 1)), rng)
    assert numbers(buffer.images()) == [0, 1]
