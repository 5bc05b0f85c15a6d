"""Two domains, each in an order of its own."""

import numpy as np
import pytest

from numpygan.training import UnpairedBatches


def batches(n=10, m=7, size=3, rng=0):
    return UnpairedBatches(np.arange(n), 100 + np.arange(m), size, np.random.default_rng(rng))


def test_each_domain_is_gone_through_in_an_order_of_its_own():
    feed = batches(9, 9)
    a, b = (np.concatenate(parts) for parts in zip(*(next(feed) for _ in range(3))))
    assert sorted(a) == list(range(9)) and sorted(b) == list(range(100, 109))
    assert (a != b - 100).any()


def test_domains_of_different_sizes():
    feed = batches(10, 7, 3)
    pairs = [next(feed) for _ in range(20)]
    for part, images in zip(zip(*pairs), (np.arange(10), 100 + np.arange(7))):
        counts = [np.sum(np.concatenate(part) == image) for image in images]
        assert min(counts) >= 3


@pytest.mark.parametrize("made", [0, 1, 5])
def test_going_on_from_a_place(made):
    feed = batches()
    for _ in range(made):
        next(feed)
    order, position, state = feed.order.copy(), list(feed.position), feed.rng.bit_generator.state
    twin = batches(rng=9)
    twin.check_place(order, position)
    twin.rng = np.random.default_rng()
    twin.rng.bit_generator.state = state
    twin.order, twin.position = order, position
    for _ in range(12):
        for mine, its in zip(next(feed), next(twin)):
            assert np.array_equal(mine, its)


def test_places_that_cannot_be():
    feed = batches()
    next(feed)
    order, position = feed.order, feed.position
    wrong_order = order.copy()
    wrong_order[0] = wrong_order[1]
    for bad in (
        (order, 3), (order, [3]), (order, [3, -1]), (order, [3, 8]), (order, [3, 3, 3]), (order, None),
        (wrong_order, position), (order[:-1], position), (order[:10], position), (order.reshape(1, -1), position),
        (order.astype(float), position), (order[:0], position),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="its position .* in the data, or their order, is impossible"):
            feed.check_place(*bad)


def test_a_batch_must_fit_into_both_domains():
    with pytest.raises(ValueError, match="batch_size must be from 1 to the number of samples, 7, got 8"):
        batches(size=8)


def test_the_fingerprint_tells_other_data_apart():
    prints = {
        batches(n, m, size).fingerprint() for n, m, size in ((10, 7, 3), (10, 8, 3), (9, 7, 3), (10, 7, 2))
    }
    assert len(prints) == 4
