"""The library's own gradients: every layer, configuration and loss, and whole networks."""

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Dense,
    Dropout,
    LeakyReLU,
    MeanAbsoluteError,
    MeanSquaredError,
    ReLU,
    Reshape,
    Sequential,
    Sigmoid,
    Tanh,
    check_function,
    check_layer,
    check_loss,
    layers,
    losses,
)
from numpygan.gradcheck import cases as library
from numpygan.gradcheck import check_library, main_table
from numpygan.models import dense_discriminator, dense_generator


def kinds_within(layer):
    return {type(layer), *(kind for child in getattr(layer, "layers", ()) for kind in kinds_within(child))}


@pytest.mark.parametrize("case", list(library.layer_cases()), ids=lambda case: " ".join(map(str, case)))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_layer(case, seed):
    layer, shape, training = case
    x = np.random.default_rng(seed).standard_normal(shape)
    report = check_layer(layer, x, training=training, rng=seed)
    assert report.ok and report.worst <= 1e-7, str(report)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_loss(seed):
    for loss, y, target in library.loss_cases(np.random.default_rng(seed)):
        report = check_loss(loss, y, target)
        assert report.ok and report.worst <= 1e-7, str(report)


def public_kinds(module, base, *, without):
    kinds = {kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, base)}
    return {kind for kind in kinds if not kind.__name__.startswith("_")} - without


def test_library_leaves_no_layer_or_loss_out():
    checked = set().union(*(kinds_within(layer) for layer, _, _ in library.layer_cases()))
    assert public_kinds(layers, layers.Layer, without={layers.Layer}) <= checked
    checked = {type(loss) for loss, _, _ in library.loss_cases(np.random.default_rng(0))}
    bases = {losses.Loss, losses.NegativeLogLikelihood}
    assert public_kinds(losses, losses.Loss, without=bases) <= checked
    assert any(report.subject == "GaussianKL" for report in check_library())


def test_check_library_returns_reports_that_are_all_ok():
    reports = check_library()
    assert all(report.ok for report in reports)
    assert {report.tolerance for report in reports} == {1e-7, 1e-6}  # of layers and losses, and of functions


@pytest.mark.slow
def test_main_table_has_a_line_for_each_report_and_says_yes():
    printed = []
    assert main_table(print_fn=printed.append) is True
    text = "\n".join(printed)
    assert text.count("\n") > len(check_library())
    assert all(name in text for name in ("Dense(4)", "BatchNormalization()", "MeanAbsoluteError"))
    assert "WRONG" not in text and "none of" in text


def test_main_table_says_no_and_shows_the_failure(monkeypatch):
    class Backwards(Tanh):
        def input_gradient(self, dy):
            return -super().input_gradient(dy)

    cases = [(Backwards(), (3, 4), True), (Tanh(), (3, 4), True)]
    monkeypatch.setattr(library, "layer_cases", lambda: cases)
    printed = []
    assert main_table(print_fn=printed.append) is False
    text = "\n".join(printed)
    assert "wrong sign" in text and "1 of " in text


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("kind", [LeakyReLU, ReLU, Tanh, Sigmoid])
def test_activations_at_a_thousand(kind, training):
    x = np.array([[1000.0, -1000.0, 0.3], [-30.0, 30.0, -2.0], [700.0, -740.0, 1.0]])
    report = check_layer(kind(), x, training=training)
    assert report.ok and report.worst <= 1e-7, str(report)


@pytest.mark.parametrize("kind", [BinaryCrossEntropyFromLogits, MeanSquaredError, MeanAbsoluteError])
@pytest.mark.parametrize("target", [0, 1])
def test_losses_at_a_thousand(kind, target):
    y = np.array([[1000.0, -1000.0], [40.0, -40.0], [0.3, -2.0]])
    report = check_loss(kind(), y, target)
    assert report.ok and report.worst <= 1e-7, str(report)


def test_sigmoid_and_cross_entropy_on_probabilities_as_one_function():
    x = np.array([[5.0, -5.0], [0.3, -2.0], [1.0, 0.0]])
    sigmoid, loss = Sigmoid().build((2,), dtype=np.float64), BinaryCrossEntropy()

    def gradients():
        return {"x": sigmoid.input_gradient(loss.backward())}

    report = check_function(lambda: loss.forward(sigmoid.forward(x), 1), {"x": x}, gradients)
    assert report.ok and report.worst <= 1e-6, str(report)


def dense_pair(rng):
    shape = (3, 2, 1)
    G = dense_generator(shape, latent_dim=4, hidden=6, rng=rng)
    return G, dense_discriminator(shape, hidden=5, rng=rng)


def normalised_pair(rng):
    blocks = [Dense(6), BatchNormalization(), LeakyReLU(0.2), Dropout(0.2)]
    G = Sequential([*blocks, Dense(6), Tanh(), Reshape((3, 2, 1))], input_shape=(4,), rng=rng)
    return G, dense_discriminator((3, 2, 1), hidden=5, rng=rng)


@pytest.mark.parametrize("pair", [dense_pair, normalised_pair])
@pytest.mark.parametrize("seed", range(5))
def test_generator_through_discriminator(pair, seed):
    rng = np.random.default_rng(seed)
    G, D = (network.astype(np.float64) for network in pair(rng))
    z, bce = rng.standard_normal((5, 4)), BinaryCrossEntropyFromLogits()

    def loss():
        return bce.forward(D.forward(G.forward(z, training=True), training=True), 1)

    def gradients():
        G.zero_grad()
        return {"z": G.backward(D.input_gradient(bce.backward())), "G": G.flat_grads}

    arrays, before = {"z": z, "G": G.flat_params}, G.flat_params.copy()
    report = check_function(loss, arrays, gradients, layers=[G, D])
    assert report.ok and report.worst <= 1e-6, str(report)
    assert not np.any(D.flat_grads)
    assert np.array_equal(G.flat_params, before)


@pytest.mark.parametrize("seed", range(3))
def test_discriminator_on_real_and_fake_batches_adds_both_gradients(seed):
    rng = np.random.default_rng(seed)
    D = dense_discriminator((3, 2, 1), hidden=5, rng=rng).astype(np.float64)
    real, fake = rng.standard_normal((2, 5, 3, 2, 1))
    bce = BinaryCrossEntropyFromLogits()

    def loss():
        return bce.forward(D.forward(real), 1) + bce.forward(D.forward(fake), 0)

    def gradients():
        D.zero_grad()
        for x, target in ((real, 1), (fake, 0)):
            bce.forward(D.forward(x), target)
            D.parameter_gradients(bce.backward())
        return {"D": D.flat_grads}

    report = check_function(loss, {"D": D.flat_params}, gradients)
    assert report.ok and report.worst <= 1e-6, str(report)


def test_full_size_networks_are_sampled_and_agree():
    rng = np.random.default_rng(0)
    G, D = dense_generator(rng=rng), dense_discriminator(rng=rng)
    for network, x in ((G, rng.standard_normal((4, 100))), (D, rng.standard_normal((4, 28, 28, 1)))):
        report = check_layer(network, x)
        assert report.ok and report.worst <= 1e-7, str(report)
        assert report["dense_1.W"].checked == 50 and report["dense_1.W"].directions == 10
