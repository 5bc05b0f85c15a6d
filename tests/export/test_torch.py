"""Exports to PyTorch compute what the models compute; the code is what a person would have written."""

import ast

import numpy as np
import pytest

from numpygan.export import export
from numpygan.metrics import load_classifier
from numpygan.models import DCGAN, GAN, VAE, Autoencoder, CycleGAN, Pix2Pix
from tests.export.models import LAYERS, MODELS, autoencoder, run_check, shaken


@pytest.fixture(autouse=True)
def torch():
    """PyTorch, if it is there; imported by the first test that is run, as it takes a while."""
    return pytest.importorskip("torch")


@pytest.mark.parametrize("name", MODELS)
def test_models(name, tmp_path, monkeypatch, capsys):
    export(shaken(MODELS[name]()), tmp_path, to="torch")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name, tmp_path, monkeypatch, capsys):
    export(shaken(autoencoder(LAYERS[name]())), tmp_path, to="torch")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


PRESETS = {
    "gan": GAN, "dcgan": DCGAN, "book": DCGAN.book, "vae": VAE, "autoencoder": Autoencoder,
    "cyclegan": CycleGAN, "pix2pix": Pix2Pix,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_presets(name, tmp_path, monkeypatch, capsys):
    export(shaken(PRESETS[name](rng=0)), tmp_path, to="torch")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


@pytest.mark.slow
def test_the_yardstick(tmp_path, monkeypatch, capsys):
    export(load_classifier(), tmp_path, to="torch")
    assert run_check(tmp_path, monkeypatch) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("array", "line"),
    [
        ("generator_averaged/dense_1.weight", "generator_averaged, output"),
        ("discriminator/conv2d_1.bias", "discriminator, gradients"),
        ("generator/batch_normalization_1.running_mean", "generator, output"),
    ],
)
def test_a_wrong_number_is_found(array, line, tmp_path, monkeypatch, capsys):
    export(shaken(MODELS["dcgan"]()), tmp_path, to="torch")
    with np.load(tmp_path / "weights.npz") as file:
        weights = dict(file)
    weights[array].flat[0] += 0.01
    np.savez(tmp_path / "weights.npz", **weights)
    assert run_check(tmp_path, monkeypatch) == 1
    wrong = [row for row in capsys.readouterr().out.splitlines() if row.endswith("DIFFERENT")]
    assert any(row.startswith(line) for row in wrong)


def test_the_code(tmp_path):
    export(MODELS["cyclegan of one shape"](), tmp_path, to="torch")
    code = (tmp_path / "model.py").read_text(encoding="utf-8")
    classes = [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]
    assert classes == ["ResidualBlock", "G", "F", "D_A", "D_B"]  # two generators of two blocks: one of each
    assert "class F(G):" in code
    assert "self.conv2d_1 = nn.Conv2d(1, 4, 4, stride=2, padding=1)" in code
    for name in ("model.py", "check.py"):
        assert max(map(len, (tmp_path / name).read_text(encoding="utf-8").splitlines())) <= 110
