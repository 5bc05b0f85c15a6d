"""The adversarial autoencoder: each of its three updates, priors, labels, bad input."""

import numpy as np
import pytest

from numpygan import (
    SGD,
    Adam,
    AdversarialAutoencoder,
    Conv2D,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Sigmoid,
    Tanh,
)
from numpygan.gradcheck import check_function
from numpygan.losses import BinaryCrossEntropyFromLogits
from numpygan.models import Autoencoder, NormalPrior, RingPrior, dense_encoder
from numpygan.models.toy_networks import mlp
from numpygan.training import DivergenceError

SHAPE, RATE = (3, 3, 1), 0.1


def images(n=12, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).random((n, *SHAPE)).astype(dtype)


def small(**options):
    return AdversarialAutoencoder(image_shape=SHAPE, **{"rng": 0, **options})


def in_float64(classes=None, prior=None):
    """Return a small model in float64, smooth except for its LeakyReLU, whose steps are plain descent."""
    rng, K = np.random.default_rng(1), classes or 0
    E = Sequential([Flatten(), Dense(5), Tanh(), Dense(2)], SHAPE, rng=rng, dtype=np.float64, name="encoder")
    R = Sequential([Dense(5), Tanh(), Dense(9), Sigmoid(), Reshape(SHAPE)], (2,), rng=rng, dtype=np.float64)
    D = Sequential([Dense(6), LeakyReLU(0.2), Dense(1)], (2 + K,), rng=rng, dtype=np.float64)
    rules = {name: SGD(RATE) for name in ("optimizer", "discriminator_optimizer", "encoder_optimizer")}
    return AdversarialAutoencoder(E, R, D, classes=classes, prior=prior, rng=2, **rules)


def moved_by(model, name, step):
    """Return -1/RATE times what a step of plain descent changed in that vector: the gradient it followed."""
    vector = model.flat_params if name == "autoencoder" else model.networks[name].flat_params
    before = vector.copy()
    step()
    gradient = (before - vector) / RATE
    vector[...] = before
    return vector, gradient


def cross_entropy(logits, target):
    """The loss, from its definition."""
    p = 1 / (1 + np.exp(-logits))
    return float(-np.mean(target * np.log(p) + (1 - target) * np.log(1 - p)))


def assert_is_gradient(loss, vector, gradient):
    report = check_function(loss, {"parameters": vector}, {"parameters": gradient}, tolerance=1e-6)
    assert report.ok, report


CASES = [(None, None), (None, RingPrior(3)), (4, None)]


@pytest.mark.parametrize("classes, prior", CASES)
def test_update_1_is_the_gradient_of_the_reconstruction_error(classes, prior):
    model, x = in_float64(classes, prior), images(dtype=np.float64)
    model.compute_gradients(x)
    vector, gradient = model.flat_params, model.flat_grads.copy()
    E, R = model.encoder, model.decoder
    assert_is_gradient(lambda: np.mean((R.predict(E.predict(x)) - x) ** 2), vector, gradient)


@pytest.mark.parametrize("classes, prior", CASES)
def test_update_2_is_the_gradient_of_both_losses(classes, prior):
    model, x = in_float64(classes, prior), images(dtype=np.float64)
    labels = None if classes is None else np.arange(12) % classes
    z = model.beside(model.encoder.predict(x), labels)
    drawn = model.beside(model.noise(12, labels), labels)
    D = model.discriminator
    measured = []
    vector, gradient = moved_by(
        model, "discriminator", lambda: measured.append(model._update_discriminator(drawn, z))
    )

    def loss():
        return cross_entropy(D.predict(drawn), 1) + cross_entropy(D.predict(z), 0)

    np.testing.assert_allclose(measured[0][0], loss() / 2)
    assert_is_gradient(loss, vector, gradient)


@pytest.mark.parametrize("classes, prior", CASES)
def test_update_3_is_the_gradient_through_the_discriminator(classes, prior):
    model, x = in_float64(classes, prior), images(dtype=np.float64)
    labels = None if classes is None else np.arange(12) % classes
    E, D = model.encoder, model.discriminator
    z = model.beside(E.forward(x, training=True), labels)
    untouched = D.flat_params.copy(), D.flat_grads.copy(), model.decoder.flat_params.copy()
    vector, gradient = moved_by(model, "encoder", lambda: model._update_encoder(x, z))
    for before, after in zip(untouched, (D.flat_params, D.flat_grads, model.decoder.flat_params)):
        np.testing.assert_array_equal(before, after)

    def loss(target=1):
        return cross_entropy(D.predict(model.beside(E.predict(x), labels)), target)

    assert_is_gradient(loss, vector, gradient)
    with pytest.raises(AssertionError):  # the slip: the encoder told to be recognised
        assert_is_gradient(lambda: loss(target=0), vector, gradient)
    with pytest.raises(AssertionError):  # the slip: the sign
        assert_is_gradient(loss, vector, -gradient)


def test_an_encoder_step_through_the_discriminators_parameters_is_noticed():
    """The slip: `backward` in place of `input_gradient`, so that D collects gradients that it should not."""
    model, x = in_float64(), images(dtype=np.float64)
    D = model.discriminator
    z = model.encoder.forward(x, training=True)
    before = D.flat_grads.copy()
    ask, D.input_gradient = D.input_gradient, D.backward
    model._update_encoder(x, z)
    assert not np.array_equal(D.flat_grads, before)
    D.input_gradient = ask


def test_the_order_of_an_iteration_and_who_changes():
    model, x, steps = in_float64(), images(dtype=np.float64), []
    for name, rule in model.optimizers.items():

        def counted(params, grads, name=name, update=rule.update):
            before = {key: network.flat_params.copy() for key, network in model.networks.items()}
            update(params, grads)
            changed = [
                key for key, net in model.networks.items() if not np.array_equal(net.flat_params, before[key])
            ]
            steps.append((name, changed))

        rule.update = counted
    model.train_on_batch(x)
    assert steps == [
        ("optimizer", ["encoder", "decoder"]),
        ("discriminator_optimizer", ["discriminator"]),
        ("encoder_optimizer", ["encoder"]),
    ]


def test_one_iteration_by_hand():
    """The three updates one after the other, from their definitions, with the same draws."""
    model, twin, x = in_float64(), in_float64(), images(dtype=np.float64)
    measured = model.train_on_batch(x)

    E, R, D, bce = twin.encoder, twin.decoder, twin.discriminator, BinaryCrossEntropyFromLogits()
    y = R.forward(E.forward(x))
    loss = np.mean((y - x) ** 2)
    twin.flat_grads.fill(0)
    E.parameter_gradients(R.backward(2 * (y - x) / x.size))
    twin.flat_params -= RATE * twin.flat_grads
    drawn, z = twin.noise(len(x)), E.forward(x)
    beliefs = [float(np.mean(1 / (1 + np.exp(-D.predict(each))))) for each in (drawn, z)]
    D.zero_grad()
    d_loss = 0
    for codes, target in ((drawn, 1), (z, 0)):
        d_loss += bce.forward(D.forward(codes), target) / 2
        D.parameter_gradients(bce.backward())
    D.flat_params -= RATE * D.flat_grads
    e_loss = bce.forward(D.forward(z), 1)
    E.zero_grad()
    E.parameter_gradients(D.input_gradient(bce.backward()))
    E.flat_params -= RATE * E.flat_grads

    for name, network in model.networks.items():
        np.testing.assert_allclose(network.flat_params, twin.networks[name].flat_params, rtol=1e-12)
    expected = {"loss": loss, "d_loss": d_loss, "e_loss": e_loss, "D(z)": beliefs[0], "D(E(x))": beliefs[1]}
    assert measured == pytest.approx(expected, rel=1e-12)


def test_codes_come_to_lie_as_the_prior_does():
    rng = np.random.default_rng(0)
    x = rng.random((600, *SHAPE), dtype=np.float32)
    encoder = dense_encoder(SHAPE, 2, 32, rng=1)
    rules = {
        "discriminator_optimizer": Adam(2e-3, beta_1=0.5),
        "encoder_optimizer": Adam(2e-3, beta_1=0.5),
    }
    model = AdversarialAutoencoder(encoder, discriminator=mlp(2, 1, 32, rng=2), rng=0, **rules)
    before = model.encode(x)
    model.fit(x, epochs=60, batch_size=50, progress=False)
    after = model.encode(x)
    assert (
        np.abs(after.mean(axis=0)).max() < 0.4
        and 0.7 < after.std(axis=0).min() < after.std(axis=0).max() < 1.3
    )
    assert np.abs(before.std(axis=0) - 1).max() > 0.3


def test_labels_give_each_class_a_mode_of_its_own():
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 3
    x = 0.1 * rng.random((300, *SHAPE), dtype=np.float32)
    x[np.arange(300), labels] += 0.8  # a bright row
    rules = {
        "discriminator_optimizer": Adam(3e-3, beta_1=0.5),
        "encoder_optimizer": Adam(3e-3, beta_1=0.5),
    }
    model = small(classes=3, **rules)
    model.fit(x, labels, epochs=100, batch_size=30, progress=False)
    nearest = np.linalg.norm(model.encode(x)[:, None] - model.prior.centres, axis=2).argmin(axis=1)
    assert np.mean(nearest == labels) > 0.9
    drawn = [model.generate(50, label, rng=0).mean(axis=(0, 2, 3)).argmax() for label in range(3)]
    assert drawn == [0, 1, 2]
    assert model.generate(5).shape == model.generate(5, labels=[0, 1, 2, 0, 1]).shape == (5, *SHAPE)
    assert model.evaluate(x, labels) == model.evaluate(x)
    assert model.discriminate(model.encode(x), labels).shape == (300,)


def test_a_ring():
    prior, rng = RingPrior(5, radius=3.0, std=0.2), np.random.default_rng(0)
    np.testing.assert_allclose(prior.centres[0], [3, 0], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(prior.centres, axis=1), 3)
    labels = np.repeat(np.arange(5), 400)
    z = prior.draw(2000, 2, rng, np.float32, labels)
    assert z.dtype == np.float32
    for k in range(5):
        np.testing.assert_allclose(z[labels == k].mean(axis=0), prior.centres[k], atol=0.05)
        np.testing.assert_allclose(z[labels == k].std(axis=0), 0.2, rtol=0.15)
    z = prior.draw(2000, 2, rng, np.float32)
    counts = np.bincount(np.linalg.norm(z[:, None] - prior.centres, axis=2).argmin(axis=1))
    assert counts.min() > 330


def test_a_target_other_than_x():
    x, model = images(), small()
    model.train_on_batch(x + 0.1, x)
    assert model.evaluate(x + 0.1, x)["loss"] == Autoencoder.evaluate(model, x + 0.1, x)["loss"]


def test_learning_is_reported_and_repeats():
    first, second = small(), small()
    for model in (first, second):
        model.fit(images(40), epochs=3, batch_size=10, validation_data=images(8, 1), progress=False)
    assert list(first.history.columns) == ["loss", "d_loss", "e_loss", "D(z)", "D(E(x))"]
    assert list(first.epoch_history.columns) == ["loss", "val_loss"] and len(first.history) == 12
    for name, network in first.networks.items():
        np.testing.assert_array_equal(network.flat_params, second.networks[name].flat_params)


def test_float32_throughout():
    for model, labels in ((small(), None), (small(classes=3), np.arange(12) % 3)):
        model.train_on_batch(images(), labels)
        assert model.noise(3).dtype == model.generate(2).dtype == np.float32
        for network in model.networks.values():
            assert network.flat_params.dtype == network.flat_grads.dtype == np.float32
        for rule in model.optimizers.values():
            assert all(memory.dtype == np.float32 for memory in rule.memory.values())


def test_defaults():
    model = AdversarialAutoencoder(rng=0)
    assert model.latent_dim == 8 and isinstance(model.prior, NormalPrior) and model.labels is None
    assert [rule.learning_rate for rule in model.optimizers.values()] == [2e-3, 1e-3, 1e-3]
    model = small(classes=["a", "b", "c"])
    assert [rule.learning_rate for rule in model.optimizers.values()] == [2e-3, 2e-3, 2e-3]
    assert model.latent_dim == 2 and model.prior.modes == 3 and model.discriminator.input_shape == (5,)


def test_a_loss_that_is_not_finite_names_the_layer():
    model = small()
    model.discriminator.flat_params[:] = np.nan
    with pytest.raises(DivergenceError, match="in the discriminator is not finite"):
        model.train_on_batch(images())
    model = small()
    model.encoder.flat_params[:] = np.nan
    with pytest.raises(DivergenceError, match="in the encoder is not finite"):
        model.train_on_batch(images())


def code(n, layers=()):
    return Sequential([Flatten(), Dense(n), *layers], SHAPE, rng=0)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"prior": "ring"}, TypeError, "prior must be a NormalPrior or a RingPrior, got 'ring'"),
        ({"prior": RingPrior(3), "encoder": code(4)}, ValueError, "for codes of 2 latents, .* returns 4"),
        ({"prior": RingPrior(3), "classes": 4}, ValueError, r"take RingPrior\(4\)"),
        ({"prior": NormalPrior(), "classes": 4}, ValueError, r"take RingPrior\(4\)"),
        ({"classes": 4, "encoder": code(4)}, ValueError, "for codes of 2 latents"),
        ({"classes": 1}, ValueError, "classes"),
        (
            {"discriminator": mlp(3, 1, 4)},
            ValueError,
            r"take codes, \(N, 8\), to one logit, \(N, 1\); it takes",
        ),
        ({"discriminator": mlp(2, 1), "classes": 3}, ValueError, r"with labels of 3 beside them, \(N, 5\)"),
        ({"discriminator": mlp(8, 2, 4)}, ValueError, "to one logit"),
        ({"discriminator": Sequential([Dense(1), Sigmoid()], (8,))}, ValueError, "must return a logit"),
        ({"discriminator": 3}, TypeError, "discriminator must be a network"),
        ({"encoder_optimizer": 1e-3}, TypeError, "encoder_optimizer must be an optimizer"),
        ({"encoder": Sequential([Conv2D(2, 2)], SHAPE)}, ValueError, r"not \(2, 2, 2\): add Flatten"),
    ],
)
def test_bad_models(options, error, message):
    with pytest.raises(error, match=message):
        AdversarialAutoencoder(**({} if "encoder" in options else {"image_shape": SHAPE}) | options, rng=0)


def test_optimisers_are_not_shared():
    rule = Adam(1e-3)
    with pytest.raises(ValueError, match="an optimizer of its own"):
        small(optimizer=rule, encoder_optimizer=rule)


def test_bad_priors():
    for options in ({"modes": 1}, {"modes": 10**9}, {"radius": 0.0}, {"std": -1.0}):
        with pytest.raises(ValueError, match=f"RingPrior: {next(iter(options))} must be"):
            RingPrior(**options)


def test_bad_batches_change_nothing():
    model, x = small(classes=3), images()
    before = model.snapshot()
    for labels, error in ((None, "labels must be"), (np.arange(12), "there is no class"), ([0, 1], "labels")):
        with pytest.raises(ValueError, match=error):
            model.train_on_batch(x, labels)
        with pytest.raises(ValueError, match=error):
            model.fit(x, labels, progress=False)
    with pytest.raises(ValueError, match="made without classes"):
        small().generate(3, labels=1)
    for name, array in model.snapshot().items():
        np.testing.assert_array_equal(array, before[name])
