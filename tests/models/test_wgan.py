"""WGAN: the steps of an iteration, the signs, the brakes, bad input."""

import numpy as np
import pytest

from numpygan import GAN, SGD, WGAN, Adam, BatchNormalization, Dense, Flatten, LeakyReLU, Sequential
from numpygan.losses import Wasserstein
from numpygan.models import dense_generator

SHAPE = (4, 4, 1)


def images(n=24, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(np.float32)


def small(**options):
    return WGAN(image_shape=SHAPE, rng=0, **options)


def counting(optimizer, counts, key):
    update = optimizer.update

    def counted(*arguments):
        counts.append(key)
        return update(*arguments)

    optimizer.update = counted


@pytest.mark.parametrize("n_critic", [1, 2, 5])
def test_the_critic_steps_first_and_on_images_of_its_own(n_critic):
    wgan, order, seen = small(n_critic=n_critic), [], []
    counting(wgan.discriminator_optimizer, order, "critic")
    counting(wgan.generator_optimizer, order, "generator")
    update = wgan._update_critic
    wgan._update_critic = lambda real, fake: seen.append(real) or update(real, fake)
    real = images(20)
    wgan.train_on_batch(real)
    assert order == ["critic"] * n_critic + ["generator"]
    np.testing.assert_array_equal(np.concatenate(seen), real)


def test_what_is_measured():
    wgan = small(n_critic=1)
    real = images()
    twin = small(n_critic=1)
    fake = twin.generator.forward(twin.noise(len(real)), training=True)
    scores = [twin.discriminator.predict(x).mean(dtype=np.float64) for x in (real, fake)]
    measured = wgan.train_on_batch(real)
    assert measured.keys() == {"d_loss", "g_loss", "distance", "penalty"}
    np.testing.assert_allclose(measured["distance"], scores[0] - scores[1], rtol=1e-4)
    assert measured["d_loss"] == measured["penalty"] - measured["distance"] and measured["penalty"] > 0


def test_each_player_moves_the_scores_its_own_way():
    options = {"generator_optimizer": SGD(0.05), "discriminator_optimizer": SGD(0.05)}
    wgan = small(penalty=0, **options)
    real, fake, z = images(), wgan.generate(24, averaged=False), wgan.noise(24)
    D, G = wgan.discriminator, wgan.generator

    def distance():
        return D.predict(real).mean() - D.predict(fake).mean()

    before = distance()
    wgan._update_critic(real, fake)
    assert distance() > before
    score = D.predict(G.predict(z)).mean()
    wgan._update_generator(z)
    assert D.predict(G.predict(z)).mean() > score  # the slip: the other sign makes fakes worse


def test_the_generators_step_leaves_the_critic_alone():
    wgan = small()
    before = wgan.discriminator.flat_params.copy()
    wgan._update_generator(wgan.noise(5))
    np.testing.assert_array_equal(wgan.discriminator.flat_params, before)


def test_clipping_bounds_every_parameter_and_a_penalty_does_not():
    clipped, free = small(penalty=0, clip=0.02), small()
    for model in (clipped, free):
        for k in range(3):
            model.train_on_batch(images(seed=k))
    assert np.abs(clipped.discriminator.flat_params).max() == np.float32(0.02)
    assert np.abs(free.discriminator.flat_params).max() > 0.02


def test_the_penalty_makes_slopes_of_one():
    wgan = small(discriminator_optimizer=Adam(5e-3, beta_1=0, beta_2=0.9), generator_optimizer=SGD(1e-9))
    D, real = wgan.discriminator, images(200)
    wgan.fit(real, iterations=300, batch_size=32, progress=False)
    D.forward(real[:50])
    slopes = np.linalg.norm(D.input_gradient(np.ones((50, 1), np.float32)).reshape(50, -1), axis=1)
    assert 0.5 < slopes.mean() < 1.5
    steep = small(
        penalty=0, discriminator_optimizer=Adam(5e-3, beta_1=0, beta_2=0.9), generator_optimizer=SGD(1e-9)
    )
    steep.fit(real, iterations=300, batch_size=32, progress=False)
    steep.discriminator.forward(real[:50])
    slopes = np.linalg.norm(
        steep.discriminator.input_gradient(np.ones((50, 1), np.float32)).reshape(50, -1), axis=1
    )
    assert slopes.mean() > 5


def test_the_distance_is_the_wasserstein_distance_in_one_dimension():
    """Two clouds on a line, d = 3 apart, the generator at rest: every point must move by 3.

    A penalty lets the slope s exceed 1 a little: s d - 10 (s - 1)^2 is largest at s = 1 + d / 20, so
    that the critic reads 3.45.
    """
    rng = np.random.default_rng(0)
    D = Sequential([Dense(32), LeakyReLU(0.2), Dense(32), LeakyReLU(0.2), Dense(1)], (1,), rng=1)
    G = Sequential([Dense(1)], (1,), rng=2)
    G.params["dense_1.W"][...], G.params["dense_1.b"][...] = 0.3, 0
    options = {"generator_optimizer": SGD(1e-9), "discriminator_optimizer": Adam(2e-3, beta_1=0, beta_2=0.9)}
    wgan = WGAN(G, D, n_critic=1, rng=3, averaging=0, **options)
    wgan.fit(
        (3 + 0.3 * rng.standard_normal((2000, 1))).astype(np.float32),
        iterations=600, batch_size=128, progress=False,
    )  # fmt: skip
    assert abs(wgan.history["distance"][-50:].mean() - 3 * (1 + 3 / 20)) < 0.1


def test_float32_throughout():
    wgan = small()
    wgan.train_on_batch(images())
    for network in wgan.networks.values():
        assert network.flat_params.dtype == network.flat_grads.dtype == np.float32
    for optimizer in wgan.optimizers.values():
        assert all(memory.dtype == np.float32 for memory in optimizer.memory.values())


def test_loss_by_hand():
    loss, y = Wasserstein(), np.array([[1.0], [3.0]])
    assert loss.forward(y, 1) == -2
    np.testing.assert_array_equal(loss.backward(), [[-0.5], [-0.5]])
    assert loss.forward(y, 0) == 2
    np.testing.assert_array_equal(loss.backward(), [[0.5], [0.5]])


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"n_critic": 0}, ValueError, "WGAN: n_critic must be a positive integer, got 0"),
        ({"n_critic": 2.0}, TypeError, "n_critic must be a positive integer"),
        ({"penalty": -1}, ValueError, r"WGAN: penalty must be in \[0, inf\), got -1"),
        ({"penalty": np.nan}, ValueError, "penalty must be in"),
        ({"clip": "0.01"}, TypeError, "WGAN: clip must be a number"),
    ],
)
def test_bad_arguments(options, error, said):
    with pytest.raises(error, match=said):
        small(**options)


@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), (True, TypeError), (np.inf, ValueError)])
def test_bad_r1(value, error):
    with pytest.raises(error, match="GAN: r1 must be"):
        GAN(r1=value)


def test_a_critic_with_batch_norm_is_refused_only_with_a_penalty():
    layers = [Flatten(), Dense(4), BatchNormalization(), LeakyReLU(), Dense(1)]
    D = Sequential(layers, SHAPE, rng=0)
    with pytest.raises(ValueError, match="a gradient penalty cannot be computed with BatchNormalization"):
        WGAN(dense_generator(SHAPE, rng=0), D)
    WGAN(dense_generator(SHAPE, rng=0), D, penalty=0, clip=0.01)


def test_bad_batches():
    wgan = small(n_critic=5)
    with pytest.raises(ValueError, match="an image for each of 5 critic steps, got 4"):
        wgan.train_on_batch(images(4))
    with pytest.raises(ValueError, match="takes 50 images, but x has 24: choose a smaller batch_size"):
        wgan.fit(images(), iterations=1, batch_size=10, progress=False)
    with pytest.raises(TypeError, match="batch_size must be a positive integer"):
        wgan.fit(images(), iterations=1, batch_size=2.5, progress=False)


def test_scores_are_no_probabilities():
    wgan = small()
    x = images()
    np.testing.assert_array_equal(wgan.discriminate(x), wgan.discriminator.predict(x)[:, 0])
