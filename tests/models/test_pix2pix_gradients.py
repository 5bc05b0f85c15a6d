"""Every parameter of Pix2Pix's two networks against central differences, and an iteration by hand."""

import numpy as np
import pytest

from numpygan import (
    SGD,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Flatten,
    LeakyReLU,
    Pix2Pix,
    Sequential,
    Skip,
    Tanh,
    check_function,
)
from numpygan.layers import Dense
from numpygan.models import pix2pix

SHAPE_A, SHAPE_B = (4, 8, 2), (4, 8, 3)


def unet(rng, channels=3):
    """A U-Net of two halvings; with it everything on the way down is used twice."""
    bottom = [LeakyReLU(0.2), Conv2D(3, 2, 2), Tanh(), Conv2DTranspose(2, 2, 2), BatchNormalization()]
    layers = [Conv2D(2, 2, 2), Skip(bottom), LeakyReLU(0.2), Conv2DTranspose(channels, 2, 2), Tanh()]
    return Sequential(layers, SHAPE_A, rng=rng, dtype=np.float64, name="generator")


def discriminator(rng, *, patches=True):
    end = [Conv2D(1, 2)] if patches else [Flatten(), Dense(1)]
    layers = [Conv2D(3, 3, strides=2, padding="same"), LeakyReLU(0.2), *end]
    return Sequential(layers, (4, 8, 5), rng=rng, dtype=np.float64, name="discriminator")


def tiny(seed=0, *, patches=True, **options):
    """Return a Pix2Pix of some hundred parameters in float64, and a batch of pairs."""
    rng = np.random.default_rng(seed)
    model = Pix2Pix(unet(rng), discriminator(rng, patches=patches), rng=rng, **options)
    for network in model.networks.values():
        network.flat_params += 0.1 * rng.standard_normal(network.flat_params.size)  # biases too
    return model, rng.uniform(-1, 1, (3, *SHAPE_A)), rng.uniform(-1, 1, (3, *SHAPE_B))


def report_on(model, a, b, loss, network):
    return check_function(
        lambda: model.compute_gradients(a, b)[loss],
        {network: model.networks[network].flat_params},
        lambda: {network: model.networks[network].flat_grads},
        tolerance=1e-6,
    )


@pytest.mark.parametrize(
    ("loss", "patches", "v", "w"),
    [
        ("non-saturating", True, 1, 100), ("non-saturating", False, 0.3, 2), ("non-saturating", True, 0, 1),
        ("saturating", True, 1, 1), ("least-squares", True, 1, 0), ("least-squares", False, 2, 1),
    ],
)  # fmt: skip
def test_a_whole_step(loss, patches, v, w):
    model, a, b = tiny(patches=patches, adversarial_weight=v, l1_weight=w, loss=loss)
    for name, of in (("g_loss", "generator"), ("d_loss", "discriminator")):
        report = report_on(model, a, b, name, of)
        assert report.ok and report.worst <= 1e-6, str(report)
        assert report[of].checked == model.networks[of].count_params()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda dpair, a: dpair[..., : -a.shape[-1]],  # the first channels of the pair, a's among them
        lambda dpair, a: 0 * dpair[..., a.shape[-1] :],
        lambda dpair, a: -dpair[..., a.shape[-1] :],
    ],
    ids=["columns of a", "left out", "sign"],
)
def test_a_wrong_cut_is_caught(wrong, monkeypatch):
    monkeypatch.setattr(pix2pix, "without_a", wrong)
    model, a, b = tiny(l1_weight=2)
    assert not report_on(model, a, b, "g_loss", "generator").ok


def test_a_forgotten_cut_is_refused(monkeypatch):
    monkeypatch.setattr(pix2pix, "without_a", lambda dpair, a: dpair)
    model, a, b = tiny()
    with pytest.raises(ValueError, match="broadcast"):
        model.compute_gradients(a, b)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda dy: -dy,
        lambda dy: dy * dy[0].size,
        lambda dy: dy * len(dy),
        lambda dy: dy * dy.shape[-1],
        np.abs,
    ],
    ids=["sign", "a mean over the batch", "a sum over the batch", "a mean over pixels", "no sign"],
)
def test_a_wrong_l1_gradient_is_caught(wrong):
    model, a, b = tiny(l1_weight=2)
    right = model.l1_loss.backward
    model.l1_loss.backward = lambda: wrong(right())
    assert not report_on(model, a, b, "g_loss", "generator").ok


def test_a_pair_joined_the_other_way_round_would_still_be_caught(monkeypatch):
    """b before a, but cut as before."""
    monkeypatch.setattr(pix2pix, "joined", lambda a, b: np.concatenate([b, a], axis=-1))
    model, a, b = tiny(l1_weight=2)
    assert not report_on(model, a, b, "g_loss", "generator").ok


def test_a_discriminator_asked_about_the_wrong_pair_would_be_caught():
    """Its word on the fake must follow the forward pass of the fake."""
    model, a, b = tiny()
    right = model.compute_discriminator_gradients

    def after_another_pass(a, b, logits):
        model.discriminator.forward(pix2pix.joined(a, b))
        return right(a, b, logits)

    model.compute_discriminator_gradients = after_another_pass
    assert not report_on(model, a, b, "d_loss", "discriminator").ok


def test_one_iteration_by_hand():
    """G is y = g x + p and D is l = c a + d b + e, of one pixel; both learn by SGD."""
    v, w, rate = 0.5, 3.0, 0.1
    G = Sequential([Conv2D(1, 1)], (1, 1, 1), dtype=np.float64)
    D = Sequential([Conv2D(1, 1)], (1, 1, 2), dtype=np.float64)
    rules = {"generator_optimizer": SGD(rate), "discriminator_optimizer": SGD(rate)}
    weights = {"adversarial_weight": v, "l1_weight": w}
    model = Pix2Pix(G, D, loss="least-squares", **weights, **rules, rng=0)
    G.flat_params[:] = g, p = 1.5, 0.25
    D.flat_params[:] = c, d, e = 0.5, -0.75, 0.2
    a, b = np.array([0.5, -1.0, 0.75]), np.array([0.25, 3.0, -1.0])

    fake = g * a + p
    logits = c * a + d * fake + e
    scores = (logits + 1) / 2
    dfake = v * (scores - 1) / 3 * d + w * np.sign(fake - b) / 3
    real = c * a + d * b + e
    dl_fake, dl_real = 0.5 * scores / 3, 0.5 * ((real + 1) / 2 - 1) / 3
    dD = [(dl_fake + dl_real) @ a, dl_fake @ fake + dl_real @ b, (dl_fake + dl_real).sum()]
    expected = {
        "adversarial": ((scores - 1) ** 2).mean(),
        "l1": np.abs(fake - b).mean(),
        "d_loss": ((scores**2).mean() + (((real + 1) / 2 - 1) ** 2).mean()) / 2,
        "accuracy_real": np.mean(real > 0),
        "accuracy_fake": np.mean(logits <= 0),
    }
    expected["g_loss"] = v * expected["adversarial"] + w * expected["l1"]
    measured = model.train_on_batch(a.reshape(3, 1, 1, 1), b.reshape(3, 1, 1, 1))
    assert measured == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(G.flat_params, np.array([g, p]) - rate * np.array([dfake @ a, dfake.sum()]))
    np.testing.assert_allclose(D.flat_params, np.array([c, d, e]) - rate * np.array(dD))
