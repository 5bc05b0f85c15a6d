"""Every command where the system is not as one is used to: an ASCII locale, no home, no display."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
HOMELESS = {"HOME": "/nonexistent/home", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": "", "USERPROFILE": ""}
NAME = "결과 é"


def numpygan(*arguments, folder, **environment):
    """Run a command in a folder, and return what it printed; assert that it went well."""
    there = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    there = {key: value for key, value in {**there, **environment}.items() if value}
    command = [sys.executable, "-m", "numpygan", *arguments]
    done = subprocess.run(command, cwd=folder, env=there, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder that holds a folder of pictures in two classes, all with names that are not ASCII."""
    image = pytest.importorskip("PIL.Image")
    folder = tmp_path_factory.mktemp("surroundings")
    for k, pixels in enumerate(IMAGES):
        here = folder / "그림" / ("가", "ö")[k % 2]
        here.mkdir(parents=True, exist_ok=True)
        image.fromarray(pixels).save(here / f"{k:02}.png")
    return folder


@pytest.fixture(scope="module")
def run(pictures):
    """A run made in an ASCII locale, from a folder to a folder whose names are not ASCII."""
    small = ["--quick", "--quiet", "--batch-size", "8", "--hold-out", "0.5"]
    numpygan("train", "vae", *small, "--data", "그림", "--out", NAME, folder=pictures, **ASCII)
    return pictures


@pytest.mark.skipif(os.name != "posix", reason="other systems have no ASCII locale")
def test_the_explorer_in_an_ascii_locale_has_the_names_of_run_and_classes(run):
    numpygan("explore", NAME, "--side", "3", folder=run, **ASCII)
    page = (run / NAME / "explorer.html").read_text(encoding="utf-8")
    assert f"What the VAE of {NAME} decodes each code to" in page
    about = json.loads(re.search(r'id="about" type="application/json">(.*?)</script>', page, re.S)[1])
    assert about["classes"] == ["ö", "가"] and set(about["labels"]) == {0, 1}
    assert all(re.search("are of class (가|ö)", note) for note in about["notes"])


COMMANDS = {
    "sample": ["sample", NAME, "--n", "4"],
    "files": ["sample", NAME, "--n", "4", "--files", f"{NAME}/é"],
    "diagnose": ["diagnose", NAME],
    "step": ["step", NAME, "--batch-size", "8"],
    "export": ["export", NAME, "--to", "torch", "--out", f"{NAME}/ö"],
    "resume": ["train", "vae", "--resume", NAME, "--quiet"],
    "cgan": ["train", "cgan", "--quick", "--quiet", "--batch-size", "8", "--data", "그림", "--out", "ö"],
    "lab": ["lab", "ring", "--no-window", "--iterations", "20", "--out", "é"],
    "workbook": ["workbook", "start", "연습"],
    "check": ["results", "--help"],
}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="other systems have no ASCII locale")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_other_commands_in_an_ascii_locale(run, command):
    numpygan(*COMMANDS[command], folder=run, **ASCII)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name not in ("lab", "cgan", "workbook", "files")]
)
def test_without_a_home(run, command):
    extra = ["--out", "other"] if command == "export" else []
    numpygan(*COMMANDS[command], *extra, folder=run, **HOMELESS)
