"""Real processes killed at random moments, and at the worst ones: nothing may be lost."""

import math
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.files.atomic import remove_leftovers
from tests.training.trained_and_killed import EVERY, STEPS
from tests.trainings import ALL, LONG

AT_RANDOM, AIMED = 10, 5  # kills of each kind, for each model
SIGNALS = ["SIGTERM"] * 3 + ["SIGHUP"] * 3 + ["SIGKILL"] * 2  # each ends a process, for each model
PAUSES = 5  # SIGSTOP and SIGCONT, for each model: 13 signals, and 143 for the eleven models


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
            process = start(f"long {name}", path, outcome)
            told = watch(process, path, before + rng.randrange(1, 2 * EVERY), rng.uniform(0, 0.003))
        else:
            aim = before + rng.randrange(1, EVERY)
            process = start(f"long {name}", path, outcome, aim, kill)
            told = watch(process, path)
        assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
        now = len(load(path).history)
        written = told - told % EVERY  # the latest that was begun, perhaps by then not finished
        assert now in (written, written - EVERY)
        if kill == "after replace":
            assert now == written
        lost.append(told - now)
        before = now
    ends_as(whole, f"long {name}", path, outcome)
    print(f"{name}: {len(kills)} kills, at most {max(lost)} iterations lost of {len(whole.model.history)}")


def ends_as(whole, name, path, outcome):
    """Let a process finish the training, and compare what came of it with one that nothing happened to."""
    process = start(name, path, outcome)
    watch(process, path)
    assert process.returncode == 0
    with np.load(outcome) as found:
        expected = whole.outcome()
        assert set(found.files) == set(expected)
        for key, array in expected.items():
            assert found[key].dtype == array.dtype and found[key].tobytes() == array.tobytes(), key
    remove_leftovers(path)
    assert sorted(path.parent.iterdir()) == [outcome, path]


def signalled(process, name, after, wait, pause):
    """Let a process go on from its `after`-th iteration, then send it a signal; return the last it told.

    With `pause`, it is stopped and continued on the way, which must not matter.
    """
    told = 0
    with process:
        for made, line in enumerate(process.stdout, start=1):
            told = int(line)
            with suppress(BrokenPipeError):  # of a process that has just ended
                os.write(process.stdin.fileno(), b"\n")
            if pause and made == 1:
                process.send_signal(signal.SIGSTOP)
                time.sleep(wait)
                process.send_signal(signal.SIGCONT)
            if made == after:
                time.sleep(wait)
                process.send_signal(getattr(signal, name))
        assert not process.stderr.read()
    assert process.returncode == -getattr(signal, name)
    return told


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGHUP and SIGKILL")
@pytest.mark.parametrize("name", ALL)
def test_ended_again_and_again(name, tmp_path):
    """SIGTERM and SIGHUP lose nothing, SIGKILL what came after the last checkpoint."""
    path, outcome = tmp_path / "run.npz", tmp_path / "outcome.npz"
    whole = ALL[name]()
    whole.run()
    rng = random.Random(name)
    signals, before = rng.sample(SIGNALS, len(SIGNALS)), 0
    for number, each in enumerate(signals):
        process = start(name, path, outcome)
        told = signalled(process, each, rng.randrange(1, 5), rng.uniform(0, 0.003), number < PAUSES)
        now = len(load(path).history)
        assert now in ([told] if each != "SIGKILL" else [before, told - told % EVERY])
        before = now
    ends_as(whole, name, path, outcome)
