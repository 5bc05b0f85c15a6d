"""The conditional VAE: gradients, labels, files."""

import numpy as np
import pytest

from numpygan import Adam, ConditionalVAE, Dense, Flatten, Reshape, Sequential, Tanh, check_function
from numpygan.checkpoint import load, save
from numpygan.losses import Gaussian

SHAPE, K = (4, 4, 1), 3


def tiny(dtype=np.float32, seed=0, **options):
    rng = np.random.default_rng(seed)
    trunk = Sequential([Flatten(), Dense(6), Tanh()], SHAPE, rng=rng, dtype=dtype)
    decoder = Sequential([Dense(6), Tanh(), Dense(16), Reshape(SHAPE)], (2 + K,), rng=rng, dtype=dtype)
    vae = ConditionalVAE(
        2, classes=options.pop("classes", K), trunk=trunk, decoder=decoder, rng=rng, **options
    )
    vae.flat_params += 0.1 * rng.standard_normal(vae.flat_params.size).astype(dtype)  # biases too
    return vae


def batch(n=6, seed=1, dtype=np.float32):
    return np.random.default_rng(seed).random((n, *SHAPE)).astype(dtype), np.arange(n) % K


def report(vae):
    (x, labels), epsilon = batch(dtype=np.float64), vae.noise(6)
    return check_function(
        lambda: vae.compute_gradients(x, labels, epsilon=epsilon)["loss"],
        {"all": vae.flat_params},
        lambda: {"all": vae.flat_grads},
        tolerance=1e-6,
    )


@pytest.mark.parametrize("options", [{}, {"label_scale": 3, "beta": 0.3}, {"likelihood": Gaussian(0.5)}])
def test_every_gradient_against_central_differences(options):
    found = report(tiny(np.float64, **options))
    assert found.ok, found


def test_the_labels_part_of_dz_left_on_is_caught(monkeypatch):
    monkeypatch.setattr("numpygan.models.vae.cut", lambda dz, classes: dz[..., -2:])  # the label's, not z's
    assert not report(tiny(np.float64)).ok


def test_a_forgotten_cut_is_an_error(monkeypatch):
    monkeypatch.setattr("numpygan.models.vae.cut", lambda dz, classes: dz)
    with pytest.raises(ValueError, match="broadcast"):
        tiny().train_on_batch(*batch())


def test_learns_what_the_label_says():
    x = np.zeros((90, *SHAPE), np.float32)
    labels = np.arange(90) % K
    for label in range(K):
        x[labels == label, label] = 1  # a bright row
    vae = tiny(optimizer=Adam(1e-2))
    vae.fit(x, labels, epochs=200, batch_size=30, validation_data=(x, labels), progress=False)
    for label in range(K):
        drawn = vae.generate(20, labels=label, rng=0)[..., 0]
        assert drawn[:, label].min() > 0.8 and np.delete(drawn, label, axis=1).max() < 0.2
    assert vae.evaluate(x, labels)["kl"] < 0.1  # nothing is left for z to tell
    assert vae.epoch_history["val_loss"][-1] == pytest.approx(vae.evaluate(x, labels)["loss"])
    bounds = vae.elbo(x, labels, 3, rng=0)
    assert np.all(bounds["elbo"] < 0) and bounds["elbo"].shape == (90,)
    swapped = vae.reconstruct(x[:3], np.roll(labels[:3], 1))
    assert np.array_equal(swapped.mean(axis=(2, 3)).argmax(axis=1), np.roll(labels[:3], 1))


def test_files_and_names(tmp_path):
    vae = tiny(classes=["a", "b", "c"], label_scale=2)
    x, labels = batch(12)
    vae.fit(x, labels, epochs=2, batch_size=6, progress=False)
    save(vae, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert type(twin) is ConditionalVAE and twin.classes.names == ("a", "b", "c") and twin.latent_dim == 2
    assert np.array_equal(vae.generate(4, labels="b", rng=0), twin.generate(4, labels=1, rng=0))
    for each in (vae, twin):
        each.fit(x, labels, epochs=1, batch_size=6, progress=False)
    assert np.array_equal(vae.flat_params, twin.flat_params)


@pytest.mark.parametrize(
    ("labels", "kind", "message"),
    [
        (np.zeros(11, int), ValueError, r"labels must be \(12,\)"),
        (np.full(12, 3), ValueError, "no class 3, only 0 to 2"),
        (np.zeros(12), TypeError, "got float64"),
    ],
)
def test_bad_labels_are_refused_before_anything_changes(labels, kind, message):
    vae, (x, _) = tiny(), batch(12)
    before, state = vae.snapshot(), vae.rng.bit_generator.state
    for learn in (vae.train_on_batch, lambda *pair: vae.fit(*pair, epochs=1, batch_size=6, progress=False)):
        with pytest.raises(kind, match=message):
            learn(x, labels)
    assert all(np.array_equal(a, b) for a, b in zip(before.values(), vae.snapshot().values()))
    assert vae.rng.bit_generator.state == state


def test_a_decoder_without_room_for_the_code_is_refused():
    with pytest.raises(ValueError, match=r"latent_dim is"):
        tiny(classes=4)


def test_the_default_networks():
    vae = ConditionalVAE(rng=0)
    assert vae.decoder.input_shape == (12,) and vae.generate(3, labels=[1, 2, 3]).shape == (3, 28, 28, 1)
    assert vae.generate(1).dtype == np.float32
