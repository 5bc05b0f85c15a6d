"""A long training must not grow: what it keeps of 10,000 iterations is a few numbers of each."""

import os
from pathlib import Path

import numpy as np
import pytest

from numpygan.checkpoint import Checkpoint
from numpygan.datasets import load_digits
from numpygan.models import GAN, dense_discriminator, dense_generator
from numpygan.training import Callback

STATM = Path("/proc/self/statm")


class Memory(Callback):
    """Notes how much memory the process holds, in MB, every thousand iterations."""

    def __init__(self):
        self.held = []

    def after_iteration(self, iteration, model, history):
        if iteration % 1000 == 0:
            self.held.append(int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20)


@pytest.mark.slow
@pytest.mark.skipif(not STATM.exists(), reason="needs Linux's account of a process's memory")
def test_ten_thousand_iterations_leave_memory_flat(tmp_path):
    rng = np.random.default_rng(0)
    gan = GAN(dense_generator(hidden=32, rng=rng), dense_discriminator(hidden=32, rng=rng), rng=rng)
    memory, checkpoint = Memory(), Checkpoint(tmp_path / "run.npz", every=200)
    images, _ = load_digits("train")
    gan.fit(
        images, iterations=10_000, batch_size=32, callbacks=[memory], progress=False, checkpoint=checkpoint
    )
    first, last = memory.held[0], memory.held[-1]
    print(f"{first:.1f} MB after 1,000 iterations, {last:.1f} MB after 10,000")
    assert last < 1.02 * first
