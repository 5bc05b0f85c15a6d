"""Toy data: samples follow the density, and the density is one."""

import math

import numpy as np
import pytest

from numpygan.datasets import TOYS, Points, load_points, load_toy
from numpygan.datasets.toys import Curve, Mixture

PLANE = [name for name in TOYS if load_toy(name).dim == 2]
LINE = [name for name in TOYS if load_toy(name).dim == 1]
CELLS, EDGE = 24, 3.0  # the plane from -3 to 3 in cells of 0.25


def cell_probabilities(toy, inner=5):
    """Return the probability of each cell, from the density at inner^2 points in it."""
    n = CELLS * inner
    at = (np.arange(n) + 0.5) * 2 * EDGE / n - EDGE
    grid = np.stack(np.meshgrid(at, at, indexing="ij"), axis=-1).reshape(-1, 2)
    p = toy.density(grid).reshape(CELLS, inner, CELLS, inner).mean(axis=(1, 3))
    return p * (2 * EDGE / CELLS) ** 2


@pytest.mark.parametrize("name", PLANE)
def test_samples_in_the_plane_follow_the_density(name):
    toy = load_toy(name)
    probability = cell_probabilities(toy).ravel()
    assert probability.sum() == pytest.approx(1, abs=1e-3)
    n = 20_000
    edges = np.linspace(-EDGE, EDGE, CELLS + 1)
    counts = np.histogram2d(*toy.sample(n, rng=0).T.astype(float), bins=[edges, edges])[0].ravel()
    assert counts.sum() > 0.999 * n
    big = n * probability >= 10  # chi-square needs a few samples in each cell; the rest is one cell
    expected = n * np.append(probability[big], 1 - probability[big].sum())
    observed = np.append(counts[big], n - counts[big].sum())
    chi_square, freedom = np.sum((observed - expected) ** 2 / expected), big.sum()
    assert abs(chi_square - freedom) < 4 * math.sqrt(2 * freedom)  # its mean and standard deviation


def test_the_chi_square_would_notice_a_wrong_width():
    toy, wider = load_toy("moons"), load_toy("moons")
    wider.std *= 1.1
    probability = cell_probabilities(toy).ravel()
    edges = np.linspace(-EDGE, EDGE, CELLS + 1)
    counts = np.histogram2d(*wider.sample(20_000, rng=0).T.astype(float), bins=[edges, edges])[0].ravel()
    big = 20_000 * probability >= 10
    expected = 20_000 * probability[big]
    assert np.sum((counts[big] - expected) ** 2 / expected) > big.sum() + 8 * math.sqrt(2 * big.sum())


@pytest.mark.parametrize("name", LINE)
def test_samples_on_the_line_follow_the_density(name):
    toy = load_toy(name)
    at = np.linspace(-5, 5, 10_001)
    cumulative = np.cumsum(toy.density(at[:, np.newaxis])) * (at[1] - at[0])
    assert cumulative[-1] == pytest.approx(1, abs=1e-6)
    x = np.sort(toy.sample(10_000, rng=0)[:, 0])
    gap = np.abs(np.arange(1, 10_001) / 10_000 - np.interp(x, at, cumulative)).max()
    assert gap < 1.63 / math.sqrt(10_000)  # Kolmogorov and Smirnov's limit at 1%


@pytest.mark.parametrize("name", TOYS)
def test_samples_are_float32_and_come_again_with_the_seed(name):
    toy = load_toy(name)
    x = toy.sample(50, rng=3)
    assert x.dtype == np.float32 and x.shape == (50, toy.dim)
    np.testing.assert_array_equal(x, toy.sample(50, rng=np.random.default_rng(3)))
    assert not np.array_equal(x, toy.sample(50, rng=4))
    assert 0.4 < np.sqrt(np.square(x).mean()) < 2.5, "not of a size that networks like"


def test_density_by_hand():
    one = Mixture("one", [[0.0, 0.0]], 0.5)
    np.testing.assert_allclose(one.density([[0, 0], [0.5, 0]]), [2 / math.pi, 2 / math.pi * math.exp(-0.5)])
    line = Mixture("line", [[-1.0], [1.0]], 1.0)
    assert line.density([[0.0]])[0] == pytest.approx(math.exp(-0.5) / math.sqrt(2 * math.pi))


def test_density_of_a_line_against_its_closed_form():
    """Across it a Gaussian; along it the difference of two distribution functions over the length."""
    toy, length = load_toy("line"), math.hypot(4, 2)
    x = np.array([[0.0, 0.0], [1.0, 0.6], [2.0, 1.0], [2.1, 1.0]])
    along, across = x @ [2, 1] / math.sqrt(5), x @ [-1, 2] / math.sqrt(5)
    phi = np.vectorize(lambda v: 0.5 * math.erf(v / toy.std / math.sqrt(2)))
    exact = (phi(along + length / 2) - phi(along - length / 2)) / length
    exact *= np.exp(-0.5 * (across / toy.std) ** 2) / (toy.std * math.sqrt(2 * math.pi))
    np.testing.assert_allclose(toy.density(x), exact, rtol=1e-4)


@pytest.mark.parametrize("name", ["moons", "spiral", "swiss-roll"])
def test_the_quadrature_is_fine_enough(name):
    toy = load_toy(name)
    finer = Curve(name, toy.path, toy.std, steps=8000)
    x = toy.sample(300, rng=0)
    exact = finer.density(x)
    assert np.abs(toy.density(x) - exact).max() < 1e-3 * exact.max()


def test_density_in_batches_is_the_same():
    toy, x = load_toy("ring"), load_toy("ring").sample(25, rng=0)
    np.testing.assert_array_equal(toy.density(x), toy.density(x, batch_size=7))


def test_points_are_centred_scaled_and_led_back():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 2)) * [30, 60] + [1000, -500]
    toy = Points(x)
    assert toy.x.dtype == np.float32
    np.testing.assert_allclose(toy.x.mean(axis=0), 0, atol=1e-5)
    assert np.square(toy.x).sum(axis=1).mean() == pytest.approx(2, rel=1e-5)
    np.testing.assert_allclose(toy.origin + toy.scale * toy.x, x, rtol=1e-3)
    drawn = toy.sample(500, rng=0)
    assert {tuple(row) for row in drawn} <= {tuple(row) for row in toy.x}
    assert Points([1, 2, 3]).x.shape == (3, 1)
    with pytest.raises(ValueError, match="density of your points is not known"):
        toy.density(x)


@pytest.mark.parametrize(
    "x, error, match",
    [
        (np.zeros((5, 3)), ValueError, r"\(N, 1\) or \(N, 2\).*got \(5, 3\)"),
        (np.zeros((1, 2)), ValueError, "at least 2 rows"),
        (np.zeros((5, 2)), ValueError, "all 5 are the same"),
        ([[0, np.nan], [1, 2]], ValueError, "NaN or infinite"),
        ([["a", "b"]], TypeError, "real numbers"),
    ],
)
def test_points_refused(x, error, match):
    with pytest.raises(error, match=match):
        Points(x)


def test_points_from_files(tmp_path):
    x = np.array([[0, 1], [2, 3], [4, 4.5]])
    np.save(tmp_path / "a.npy", x)
    np.savez(tmp_path / "b.npz", points=x, other=x)
    (tmp_path / "c.csv").write_text("x,y\n0,1\n2,3\n\n4,4.5\n", encoding="utf-8")
    for file in ("a.npy", "b.npz", "c.csv"):
        np.testing.assert_array_equal(load_toy(str(tmp_path / file)).x, Points(x).x)
    assert load_points(tmp_path / "a.npy").name == "the points in a.npy"


@pytest.mark.parametrize(
    "text, match",
    [
        ("1,2\n3\n", "line 2: 1 numbers, but 2"),
        ("1,2\n3,four\n", "line 2: expected numbers, got '3,four'"),
        ("", "at least 2 rows"),
        ("1,2,3\n4,5,6\n", r"got \(2, 3\)"),
        ("1,2\n1,inf\n", "NaN or infinite"),
        ("1e308,2\n-1e308,2\n1e308,2\n", "too large to measure"),
        ("1,2\n3," + 140_000 * "4" + "\n", "line 2: field larger than field limit"),
        ('1,2\n"3,4\n5,6\n', "line 3: unexpected end of data"),
    ],
)
def test_csv_refused(tmp_path, text, match):
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=match) as caught:
        load_points(tmp_path / "bad.csv")
    assert "bad.csv" in str(caught.value)


def test_unknown_toy_and_wrong_arguments():
    with pytest.raises(ValueError, match="unknown toy data 'rings': expected gaussian, peaks"):
        load_toy("rings")
    with pytest.raises(ValueError, match=r"expects x of shape \(N, 2\), got \(3,\)"):
        load_toy("ring").density([1, 2, 3])
    with pytest.raises(ValueError, match="n must be a positive integer"):
        load_toy("ring").sample(0)
    with pytest.raises(ValueError, match="std must be in"):
        Mixture("flat", [[0.0]], 0)
