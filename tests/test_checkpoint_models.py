"""Saving and loading the models that have one optimiser and arguments of their own."""

import numpy as np
import pytest

from numpygan import Conv2D, Dense, Flatten, ReLU, Reshape, RMSprop, Sequential
from numpygan.checkpoint import load, save
from numpygan.layers import GlorotUniform, HeNormal, Normal
from numpygan.losses import Bernoulli, BinaryCrossEntropy, Gaussian, MeanAbsoluteError, MeanSquaredError
from numpygan.models import VAE, Autoencoder, dense_decoder, dense_encoder, dense_trunk

SHAPE = (4, 4, 1)


def autoencoder(**options):
    return Autoencoder(dense_encoder(SHAPE, 3, 8, rng=0), rng=0, **options)


def vae(**options):
    parts = {"trunk": dense_trunk(SHAPE, 8, rng=0), "decoder": dense_decoder(SHAPE, 3, 8, rng=1)}
    return VAE(3, **parts, rng=0, **options)


def data(n=20, seed=0):
    return np.random.default_rng(seed).random((n, *SHAPE), dtype=np.float32)


def saved_and_loaded(model, path):
    model.fit(data(), epochs=3, batch_size=5, progress=False)
    save(model, path)
    twin = load(path)
    assert type(twin) is type(model)
    before, after = model.snapshot(), twin.snapshot()
    assert before.keys() == after.keys()
    for name, array in before.items():
        assert np.array_equal(array, after[name]), name
    assert np.array_equal(model.reconstruct(data()), twin.reconstruct(data()))
    return twin


@pytest.mark.parametrize("make", [autoencoder, vae])
def test_what_is_saved_is_what_is_loaded(make, tmp_path):
    twin = saved_and_loaded(make(optimizer=RMSprop(2e-3, rho=0.8)), tmp_path / "model.npz")
    assert (twin.optimizer.rho, twin.optimizer.learning_rate, twin.optimizer.t) == (0.8, 2e-3, 12)
    assert twin.optimizer.memory["s"].shape == twin.flat_params.shape


@pytest.mark.parametrize("make", [autoencoder, vae])
def test_a_loaded_model_trains_on_exactly_like_the_saved_one(make, tmp_path):
    model = make()
    twin = saved_and_loaded(model, tmp_path / "model.npz")
    for each in (model, twin):
        each.rng = np.random.default_rng(9)
        each.fit(data(), epochs=2, batch_size=5, progress=False)
    assert np.array_equal(model.flat_params, twin.flat_params)


@pytest.mark.parametrize("make", [autoencoder, vae])
def test_a_model_that_never_trained(make, tmp_path):
    model = make()
    save(model, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert np.array_equal(model.flat_params, twin.flat_params) and twin.optimizer.memory == {}


@pytest.mark.parametrize("loss", [MeanSquaredError, MeanAbsoluteError, BinaryCrossEntropy])
def test_an_autoencoder_keeps_its_loss(loss, tmp_path):
    twin = saved_and_loaded(autoencoder(loss=loss()), tmp_path / "model.npz")
    assert type(twin.loss) is loss


def test_a_vae_keeps_its_likelihood_and_beta(tmp_path):
    twin = saved_and_loaded(vae(likelihood=Gaussian(0.3), beta=2.5), tmp_path / "gaussian.npz")
    assert type(twin.likelihood) is Gaussian and (twin.likelihood.stddev, twin.beta) == (0.3, 2.5)
    assert type(saved_and_loaded(vae(), tmp_path / "bernoulli.npz").likelihood) is Bernoulli


def test_a_convolutional_autoencoder(tmp_path):
    E = Sequential([Conv2D(2, 3, 2, "same"), ReLU(), Flatten(), Dense(3)], SHAPE, rng=0)
    D = Sequential([Dense(16), Reshape(SHAPE)], (3,), rng=0)
    twin = saved_and_loaded(Autoencoder(E, D, rng=0), tmp_path / "model.npz")
    assert twin.encoder.layers[0].config() == E.layers[0].config()


def test_the_initializers_are_kept_and_one_of_your_own_does_not_prevent_saving(tmp_path):
    def ones(shape, rng, dtype):
        return np.ones(shape, dtype)

    first = Conv2D(2, 3, 2, "same", initializer=Normal(0.3))
    E = Sequential(
        [first, Flatten(), Dense(4, initializer=HeNormal()), Dense(3, initializer=ones)], SHAPE, rng=0
    )
    twin = saved_and_loaded(Autoencoder(E, rng=0), tmp_path / "model.npz")
    conv, _, he, own = (layer.__dict__.get("initializer") for layer in twin.encoder.layers)
    assert (conv.stddev, type(he), type(own)) == (0.3, HeNormal, GlorotUniform)
    assert twin.decoder.layers[-2].initializer.stddev == 0.3  # mirrored


def test_a_run_goes_on_whatever_drew_the_parameters_that_the_checkpoint_replaces(tmp_path):
    models = []
    for initializer in (HeNormal(), None):
        E = Sequential([Flatten(), Dense(3, initializer=initializer)], SHAPE, rng=0)
        models.append(Autoencoder(E, dense_decoder(SHAPE, 3, 8, rng=1), rng=0))
    path, options = tmp_path / "run.npz", {"epochs": 2, "batch_size": 5, "progress": False}
    models[0].fit(data(), checkpoint=path, **options)
    models[1].fit(data(), resume=path, **options)
    assert np.array_equal(models[0].flat_params, models[1].flat_params)


def test_a_loss_of_your_own_is_named(tmp_path):
    class Mine(MeanSquaredError):
        pass

    save(autoencoder(loss=Mine()), tmp_path / "model.npz")
    with pytest.raises(ValueError, match="uses 'Mine', which is not a known loss"):
        load(tmp_path / "model.npz")
