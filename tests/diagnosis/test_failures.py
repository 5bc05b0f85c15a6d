"""The gallery of failures: each named rightly, none seen where the one line is put right."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from numpygan.diagnosis import diagnose, main_trouble

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name):
    spec = importlib.util.spec_from_file_location("example", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = load("30_failures")
FAILURES = {failure.run.__name__: failure for failure in GALLERY.FAILURES}
QUICK = ("uncorrected_adam", "zero_weights", "unscaled_pixels")  # certain after a few iterations


def test_every_failure_is_a_different_one():
    assert len(FAILURES) == len({failure.finding for failure in FAILURES.values()}) == 8


@pytest.mark.parametrize("name", QUICK)
def test_a_failure_is_named_at_once(name):
    assert main_trouble(diagnose(*FAILURES[name].run(0, share=0.02))) == FAILURES[name].finding
    assert main_trouble(diagnose(*FAILURES[name].run(0, wrong=False, share=0.02))) != FAILURES[name].finding


@pytest.mark.slow
@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("seed", range(5))
def test_failure(name, seed):
    failure = FAILURES[name]
    assert main_trouble(diagnose(*failure.run(seed))) == failure.finding
    assert main_trouble(diagnose(*failure.run(seed, wrong=False))) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", GALLERY.HEALTHY)
@pytest.mark.parametrize("seed", range(5))
def test_healthy(name, seed):
    assert main_trouble(diagnose(*GALLERY.HEALTHY[name](seed))) is None


def test_the_equilibrium_is_reached(tmp_path):
    command = [sys.executable, str(EXAMPLES / "31_equilibrium.py"), "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=tmp_path, check=True)
    values = [float(line.split()[-1]) for line in done.stdout.splitlines() if "V(" in line or "mean |D" in line]
    gap, learnt, best, game, best_game = values
    assert gap < 0.03
    assert learnt <= best + 1e-3 and best - learnt < 0.01  # none is better than D*
    assert best == pytest.approx(-0.7126, abs=1e-3)  # by numerical integration
    assert game == pytest.approx(-1.3863, abs=0.1) and best_game >= -1.3863 - 1e-3
