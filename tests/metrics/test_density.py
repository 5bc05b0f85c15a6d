"""Metrics for 2-D toys, against closed forms."""

import numpy as np
import pytest

from numpygan.datasets import load_toy
from numpygan.metrics import (
    grid_histogram,
    high_quality_share,
    js_divergence,
    kl_divergence,
    mode_shares,
    modes_found,
)

RNG = np.random.default_rng
RING = 5 * np.array([[np.cos(a), np.sin(a)] for a in 2 * np.pi * np.arange(8) / 8])


def ring(which, n=4000, stddev=0.1, seed=0):
    rng = RNG(seed)
    return RING[rng.choice(which, n)] + stddev * rng.standard_normal((n, 2))


def test_a_normal_has_the_share_within_that_theory_says():
    x = ring(range(8), n=40_000)
    for within in (1, 2, 3):
        expected = 1 - np.exp(-(within**2) / 2)
        assert high_quality_share(x, RING, 0.1, within=within) == pytest.approx(expected, abs=0.01)


def test_samples_between_modes_are_of_no_quality():
    x = ring(range(8))
    x[::2] = 0
    assert high_quality_share(x, RING, 0.1) == pytest.approx(0.495, abs=0.01)


def test_modes_are_counted_but_not_for_a_stray_sample():
    found = [modes_found(ring(which), RING, 0.1) for which in (range(8), range(4), [2])]
    assert found == [8, 4, 1]
    stray = ring([2])
    stray[0] = RING[5]
    assert modes_found(stray, RING, 0.1) == 1
    assert modes_found(np.zeros((10, 2)), RING, 0.1) == 0


def test_shares_of_the_modes_by_hand():
    centres = [[0, 0], [1, 0], [0, 1]]
    x = [[0, 0], [0.29, 0], [0.31, 0], [1, 0.1], [0.5, 0.5], [5, 5], [0, 0.1], [0, 0]]
    np.testing.assert_allclose(mode_shares(x, centres, 0.1), [4 / 8, 1 / 8, 0])
    assert modes_found(x, centres, 0.1) == 2
    assert modes_found(np.repeat([[0, 0], [1, 0]], [92, 8], axis=0), centres, 0.1) == 1  # below 1/12
    assert modes_found(np.repeat([[0, 0], [1, 0]], [91, 9], axis=0), centres, 0.1) == 2


@pytest.mark.parametrize("name, modes", [("ring", 8), ("grid", 25), ("peaks", 2)])
def test_true_samples_cover_all_modes(name, modes):
    toy = load_toy(name)
    truth = toy.sample(5000, rng=0), toy.centres, toy.std
    assert modes_found(*truth) == modes == len(mode_shares(*truth))
    assert high_quality_share(*truth) > 0.98


def test_samples_of_a_toy_have_its_density():
    toy = load_toy("ring")
    edges = np.linspace(-4, 4, 41)
    middle = (edges[1:] + edges[:-1]) / 2
    cells = np.stack(np.meshgrid(middle, middle, indexing="ij"), axis=-1).reshape(-1, 2)
    truth = toy.density(cells).reshape(40, 40)
    found = grid_histogram(toy.sample(50_000, rng=1), [edges, edges])
    assert js_divergence(truth, found) < 0.03
    assert js_divergence(truth, found.T[::-1]) < 0.03  # the ring is the same, turned
    assert js_divergence(truth, np.roll(found, 6, axis=0)) > 0.3


def test_kl_and_js_by_hand():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.25, 0.25, 0.5])
    assert kl_divergence(p, q) == pytest.approx(np.log(2))
    assert kl_divergence(q, p) == np.inf
    assert kl_divergence(p, p) == 0
    m = np.array([0.375, 0.375, 0.25])
    expected = 0.5 * (np.log(0.5 / 0.375)) + 0.5 * (0.5 * np.log(0.25 / 0.375) + 0.5 * np.log(2))
    assert js_divergence(p, q) == pytest.approx(expected)
    assert js_divergence(p, q) == js_divergence(q, p) == (kl_divergence(p, m) + kl_divergence(q, m)) / 2
    assert js_divergence([1, 0], [0, 3]) == pytest.approx(np.log(2))  # never meeting; 3 is scaled to 1


def test_kl_on_a_grid_comes_to_that_of_normals_in_closed_form():
    # KL(N(0, 1) || N(m, s^2)) = log s + (1 + m^2) / (2 s^2) - 1/2
    x = np.linspace(-12, 12, 4001)
    m, s = 1.0, 2.0
    p, q = np.exp(-(x**2) / 2), np.exp(-((x - m) ** 2) / (2 * s**2))
    assert kl_divergence(p, q) == pytest.approx(np.log(s) + (1 + m**2) / (2 * s**2) - 0.5, rel=1e-6)


def test_divergences_order_all_half_and_one_mode():
    edges = [np.linspace(-6, 6, 25)] * 2
    truth = grid_histogram(ring(range(8), n=20_000, seed=1), edges)
    values = [js_divergence(truth, grid_histogram(ring(w), edges)) for w in (range(8), range(4), [2])]
    assert values[0] < 0.02 and values[0] < values[1] < values[2] < np.log(2)
    # half of the truth, exactly: JS of p and of p over half of the cells is
    expected = 0.5 * np.log(4 / 3) + 0.25 * np.log(2 / 3) + 0.25 * np.log(2)
    assert values[1] == pytest.approx(expected, abs=0.02)


def test_a_grid_counts_shares_and_leaves_out_what_lies_beyond():
    x = np.array([[0.5, 0.5], [0.6, 0.4], [1.5, 0.5], [9.0, 0.5]])
    found = grid_histogram(x, [np.array([0, 1, 2]), np.array([0, 1])])
    np.testing.assert_array_equal(found, [[0.5], [0.25]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: high_quality_share(np.zeros((3, 3)), RING, 0.1), r"samples \(N, D\) and centres \(K, D\)"),
        (lambda: modes_found(np.zeros((3, 2)), RING, 0), "must be positive"),
        (lambda: kl_divergence([1, 2], [1, 2, 3]), "equal shape"),
        (lambda: js_divergence([1, -1], [1, 2]), "non-negative"),
        (lambda: js_divergence([0, 0], [1, 2]), "not all of them 0"),
        (lambda: grid_histogram(np.zeros((3, 2)), [np.arange(3)]), "for that many axes in edges"),
    ],
)
def test_errors_say_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
