import numpy as np
import pytest

from numpygan import BEGAN, GAN, VAE
from numpygan.latent import IdentityPlane, NoisePlane, PrincipalPlane, UniformNoisePlane, plane_for
from numpygan.models import dense_generator

RNG = np.random.default_rng(0)


def test_two_latents_are_their_own_plane():
    points = RNG.standard_normal((5, 2)).astype(np.float32)
    plane = IdentityPlane()
    assert np.array_equal(plane.codes(points), points) and np.array_equal(plane.points(points), points)


def test_the_principal_plane_finds_the_plane_that_codes_lie_in():
    directions = np.linalg.qr(RNG.standard_normal((6, 2)))[0]  # (6, 2), orthonormal
    place = RNG.standard_normal((400, 2)) * [3, 0.5]
    z = 7 + place @ directions.T
    plane = PrincipalPlane(z)
    points = plane.points(z)
    np.testing.assert_allclose(points.std(axis=0), 1)  # they count standard deviations
    np.testing.assert_allclose(plane.codes(points), z, rtol=1e-5)  # and nothing is lost
    assert abs(np.corrcoef(points[:, 0], place[:, 0])[0, 1]) > 0.99  # the longest direction first


def test_a_code_off_the_principal_plane_falls_on_the_nearest_point():
    z = RNG.standard_normal((50, 4))
    plane = PrincipalPlane(z)
    foot = plane.codes(plane.points(z[:1]))
    steps = foot - plane.codes(RNG.uniform(-2, 2, (20, 2)))
    np.testing.assert_allclose((z[:1] - foot) @ steps.T, 0, atol=1e-5)  # at right angles to the plane


def test_principal_plane_of_codes_that_never_vary():
    assert np.isfinite(PrincipalPlane(np.ones((5, 3))).points(np.ones((2, 3)))).all()


def test_each_point_of_a_noise_plane_is_a_fair_draw():
    draws = RNG.standard_normal((4000, 3, 2))
    for point in ([0, 0], [1, -0.5], [-2, 2]):
        z = np.concatenate([NoisePlane(*abc).codes([point]) for abc in draws])  # (4000, 2)
        np.testing.assert_allclose(z.mean(axis=0), 0, atol=0.06)
        np.testing.assert_allclose(np.cov(z.T), np.eye(2), atol=0.08)


def test_a_noise_plane_passes_through_its_first_noise_and_towards_the_others():
    a, b, c = RNG.standard_normal((3, 10))
    plane = NoisePlane(a, b, c)
    np.testing.assert_allclose(plane.codes([[0, 0]])[0], a, rtol=1e-6)
    np.testing.assert_allclose(plane.codes([[1e6, 0], [0, 1e6]]), [b, c], atol=1e-4)


def test_the_plane_that_fits_a_model():
    gan, vae = GAN(rng=0), VAE(rng=0)
    assert isinstance(plane_for(gan), NoisePlane) and isinstance(plane_for(vae), IdentityPlane)
    first, again, other = (plane_for(gan, rng=seed).abc for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    codes = RNG.standard_normal((500, 2)) * [4, 1] + [10, -1]
    plane = plane_for(vae, codes)
    inside = ((plane.low < codes) & (codes < plane.high)).all(axis=1)
    assert inside.mean() > 0.97 and np.ptp(plane.high - plane.low) < 1e-9  # a square around them
    assert isinstance(plane_for(VAE(5, rng=0), RNG.standard_normal((9, 5))), PrincipalPlane)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="at least 2 latents, but the GAN has 1"):
        plane_for(GAN(dense_generator(latent_dim=1, rng=0), rng=0))
    with pytest.raises(TypeError, match="has no latent_dim: give a VAE"):
        plane_for(object())
    with pytest.raises(ValueError, match=r"at least 3 codes of at least 2 latents, got \(2, 5\)"):
        PrincipalPlane(np.zeros((2, 5)))


@pytest.mark.parametrize("shape", [(5, 3), (0, 2), (5,)])
def test_codes_that_are_not_the_models(shape):
    with pytest.raises(ValueError, match=r"codes of this VAE must be \(N, 2\), got"):
        plane_for(VAE(2, rng=0), np.zeros(shape))


def test_a_plane_of_uniform_noise_stays_in_its_range():
    model = BEGAN(image_shape=(4, 4, 1), rng=0)
    plane = plane_for(model, rng=0)
    assert isinstance(plane, UniformNoisePlane)
    codes = plane.codes(np.random.default_rng(0).uniform(-2, 2, (500, 2)))
    assert codes.dtype == np.float32
    np.testing.assert_allclose(codes.std(), 1 / np.sqrt(3), rtol=0.15)
    assert np.abs(codes).max() <= 1


def test_each_point_of_a_uniform_plane_is_a_fair_draw():
    draws = RNG.standard_normal((4000, 3, 2))
    for point in ([0, 0], [1, -0.5], [-2, 2]):
        z = np.concatenate([UniformNoisePlane(*abc, 2, 6).codes([point]) for abc in draws])  # (4000, 2)
        for at in (2.5, 4, 5.5):
            np.testing.assert_allclose((z < at).mean(axis=0), (at - 2) / 4, atol=0.03)
        assert abs(np.corrcoef(z.T)[0, 1]) < 0.06


def test_two_latents_of_uniform_noise_are_a_square():
    plane = plane_for(BEGAN(dense_generator((4, 4, 1), 2, hidden=3, rng=0), image_shape=(4, 4, 1), rng=0))
    assert isinstance(plane, IdentityPlane)
    assert plane.low.tolist() == [-1, -1] and plane.high.tolist() == [1, 1]
