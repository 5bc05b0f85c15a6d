"""A long training must not grow: what it keeps of 20,000 iterations is a few numbers of each."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from numpygan.checkpoint import Checkpoint
from numpygan.diagnosis import Diagnosis
from numpygan.interactive import Film, FilmRecorder, moments
from numpygan.plotting import plot_samples
from numpygan.training import (
    Callback,
    ClassAccuracy,
    CodeRecorder,
    EarlyStopping,
    LinearDecay,
    NewRates,
    ReconstructionRecorder,
    SampleRecorder,
    StopOnPlateau,
)
from tests.trainings import ALL, images

SELF = Path("/proc/self")
ITERATIONS, EPOCHS = 20_000, 2_858  # of seven iterations each


class Watch(Callback):
    """Notes every thousand iterations what the process holds: memory in MB, open files, threads."""

    def __init__(self):
        self.memory, self.files, self.threads = [], [], []

    def after_iteration(self, iteration, model, history):
        if iteration % 1000 == 0:
            pages = int((SELF / "statm").read_text().split()[1])
            self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
            self.files.append(len(list((SELF / "fd").iterdir())))
            self.threads.append(threading.active_count())


def film_frame(model):
    return plot_samples(model.generate(3, rng=0)), "three samples"


def of_images(model):
    """Every callback for a model that draws images, each often; the frames, which are kept, less often."""
    labels = np.arange(50) % 3
    return [
        SampleRecorder(5000, n=3),
        ClassAccuracy(500, lambda drawn: (drawn.mean(axis=(1, 2, 3)) > 0).astype(int), n=30),
        Diagnosis(images(), target=labels, every=500, show=lambda line: None),
        StopOnPlateau(window=100, tolerance=1e-9),
        NewRates({"generator_optimizer": 1e-4}),
        LinearDecay(ITERATIONS),
        FilmRecorder(Film("a film", "of one model"), film_frame, moments(ITERATIONS, 8)),
    ]


def of_codes(model):
    return [
        ReconstructionRecorder(5000, images(3, low=0)),
        CodeRecorder(5000, images(3, low=0)),
        EarlyStopping(patience=10**6),
        Diagnosis(images(low=0), every=500, show=lambda line: None),
    ]


@pytest.mark.slow
@pytest.mark.skipif(not (SELF / "statm").exists(), reason="needs Linux's account of a process")
@pytest.mark.parametrize(
    ("name", "length", "callbacks"),
    [("cgan", ITERATIONS, of_images), ("vae", EPOCHS, of_codes)],
)
def test_twenty_thousand_iterations_with_every_callback(name, length, callbacks, tmp_path, capfd):
    training, watch = ALL[name](length), Watch()
    training.callbacks = callbacks(training.model)
    checkpoint = Checkpoint(tmp_path / "run.npz", every=200)
    training.fit(training.model, callbacks=[*training.callbacks, watch], progress=True, checkpoint=checkpoint)
    assert len(watch.memory) == 20
    first, last = watch.memory[1], watch.memory[-1]  # the first thousand load what is used
    print(f"{first:.1f} MB after 2,000 iterations, {last:.1f} MB after 20,000")
    assert last - first < 8  # the history alone is one of them
    assert max(watch.files[1:]) == min(watch.files[1:])
    assert max(watch.threads[1:]) == min(watch.threads[1:])
