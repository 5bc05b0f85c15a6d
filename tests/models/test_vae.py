import numpy as np
import pytest

from numpygan import Dense, Flatten, Sequential, Sigmoid
from numpygan.losses import Gaussian
from numpygan.models.vae import VAE, dense_decoder, dense_trunk
from numpygan.training import DivergenceError, SampleRecorder

SHAPE = (4, 4, 1)


def small(latent_dim=2, seed=0, **options):
    rng = np.random.default_rng(seed)
    trunk = dense_trunk(SHAPE, 8, rng=rng)
    decoder = dense_decoder(SHAPE, latent_dim, 8, rng=rng)
    return VAE(latent_dim, trunk=trunk, decoder=decoder, rng=rng, **options)


def data(n=40, seed=0):
    return np.random.default_rng(seed).random((n, *SHAPE), dtype=np.float32)


def test_course_architecture():
    model = VAE(rng=0)
    sizes = {name: network.count_params() for name, network in model.networks.items()}
    assert sizes == {
        "trunk": 784 * 256 + 256, "mean": 256 * 2 + 2, "log_var": 256 * 2 + 2,
        "decoder": 2 * 256 + 256 + 256 * 784 + 784,
    }  # fmt: skip
    assert model.flat_params.size == sum(sizes.values())


def test_spread_of_sampled_latents():
    # exp(log_var) in place of exp(log_var / 2) passes any gradient check, but not this
    log_var = np.array([-3.0, -1.0, 0.0, 2.0], np.float32)
    model = small(4)
    mean = np.tile(np.array([1.0, -2.0, 0.0, 5.0], np.float32), (100_000, 1))
    z = model.sample_latent(mean, np.tile(log_var, (100_000, 1)), rng=1)
    np.testing.assert_allclose(z.std(axis=0), np.exp(log_var / 2), rtol=0.01)
    np.testing.assert_allclose(z.mean(axis=0), mean[0], atol=0.03)


def test_spread_of_latents_in_training():
    model, seen = small(2), []
    model.log_var.params["dense_1.W"][:] = 0
    model.log_var.params["dense_1.b"][:] = (-2.0, 1.5)
    model.mean.params["dense_1.W"][:] = 0
    forward = model.decoder.forward
    model.decoder.forward = lambda z, training: seen.append(z) or forward(z, training)
    model.compute_gradients(data(100_000))
    np.testing.assert_allclose(seen[0].std(axis=0), np.exp([-1.0, 0.75]), rtol=0.01)


def test_epsilon_is_of_the_batch_and_of_the_dtype_of_the_networks():
    model, epsilon = small(), np.random.default_rng(0).standard_normal((40, 2))
    noise = epsilon.astype(np.float32)
    assert model.train_on_batch(data(), epsilon=epsilon) == small().train_on_batch(data(), epsilon=noise)
    before = model.snapshot()
    for wrong in (epsilon[0], epsilon[:, :1], epsilon[:1]):  # which would all broadcast
        with pytest.raises(ValueError, match=r"epsilon must be \(N, latent_dim\), here \(40, 2\), got"):
            model.train_on_batch(data(), epsilon=wrong)
    assert all(np.array_equal(array, model.snapshot()[name]) for name, array in before.items())


def test_the_loss_is_the_sum_of_its_terms():
    model = small(beta=3.0)
    epsilon = np.zeros((40, 2), np.float32)
    measured = model.train_on_batch(data(), epsilon=epsilon)
    assert measured["loss"] == measured["reconstruction"] + 3 * measured["kl"]
    untrained = np.log(2) * 16  # the logits start near 0
    assert measured["reconstruction"] == pytest.approx(untrained, rel=0.2)


def test_elbo_and_its_importance_weighted_bound():
    model, x = small(seed=3), data(30)
    model.fit(x, epochs=30, batch_size=10, progress=False)
    one, many = model.elbo(x, 1, rng=0), model.elbo(x, 300, rng=0)
    assert {key: value.shape for key, value in many.items()} == dict.fromkeys(
        ["reconstruction", "kl", "elbo", "importance_weighted"], (30,)
    )
    np.testing.assert_allclose(many["elbo"], -many["reconstruction"] - many["kl"])
    assert one["importance_weighted"].mean() < many["importance_weighted"].mean()
    assert (many["importance_weighted"] > many["elbo"] - 0.05).all()


def test_importance_weights_against_a_known_likelihood():
    # a linear decoder in one dimension: x = a z + noise, so p(x) = N(0, a^2 + stddev^2)
    trunk = Sequential([Dense(3)], (1,), rng=0, dtype=np.float64, name="trunk")
    decoder = Sequential([Dense(1)], (1,), rng=0, dtype=np.float64, name="decoder")
    model = VAE(1, trunk=trunk, decoder=decoder, likelihood=Gaussian(0.8), rng=0)
    decoder.params["dense_1.W"][:] = 0.6
    model.mean.params["dense_1.W"][:] = model.log_var.params["dense_1.W"][:] = (
        0  # q = N(0, 1), far from p(z|x)
    )
    x = np.array([[-1.0], [0.0], [2.0]])
    expected = -0.5 * x[:, 0] ** 2 - 0.5 * np.log(2 * np.pi)  # 0.6^2 + 0.8^2 = 1
    bounds = model.elbo(x, 20_000, rng=0)
    np.testing.assert_allclose(bounds["importance_weighted"], expected, atol=0.03)
    assert (bounds["elbo"] < expected).all()


def test_learns_reports_and_repeats():
    runs = []
    for _ in range(2):
        model = small()
        model.fit(data(), epochs=20, batch_size=7, validation_data=data(10, 1), progress=False)
        runs.append(model)
    first, second = runs
    assert len(first.history) == 20 * 6  # ceil(40 / 7) batches per epoch
    assert len(first.epoch_history) == 20
    assert list(first.epoch_history.columns) == [
        "loss", "reconstruction", "kl", "val_loss", "val_reconstruction", "val_kl"
    ]  # fmt: skip
    assert first.epoch_history["val_loss"][-1] < first.epoch_history["val_loss"][0]
    np.testing.assert_array_equal(first.flat_params, second.flat_params)
    np.testing.assert_array_equal(first.generate(3, rng=5), second.generate(3, rng=5))


def test_evaluating_changes_nothing():
    model, watched = small(), small()
    for epoch in range(3):
        model.fit(data(), epochs=1, batch_size=10, progress=False)
        watched.fit(data(), epochs=1, batch_size=10, progress=False)
        assert watched.evaluate(data()) == watched.evaluate(data())
    np.testing.assert_array_equal(model.flat_params, watched.flat_params)


def test_shapes_and_ranges():
    model, x = small(3), data(5)
    mean, log_var = model.encode_distribution(x)
    assert mean.shape == log_var.shape == model.sample_latent(mean, log_var).shape == (5, 3)
    for images in (model.decode(mean), model.reconstruct(x), model.generate(5)):
        assert images.shape == (5, *SHAPE) and images.dtype == np.float32
        assert images.min() >= 0 and images.max() <= 1


def test_snapshot_and_restore():
    model, x = small(), data()
    model.fit(x, epochs=2, batch_size=10, progress=False)
    saved, before = model.snapshot(), model.encode(x)
    model.fit(x, epochs=2, batch_size=10, progress=False)
    assert not np.array_equal(model.encode(x), before[0])
    model.restore(saved)
    np.testing.assert_array_equal(model.encode(x), before)


def test_sample_recorder():
    model, recorder = small(), SampleRecorder(4, n=3)
    model.fit(data(), epochs=2, batch_size=10, callbacks=[recorder], progress=False)
    assert [iteration for iteration, _ in recorder.frames] == [0, 4, 8]
    assert recorder.frames[0][1].shape == (3, *SHAPE)


def test_divergence_names_the_layer_and_keeps_a_working_model():
    model = small()
    model.optimizer.learning_rate = 1e25
    with pytest.raises(DivergenceError, match="Dense 'dense_1' in the"):
        model.fit(data(), epochs=100, batch_size=10, progress=False)
    assert np.isfinite(model.flat_params).all()


def test_overflowing_log_var_is_named():
    model = small()
    model.log_var.params["dense_1.b"][:] = 1000
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(DivergenceError, match="in the log_var"):
        model.train_on_batch(data())


def test_errors_when_built():
    for wrong in (0, -1, 2.5, "two"):
        with pytest.raises((ValueError, TypeError), match="latent_dim must be a positive integer"):
            VAE(wrong)
    with pytest.raises(ValueError, match=r"latent_dim is 3, the decoder expects codes \(2,\)"):
        VAE(3, trunk=dense_trunk(SHAPE), decoder=dense_decoder(SHAPE, 2))
    with pytest.raises(ValueError, match=r"decoder returns \(5, 4, 1\), but the data is \(4, 4, 1\)"):
        VAE(2, trunk=dense_trunk(SHAPE), decoder=dense_decoder((5, 4, 1), 2))
    with pytest.raises(ValueError, match="keeps it in .* leave that layer out"):
        VAE(2, trunk=dense_trunk((3,)), decoder=Sequential([Dense(3), Sigmoid()], (2,)))
    with pytest.raises(ValueError, match="trunk must return features"):
        VAE(2, trunk=Sequential([Sigmoid()], SHAPE))
    with pytest.raises(ValueError, match=r"VAE: beta must be in \[0, inf\), got -1"):
        small(beta=-1)
    with pytest.raises(TypeError, match="VAE: beta must be a number in .*, got 'one'"):
        small(beta="one")
    trunk = Sequential([Flatten(), Dense(3)], SHAPE, dtype=np.float64)
    with pytest.raises(ValueError, match="one dtype, got"):
        VAE(2, trunk=trunk, decoder=dense_decoder(SHAPE, 2))


@pytest.mark.parametrize(
    "x, message",
    [
        (np.zeros((0, *SHAPE), np.float32), "x is empty"),
        (np.zeros((5, 16), np.float32), r"x must have shape \(N, 4, 4, 1\), got \(5, 16\)"),
        (np.full((5, *SHAPE), -1.0), "pixels from -1 to -1, but the decoder draws from 0 to 1"),
        (np.full((5, *SHAPE), np.nan), "NaN"),
    ],
)
def test_errors_in_data(x, message):
    model = small()
    before = model.flat_params.copy()
    with pytest.raises(ValueError, match=message):
        model.fit(x, epochs=1, batch_size=5, progress=False)
    with pytest.raises(ValueError, match=message):
        model.elbo(x)
    np.testing.assert_array_equal(model.flat_params, before)


def test_errors_in_numbers():
    model = small()
    with pytest.raises(ValueError, match="epochs must be a positive integer, got 0"):
        model.fit(data(), epochs=0)
    with pytest.raises(ValueError, match="batch_size must be from 1"):
        model.fit(data(5), epochs=1, batch_size=6)
    with pytest.raises(ValueError, match="n must be a positive integer"):
        model.generate(0)
    for count, error in ((0, ValueError), (2.5, TypeError)):
        with pytest.raises(error, match=f"elbo: n must be a positive integer, got {count}"):
            model.elbo(data(), count)


def test_hinges_of_the_decoder_are_spread_over_the_codes():
    decoder = dense_decoder(SHAPE, 2, 4000, rng=0)
    W, b = decoder.params["dense_1.W"], decoder.params["dense_1.b"]
    distance = b / np.linalg.norm(W, axis=0)  # of each unit's line from the origin, with a sign
    assert abs(distance.mean()) < 0.05 and abs(distance.std() - 1) < 0.05
