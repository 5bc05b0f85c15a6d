"""What an export writes, what it refuses, and that it needs no other library and changes nothing."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import numpygan
from numpygan import LeakyReLU
from numpygan.export import export, keras_layers, torch_layers
from numpygan.export.network import Written
from numpygan.losses import MeanSquaredError
from tests.export.models import MODELS, autoencoder, run_check, shaken

CODE = ("torch", "keras")
FILES = ["check.npz", "check.py", "model.py", "weights.npz"]


@pytest.mark.parametrize("to", CODE)
@pytest.mark.parametrize("name", MODELS)
def test_files_are_there_and_no_line_is_too_long(name, to, tmp_path):
    paths = export(MODELS[name](), tmp_path / "there", to=to)
    assert (
        sorted(path.name for path in paths)
        == FILES
        == sorted(path.name for path in (tmp_path / "there").iterdir())
    )
    for path in paths:
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            compile(text, path.name, "exec")
            assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("to", CODE)
def test_the_same_model_gives_the_same_files_and_stays_as_it_is(to, tmp_path):
    model = shaken(MODELS["dcgan"]())
    before = model.snapshot()
    z = model.noise(3, rng=0)
    model.generator.forward(z, training=False)
    kept = model.generator.layers[0]._x
    for folder in ("one", "two"):
        export(model, tmp_path / folder, to=to)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    after = model.snapshot()
    assert all(np.array_equal(before[key], after[key]) for key in before)
    assert model.generator.layers[0]._x is kept


def test_no_other_library_is_imported():
    code = (
        "import sys, tempfile; from numpygan import GAN; from numpygan.export import export\n"
        "for to in ('torch', 'keras'): export(GAN(rng=0), tempfile.mkdtemp(), to=to)\n"
        "print([name for name in ('torch', 'keras', 'onnx', 'matplotlib') if name in sys.modules])"
    )
    top = Path(numpygan.__file__).parents[1]
    command = [sys.executable, "-W", "error", "-c", code]
    assert subprocess.run(command, cwd=top, capture_output=True, text=True, check=True).stdout.strip() == "[]"


class Swish(LeakyReLU):
    """A layer of one's own: whatever it inherits, its function may be another one."""


@pytest.mark.parametrize(("to", "library"), [("torch", "PyTorch"), ("keras", "Keras"), ("onnx", "ONNX")])
def test_a_layer_without_a_counterpart_is_named(to, library, tmp_path):
    if to == "onnx":
        pytest.importorskip("onnx")
    model = autoencoder([Swish(name="mine")])
    with pytest.raises(
        ValueError, match=rf"Swish 'mine' has no counterpart in {library}.*{to}_layers.WRITERS\[Swish\]"
    ):
        export(model, tmp_path / "there", to=to)
    assert not (tmp_path / "there").exists()


@pytest.mark.slow
def test_a_writer_can_be_added(tmp_path, monkeypatch):
    monkeypatch.setitem(
        torch_layers.WRITERS, Swish, lambda layer, me: Written(("x = torch.where(x > 0, x, 0.01 * x)",))
    )
    export(autoencoder([Swish()]), tmp_path, to="torch")
    assert "torch.where" in (tmp_path / "model.py").read_text(encoding="utf-8")
    pytest.importorskip("torch")
    assert run_check(tmp_path, monkeypatch) == 0


class Halved(MeanSquaredError):
    """A loss of one's own."""


@pytest.mark.parametrize(("to", "library"), [("torch", "PyTorch"), ("keras", "Keras")])
def test_a_loss_without_a_counterpart_is_named(to, library, tmp_path):
    model = autoencoder([], loss=MeanSquaredError())
    model.loss = Halved()
    with pytest.raises(ValueError, match=f"loss Halved has no counterpart in {library}"):
        export(model, tmp_path / "there", to=to)
    assert not (tmp_path / "there").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "model.py").write_text("mine")
    with pytest.raises(ValueError, match=r"folder: .* is not an empty folder"):
        export(MODELS["gan"](), tmp_path, to="torch")
    assert (tmp_path / "model.py").read_text() == "mine"


def test_wrong_arguments(tmp_path):
    with pytest.raises(ValueError, match="to must be one of 'torch', 'keras', 'onnx', got 'jax'"):
        export(MODELS["gan"](), tmp_path, to="jax")
    with pytest.raises(TypeError, match=r"model must be one of AdversarialAutoencoder, .*got Sequential"):
        export(MODELS["gan"]().generator, tmp_path, to="torch")


def test_both_tables_know_the_same_layers():
    onnx_layers = pytest.importorskip("numpygan.export.onnx_layers")
    assert torch_layers.WRITERS.keys() == keras_layers.WRITERS.keys() == onnx_layers.WRITERS.keys()
