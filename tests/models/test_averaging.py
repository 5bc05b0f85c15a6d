"""Averaged parameters: the mean by hand, what draws with it, and that learning does not notice."""

import copy

import numpy as np
import pytest

from numpygan import DCGAN, GAN, BatchNormalization, CycleGAN, Dense, Sequential
from numpygan.checkpoint import load, save
from numpygan.models import dense_discriminator, dense_generator, patch_discriminator, resnet_generator
from numpygan.models.averaging import ParameterAverage

SHAPE = (4, 4, 1)


def images(n=24, seed=1):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(np.float32)


def gan(kind=GAN, **options):
    G, D = dense_generator(SHAPE, 3, 5, rng=0), dense_discriminator(SHAPE, 5, rng=1)
    return kind(G, D, rng=2, **options)


def test_the_mean_by_hand():
    network = Sequential([Dense(1)], (1,), rng=0)
    network.flat_params[:] = 0
    average = ParameterAverage(network, 0.25)
    means = []
    for value in (1.0, 2.0, 4.0):
        network.flat_params[:] = value
        average.update()
        means.append(average.network.flat_params.copy())
    d1, d2, d3 = 2 / 11, 0.25, 0.25  # (1 + t) / (10 + t), then the decay
    first = (1 - d1) * 1
    second = first + (1 - d2) * (2 - first)
    third = second + (1 - d3) * (4 - second)
    np.testing.assert_allclose(means, np.transpose([[first, second, third]] * 2), rtol=1e-6)
    assert average.network.flat_params.dtype == np.float32


def test_the_first_parameters_are_forgotten_before_the_decay_could():
    network = Sequential([Dense(1)], (1,), rng=0)
    network.flat_params[:] = 1000
    average = ParameterAverage(network, 0.999)
    network.flat_params[:] = 0
    for _ in range(200):
        average.update()
    assert np.abs(average.network.flat_params).max() < 1e-3  # 0.999 ** 200 would have left 819


def test_running_statistics_are_averaged_too():
    network = Sequential([Dense(3), BatchNormalization()], (2,), rng=0)
    average = ParameterAverage(network, 0.5)
    network.forward(np.random.default_rng(0).standard_normal((8, 2), dtype=np.float32), training=True)
    before = {key: value.copy() for key, value in average.network.state.items()}
    average.update()
    share = 1 - 2 / 11
    for key, value in average.network.state.items():
        np.testing.assert_allclose(value, before[key] + share * (network.state[key] - before[key]), rtol=1e-6)
        assert not np.shares_memory(value, network.state[key])


def test_what_draws_uses_it_and_what_learns_does_not():
    averaged, plain = gan(), gan(averaging=0)
    for model in (averaged, plain):
        model.fit(images(), iterations=30, batch_size=8, progress=False)
    np.testing.assert_array_equal(averaged.generator.flat_params, plain.generator.flat_params)
    np.testing.assert_array_equal(averaged.generate(3, averaged=False, rng=0), plain.generate(3, rng=0))
    assert np.abs(averaged.generate(3, rng=0) - plain.generate(3, rng=0)).max() > 1e-4
    mean = averaged.averages["generator"].network
    np.testing.assert_array_equal(averaged.generate(3, rng=0), mean.predict(averaged.noise(3, rng=0)))


def test_drawing_leaves_what_the_layers_remember():
    """In the middle of an iteration, between forward and backward, somebody draws."""
    model, undisturbed = gan(), gan()
    own = model._update_generator

    def disturbed(z):
        fake = model.generator.forward(z, training=True)
        model.generate(5, rng=0)
        np.testing.assert_array_equal(fake, model.generator.forward(z, training=True))
        before = [layer._x for layer in model.generator.layers if hasattr(layer, "_x")]
        model.generate(5, rng=0)
        assert all(
            now is then
            for now, then in zip(
                (layer._x for layer in model.generator.layers if hasattr(layer, "_x")), before
            )
        )
        return own(z)

    model._update_generator = disturbed
    for each in (model, undisturbed):
        each.fit(images(), iterations=5, batch_size=8, progress=False)
    np.testing.assert_array_equal(model.generator.flat_params, undisturbed.generator.flat_params)


@pytest.mark.parametrize("averaging", [0, 0.9])
@pytest.mark.parametrize("updates", ["separate", "summed"])
def test_it_is_saved_and_copied(averaging, updates, tmp_path):
    model = gan(averaging=averaging, discriminator_updates=updates)
    model.fit(images(), iterations=7, batch_size=8, progress=False)
    save(model, tmp_path / "gan.npz")
    for other in (load(tmp_path / "gan.npz"), copy.deepcopy(model)):
        assert other.config() == model.config()
        np.testing.assert_array_equal(other.generate(2, rng=0), model.generate(2, rng=0))
        other.fit(images(), iterations=3, batch_size=8, progress=False)
        assert other.averages.keys() == model.averages.keys()
    model.fit(images(), iterations=3, batch_size=8, progress=False)
    np.testing.assert_array_equal(other.generate(2, rng=0), model.generate(2, rng=0))


def test_a_cyclegan_translates_with_it():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (6, 8, 8, 1)).astype(np.float32)
    networks = [resnet_generator((8, 8, 1), 1, filters=2, blocks=1, rng=rng, name=name) for name in "GF"]
    networks += [patch_discriminator((8, 8, 1), filters=2, rng=rng, name=name) for name in ("D_A", "D_B")]
    model = CycleGAN(*networks, rng=rng)
    model.fit(x, x[::-1].copy(), iterations=6, batch_size=2, progress=False)
    for name, translate in (("G", model.to_b), ("F", model.to_a)):
        np.testing.assert_array_equal(translate(x), model.averages[name].network.predict(x))
        np.testing.assert_array_equal(translate(x, averaged=False), model.networks[name].predict(x))
        assert np.abs(translate(x) - translate(x, averaged=False)).max() > 1e-6


def test_a_shared_iteration_updates_it_once(monkeypatch):
    from numpygan.models import data_parallel, threads

    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    model = gan(DCGAN)
    model.fit_on_batch(images(8))
    assert model.averages["generator"].t == 1


@pytest.mark.parametrize("kind", [GAN, DCGAN])
def test_bad_settings_are_named(kind):
    for wrong in (1, -0.1, np.nan):
        with pytest.raises(ValueError, match=r"GAN: averaging must be in \[0, 1\), got"):
            gan(kind, averaging=wrong)
    with pytest.raises(TypeError, match="GAN: averaging must be a number"):
        gan(kind, averaging=None)
    with pytest.raises(
        ValueError, match="discriminator_updates must be one of 'separate', 'summed', got 'both'"
    ):
        gan(kind, discriminator_updates="both")


# --- the discriminator's step, both ways ---------------------------------------------


def test_summed_updates_step_once_on_the_sum_of_both_gradients():
    model = gan(discriminator_updates="summed", averaging=0)
    D, real = model.discriminator, images(8)
    fake = model.generator.forward(model.noise(8), training=True)
    gradients = []
    for x, target in ((real, 1), (fake, 0)):
        D.zero_grad()
        model.loss.forward(D.forward(x, training=True), target)
        D.parameter_gradients(model.loss.backward())
        gradients.append(D.flat_grads.copy())
    steps = []
    model.discriminator_optimizer.update = lambda params, grads: steps.append(grads.copy())
    judged = model._update_discriminator((real, 1), (fake, 0))
    assert len(steps) == 1 and len(judged) == 2
    np.testing.assert_allclose(steps[0], gradients[0] + gradients[1], rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(("updates", "steps"), [("separate", 2), ("summed", 1)])
def test_how_often_the_discriminator_steps(updates, steps):
    model = gan(discriminator_updates=updates)
    model.train_on_batch(images(8))
    assert (model.discriminator_optimizer.t, model.generator_optimizer.t) == (steps, 1)
