"""Every example runs with --quick, writes its pictures and prints something."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("[0-9]*.py"))
QUICK = ("01", "02", "04", "40")  # the others take some seconds each
MARKED = [
    pytest.param(path, marks=[] if path.name.startswith(QUICK) else [pytest.mark.slow], id=path.stem)
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
