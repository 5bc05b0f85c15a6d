"""Every rule that reads measurements, on measurements made up and on small networks that show it."""

from types import SimpleNamespace

import numpy as np
import pytest

from numpygan import (
    GAN,
    SGD,
    VAE,
    Adam,
    Autoencoder,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    LeakyReLU,
    ReLU,
    RMSprop,
    Sequential,
    Sigmoid,
    Tanh,
)
from numpygan.diagnosis import diagnose, main_trouble, measure
from numpygan.diagnosis import networks as rules
from numpygan.diagnosis.measurements import LayerMeasurements, Measurements
from numpygan.layers import Normal, Residual
from numpygan.losses import gan_losses


def game(G=(Dense(8), LeakyReLU(), Dense(3)), D=(Dense(8), LeakyReLU(), Dense(1)), rng=0, **optimizers):
    generator = Sequential(list(G), (2,), rng=rng, name="generator")
    discriminator = Sequential(list(D), (3,), rng=rng, name="discriminator")
    return GAN(generator, discriminator, rng=rng, **optimizers)


def fresh_game(**kwargs):
    return game([Dense(8), LeakyReLU(), Dense(3)], [Dense(8), LeakyReLU(), Dense(1)], **kwargs)


def data(n=64, seed=3):
    return np.random.default_rng(seed).standard_normal((n, 3)).astype(np.float32)


def coder(*encoder, outputs=3, **kwargs):
    encoder = Sequential(list(encoder), (3,), rng=0, name="encoder")
    decoder = Sequential([Dense(8), ReLU(), Dense(outputs)], encoder.output_shape, rng=1, name="decoder")
    return Autoencoder(encoder, decoder, rng=2, **kwargs)


def test_a_new_model_shows_nothing_but_that_it_is_new():
    for model in (fresh_game(), coder(Dense(8), ReLU(), Dense(2))):
        assert [finding.name for finding in diagnose(model, data())] == ["too early to tell"]


# --- one rule after the other ---------------------------------------------------------


def test_diverged_in_the_next_step():
    model = fresh_game()
    model.generator.layers[0].params["W"][0, 0] = np.nan
    finding = diagnose(model, data())[0]
    assert (
        finding.name == "diverged"
        and "parameter W of Dense 'dense_1' in the generator is not finite" in finding.evidence
    )
    assert "smaller" not in finding.evidence
    model = coder(Dense(2))
    model.decoder.layers[-1].params["b"][0] = np.inf
    assert "'dense_2' in the decoder" in diagnose(model, data())[0].evidence


@pytest.mark.parametrize(
    ("low", "high", "accused"),
    [(-1, 1, False), (-0.9, 0.4, False), (0, 1, True), (0, 255, True), (-1, -0.1, True), (-2, 2, True)],
)
def test_data_out_of_range(low, high, accused):
    finding = rules.data_out_of_range(Measurements(data_range=(low, high), output_range=(-1, 1)))
    assert (finding is not None) == accused
    if accused:
        assert f"the data in [{low}, {high}]" in finding.evidence and "[-1, 1]" in finding.advice
    assert rules.data_out_of_range(Measurements(data_range=(low, high), output_range=None)) is None


def test_data_that_are_all_the_same():
    finding = rules.data_out_of_range(Measurements(data_range=(0.25, 0.25), output_range=(-1, 1)))
    assert finding.evidence == "All samples of the data are the same: every value is 0.25."
    assert "repeat them" in finding.advice


def test_identical_units():
    model = fresh_game()
    model.discriminator.layers[0].params["W"][:] = np.arange(3, dtype=np.float32)[:, np.newaxis]
    finding = diagnose(model)[0]
    assert finding.name == "identical units" and finding.evidence.endswith("in dense_1 in the discriminator.")
    model.discriminator.layers[0].params["W"][0, 0] += 1e-6
    assert main_trouble(diagnose(model)) is None


def test_one_unit_is_not_all_alike():
    assert main_trouble(diagnose(game([Dense(3)], [Dense(1)]))) is None


class Uncorrected(Adam):
    def _step(self, p, g, M, V, work):
        M += (1 - self.beta_1) * (g - M)
        V += (1 - self.beta_2) * (g * g - V)
        p -= self.learning_rate * M / (np.sqrt(V) + self.epsilon)


@pytest.mark.parametrize(("beta_1", "length"), [(0.9, 3.16), (0.5, 15.8), (0.0, 31.6)])
def test_no_bias_correction(beta_1, length):
    finding = diagnose(fresh_game(generator_optimizer=Uncorrected(1e-3, beta_1=beta_1)))[0]
    assert finding.name == "no bias correction"
    assert f"generator optimizer is {length} learning rates" in finding.evidence


@pytest.mark.parametrize(
    "rule", [Adam(1e-3), Adam(0.5, beta_1=0.5), Adam(1e-4, beta_2=0.9), SGD(0.1), RMSprop(1e-3)]
)
def test_sound_optimisers_are_not_accused(rule):
    assert main_trouble(diagnose(fresh_game(generator_optimizer=rule))) is None


def test_steps_too_large():
    model = fresh_game()
    model.generator.layers[2].params["W"] *= 40
    finding = diagnose(model, data())[0]
    assert finding.name == "steps too large" and "dense_2 in the generator" in finding.evidence
    size = measure(model).layers[1].size
    assert size == pytest.approx(
        np.sqrt(np.square(model.generator.layers[2].params["W"]).mean() * 8 / 2), rel=1e-5
    )


@pytest.mark.parametrize(
    ("steps", "size", "said"), [(0, 8.4, True), (48_000, 8.4, False), (80_000, 16.4, True)]
)
def test_in_many_steps_weights_may_go_a_long_way(steps, size, said):
    seen = Measurements(
        layers=[LayerMeasurements("dense_1 in the discriminator", "discriminator", size=size)], steps=steps
    )
    assert (rules.steps_too_large(seen) is not None) == said


def test_the_steps_of_the_busiest_optimiser_count():
    model = fresh_game()
    for _ in range(3):
        model.train_on_batch(data())
    model.discriminator_optimizer.update(model.discriminator.flat_params, model.discriminator.flat_grads)
    assert measure(model).steps == 4  # the discriminator's


def test_a_network_of_hes_variance_has_size_one():
    from numpygan.layers import HeNormal

    model = game([Dense(400, initializer=HeNormal()), LeakyReLU(), Dense(3)], [Dense(1)])
    assert measure(model).layers[0].size == pytest.approx(1, abs=0.1)


def test_loss_saturated():
    model = fresh_game()
    x = data()
    for _ in range(300):  # the discriminator alone learns
        real, fake = x + 5, model.generate(64)
        model._update_discriminator((real, 1))
        model._update_discriminator((fake, 0))
    assert rules.loss_saturated(measure(model, x + 5)) is None
    model.loss, model.generator_loss = gan_losses("saturating")
    seen = measure(model, x + 5)
    finding = rules.loss_saturated(seen)
    assert finding.name == "loss saturated" and seen.gradient < 0.1 * seen.non_saturating_gradient
    assert rules.loss_saturated(Measurements(gradient=0.0, non_saturating_gradient=1.0)).evidence.endswith(
        "inf times as much."
    )
    assert rules.loss_saturated(Measurements(gradient=0.0, non_saturating_gradient=0.0)) is None


def test_dead_units():
    model = coder(Dense(8), ReLU(), Dense(2))
    model.encoder.layers[0].params["b"][:6] = -100
    finding = diagnose(model, data())[0]
    assert finding.name == "dead units" and "75% of relu_1 in the encoder" in finding.evidence
    model.encoder.layers[0].params["b"][4:] = 0
    assert main_trouble(diagnose(model, data())) is None  # half of them is not yet the most


def test_dead_channels_of_a_convolution_in_a_nested_network():
    inner = Sequential([Conv2D(4, 3, padding="same"), ReLU()], name="inner")
    D = Sequential(
        [Residual([Conv2D(1, 1), ReLU()]), inner, Flatten(), Dense(1)], (4, 4, 1), rng=0, name="discriminator"
    )
    G = Sequential([Dense(16), Tanh(), *reshaped(4, 4, 1)], (2,), rng=0, name="generator")
    inner.layers[0].params["b"][:3] = -100
    seen = measure(
        GAN(G, D, rng=0), np.random.default_rng(0).uniform(-1, 1, (32, 4, 4, 1)).astype(np.float32)
    )
    dead = {layer.place: layer.dead for layer in seen.layers if layer.dead is not None}
    assert dead["relu_1 in the discriminator"] in (0.75, 0, 1) and 0.75 in dead.values()


def reshaped(*shape):
    from numpygan import Reshape

    return [Reshape(shape)]


def test_leaky_units_do_not_die():
    model = coder(Dense(8), LeakyReLU(), Dense(2))
    model.encoder.layers[0].params["b"][:] = -100
    assert "dead units" not in [finding.name for finding in diagnose(model, data())]


def test_vanishing_gradients():
    model = coder(*(layer for _ in range(8) for layer in (Dense(8), Sigmoid())), Dense(2))
    finding = diagnose(model, data())[0]
    assert finding.name == "vanishing gradients" and "in dense_1 in the encoder" in finding.evidence
    shallow = coder(Dense(8), Sigmoid(), Dense(2))
    assert main_trouble(diagnose(shallow, data())) is None


def test_exploding_gradients():
    # Each layer enlarges 4-fold on the way back; on the way forward batch norm takes that out again.
    deep = [layer for _ in range(9) for layer in (Dense(16, initializer=Normal(1.0)), LeakyReLU())]
    model = coder(*deep, Dense(2, initializer=Normal(1e-6)))
    seen = measure(model, data())
    finding = rules.exploding_gradients(seen)
    first, *_, last = [
        layer.gradient for layer in seen.layers if layer.network == "encoder" and layer.gradient is not None
    ]
    assert (finding is not None) == (first > 1e4 * last)
    made_up = [
        LayerMeasurements("dense_1 in the D", "D", gradient=5e4),
        LayerMeasurements("dense_9 in the D", "D", gradient=1.0),
    ]
    assert (
        "5e+04 in dense_1 in the D and 1 in dense_9"
        in rules.exploding_gradients(Measurements(layers=made_up)).evidence
    )
    assert rules.vanishing_gradients(Measurements(layers=made_up)) is None
    assert rules.vanishing_gradients(Measurements(layers=made_up[::-1])) is not None
    assert rules.exploding_gradients(Measurements(layers=made_up[:1])) is None  # a single layer has no depth


def test_posterior_collapse():
    assert rules.posterior_collapse(
        Measurements(latent_kl=np.array([0.001, 0.002, 1.0]))
    ).evidence.startswith("2 of 3 latents")
    assert rules.posterior_collapse(Measurements(latent_kl=np.array([0.001, 1.0]))) is None
    x = np.random.default_rng(0).uniform(0, 1, (200, 5)).astype(np.float32)
    for beta, accused in ((50.0, True), (0.01, False)):
        trunk = Sequential([Dense(16), LeakyReLU()], (5,), rng=0, name="trunk")
        decoder = Sequential([Dense(16), LeakyReLU(), Dense(5)], (2,), rng=1, name="decoder")
        model = VAE(2, trunk=trunk, decoder=decoder, beta=beta, optimizer=Adam(1e-2), rng=0)
        model.fit(x, epochs=60, batch_size=50, progress=False)
        assert (main_trouble(diagnose(model, x)) == "posterior collapse") == accused, beta


def test_the_kl_of_the_latents_adds_up_to_the_whole():
    trunk = Sequential([Dense(16), LeakyReLU()], (5,), rng=0, name="trunk")
    model = VAE(3, trunk=trunk, decoder=Sequential([Dense(5)], (3,), rng=1, name="decoder"), rng=0)
    x = np.random.default_rng(0).uniform(0, 1, (50, 5)).astype(np.float32)
    assert measure(model, x).latent_kl.sum() == pytest.approx(model.evaluate(x)["kl"], rel=1e-4)


# --- what is measured -----------------------------------------------------------------


def test_gradients_by_layer_are_those_of_a_step():
    model = coder(Dense(4), Dense(2))
    x = data()
    gradients = {
        layer.place: layer.gradient for layer in measure(model, x).layers if layer.gradient is not None
    }
    model.compute_gradients(x)
    assert gradients["dense_2 in the encoder"] == pytest.approx(
        np.linalg.norm(model.encoder.grads["dense_2.W"]), rel=1e-4
    )
    assert len(gradients) == 4


def test_a_target_that_is_not_x():
    model = coder(Dense(8), ReLU(), Dense(2), outputs=5)
    target = np.random.default_rng(0).standard_normal((64, 5)).astype(np.float32)
    seen = measure(model, data(), target=target)
    assert seen.diverged is None and seen.layers[0].gradient > 0


def test_classes_are_asked_of_both():
    model = fresh_game()
    seen = measure(model, data(), classes=lambda x: (x[:, 0] > 100).astype(int) + 5)
    assert seen.diversity.missing_classes == ()
    sets = iter([np.zeros(64, int), np.arange(64) % 3])
    assert set(measure(model, data(), classes=lambda x: next(sets)).diversity.missing_classes) in (
        {1, 2},
        set(),
    )


@pytest.mark.parametrize("model", ["gan", "vae", "dcgan", "autoencoder", "aae", "began"])
def test_measuring_changes_nothing(model):
    from tests.trainings import ALL

    training = ALL[model]()
    training.run()
    model = training.model
    x = np.random.default_rng(5).uniform(0, 1, (50, 4, 4, 1)).astype(np.float32)
    gradients = {name: network.flat_grads.copy() for name, network in model.networks.items()}
    before, state = model.snapshot(), model.rng.bit_generator.state
    diagnose(model, x, target=np.arange(50) % 3 if getattr(model, "labels", None) else None)
    after = model.snapshot()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert all(
        np.array_equal(gradients[name], network.flat_grads) for name, network in model.networks.items()
    )
    assert model.rng.bit_generator.state == state


def test_a_batch_norm_keeps_its_running_statistics():
    layers = [Dense(8), BatchNormalization(), LeakyReLU(), Dense(3)]
    model = game(layers, [Dense(1)])
    measure(model, data())
    assert not layers[1].state["moving_mean"].any()


def test_others_are_refused():
    with pytest.raises(
        TypeError, match="a CycleGAN, a Pix2Pix, an Autoencoder or a VAE, got SimpleNamespace"
    ):
        diagnose(SimpleNamespace())
    with pytest.raises(ValueError, match=r"the GAN learns from data of shape \(N, 3\), got \(64, 4\)"):
        diagnose(fresh_game(), np.zeros((64, 4), np.float32))


def test_data_with_nan_are_told_of_once():
    x = np.full((20, 28, 28, 1), np.nan, np.float32)
    assert [each.name for each in diagnose(GAN(rng=0), x)] == ["diverged", "too early to tell"]


def test_targets_that_do_not_pair_up_are_refused():
    model, x = Autoencoder(rng=0), np.zeros((9, 28, 28, 1), np.float32)
    with pytest.raises(
        ValueError, match=r"every x needs its target: got x \(9, 28, 28, 1\) and target \(8, 28, 28, 1\)"
    ):
        diagnose(model, x, target=x[:8])
