"""Exports to Keras compute what the models compute."""

import numpy as np
import pytest

from numpygan.export import export
from numpygan.models import DCGAN, GAN, VAE, Autoencoder, CycleGAN, Pix2Pix
from tests.export.models import LAYERS, MODELS, autoencoder, run_check, shaken

# What Keras itself warns of, on its way.
pytestmark = [pytest.mark.filterwarnings("ignore::Warning"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def keras_on_torch(monkeypatch):
    """Keras, if it is there, on one thread: sums in one order, so that rounding is the same in every run."""
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("name", MODELS)
def test_models(name, tmp_path, monkeypatch, capsys):
    export(shaken(MODELS[name]()), tmp_path, to="keras")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name, tmp_path, monkeypatch, capsys):
    export(shaken(autoencoder(LAYERS[name]())), tmp_path, to="keras")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


PRESETS = {
    "gan": GAN, "dcgan": DCGAN, "book": DCGAN.book, "vae": VAE, "autoencoder": Autoencoder,
    "cyclegan": CycleGAN, "pix2pix": Pix2Pix,
}  # fmt: skip


@pytest.mark.parametrize("name", PRESETS)
def test_presets(name, tmp_path, monkeypatch, capsys):
    export(PRESETS[name](rng=0), tmp_path, to="keras")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


def test_a_wrong_number_is_found(tmp_path, monkeypatch):
    export(shaken(MODELS["gan"]()), tmp_path, to="keras")
    with np.load(tmp_path / "weights.npz") as file:
        weights = dict(file)
    next(iter(weights.values())).flat[0] += 0.1
    np.savez(tmp_path / "weights.npz", **weights)
    assert run_check(tmp_path, monkeypatch) == 1
