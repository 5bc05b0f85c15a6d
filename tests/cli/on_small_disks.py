"""A program: train on disks that are too small, enlarge them, and resume. Prints what happened, as JSON.

Usage, as root, in a mount namespace of its own: on_small_disks.py FOLDER OPTIONS..., where each of OPTIONS is
what `mount -o` takes for a tmpfs, such as size=300k or nr_inodes=5. The mounts end with the namespace.
"""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

from numpygan.checkpoint import load
from numpygan.cli import main

TINY = ["--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5", "--quiet"]
TRAIN = ["train", "gan", *TINY, "--checkpoint-every", "3", "--keep-checkpoints", "every:6"]


def run(*arguments):
    """Return the status of a command and what it printed on stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*map(str, arguments)])
    return status, out.getvalue(), err.getvalue()


def on_a_small_disk(disk, options, wanted):
    """Return what happens to the run on a new disk with these options, and when the disk has been enlarged."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)
    folder = disk / "run"
    status, out, err = run(*TRAIN, "--out", folder)
    made = len(load(folder / "checkpoint.npz").history) if (folder / "checkpoint.npz").exists() else None
    leftovers = [path.name for path in disk.rglob(".*") if path.is_file()]
    subprocess.run(["mount", "-o", "remount,size=64m,nr_inodes=10000", disk], check=True)
    how = [*TRAIN, "--out", folder, "--overwrite"] if made is None else ["train", "gan", "--resume", folder]
    again = run(*how, "--quiet")
    found = load(folder / "model.npz").snapshot() if again[0] == 0 else {}
    subprocess.run(["umount", disk], check=True)
    return {
        "status": status, "out": out, "err": err, "made": made, "leftovers": leftovers, "again": again,
        "same": found.keys() == wanted.keys() and all(found[k].tobytes() == wanted[k].tobytes() for k in wanted),
    }  # fmt: skip


if __name__ == "__main__":
    folder, *options = sys.argv[1:]
    disk = Path(folder) / "disk"
    disk.mkdir()
    run(*TRAIN, "--out", Path(folder) / "whole")
    wanted = load(Path(folder) / "whole" / "model.npz").snapshot()
    print(json.dumps({each: on_a_small_disk(disk, each, wanted) for each in options}))
