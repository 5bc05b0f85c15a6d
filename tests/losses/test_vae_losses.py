import math

import numpy as np
import pytest

from numpygan.losses import Bernoulli, Gaussian, GaussianKL


def test_kl_of_the_standard_normal_is_zero():
    zero = np.zeros((3, 2))
    assert GaussianKL().forward(zero, zero) == 0


def test_kl_by_hand():
    # mean 1, variance 4: (1 + 4 - 1 - log 4) / 2; the second latent adds nothing
    mean, log_var = np.array([[1.0, 0.0]]), np.array([[math.log(4), 0.0]])
    assert GaussianKL().forward(mean, log_var) == pytest.approx((4 - math.log(4)) / 2, rel=1e-14)


def test_kl_against_monte_carlo():
    rng = np.random.default_rng(0)
    mean, log_var = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    std, draws = np.exp(log_var / 2), 200_000
    for n in range(4):
        z = rng.normal(mean[n], std[n], size=(draws, 3))
        log_q = -0.5 * ((z - mean[n]) / std[n]) ** 2 - np.log(std[n])
        ratios = (log_q + 0.5 * z**2).sum(axis=1)  # log q - log p; the log(2 pi) cancel
        expected = GaussianKL().per_sample(mean, log_var)[n]
        assert abs(ratios.mean() - expected) < 4 * ratios.std() / math.sqrt(draws)


def test_kl_gradients():
    rng = np.random.default_rng(0)
    mean, log_var, kl, h = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), GaussianKL(), 1e-5
    kl.forward(mean, log_var)
    gradients = kl.backward()
    for values, gradient in zip((mean, log_var), gradients):
        for index in np.ndindex(values.shape):
            step = np.zeros_like(values)
            step[index] = h
            above = kl.forward(*(v + step if v is values else v for v in (mean, log_var)))
            below = kl.forward(*(v - step if v is values else v for v in (mean, log_var)))
            assert gradient[index] == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-9)


def test_bernoulli_by_hand():
    y = np.array([[0.0, math.log(3)], [0.0, 0.0]])  # p = 1/2, 3/4; 1/2, 1/2
    x = np.array([[1.0, 0.0], [0.5, 0.0]])
    per_sample = [math.log(2) + math.log(4), 2 * math.log(2)]
    loss = Bernoulli()
    np.testing.assert_allclose(loss.per_sample(y, x), per_sample, rtol=1e-14)
    assert loss.forward(y, x) == pytest.approx(sum(per_sample) / 2, rel=1e-14)
    np.testing.assert_allclose(loss.backward(), [[-1 / 4, 3 / 8], [0, 1 / 4]], rtol=1e-14)
    np.testing.assert_allclose(loss.expectation(y), [[0.5, 0.75], [0.5, 0.5]])


def test_gaussian_integrates_to_one_and_by_hand():
    loss = Gaussian(0.5)
    grid = np.linspace(-6, 6, 10_001)[:, np.newaxis]
    density = np.exp(-loss.per_sample(np.zeros_like(grid), grid))
    assert density.sum() * (grid[1, 0] - grid[0, 0]) == pytest.approx(1, rel=1e-9)
    y, x = np.array([[1.0], [0.0], [2.0]]), np.array([[0.0], [0.0], [1.0]])
    assert loss.forward(y, x) == pytest.approx(4 / 3 + math.log(0.5 * math.sqrt(2 * math.pi)))
    np.testing.assert_allclose(loss.backward(), [[4 / 3], [0], [4 / 3]])


def test_measuring_other_samples_leaves_the_gradient_of_the_latest_forward_pass_alone():
    kl = GaussianKL()
    kl.forward(np.array([[0.5]]), np.zeros((1, 1)))
    kl.per_sample(np.array([[2.5], [2.5]]), np.ones((2, 1)))
    dmean, dlog_var = kl.backward()
    assert (dmean.tolist(), dlog_var.tolist()) == ([[0.5]], [[0.0]])


@pytest.mark.parametrize("loss", [Bernoulli(), Gaussian(0.2)])
def test_float32_stays_float32(loss):
    y = np.linspace(-1000, 1000, 12, dtype=np.float32).reshape(3, 4)
    loss.forward(y, np.full((3, 4), 0.25, np.float32))
    assert loss.backward().dtype == loss.per_sample(y, np.zeros_like(y)).dtype == np.float32
    mean = np.ones((3, 2), np.float32)
    kl = GaussianKL()
    assert kl.per_sample(mean, mean).dtype == np.float32
    kl.forward(mean, mean)
    assert {array.dtype for array in kl.backward()} == {np.dtype(np.float32)}


def test_one_number_per_sample_asks_as_much_of_its_arguments_as_their_mean():
    y, x = np.zeros((3, 4), np.float32), np.full((3, 4), 0.25)
    for loss in (Bernoulli(), Gaussian()):
        assert loss.per_sample(y, x).dtype == np.float32
        assert loss.forward(y.tolist(), x.tolist()) == pytest.approx(loss.per_sample(y, 0.25).mean())
        with pytest.raises(ValueError, match=r"prediction is \(3, 4\), so target must be too.* \(4,\)"):
            loss.per_sample(y, x[0])


def test_errors():
    with pytest.raises(ValueError, match=r"Gaussian: stddev must be in \(0, inf\), got 0"):
        Gaussian(0)
    with pytest.raises(TypeError, match="Gaussian: stddev must be a number"):
        Gaussian("wide")
    with pytest.raises(ValueError, match="target in \\[0, 1\\], got values from -1 to 0"):
        Bernoulli().per_sample(np.zeros((1, 2)), np.array([[-1.0, 0.0]]))
    with pytest.raises(ValueError, match="call forward"):
        Bernoulli().backward()
    with pytest.raises(ValueError, match="call forward"):
        GaussianKL().backward()
    with pytest.raises(ValueError, match=r"both be \(N, latent_dim\), got \(3, 2\) and \(3, 1\)"):
        GaussianKL().forward(np.zeros((3, 2)), np.zeros((3, 1)))
