"""Every parameter of an autoencoder and of a VAE against central differences."""

import numpy as np
import pytest

from numpygan import Dense, Flatten, LeakyReLU, ReLU, Reshape, Sequential, Sigmoid, Tanh
from numpygan.losses import Bernoulli, BinaryCrossEntropy, Gaussian, GaussianKL, MeanSquaredError
from numpygan.models.autoencoder import Autoencoder
from numpygan.models.vae import VAE

SHAPE = (3, 4, 1)


def largest_error(model, measure, h=1e-5):
    """Return the largest relative error of `model.flat_grads`, over all parameters.

    `measure()` runs forwards and backwards and returns the loss. Errors are relative
    to the larger of the two values, or to 1e-3 of the largest gradient.
    """
    measure()
    analytic, p = model.flat_grads.copy(), model.flat_params
    numeric = np.empty_like(p)
    for k in range(p.size):
        before = p[k]
        p[k] = before + h
        above = measure()
        p[k] = before - h
        below = measure()
        p[k] = before
        numeric[k] = (above - below) / (2 * h)
    assert np.abs(numeric).max() > 1e-3  # else there would be nothing to compare
    scale = np.maximum(np.abs(analytic), np.abs(numeric))
    return (np.abs(analytic - numeric) / np.maximum(scale, 1e-3 * scale.max())).max()


def small_vae(rng, likelihood, beta, latent_dim=3):
    trunk = Sequential(
        [Flatten(), Dense(7), ReLU(), Dense(6), Tanh()], SHAPE, rng=rng, dtype=np.float64, name="trunk"
    )
    decoder = Sequential(
        [Dense(8), LeakyReLU(0.1), Dense(12), Reshape(SHAPE)],
        (latent_dim,), rng=rng, dtype=np.float64, name="decoder",
    )  # fmt: skip
    model = VAE(latent_dim, trunk=trunk, decoder=decoder, likelihood=likelihood, beta=beta, rng=rng)
    model.flat_params += rng.normal(0, 0.2, model.flat_params.size)  # biases too
    return model


def vae_measure(seed, likelihood, beta):
    rng = np.random.default_rng(seed)
    model = small_vae(rng, likelihood, beta)
    x, epsilon = rng.random((5, *SHAPE)), rng.standard_normal((5, 3))
    return model, lambda: model.compute_gradients(x, epsilon=epsilon)["loss"]


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("likelihood", [Bernoulli(), Gaussian(0.3)], ids=["bernoulli", "gaussian"])
def test_vae(likelihood, beta):
    assert largest_error(*vae_measure(0, likelihood, beta)) <= 1e-6


def wrong_kl_backward(self):
    n = len(self._mean)
    return self._mean / n, (np.exp(self._log_var) - 1) / n  # the 2 is missing


def test_a_wrong_kl_gradient_is_caught(monkeypatch):
    monkeypatch.setattr(GaussianKL, "backward", wrong_kl_backward)
    assert largest_error(*vae_measure(0, Bernoulli(), 1.0)) > 1e-3


def test_a_forgotten_path_through_the_sampling_is_caught(monkeypatch):
    model, measure = vae_measure(0, Bernoulli(), 1.0)
    backward = model.log_var.backward
    model.log_var.backward = lambda dlog_var: 0 * backward(dlog_var)  # dh from the mean alone
    assert largest_error(model, measure) > 1e-3


@pytest.mark.parametrize("loss", [MeanSquaredError(), BinaryCrossEntropy()], ids=["mse", "bce"])
@pytest.mark.parametrize("colours", [1, 3])
def test_autoencoder(loss, colours):
    rng = np.random.default_rng(1)
    encoder = Sequential(
        [Flatten(), Dense(7), ReLU(), Dense(3)], SHAPE, rng=rng, dtype=np.float64, name="encoder"
    )
    decoder = Sequential(
        [Dense(7), Tanh(), Dense(12 * colours), Sigmoid(), Reshape((3, 4, colours))],
        (3,), rng=rng, dtype=np.float64, name="decoder",
    )  # fmt: skip
    model = Autoencoder(encoder, decoder, loss=loss)
    x, target = rng.random((4, *SHAPE)), rng.random((4, 3, 4, colours))
    assert largest_error(model, lambda: model.compute_gradients(x, target)["loss"]) <= 1e-6


def test_a_dropped_decoder_gradient_is_caught():
    rng = np.random.default_rng(1)
    encoder = Sequential([Flatten(), Dense(3)], SHAPE, rng=rng, dtype=np.float64, name="encoder")
    model = Autoencoder(encoder, rng=rng)
    x = rng.random((4, *SHAPE))
    model.decoder.backward = lambda dy: Sequential.backward(model.decoder, dy) * 2
    assert largest_error(model, lambda: model.compute_gradients(x)["loss"]) > 1e-3
