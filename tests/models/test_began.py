"""BEGAN: both players' gradients, the two paths of a fake's, the balance, bad input."""

import numpy as np
import pytest

from numpygan import (
    BEGAN,
    GAN,
    SGD,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Tanh,
    check_function,
)
from numpygan.checkpoint import load, save
from numpygan.models import autoencoding_discriminator, dense_discriminator, dense_generator
from numpygan.training import DivergenceError

SHAPE = (4, 4, 1)


def images(n=12, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(dtype)


def small(**options):
    rng = np.random.default_rng(0)
    G = dense_generator(SHAPE, 3, hidden=8, rng=rng)
    return BEGAN(G, autoencoding_discriminator(SHAPE, 3, filters=2, rng=rng), **{"rng": 0, **options})


def in_float64(k=0.3):
    rng, dtype = np.random.default_rng(1), np.float64
    G = Sequential([Dense(6), Tanh(), Dense(16), Tanh(), Reshape(SHAPE)], (3,), rng=rng, dtype=dtype)
    layers = [Conv2D(2, 2, 2), LeakyReLU(0.2), Flatten(), Dense(3), Dense(8), Reshape((2, 2, 2))]
    D = Sequential([*layers, Conv2DTranspose(1, 2, 2), Tanh()], SHAPE, rng=rng, dtype=dtype)
    model = BEGAN(G, D, averaging=0, rng=2)
    model.numbers["k"][...] = k
    return model


def error(model, v):
    """L(v), from its definition."""
    return float(np.mean(np.abs(model.discriminator.predict(v) - v)))


def checked(loss, network, gradient):
    return check_function(loss, {"parameters": network.flat_params}, {"parameters": gradient}, tolerance=1e-6)


@pytest.mark.parametrize("k", [0.0, 0.3, 1.0])
def test_the_discriminators_gradient(k):
    model, x = in_float64(k), images(dtype=np.float64)
    z = model.noise(len(x))
    model.compute_gradients(x, z)
    G, D = model.generator, model.discriminator
    fake, gradient = G.predict(z), D.flat_grads.copy()
    assert checked(lambda: error(model, x) - k * error(model, fake), D, gradient).ok
    if k:  # the slip: fakes to be rebuilt well, too
        assert not checked(lambda: error(model, x) + k * error(model, fake), D, gradient).ok


def test_the_generators_gradient_has_two_paths():
    model, x = in_float64(), images(dtype=np.float64)
    z = model.noise(len(x))
    G, D = model.generator, model.discriminator
    model.compute_gradients(x, z)
    gradient = G.flat_grads.copy()
    assert checked(lambda: error(model, G.predict(z)), G, gradient).ok

    fake = G.forward(z)
    s = np.sign(D.forward(fake) - fake) / fake.size
    through, itself = D.input_gradient(s), -s
    for slip in (through, itself, through - itself, -(through + itself)):  # one path forgotten; a sign
        G.zero_grad()
        G.parameter_gradients(slip)
        assert not checked(lambda: error(model, G.predict(z)), G, G.flat_grads.copy()).ok


def test_the_generators_gradient_does_not_depend_on_k():
    x = images(dtype=np.float64)
    models = [in_float64(k) for k in (0, 0.8)]
    for model in models:
        model.compute_gradients(x, model.noise(len(x)))
    np.testing.assert_array_equal(*(model.generator.flat_grads for model in models))


def test_one_iteration_by_hand():
    model, x = in_float64(k=0.3), images(dtype=np.float64)
    model.gamma, model.k_rate = 0.6, 0.05
    for rule in ("generator_optimizer", "discriminator_optimizer"):
        setattr(model, rule, SGD(0.1))
    z = in_float64().noise(len(x))
    before = {name: network.flat_params.copy() for name, network in model.networks.items()}
    real, fake = error(model, x), error(model, model.generator.predict(z))
    measured = model.train_on_batch(x)
    for name, network in model.networks.items():
        np.testing.assert_array_equal(network.flat_params, before[name] - 0.1 * network.flat_grads)
    surplus = 0.6 * real - fake
    expected = {"d_loss": real - 0.3 * fake, "g_loss": fake, "real": real}
    assert measured == pytest.approx({**expected, "convergence": real + abs(surplus), "k": 0.3}, rel=1e-12)
    assert model.k == pytest.approx(0.3 + 0.05 * surplus, rel=1e-12)


@pytest.mark.parametrize("k, gamma, end", [(0.0, 1e-9, 0.0), (1.0, 0.99, 1.0)])
def test_k_stays_between_0_and_1(k, gamma, end):
    model = small(gamma=gamma, k_rate=0.99)
    model.numbers["k"][...] = k
    x = images()
    if end:  # real images that are rebuilt worse than fakes
        model.generator.flat_params[:] = 0
        model.discriminator.flat_params[:] = 0
    model.train_on_batch(x)
    assert model.k == end


def test_k_is_raised_while_fakes_are_rebuilt_too_well():
    model, x = small(k_rate=0.01), images()
    model.generator.flat_params[:] = 0  # grey, which D rebuilds at once
    model.discriminator.flat_params[:] = 0
    ks = [model.train_on_batch(x)["k"] for _ in range(3)]
    assert ks[0] == 0 and ks == sorted(ks) and ks[2] > 0


def test_k_is_saved_resumed_and_copied(tmp_path):
    model = small(k_rate=0.5)
    model.numbers["k"][...] = 0.4
    save(model, tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert again.k == 0.4 and again.gamma == model.gamma and again.k_rate == 0.5
    x = images()
    assert model.train_on_batch(x) == again.train_on_batch(x)
    assert model.k == again.k != 0.4
    snapshot = model.snapshot()
    k = model.k
    model.train_on_batch(x)
    assert model.k != k
    model.restore(snapshot)
    assert model.k == k


def test_noise_is_uniform():
    z = small().noise(5000, rng=0)
    assert z.dtype == np.float32 and -1 <= z.min() < -0.99 and 0.99 < z.max() <= 1
    np.testing.assert_allclose(z.std(axis=0), 1 / np.sqrt(3), rtol=0.05)


def test_it_learns_to_rebuild_and_reports():
    model = small()
    for rule in model.optimizers.values():
        rule.learning_rate = 3e-3
    x = np.repeat(np.sign(images(40)[:, :1]), 4, axis=1) * np.float32(0.9)  # columns, black or white
    before = model.evaluate(x)
    history = model.fit(x, iterations=250, batch_size=20, progress=False)
    after = model.evaluate(x)
    assert list(history.columns) == ["d_loss", "g_loss", "real", "convergence", "k"]
    assert after["real"] < 0.7 * before["real"]
    assert history.recent_mean("convergence", 20) < history["convergence"][0]
    assert model.generate(3).shape == model.reconstruct(x[:3]).shape == (3, *SHAPE)
    np.testing.assert_allclose(model.discriminate(x).mean(), -after["real"], rtol=1e-5)


def test_float32_throughout():
    model = small(k_rate=0.5)
    for _ in range(2):
        model.train_on_batch(images())
    for network in model.networks.values():
        assert network.flat_params.dtype == network.flat_grads.dtype == np.float32
    for rule in model.optimizers.values():
        assert all(memory.dtype == np.float32 for memory in rule.memory.values())


def test_it_draws_with_averaged_parameters():
    model = small()
    model.fit(images(24), iterations=5, batch_size=12, progress=False)
    z = model.noise(4)
    assert not np.array_equal(model.generate_from(z), model.generate_from(z, averaged=False))
    assert list(model.averages) == ["generator"]


@pytest.mark.parametrize("shape", [(28, 28, 1), (7, 10, 3)])
def test_default_networks(shape):
    model = BEGAN(image_shape=shape, rng=0)
    assert model.discriminator.output_shape == model.generator.output_shape == shape
    assert model.discriminator.layers[0].output_shape == (model.discriminator.layers[1].input_shape)


def test_a_loss_that_is_not_finite_names_the_layer():
    for name, place in (("generator", "generator"), ("discriminator", "discriminator")):
        model = small()
        model.networks[name].flat_params[:] = np.nan
        with pytest.raises(DivergenceError, match=f"in the {place} is not finite"):
            model.train_on_batch(images())


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"gamma": 0.0}, ValueError, "BEGAN: gamma must be"),
        ({"gamma": 1.1}, ValueError, "BEGAN: gamma must be"),
        ({"k_rate": -0.1}, ValueError, "BEGAN: k_rate must be"),
        (
            {"discriminator": dense_discriminator(SHAPE)},
            ValueError,
            r"must rebuild what .*\(4, 4, 1\) to \(1,\)",
        ),
        ({"discriminator": 1}, TypeError, "discriminator must be a network"),
        ({"generator": dense_generator((5, 5, 1))}, ValueError, "must rebuild what the generator draws"),
        ({"image_shape": (16,)}, ValueError, r"image_shape must be \(H, W, C\)"),
    ],
)
def test_bad_models(options, error, message):
    D = {} if "image_shape" in options else {"discriminator": autoencoding_discriminator(SHAPE, 2, filters=1)}
    with pytest.raises(error, match=message):
        BEGAN(**{**D, **options}, rng=0)


def test_bad_data():
    model = small()
    with pytest.raises(ValueError, match="x must have shape"):
        model.fit(np.zeros((20, 3, 3, 1), np.float32), progress=False)
    with pytest.raises(ValueError, match="x must have shape"):
        model.reconstruct(np.zeros((2, 3, 3, 1), np.float32))
    before = model.snapshot()
    with pytest.raises(TypeError, match="real must hold floats, got uint8"):
        model.train_on_batch(np.full((4, *SHAPE), 255, np.uint8))
    with pytest.raises(ValueError, match="real has pixels from 255 to 255"):
        model.train_on_batch(np.full((4, *SHAPE), 255, np.float32))
    assert all(np.array_equal(before[name], array) for name, array in model.snapshot().items())
    assert isinstance(model, GAN)
