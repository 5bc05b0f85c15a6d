"""Disks that are full, or have no inodes left, at every phase of a run: real file systems (tmpfs) of many sizes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("on_small_disks.py")
INODES = [f"nr_inodes={n}" for n in range(1, 21)]
SIZES = [f"size={n}k" for n in (4, 64, 300, 700, 1100, 1300, 1780, 1940, 2100, 2340, 2420, 2600, 2860, 2980)]


def why_not():
    """Return why this process cannot mount a disk that no other process sees, or an empty string."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return "only Linux has mount namespaces"
    if os.geteuid() != 0:
        return "only root may mount a disk"
    trial = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=4k tmpfs /mnt"]
    done = subprocess.run(trial, capture_output=True, check=False)
    return "mounting is not permitted" if done.returncode else ""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def mounts():
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture(scope="module")
def outcomes(mounts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("disks")
    command = ["unshare", "-m", sys.executable, str(PROGRAM), str(folder), *INODES, *SIZES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("disk", [*INODES, *SIZES])
def test_a_small_disk(disk, outcomes):
    found = outcomes[disk]
    assert not found["leftovers"]
    assert found["again"][0] == 0 and not found["again"][2] and found["same"]
    for line in found["out"].splitlines():
        if "training continues without such pictures" in line:
            assert re.match(
                r"cannot write \S+/run/samples/iteration-\d{6}\.png: No space left on device", line
            )
    if found["status"] == 0:
        assert not found["err"]
        return
    assert found["status"] == 2 and found["err"].count("\n") == 1
    reason = r"numpygan: cannot write (to the output folder )?\S+/run\S*: No space left on device"
    assert re.match(reason, found["err"])
    assert "/." not in found["err"]  # the temporary file's name would help nobody
    assert ("`numpygan train gan --resume" in found["err"]) == (found["made"] is not None)


def test_every_file_of_a_run_once_found_no_room(outcomes):
    lines = " ".join(found["err"] for found in outcomes.values())
    named = {Path(path).name for path in re.findall(r"cannot write (\S+):", lines)}
    assert named - {"curves.png"} == {  # whether it is curves.png depends on the size of the pictures before it
        "checkpoint.npz", "checkpoint-000006.npz", "checkpoint-000012.npz", "model.npz", "settings.json",
        "losses.csv", "samples.png", "stages.png", "training.gif", "training.html",
    }  # fmt: skip
    assert any("cannot write to the output folder" in found["err"] for found in outcomes.values())
    assert {found["made"] for found in outcomes.values()} == {None, 0, 3, 6, 9, 12}
    assert any(found["status"] == 0 for found in outcomes.values())


def test_a_workbook_on_a_full_disk_has_no_half_exercise(tmp_path):
    """It would pass for the learner's own work, and never be completed."""
    start = '"$PYTHON" -m numpygan workbook start "$DISK/book"'
    script = f"""
        mount -t tmpfs -o size=8k,nr_inodes=50 tmpfs "$DISK"; {start}
        mount -o remount,size=8m "$DISK"; {start}
        cp -r "$DISK/book" "$DISK-copy"
    """
    there = {**os.environ, "PYTHON": sys.executable, "DISK": str(tmp_path)}
    command = ["unshare", "-m", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=there, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"numpygan: \S+/book/\d\d_\w+\.py: No space left on device\n", done.stderr)
    whole = [sys.executable, "-m", "numpygan", "workbook", "start", str(tmp_path / "whole")]
    assert subprocess.run(whole, capture_output=True, check=False).returncode == 0
    for path in (tmp_path / "whole").glob("*.py"):
        assert Path(f"{tmp_path}-copy", path.name).read_text() == path.read_text()
