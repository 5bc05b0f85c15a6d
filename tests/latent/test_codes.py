import numpy as np
import pytest

from numpygan.latent import CodeCloud, interpolate, latent_grid, nearest, principal_angles


def test_grid_is_even_by_probability():
    codes = latent_grid(5, edge=0.1)
    assert codes.shape == (25, 2) and codes.dtype == np.float32
    # quantiles 0.1, 0.3, 0.5, 0.7, 0.9 of N(0, 1), from a table
    quantiles = [-1.2816, -0.5244, 0, 0.5244, 1.2816]
    np.testing.assert_allclose(codes[:5, 0], quantiles, atol=1e-4)
    np.testing.assert_allclose(codes[::5, 1], quantiles[::-1], atol=1e-4)  # the top row first
    assert (codes[:5, 1] == codes[0, 1]).all()


def test_interpolate():
    line = interpolate(np.array([0.0, 4.0]), np.array([2.0, 0.0]), 5)
    np.testing.assert_allclose(line, [[0, 4], [0.5, 3], [1, 2], [1.5, 1], [2, 0]])


@pytest.mark.parametrize("k", [1, 7, 40])
def test_nearest_against_a_plain_sort(k):
    rng = np.random.default_rng(0)
    queries, gallery = rng.normal(size=(9, 3)), rng.normal(size=(40, 3))
    distances = np.linalg.norm(queries[:, np.newaxis] - gallery, axis=2)
    expected = np.argsort(distances, axis=1)[:, :k]
    np.testing.assert_array_equal(nearest(queries, gallery, k, batch_size=4), expected)


def test_cloud_distance_by_hand():
    z = np.array([[2.0, 0], [-2, 0], [0, 1], [0, -1]] * 10)  # variances 2 and 1/2, no covariance
    distance = CodeCloud(z).distance([[2.0, 0], [0, 1], [2, 1], [0, 0]])
    np.testing.assert_allclose(distance, [np.sqrt(2), np.sqrt(2), 2, 0], rtol=1e-5)


def test_cloud_draws_with_the_mean_and_covariance_of_the_codes():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(500, 3)) @ rng.normal(size=(3, 3)) + [1, -2, 3]
    drawn = CodeCloud(z).draw(200_000, rng=1)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.mean(axis=0), z.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(z.T), atol=0.05)


def test_cloud_of_codes_with_an_unused_latent():
    z = np.random.default_rng(0).normal(size=(50, 3))
    z[:, 1] = 7
    assert np.isfinite(CodeCloud(z).distance(z)).all()


def test_principal_angles_by_hand():
    e = np.eye(5)
    for angle in (1e-6, 0.5, 30.0, 90.0):
        turned = np.cos(np.radians(angle)) * e[:, 1] + np.sin(np.radians(angle)) * e[:, 4]
        B = np.stack([3 * e[:, 0] + turned, turned], axis=1)  # another basis of span(e_0, turned)
        np.testing.assert_allclose(principal_angles(e[:, :2], B), [0, angle], rtol=1e-6, atol=1e-12)


def test_errors():
    with pytest.raises(ValueError, match="side must be at least 2"):
        latent_grid(1)
    with pytest.raises(ValueError, match="edge must lie between"):
        latent_grid(3, edge=0.5)
    with pytest.raises(ValueError, match=r"two codes \(latent_dim,\), got \(2,\) and \(3,\)"):
        interpolate(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="steps must be at least 2"):
        interpolate(np.zeros(2), np.zeros(2), 1)
    with pytest.raises(ValueError, match="of one width"):
        nearest(np.zeros((2, 3)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"queries and gallery: expected points \(N, D\) and \(M, D\)"):
        nearest(np.zeros((0, 3)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="k must be from 1 to the size of the gallery, 4, got 5"):
        nearest(np.zeros((2, 3)), np.zeros((4, 3)), 5)
    with pytest.raises(ValueError, match="more codes than latents"):
        CodeCloud(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="k at most features"):
        principal_angles(np.zeros((2, 3)), np.zeros((2, 3)))


def test_nearest_far_from_the_origin():
    gallery = (1e4 + np.random.default_rng(0).standard_normal((50, 784))).astype(np.float32)
    np.testing.assert_array_equal(nearest(gallery[:10], gallery, 1)[:, 0], np.arange(10))


def test_nearest_of_integers_does_not_overflow():
    gallery = np.random.default_rng(0).integers(0, 256, (50, 784), dtype=np.uint8)
    np.testing.assert_array_equal(nearest(gallery[:10], gallery, 1)[:, 0], np.arange(10))


def test_nearest_refuses_nan():
    with pytest.raises(ValueError, match="must be finite, got NaN or infinite values"):
        nearest(np.array([[np.nan, 0]]), np.eye(2), 1)


def test_interpolate_between_integers():
    np.testing.assert_allclose(interpolate(np.array([0, 4]), np.array([2, 0]), 3), [[0, 4], [1, 2], [2, 0]])
