"""Thousands of broken checkpoints: only documented exceptions, none slow, none large."""

import sys
import time

import numpy as np
import pytest

from numpygan.checkpoint import load
from tests.saving.breaking import break_file, rng_for
from tests.trainings import ALL

SECONDS, MEGABYTES = 1.0, 200
SEEDS = 30_000  # of the slow test
FOUND = (1921, 2941, 5171, 25524)  # seeds of files that were once not refused as they should be


def only_documented(call, path):
    """Call, and return the seconds it computed; let no other exceptions pass for right ones."""
    start = time.process_time()
    try:
        call()
    except ValueError as error:
        text = str(error)
        assert str(path) in text and len(text) < 300 + len(str(path)), text
        assert text.isprintable() or "\n" in text, text
    except OSError:
        pass
    return time.process_time() - start


def use(model):
    """Compute one sample with each network of a model that was loaded."""
    for network in model.networks.values():
        with np.errstate(all="ignore"):
            network.predict(np.zeros((1, *network.input_shape), network.dtype))
    repr(model.history)


def attack(checkpoints, trainings, path, seed):
    """Load file number `seed` and use what was in it, resume from it, or both; return the seconds taken."""
    rng = rng_for(seed)
    name = rng.choice(list(checkpoints))
    break_file(checkpoints[name], path, rng)
    models = []
    took = only_documented(lambda: models.append(load(path)), path)
    if models:
        start = time.process_time()
        use(models[0])
        took = max(took, time.process_time() - start)
    if rng.random() < 0.3:  # the training has ended: nothing is learnt from what was broken
        with np.errstate(all="ignore"):  # numbers as large as they can be overflow in what is drawn last
            took = max(took, only_documented(lambda: trainings[name].run(resume=path), path))
        trainings[name] = ALL[name]()
    return took


def fuzz(checkpoints, folder, seeds):
    trainings = {name: make() for name, make in ALL.items()}
    slowest = 0
    for seed in seeds:
        try:
            took = attack(checkpoints, trainings, folder / "broken.npz", seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        assert took < SECONDS, f"seed {seed} took {took:.1f} s"
        slowest = max(slowest, took)
    return slowest


def peak_memory():
    resource = pytest.importorskip("resource")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS tells bytes, Linux KB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def test_broken_files_have_only_documented_consequences(checkpoints, tmp_path):
    fuzz(checkpoints, tmp_path, [*range(200), *FOUND])


@pytest.fixture
def little_memory():
    """Let memory run out at 4 GB, so that a file that asks for more fails the test and not the machine."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps no such limit")
def test_thirty_thousand_broken_files(checkpoints, tmp_path, little_memory):
    fuzz(checkpoints, tmp_path, range(100))  # so that all that is needed is in memory
    before = peak_memory()
    slowest = fuzz(checkpoints, tmp_path, range(1000, 1000 + SEEDS))
    grown = peak_memory() - before
    print(f"slowest {slowest:.3f} s, peak memory grew by {grown:.1f} MB")
    assert grown < MEGABYTES
