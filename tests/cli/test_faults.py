"""A disk that is full, a folder that vanishes, permissions that change: at every phase of a run.

Whenever it happens, there is one clear line, a status, and a run that can be resumed to the same end.
"""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.files import atomic
from numpygan.training import SampleRecorder

TINY = ["--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5", "--quiet"]
TRAIN = ["train", "gan", *TINY, "--checkpoint-every", "3", "--keep-checkpoints", "every:6"]
RESULTS = (  # in the order in which they are written
    "checkpoint-000012.npz", "model.npz", "settings.json", "losses.csv", "samples.png", "stages.png",
    "training.gif", "training.html", "curves.png",
)  # fmt: skip
FULL, FORBIDDEN = (
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
)


def failing(monkeypatch, name, error, times=(1,)):
    """Let the writing of a file of that name fail: the first time, or those times that are given."""
    replace, count = os.replace, [0]

    def fail(source, target):
        count[0] += Path(target).name == name
        if Path(target).name == name and count[0] in times:
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(atomic, "PATIENCE", 0.0, raising=False)  # with a file that another program may hold


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What the run comes to if nothing happens."""
    folder = tmp_path_factory.mktemp("whole")
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return load(folder / "model.npz").snapshot()


def goes_on_to_the_same_end(folder, whole):
    assert main(["train", "gan", "--quiet", "--resume", str(folder)]) == 0
    resumed = load(folder / "model.npz").snapshot()
    assert all(array.tobytes() == resumed[key].tobytes() for key, array in whole.items())
    assert not [path for path in folder.rglob(".*") if path.is_file()]


def is_one_line(text, folder, name, reason):
    assert text.count("\n") == 1 and text.startswith(f"numpygan: cannot write {folder / name}: ")
    assert reason in text
    assert f"once that is fixed, `numpygan train gan --resume {folder}` continues" in text


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("checkpoint.npz", 2),
        *(pytest.param("checkpoint.npz", time, marks=pytest.mark.slow) for time in (3, 4, 5)),
        *(pytest.param(name, 1, marks=pytest.mark.slow) for name in RESULTS),
    ],
)
def test_a_full_disk(name, time, whole, tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        failing(patch, name, FULL, times=(time,))
        assert main([*TRAIN, "--out", str(tmp_path)]) == 2
    is_one_line(capsys.readouterr().err, tmp_path, name, "No space left on device")
    goes_on_to_the_same_end(tmp_path, whole)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["model.npz", "curves.png"])
def test_permissions_that_change(name, whole, tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        failing(patch, name, FORBIDDEN, times=range(1, 100))
        assert main([*TRAIN, "--out", str(tmp_path)]) == 2
    is_one_line(capsys.readouterr().err, tmp_path, name, "Permission denied")
    goes_on_to_the_same_end(tmp_path, whole)


def test_nothing_to_resume_before_the_first_checkpoint(tmp_path, monkeypatch, capsys):
    failing(monkeypatch, "checkpoint.npz", FULL)
    assert main([*TRAIN, "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"numpygan: cannot write {tmp_path / 'checkpoint.npz'}: No space left on device\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("error", [FULL, FORBIDDEN])
def test_a_picture_on_the_way_that_cannot_be_written_does_not_end_the_run(
    error, whole, tmp_path, monkeypatch, capsys
):
    replace = os.replace

    def fail(source, target):
        if Path(target).parent.name == "samples":
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    assert main([*TRAIN, "--out", str(tmp_path)]) == 0
    text, complaints = capsys.readouterr()
    first = tmp_path / "samples" / "iteration-000000.png"
    line = next(line for line in text.splitlines() if "training continues without such pictures" in line)
    assert line.startswith(f"cannot write {first}: ") and error.strerror in line
    assert text.count("training continues") == 1 and not complaints
    resumed = load(tmp_path / "model.npz").snapshot()
    assert all(array.tobytes() == resumed[key].tobytes() for key, array in whole.items())
    assert list((tmp_path / "samples").iterdir()) == []


@pytest.mark.parametrize("iteration", [5, 10, pytest.param(12, marks=pytest.mark.slow)])
@pytest.mark.skipif(os.name == "nt", reason="open files hold a folder there")
def test_a_folder_that_vanishes(iteration, tmp_path, monkeypatch, capsys):
    after_iteration, run = SampleRecorder.after_iteration, tmp_path / "run"

    def remove(self, done, model, history):
        after_iteration(self, done, model, history)
        if done == iteration:
            shutil.rmtree(run)

    monkeypatch.setattr(SampleRecorder, "after_iteration", remove)
    assert main([*TRAIN, "--out", str(run)]) == 2
    assert capsys.readouterr().err == (
        f"numpygan: cannot write {run / 'checkpoint.npz'}: No such file or directory\n"
    )
    assert not run.exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_files_that_may_not_grow_so_large(tmp_path):
    """A limit of the system's own, as a quota is one; Python ignores its signal and gets an error."""
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
    limit += "os.execv(sys.executable, [sys.executable, '-m', 'numpygan', *sys.argv[1:]])"
    command = [sys.executable, "-c", limit, *TRAIN, "--out", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    expected = f"numpygan: cannot write {tmp_path / 'checkpoint.npz'}: File too large\n"
    assert (ended.returncode, ended.stderr) == (2, expected)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
