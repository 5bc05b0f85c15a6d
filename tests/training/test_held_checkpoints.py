"""A checkpoint that cannot be written for a moment does not end a run."""

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.files import atomic
from numpygan.training import Checkpoint
from tests.files.held import hold
from tests.trainings import gan


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(atomic, "PATIENCE", 0.0)


def test_a_checkpoint_is_skipped_with_a_word_and_the_next_one_written(tmp_path, monkeypatch, capfd):
    path = tmp_path / "run.npz"
    hold(monkeypatch, "run.npz", [False, True, True, False])
    lengths = []

    class Watched(Checkpoint):
        def write_unless_held(self, *state):
            super().write_unless_held(*state)
            lengths.append(len(load(path).history))

    gan(20).run(checkpoint=Watched(path, every=4))
    assert lengths == [0, 0, 12, 16] and len(load(path).history) == 20
    text = capfd.readouterr().err
    assert text.count(f"cannot write {path}: another program holds it (Permission denied)") == 2
    assert text.count("training continues") == 2


def test_skipping_changes_nothing_in_the_run(tmp_path, monkeypatch):
    whole = gan(20)
    whole.run()
    hold(monkeypatch, "run.npz", [False, True, False, True, False])
    other = gan(20)
    other.run(checkpoint=Checkpoint(tmp_path / "run.npz", every=3))
    outcome = other.outcome()
    for name, array in whole.outcome().items():
        np.testing.assert_array_equal(outcome[name], array, name)


def test_the_last_one_must_be_written(tmp_path, monkeypatch):
    hold(monkeypatch, "run.npz", [False, True])
    with pytest.raises(OSError, match=r"cannot write .*run\.npz: another program holds it"):
        gan(8).run(checkpoint=Checkpoint(tmp_path / "run.npz", every=4))
    assert len(load(tmp_path / "run.npz").history) == 0


COMMAND = [
    "train",
    "gan",
    "--iterations",
    "12",
    "--batch-size",
    "16",
    "--hidden",
    "8",
    "--checkpoint-every",
    "4",
    "--quiet",
]


@pytest.mark.slow
def test_the_command_goes_on_too(tmp_path, monkeypatch, capfd):
    hold(monkeypatch, "checkpoint.npz", [False, True, False])
    assert main([*COMMAND, "--out", str(tmp_path / "run")]) == 0
    assert "training continues" in capfd.readouterr().err


@pytest.mark.slow
def test_the_command_ends_with_a_clear_status(tmp_path, monkeypatch, capfd):
    folder = tmp_path / "my run"
    hold(monkeypatch, "checkpoint.npz", [False, True])
    assert main([*COMMAND, "--out", str(folder)]) == 2
    last = capfd.readouterr().err.splitlines()[-1]
    assert last.startswith(f"numpygan: cannot write {folder / 'checkpoint.npz'}: another program holds it")
    assert f'`numpygan train gan --resume "{folder}"` continues from its last checkpoint' in last
    monkeypatch.undo()
    assert main(["train", "gan", "--resume", str(folder), "--quiet"]) == 0


def test_a_full_disk_says_how_to_go_on(tmp_path, monkeypatch, capfd):
    error = OSError(28, "No space left on device")
    hold(monkeypatch, "checkpoint.npz", [False, True], error)
    assert main([*COMMAND, "--out", str(tmp_path / "run")]) == 2
    text = capfd.readouterr().err
    assert "No space left on device" in text and "continues from its last checkpoint" in text
    assert text.count("\n") == 1
