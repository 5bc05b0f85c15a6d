"""Runs killed twice at each kind of file that they write: half of it written, and just after it was replaced."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.cli import main

GAN = ["gan", "--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5"]
VAE = ["vae", "--epochs", "3", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5"]
KINDS = {
    "gan": [
        "iteration-000005.png", "checkpoint-000006.npz", "checkpoint.npz", "model.npz", "settings.json",
        "losses.csv", "samples.png", "stages.png", "training.gif", "training.html", "curves.png",
    ],
    "vae": ["data.png", "epochs.csv", "manifold.png", "reconstructions.png"],
}  # fmt: skip

# The command, which kills itself when it comes to a file of that name
KILLED = """
import os, signal, sys
from pathlib import Path
from numpygan.cli import main

replace = os.replace
name, step = sys.argv[1:3]

def die_at(source, target):
    if Path(target).name == name and step == "half":
        os.truncate(source, os.path.getsize(source) // 2)
    else:
        replace(source, target)
    if Path(target).name == name:
        os.kill(os.getpid(), signal.SIGKILL)

os.replace = die_at
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("model", KINDS)
def test_killed_at_each_kind_of_file(model, tmp_path):
    np.save(tmp_path / "mine.npy", np.random.default_rng(0).integers(0, 256, (80, 8, 8), dtype=np.uint8))
    arguments = [*(GAN if model == "gan" else VAE), "--data", str(tmp_path / "mine.npy"), "--quiet"]
    arguments += ["--checkpoint-every", "3", "--keep-checkpoints", "every:6"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert main(["train", *arguments, "--out", str(whole)]) == 0
    for name in KINDS[model]:
        for step in ("half", "whole"):
            # To go on from a checkpoint is to come again to all that is written at the end.
            resume = ["train", model, "--quiet", "--resume", str(killed)]
            begin = ["train", *arguments, "--out", str(killed), "--overwrite"]
            command = (
                resume if (killed / "checkpoint.npz").exists() and name in written_again(killed) else begin
            )
            ended = subprocess.run(
                [sys.executable, "-c", KILLED, name, step, *command], capture_output=True, check=False
            )
            assert ended.returncode == -signal.SIGKILL, (name, step, ended.stderr)
    assert main(["train", model, "--quiet", "--resume", str(killed)]) == 0
    names = {path.relative_to(whole) for path in whole.rglob("*")}
    assert {path.relative_to(killed) for path in killed.rglob("*")} == names
    for name in names:
        if name.suffix in (".csv", ".png", ".gif"):
            assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
    once, again = (load(folder / "model.npz").snapshot() for folder in (whole, killed))
    assert all(array.tobytes() == again[key].tobytes() for key, array in once.items())


def written_again(folder):
    """Return the names of what a run still has to write: not what lies before its last checkpoint."""
    made = len(load(folder / "checkpoint.npz").history)
    return {
        name
        for names in KINDS.values()
        for name in names
        if made < {"iteration-000005.png": 5, "checkpoint-000006.npz": 6}.get(name, 99)
    }
