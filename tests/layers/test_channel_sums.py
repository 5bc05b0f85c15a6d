"""Sums per channel: right, in the dtype of what is summed, and precise in float32."""

import numpy as np
import pytest

from numpygan.layers.channel_sums import channel_sum, channel_sum_of_product


@pytest.mark.parametrize("shape", [(5, 3), (5, 1), (4, 2, 3, 2), (1, 2, 3, 1)])
def test_agree_with_loops(shape):
    a, b = np.random.default_rng(0).standard_normal((2, *shape))
    total, products = np.zeros(shape[-1]), np.zeros(shape[-1])
    for index in np.ndindex(shape):
        total[index[-1]] += a[index]
        products[index[-1]] += a[index] * b[index]
    np.testing.assert_allclose(channel_sum(a), total, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(channel_sum_of_product(a, b), products, rtol=1e-13, atol=1e-14)
    a, b = a.astype(np.float32), b.astype(np.float32)
    assert channel_sum(a).dtype == channel_sum_of_product(a, b).dtype == np.float32


def test_other_memory_orders():
    a = np.random.default_rng(1).standard_normal((4, 2, 3, 5))
    np.testing.assert_allclose(channel_sum(np.asfortranarray(a)), channel_sum(a), rtol=1e-12)
    view = a.transpose(0, 2, 1, 3)[:, ::-1]
    np.testing.assert_allclose(channel_sum_of_product(view, view), (a * a).sum(axis=(0, 1, 2)), rtol=1e-12)


def test_a_hundred_thousand_float32_numbers():
    # Added up one after another these end 4e-4 away from the sum.
    a = np.random.default_rng(2).uniform(100, 100.1, (128, 28, 28, 3)).astype(np.float32)
    exact = a.sum(axis=(0, 1, 2), dtype=np.float64)
    np.testing.assert_allclose(channel_sum(a), exact, rtol=3e-6)
    np.testing.assert_allclose(channel_sum_of_product(a, np.ones_like(a)), exact, rtol=3e-6)
    one_by_one = np.cumsum(a[..., 0].ravel())[-1]
    assert abs(one_by_one / exact[0] - 1) > 1e-4
