"""Files that may not be read or written: one line that names them, a status, and nothing lost.

The commands run as an ordinary user would run them. If the tests run as root on Linux, each command first drops
the capabilities that let root ignore permissions.
"""

import logging
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.cli import main

if os.name != "posix":
    pytest.skip("other systems have other permissions", allow_module_level=True)

ORDINARY = """
import ctypes, os, sys
if os.geteuid() == 0 and sys.platform.startswith("linux"):
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP, from the next exec on
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
TINY = ["--batch-size", "16", "--hidden", "8", "--quiet"]
TRAIN = ["train", "gan", *TINY, "--iterations", "12", "--sample-interval", "5"]
LONG = ["train", "gan", *TINY, "--iterations", "1500", "--sample-interval", "500", "--checkpoint-every", "50"]
LOOKING = {
    "evaluate": ["--n", "100"], "sample": ["--n", "4"], "diagnose": [], "step": ["--batch-size", "4"],
    "explore": ["--side", "3"], "export": ["--to", "torch"],
}  # fmt: skip


def start(arguments, folder, **environment):
    command = [sys.executable, "-c", ORDINARY, *arguments]
    environment = {**os.environ, **environment}
    environment = {key: value for key, value in environment.items() if value}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=folder, env=environment, **pipes)


def numpygan(*arguments, folder, **environment):
    """Return the status of a command and what it printed on stdout and stderr."""
    with start(["-m", "numpygan", *arguments], folder, **environment) as process:
        out, err = process.communicate(timeout=200)
    return process.returncode, out, err


@pytest.fixture(scope="module", autouse=True)
def ordinary(tmp_path_factory):
    """Skip where even such a command may write into a read-only folder: root of macOS, and of some containers."""
    folder = tmp_path_factory.mktemp("trial")
    folder.chmod(0o555)
    with start(["-c", "open('file', 'w')"], folder) as process:
        process.communicate(timeout=60)
    folder.chmod(0o755)
    if process.returncode == 0:
        pytest.skip("this user may write anywhere, and cannot give that up")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def run(original, tmp_path):
    """A copy of a run; whatever a test does to its permissions is undone, so that it can be removed."""
    yield shutil.copytree(original, tmp_path / "run")
    for path in [tmp_path, *tmp_path.rglob("*")]:
        path.chmod(0o755)


def refused(outcome, line):
    assert outcome[0] == 2 and outcome[2] == f"numpygan: {line}\n"


def test_a_folder_that_is_read_only_from_the_start(run, tmp_path):
    before = {path.name for path in run.iterdir()}
    run.chmod(0o555)
    refused(
        numpygan(*TRAIN, "--out", "run", "--overwrite", folder=tmp_path),
        "cannot write to the output folder run: Permission denied; choose another --out",
    )
    refused(
        numpygan("train", "gan", "--resume", "run", "--iterations", "14", folder=tmp_path),
        "cannot write to the output folder run: Permission denied; copy the run to a folder that you can write "
        "to, and resume the copy",
    )
    assert {path.name for path in run.iterdir()} == before


@pytest.mark.slow
def test_commands_on_a_run_that_is_read_only(run, tmp_path):
    run.chmod(0o555)
    for command, written in (("sample", "new-samples.png"), ("explore", "explorer.html")):
        outcome = numpygan(command, "run", *LOOKING[command], folder=tmp_path)
        refused(outcome, f"cannot write run/{written}: Permission denied; --out says where else to write it")
        out = ["--out", written]
        assert numpygan(command, "run", *LOOKING[command], *out, folder=tmp_path)[::2] == (0, "")
    outcome = numpygan("export", "run", "--to", "torch", folder=tmp_path)
    refused(outcome, "run/torch: Permission denied; --out says where else to write it")
    assert numpygan("export", "run", "--to", "torch", "--out", "torch", folder=tmp_path)[::2] == (0, "")
    status, out, err = numpygan("evaluate", "run", *LOOKING["evaluate"], folder=tmp_path)
    assert status == 0 and "Frechet distance" in out and "--out says where else to write it" in err
    for command in ("diagnose", "step"):
        assert numpygan(command, "run", *LOOKING[command], folder=tmp_path)[::2] == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_that_becomes_read_only_during_training(mode, tmp_path):
    assert main([*LONG, "--out", str(tmp_path / "whole")]) == 0
    folder = tmp_path / "run"
    with start(["-m", "numpygan", *LONG, "--out", "run"], tmp_path) as process:
        while not (folder / "checkpoint.npz").exists() and process.poll() is None:
            time.sleep(0.01)
        folder.chmod(mode)
        err = process.communicate(timeout=200)[1]
    folder.chmod(0o755)
    assert process.returncode == 2 and err.count("\n") == 1
    assert err.startswith("numpygan: cannot write run/checkpoint.npz: Permission denied")
    if mode == 0o555:  # in a folder of mode 000 it cannot see its checkpoint
        assert err.endswith(
            "once that is fixed, `numpygan train gan --resume run` continues from its last checkpoint\n"
        )
    assert len(load(folder / "checkpoint.npz").history) < 1500
    assert numpygan("train", "gan", "--resume", "run", "--quiet", folder=tmp_path)[::2] == (0, "")
    whole, resumed = (load(tmp_path / name / "model.npz").snapshot() for name in ("whole", "run"))
    assert all(array.tobytes() == resumed[key].tobytes() for key, array in whole.items())


@pytest.mark.parametrize(
    "command", [c if c == "evaluate" else pytest.param(c, marks=pytest.mark.slow) for c in LOOKING]
)
def test_a_run_that_is_unreadable(command, run, tmp_path):
    run.chmod(0o000)
    outcome = numpygan(command, "run", *LOOKING[command], folder=tmp_path)
    refused(outcome, "run/model.npz: Permission denied")
    run.chmod(0o755)
    (run / "model.npz").chmod(0o000)
    outcome = numpygan(command, "run", *LOOKING[command], folder=tmp_path)
    refused(outcome, "run/model.npz: Permission denied")


@pytest.mark.slow
def test_parts_of_a_run_that_are_unreadable(run, tmp_path):
    (run / "checkpoint.npz").chmod(0o000)
    refused(
        numpygan("train", "gan", "--resume", "run", folder=tmp_path), "run/checkpoint.npz: Permission denied"
    )
    assert numpygan("diagnose", "run", folder=tmp_path)[::2] == (0, "")  # it needs the model only
    (run / "settings.json").chmod(0o000)
    refused(numpygan("diagnose", "run", folder=tmp_path), "run/settings.json: Permission denied")


@pytest.mark.slow
def test_data_that_are_unreadable(run, tmp_path):
    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    np.save(tmp_path / "images.npy", pixels)
    for k, each in enumerate(pixels):
        here = tmp_path / "pictures" / "ab"[k % 2]
        here.mkdir(parents=True, exist_ok=True)
        image.fromarray(each).save(here / f"{k:02}.png")
    here = tmp_path / "pictures"
    for path, mode, data, named in (
        (tmp_path / "images.npy", 0o000, "images.npy", "images.npy"),
        (here / "a" / "06.png", 0o000, "pictures", "pictures/a/06.png"),
        (here / "a", 0o000, "pictures", "pictures/a"),
        (here / "a", 0o444, "pictures", "pictures/a"),  # one may list its files, but not open them
        (here, 0o444, "pictures", "pictures"),
    ):
        usual = path.stat().st_mode
        path.chmod(mode)
        outcome = numpygan(*TRAIN, "--data", data, "--out", "new", folder=tmp_path)
        path.chmod(usual)
        refused(outcome, f"{named}: Permission denied")
        assert not (tmp_path / "new").exists()


@pytest.mark.slow
@pytest.mark.parametrize("home", ["read-only", "missing"])
def test_a_home_that_cannot_be_written_to(home, run, tmp_path):
    """matplotlib would say so in two long lines, in each command that draws."""
    (tmp_path / "read-only").mkdir(mode=0o555)
    place = tmp_path / "read-only" / ("" if home == "read-only" else "missing")
    there = {"HOME": str(place), "MPLCONFIGDIR": "", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    for command, more in LOOKING.items():
        assert numpygan(command, "run", *more, folder=tmp_path, **there)[::2] == (0, ""), command
    assert numpygan(*TRAIN, "--out", "new", folder=tmp_path, **there)[::2] == (0, "")


def test_what_else_matplotlib_says_is_shown(caplog):
    with pytest.raises(SystemExit):
        main(["--version"])
    with caplog.at_level(logging.WARNING):
        logging.getLogger("matplotlib").warning("something else")
        logging.getLogger("matplotlib.font_manager").warning("no such font")
    assert [record.message for record in caplog.records] == ["something else", "no such font"]
