"""`--data`: what the models are trained on."""

import json

import numpy as np
import pytest

from numpygan import checkpoint
from numpygan.cli import main
from tests.datasets.writers import write_mnist

TINY = {
    "gan": ["--iterations", "4", "--batch-size", "8", "--hidden", "8", "--sample-interval", "4"],
    "dcgan": ["--iterations", "4", "--batch-size", "8", "--sample-interval", "4"],
    "ae": ["--epochs", "1", "--batch-size", "9", "--hidden", "8", "--latent-dim", "2"],
    "vae": ["--epochs", "1", "--batch-size", "9", "--hidden", "8"],
}

GANS = ("gan", "dcgan")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder of MNIST's files and two files of small images, grey and in colour."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", 40)
    write_mnist(folder / "mnist", 20, part="evaluation", packed=False)
    rng = np.random.default_rng(0)
    np.save(folder / "grey.npy", rng.random((30, 8, 12)))
    np.savez(folder / "colour.npz", images=rng.integers(0, 256, (30, 8, 4, 3), dtype=np.uint8))
    return folder


SHAPES = {"mnist": (28, 28, 1), "grey.npy": (8, 12, 1), "colour.npz": (8, 4, 3)}
QUICK = {("gan", "colour.npz"), ("dcgan", "grey.npy"), ("ae", "mnist"), ("vae", "grey.npy")}  # the other pairs run with -m slow


@pytest.mark.parametrize(
    ("model", "name"),
    [
        pytest.param(model, name, marks=[] if (model, name) in QUICK else pytest.mark.slow)
        for model in TINY
        for name in SHAPES
    ],
)
def test_every_model_takes_the_shape_of_the_data(data, tmp_path, capsys, model, name):
    source = str(data / name)
    assert main(["train", model, *TINY[model], "--data", source, "--out", str(tmp_path), "--quiet"]) == 0
    count = 40 if name == "mnist" else 30 if model in GANS else 27
    assert f"on {count} images from {source}: " in (text := capsys.readouterr().out)
    if model not in GANS:
        assert f"On {20 if name == 'mnist' else 3} images not trained on" in text
        assert (tmp_path / "plane.png").exists() == (name == "mnist")  # only those have labels
    assert json.loads((tmp_path / "settings.json").read_text())["data"] == source
    saved = checkpoint.load(tmp_path / "model.npz")
    assert list(saved.networks.values())[0 if model in GANS else -1].output_shape == SHAPES[name]
    if model != "ae":
        assert main(["sample", str(tmp_path), "--n", "4"]) == 0


@pytest.mark.parametrize("model", TINY)
def test_bad_data_is_status_2_and_writes_nothing(data, tmp_path, monkeypatch, capsys, model):
    monkeypatch.chdir(tmp_path)
    np.save(data / "few.npy", np.zeros((7, 4, 4)))
    (data / "broken.npy").write_bytes(b"nothing of the kind")
    (data / "empty").mkdir(exist_ok=True)
    for source, message in {
        "minst": "--data minst is none of digits, mnist, fashion, nor an existing file or folder",
        str(data / "few.npy"): "--batch-size 8 is larger than the data: 7" if model in GANS else "at least 10 are needed",
        str(data / "broken.npy"): "broken.npy is not a .npy or .npz file of numbers",
        str(data / "empty"): "has neither t10k-images-idx3-ubyte nor" if model not in GANS else "has neither train-images",
    }.items():
        assert main(["train", model, *TINY[model], "--data", source]) == 2
        assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_dcgan_draws_images_of_any_size(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (20, 6, 9), dtype=np.uint8)
    np.save(tmp_path / "odd.npy", images)
    run = tmp_path / "run"
    assert main(["train", "dcgan", *TINY["dcgan"], "--data", str(tmp_path / "odd.npy"), "--out", str(run)]) == 0
    assert checkpoint.load(run / "model.npz").sample_shape == (6, 9, 1)
