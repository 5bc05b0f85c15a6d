"""`numpygan export`: what it writes and says."""

import pytest

from numpygan import GAN
from numpygan.checkpoint import save
from numpygan.cli import main


@pytest.fixture
def run(tmp_path):
    """The folder of a run, with a model in it."""
    save(GAN(image_shape=(4, 4, 1), rng=0), tmp_path / "model.npz")
    return tmp_path


@pytest.mark.parametrize("to", ["torch", "keras"])
def test_an_export_stands_in_the_run(to, run, capsys):
    assert main(["export", str(run), "--to", to]) == 0
    assert {path.name for path in (run / to).iterdir()} == {
        "model.py",
        "weights.npz",
        "check.py",
        "check.npz",
    }
    said = capsys.readouterr().out
    assert str(run / to / "model.py") in said
    assert f"python {run / to / 'check.py'}" in said


def test_another_folder_and_one_that_is_taken(run, capsys):
    out = str(run / "elsewhere")
    assert main(["export", str(run), "--to", "torch", "--out", out]) == 0
    assert main(["export", str(run), "--to", "torch", "--out", out]) == 2
    assert "is not an empty folder: choose another one with --out" in capsys.readouterr().err


def test_onnx(run):
    pytest.importorskip("onnx")
    assert main(["export", str(run), "--to", "onnx"]) == 0
    assert [path.name for path in (run / "onnx").iterdir()] == ["generator.onnx"]
