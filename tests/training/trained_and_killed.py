"""One training of tests/trainings.py in a process of its own, to be killed.

    python -m tests.training.trained_and_killed NAME CHECKPOINT OUTCOME [ITERATION STEP]

continues from CHECKPOINT if there is one, tells each iteration as it is done, waits for a
line before it continues, and writes what came of the whole to OUTCOME. Given an ITERATION,
it kills itself at a STEP in the writing of the first checkpoint after that one.
"""

import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
from tqdm import tqdm

from numpygan.checkpoint import Checkpoint
from numpygan.training import Callback
from tests.trainings import ALL, LONG

TRAININGS = {**ALL, **{f"long {name}": make for name, make in LONG.items()}}
EVERY = 25
STEPS = ("half", "fsync", "after fsync", "replace", "after replace")


class Tell(Callback):
    def after_iteration(self, iteration, model, history):
        print(iteration, flush=True)
        sys.stdin.readline()  # else it may have ended before a busy machine lets anybody kill it


class KillWhileWriting(Callback):
    def __init__(self, iteration, step):
        self.iteration, self.step = iteration, step

    def after_iteration(self, iteration, model, history):
        if iteration == self.iteration:
            kill_at(self.step)


def kill_at(step):
    """Let the process die before or after a step in writing a file, or with half of it written."""

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    name = step.removeprefix("after ")
    if step == "half":
        write = Path.write_bytes
        Path.write_bytes = lambda self, content: die(write(self, bytes(content)[: len(content) // 2]))
    else:
        call = getattr(os, name)
        setattr(os, name, die if step == name else lambda *args: die(call(*args)))


def main(name, checkpoint, outcome, iteration=None, step=None):
    tqdm.set_lock(
        threading.RLock()
    )  # of a lock for several processes, Python would say that it was left behind
    training = TRAININGS[name]()
    callbacks = [Tell()] + ([KillWhileWriting(int(iteration), step)] if step else [])
    resume = checkpoint if Path(checkpoint).exists() else None
    training.run(*callbacks, checkpoint=Checkpoint(checkpoint, every=EVERY), resume=resume)
    np.savez(outcome, **training.outcome())


if __name__ == "__main__":
    main(*sys.argv[1:])
