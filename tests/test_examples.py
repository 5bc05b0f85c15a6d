"""Every example runs with --quick, writes its pictures and prints something."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("[0-9]*.py"))
LONG = (
    "03",
    "10",
    "11",
    "15",
    "16",
    "17",
    "20",
    "22",
    "23",
    "30",
    "31",
    "42",
    "43",
    "50",
    "51",
    "52",
)  # seconds
MARKED = [
    pytest.param(path, marks=[pytest.mark.slow] if path.name.startswith(LONG) else [], id=path.stem)
    for path in EXAMPLES
]


def test_there_are_examples():
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("script", MARKED)
def test_example(script, tmp_path):
    command = [sys.executable, "-W", "error", str(script), "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    for picture in tmp_path.glob("*.png"):
        from matplotlib.image import imread

        assert imread(picture)[..., :3].std() > 0.02, f"{picture.name} is blank"
