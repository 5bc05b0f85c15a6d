"""What may change the last bits of a run, and what may not: each row of the table in the book is a test here."""

import os
import platform
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from numpygan import DCGAN
from numpygan.checkpoint import load
from numpygan.diagnosis import Diagnosis
from numpygan.models import data_parallel, threads
from numpygan.training import Callback, SampleRecorder
from tests.trainings import ALL, images

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "book" / "4-use" / "02-training-tools.md"

# A process of its own: some small trainings, whose every number counts, and the losses of a larger GAN.
PROGRAM = """
import sys
import numpy as np
from numpygan import GAN
from tests.trainings import ALL

arrays = {}
for name in ("gan", "vae", "cyclegan"):
    training = ALL[name]()
    training.run()
    arrays.update({f"{name}/{key}": array for key, array in training.outcome().items()})
x = np.random.default_rng(0).uniform(-1, 1, (256, 28, 28, 1)).astype(np.float32)
gan = GAN(rng=0)
gan.fit(x, iterations=5, batch_size=128, progress=False)
np.savez(sys.argv[1], losses=gan.history.table(), **arrays)
"""


# A GAN and a DCGAN: the losses of each by itself, and in two threads of one process.
SIDE_BY_SIDE = """
import sys, threading
import numpy as np
from numpygan import DCGAN, GAN
from numpygan.models import data_parallel

data_parallel.MIN_ACTIVATIONS_PER_WORKER = 0
x = np.random.default_rng(0).uniform(-1, 1, (128, 28, 28, 1)).astype(np.float32)

def fit(model, **length):
    model.fit(x, progress=False, **length)
    return model.history.table()

def gan():
    return fit(GAN(rng=0), iterations=8, batch_size=128)

def dcgan(model=None):
    return fit(model or DCGAN(rng=1), iterations=4, batch_size=32)

def beside(other):
    found, model = [], DCGAN(rng=1)
    thread = threading.Thread(target=lambda: found.append(dcgan(model)))
    thread.start()
    while not len(model.history) and thread.is_alive():
        pass
    mine = other()
    thread.join()
    return mine, found[0]

found = {"gan alone": gan(), "dcgan alone": dcgan()}
found["gan beside"], found["dcgan beside"] = beside(gan)
found["dcgan beside its like"], _ = beside(dcgan)
np.savez(sys.argv[1], **found)
"""


def side_by_side(path, threads):
    """Return what SIDE_BY_SIDE saves if BLAS has that many threads, as a dict of arrays."""
    return trained(path, SIDE_BY_SIDE, OPENBLAS_NUM_THREADS=threads, MKL_NUM_THREADS=threads)


@pytest.fixture(scope="module")
def on_two_threads(tmp_path_factory):
    return side_by_side(tmp_path_factory.mktemp("two"), threads="2")


def trained(path, program=PROGRAM, **environment):
    """Return what a program makes in such an environment, as a dict of arrays."""
    path = path / f"{len(list(path.iterdir()))}.npz"
    found = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": found, **environment}
    subprocess.run([sys.executable, "-c", program, str(path)], cwd=path.parent, env=environment, check=True)
    with np.load(path) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("usual"))


def same(one, other):
    assert one.keys() == other.keys()
    for key, array in one.items():
        assert array.dtype == other[key].dtype and array.tobytes() == other[key].tobytes(), key


def nearly_same(one, other):
    """To within rounding, which few iterations have not yet made larger."""
    np.testing.assert_allclose(one["losses"], other["losses"], rtol=1e-3, atol=1e-3)


# --- what must not change them ---


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_hash_seed(seed, usual, tmp_path):
    same(usual, trained(tmp_path, PYTHONHASHSEED=seed))


@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_locale(language, usual, tmp_path):
    same(usual, trained(tmp_path, LANG=language, LC_ALL=language, PYTHONUTF8="0"))


def test_folder(usual, tmp_path):
    elsewhere = tmp_path / "한글 and spaces"
    elsewhere.mkdir()
    same(usual, trained(elsewhere, HOME=str(elsewhere), TZ="Asia/Seoul"))


def test_global_seed():
    """NumPy's own global generator, which other parts of a program use."""
    once, again = ALL["gan"](), ALL["gan"]()
    once.run()
    np.random.seed(1)
    again.run(Draws())
    same(once.outcome(), again.outcome())


class Draws(Callback):
    def after_iteration(self, iteration, model, history):
        np.random.random(3)


@pytest.mark.parametrize("name", ["gan", "dcgan", "vae"])
def test_watched(name, tmp_path, capsys):
    once, again = ALL[name](), ALL[name]()
    once.run()
    x = images(low=0 if name == "vae" else -1)
    watching = [SampleRecorder(3, n=5), Diagnosis(x, every=5)]
    again.fit(
        again.model, callbacks=[*again.callbacks, *watching], progress=True, checkpoint=tmp_path / "run.npz"
    )
    same(once.outcome(), again.outcome())


class PowerCut(Callback):
    def after_iteration(self, iteration, model, history):
        if iteration == 17:
            raise OSError("the power is gone")


@pytest.mark.parametrize("name", ["gan", "dcgan", "vae"])
def test_resumed(name, tmp_path):
    once, cut, rest = (ALL[name]() for _ in range(3))
    once.run()
    with pytest.raises(OSError, match="power"):
        cut.run(PowerCut(), checkpoint=tmp_path / "run.npz")
    rest.model = load(tmp_path / "run.npz")
    rest.run(resume=tmp_path / "run.npz")
    same(once.outcome(), rest.outcome())


def test_beside_a_dcgan_with_one_thread(tmp_path):
    """BLAS then has one thread, with or without a DCGAN."""
    found = side_by_side(tmp_path, threads="1")
    assert np.array_equal(found["gan alone"], found["gan beside"])
    assert np.array_equal(found["dcgan alone"], found["dcgan beside"])


@pytest.mark.slow
def test_dcgans_side_by_side(on_two_threads):
    """They take turns, and a GAN in another thread does not change their bits either."""
    found = on_two_threads
    assert np.array_equal(found["dcgan alone"], found["dcgan beside"])
    assert np.array_equal(found["dcgan alone"], found["dcgan beside its like"])


# --- what may, by rounding ---


@pytest.mark.parametrize("threads", ["1", "2", "4"])
def test_cores(threads, usual, tmp_path):
    nearly_same(usual, trained(tmp_path, OPENBLAS_NUM_THREADS=threads, MKL_NUM_THREADS=threads))


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names kernels of x86-64")
@pytest.mark.parametrize("kernel", ["Prescott", "Nehalem"])
def test_blas_kernel(kernel, usual, tmp_path):
    nearly_same(usual, trained(tmp_path, OPENBLAS_CORETYPE=kernel))


def test_numpy(usual, tmp_path):
    """Without the vector instructions that NumPy chooses while it runs, as on another processor."""
    features = "AVX2 FMA3 AVX512F AVX512_SKX" if platform.machine() in ("x86_64", "AMD64") else "ASIMDDP"
    nearly_same(usual, trained(tmp_path, NPY_DISABLE_CPU_FEATURES=features, PYTHONWARNINGS="ignore"))


def test_platform(usual):
    """The losses that Linux on x86-64 printed, of the first and the fifth iteration."""
    recorded = [[0.825, 0.818], [1.391, 1.009]]  # d_loss, g_loss
    np.testing.assert_allclose(usual["losses"][:2, [0, 4]], recorded, atol=0.02)


@pytest.mark.slow
def test_beside_a_dcgan(on_two_threads):
    """In each iteration a DCGAN limits BLAS to one thread, for the whole process."""
    found = on_two_threads
    np.testing.assert_allclose(found["gan alone"], found["gan beside"], rtol=1e-3, atol=1e-3)


def test_no_threads(monkeypatch):
    """Where the system gives none, one core continues; its sums are those of one network."""
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    x = np.random.default_rng(0).uniform(-1, 1, (32, 28, 28, 1)).astype(np.float32)
    shared, alone = DCGAN(rng=1), DCGAN(rng=1)
    shared.fit(x, iterations=2, batch_size=16, progress=False)

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.warns(RuntimeWarning, match="continues with one core"):
        alone.fit(x, iterations=2, batch_size=16, progress=False)
    nearly_same({"losses": shared.history.table()}, {"losses": alone.history.table()})


# --- the table ---


def test_the_table_in_the_book_is_this_file():
    rows = re.findall(r"\| `(test_\w+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    tests = {name for name in globals() if name.startswith("test_")}
    assert set(rows) == tests - {"test_the_table_in_the_book_is_this_file"} and len(rows) == len(set(rows))
