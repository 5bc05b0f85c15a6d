"""Real processes killed at random moments, and at the worst ones: nothing may be lost."""

import math
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.files.atomic import remove_leftovers
from tests.training.trained_and_killed import EVERY, STEPS
from tests.trainings import LONG

AT_RANDOM, AIMED = 15, 7  # kills of each kind, for each model


def start(*arguments):
    command = [sys.executable, "-m", "tests.training.trained_and_killed", *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], **pipes)


def watch(process, path, kill_after=math.inf, wait=0):
    """Let the process go on, loading its checkpoint all the while; return the last iteration it told.

    It is killed `wait` seconds after it was let go on from iteration `kill_after`.
    """
    with process:
        for line in process.stdout:
            last = int(line)
            if last > kill_after:
                continue
            process.stdin.write("\n")
            process.stdin.flush()
            if last == kill_after:
                time.sleep(wait)
                process.kill()
            if last % 5 == 0:
                load(path)  # whole at every moment
        assert not process.stderr.read()
    return last


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("name", LONG)
def test_killed_again_and_again(name, tmp_path):
    path, outcome = tmp_path / "run.npz", tmp_path / "outcome.npz"
    whole = LONG[name]()
    whole.run()
    rng = random.Random(name)
    kills = ["at random"] * AT_RANDOM + [STEPS[k % len(STEPS)] for k in range(AIMED)]
    rng.shuffle(kills)
    before, lost = 0, []
    for kill in kills:
        if kill == "at random":
            process = start(name, path, outcome)
            told = watch(process, path, before + rng.randrange(1, 2 * EVERY), rng.uniform(0, 0.003))
        else:
            aim = before + rng.randrange(1, EVERY)
            process = start(name, path, outcome, aim, kill)
            told = watch(process, path)
        assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
        now = len(load(path).history)
        written = told - told % EVERY  # the latest that was begun, perhaps by then not finished
        assert now in (written, written - EVERY)
        if kill == "after replace":
            assert now == written
        lost.append(told - now)
        before = now
    process = start(name, path, outcome)
    watch(process, path)
    assert process.returncode == 0
    with np.load(outcome) as found:
        expected = whole.outcome()
        assert set(found.files) == set(expected)
        for key, array in expected.items():
            assert found[key].dtype == array.dtype and found[key].tobytes() == array.tobytes(), key
    remove_leftovers(path)
    assert sorted(tmp_path.iterdir()) == [outcome, path]
    print(f"{name}: {len(kills)} kills, at most {max(lost)} iterations lost of {len(whole.model.history)}")
