"""Files that version 0.1 saved: they load, compute what they computed, and go on as they would have."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from numpygan import GAN, Autoencoder
from numpygan.checkpoint import load, save
from numpygan.cli import main
from numpygan.models import dense_discriminator, dense_encoder, dense_generator
from numpygan.training import EarlyStopping, SampleRecorder, StopOnPlateau

FILES = Path(__file__).parent / "version_0_1"
NUMBERS = json.loads((FILES / "facts.json").read_text(encoding="utf-8"))
with np.load(FILES / "data.npz") as data:
    X, LARGE = data["x"], data["big"]
USES = {
    "gan": lambda model: model.generate(2, rng=7),
    "dcgan": lambda model: model.generate(2, rng=7),
    "vae": lambda model: model.generate(2, rng=7),
    "autoencoder": lambda model: model.reconstruct((X[:2] + 1) / 2),
    "classifier": lambda model: model.probabilities((X[:2] + 1) / 2),
    "cyclegan": lambda model: model.to_b(LARGE[:2]),
}


@pytest.mark.parametrize("name", USES)
def test_a_model_of_each_kind(name, tmp_path):
    model = load(FILES / f"{name}.npz")
    assert type(model).__name__.lower() == name
    np.testing.assert_allclose(np.ravel(USES[name](model))[:6], NUMBERS[name], rtol=1e-4, atol=1e-6)
    for history in map(vars(model).get, model.histories):
        assert len(history) > 1
    save(model, tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert again.config() == model.config()
    assert {key: array.tobytes() for key, array in again.snapshot().items()} == {
        key: array.tobytes() for key, array in model.snapshot().items()
    }


def test_the_losses_that_a_gan_descended_are_found():
    assert load(FILES / "gan.npz").loss_name == "least-squares"


def test_a_gan_goes_on():
    G, D = dense_generator((4, 4, 1), 3, 5, rng=0), dense_discriminator((4, 4, 1), 5, rng=1)
    gan = GAN(G, D, discriminator_updates="separate", rng=2)  # as it was then
    callbacks = [SampleRecorder(2, n=2), StopOnPlateau(window=3)]
    path = FILES / "gan-checkpoint.npz"
    gan.fit(X, iterations=10, batch_size=4, progress=False, callbacks=callbacks, resume=path)
    assert len(gan.history) == 10 and len(callbacks[0].frames) == 6
    np.testing.assert_allclose(G.flat_params[:6], NUMBERS["gan-checkpoint"], rtol=1e-3, atol=1e-5)


def test_an_autoencoder_goes_on():
    model, x = Autoencoder(dense_encoder((4, 4, 1), 2, 5, rng=0), rng=1), (X + 1) / 2
    model.fit(
        x, epochs=4, batch_size=4, validation_data=x[:3], progress=False,
        callbacks=[EarlyStopping(patience=3)], resume=FILES / "autoencoder-checkpoint.npz",
    )  # fmt: skip
    assert len(model.epoch_history) == 4
    numbers = NUMBERS["autoencoder-checkpoint"]
    np.testing.assert_allclose(model.encoder.flat_params[:6], numbers, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_a_run_of_the_command_line_goes_on(tmp_path, monkeypatch):
    shutil.copytree(FILES / "run", tmp_path / "run")
    monkeypatch.chdir(tmp_path / "run")
    assert main(["train", "gan", "--resume", ".", "--quiet"]) == 0
    assert len(load("model.npz").history) == 12
