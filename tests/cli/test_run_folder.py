"""Which of a run's files count, what --overwrite removes, what killed runs leave, and the lock."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from numpygan import checkpoint
from numpygan.cli import main, run_folder
from numpygan.cli.data import Data
from numpygan.cli.run_pictures import write_data
from numpygan.cli.specs import SPECS
from numpygan.training import SampleRecorder

TINY = ["--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5", "--quiet"]


class PowerCut(BaseException):
    pass


def train(folder, *extra):
    return main(["train", "gan", *TINY, "--out", str(folder), *extra])


def cut_off(monkeypatch, iteration, *command):
    """Run a command that trains until the power fails after that iteration."""
    after_iteration = SampleRecorder.after_iteration

    def cut(self, done, model, history):
        if done == iteration:
            raise PowerCut
        return after_iteration(self, done, model, history)

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(SampleRecorder, "after_iteration", cut)
        main([*command])


@pytest.mark.slow
def test_a_run_that_is_made_longer_shows_its_newest_model(tmp_path, monkeypatch, capsys):
    assert train(tmp_path) == 0
    longer = ["--resume", str(tmp_path), "--iterations", "40", "--checkpoint-every", "7", "--quiet"]
    cut_off(monkeypatch, 25, "train", "gan", *longer)
    assert len(checkpoint.load(tmp_path / "model.npz").history) == 12
    model, settings = run_folder.load_model(tmp_path), run_folder.load_settings(tmp_path)
    assert len(model.history) == 21  # of the last checkpoint
    assert settings["iterations"] == 40 and settings["interrupted"]
    capsys.readouterr()
    for command in (["diagnose"], ["evaluate", "--n", "100"], ["step", "--batch-size", "4"]):
        assert main([command[0], str(tmp_path), *command[1:]]) == 0
        assert "21 iterations" in (text := capsys.readouterr().out) or "iteration 22" in text
    assert main(["train", "gan", "--resume", str(tmp_path), "--quiet"]) == 0
    assert len(run_folder.load_model(tmp_path).history) == 40
    assert not run_folder.load_settings(tmp_path)["interrupted"]


@pytest.mark.slow
def test_the_saved_model_counts_where_both_are_as_old(tmp_path):
    """Early stopping leaves the best model there; a damaged checkpoint is no reason to refuse it."""
    assert train(tmp_path) == 0
    model = checkpoint.load(tmp_path / "model.npz")
    model.generator.flat_params[:] = 0
    checkpoint.save(model, tmp_path / "model.npz")
    assert not run_folder.load_model(tmp_path).generator.flat_params.any()
    (tmp_path / "checkpoint.npz").write_bytes(b"half a file")
    assert not run_folder.load_model(tmp_path).generator.flat_params.any()
    assert run_folder.load_settings(tmp_path)["iterations_done"] == 12


@pytest.mark.slow
def test_overwriting_removes_all_of_the_older_run_and_nothing_else(tmp_path, monkeypatch, capsys):
    images = tmp_path / "mine.npy"
    np.save(images, np.random.default_rng(0).integers(0, 256, (80, 8, 8), dtype=np.uint8))
    run = tmp_path / "run"
    older = ["--data", str(images), "--epochs", "2", "--batch-size", "16", "--hidden", "8", "--quiet"]
    assert main(["train", "vae", *older, "--out", str(run)]) == 0
    assert main(["sample", str(run)]) == 0
    assert main(["draw", str(run), "--input", str(run / "curves.png")]) == 0
    for name in ("data-a.png", "data-b.png", "film.html", "film.gif", "film.mp4"):  # of a CycleGAN
        (run / name).write_bytes(b"")
    (run / "notes.txt").write_text("my own")
    (run / "checkpoint-best.npz").write_text("a copy of mine")
    new = ["gan", *TINY, "--out", str(run), "--overwrite", "--checkpoint-every", "3"]
    cut_off(monkeypatch, 8, "train", *new)
    assert {path.name for path in run.iterdir()} == {
        "checkpoint.npz",
        "checkpoint-best.npz",
        "notes.txt",
        "samples",
    }
    capsys.readouterr()
    assert main(["diagnose", str(run)]) == 0
    assert "GAN after 6 iterations on digits" in capsys.readouterr().out


SHORT = {  # every command that trains, with options that make it short
    "ae": ["--quick", "--latent-dim", "2"],
    "vae": ["--quick"],
    "cvae": ["--quick"],
    "gan": ["--iterations", "10"],
    "dcgan": ["--iterations", "3"],
    "wgan": ["--iterations", "3"],
    "cgan": ["--iterations", "3"],
    "cyclegan": ["--iterations", "3", "--filters", "2", "--blocks", "1"],
    "pix2pix": ["--iterations", "3", "--filters", "2", "--batch-size", "2"],
    "aae": ["--quick", "--latent-dim", "2"],
    "began": ["--iterations", "3"],
    "lab": ["ring", "--quick", "--no-window"],
}


def test_every_model_is_among_the_short_runs():
    assert set(SHORT) == {*SPECS, "lab"}


@pytest.mark.parametrize("sets", [1, 2])
def test_the_pictures_of_your_own_images_are_removed(sets, tmp_path):
    x = np.zeros((3, 8, 8, 1), np.float32)
    write_data(Data((x,) * sets, "images", "images"), (-1, 1), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {*run_folder.WRITTEN}
    assert len(list(tmp_path.iterdir())) == sets


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), SHORT.items())
def test_what_overwriting_removes_is_all_that_training_writes(name, options, tmp_path):
    command = [name] if name == "lab" else ["train", name]
    assert main([*command, *options, "--quiet", "--out", str(tmp_path)]) == 0
    known = {path for pattern in run_folder.WRITTEN for path in tmp_path.glob(pattern)}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == known


@pytest.mark.slow
def test_what_killed_runs_leave_is_removed(tmp_path):
    assert train(tmp_path) == 0
    for name in (".training-0a1b2c3d.gif", ".curves-01234567.png", "samples/.iteration-000005-89abcdef.png"):
        (tmp_path / name).write_bytes(b"half a picture")
    (tmp_path / ".my-own.png").write_bytes(b"")
    assert main(["train", "gan", "--resume", str(tmp_path), "--quiet"]) == 0
    assert [path.name for path in tmp_path.rglob(".*")] == [".my-own.png"]


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["nobody", "another", "this process"])  # the last two are alive
def test_a_lock_file_that_nobody_holds_does_not_block(owner, tmp_path):
    """The number of a process that ended may have been given to another one: the lock is no number."""
    content = {"nobody": "", "another": str(os.getppid()), "this process": str(os.getpid())}[owner]
    (tmp_path / run_folder.LOCK).write_text(content)
    assert train(tmp_path) == 0
    assert not (tmp_path / run_folder.LOCK).exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_the_lock_of_a_killed_process_does_not_block(tmp_path, capsys):
    holding = "import sys, time; from pathlib import Path; from numpygan.cli import run_folder\n"
    holding += "with run_folder.locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", holding, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        assert train(tmp_path) == 2
        assert "another run is writing" in capsys.readouterr().err
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / run_folder.LOCK).exists()
    assert train(tmp_path) == 0
