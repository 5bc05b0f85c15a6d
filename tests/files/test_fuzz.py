"""Thousands of damaged files: each is read whole or refused, quickly and in little memory.

File number k of a kind is always the same one: `damaged(kind, k)` makes it again.
"""

import gzip
import io
import time
import tracemalloc

import numpy as np
import pytest

from numpygan.datasets import load_idx
from numpygan.files.npy import load_array
from tests.datasets.writers import CODES, idx_bytes, mutate, npy

SECONDS, BYTES = 1.0, 8_000_000


def array_number(k):
    rng = np.random.default_rng([1, k])
    shape = tuple(rng.integers(1, 9, rng.integers(1, 5)))
    values = rng.integers(0, 100, shape) if k % 3 else np.zeros((20, *shape))  # zeros pack tightly
    return values.astype(list(CODES)[k % len(CODES)])


def npz(array):
    file = io.BytesIO()
    np.savez_compressed(file, images=array, labels=np.arange(3))
    return file.getvalue()


# Where the damage is done: to the file, or to what is packed in it.
KINDS = {
    "idx": lambda array, rng: mutate(idx_bytes(array), rng),
    "idx.gz": lambda array, rng: mutate(gzip.compress(idx_bytes(array), mtime=0), rng),
    "idx in gz": lambda array, rng: gzip.compress(mutate(idx_bytes(array), rng), mtime=0),
    "npy": lambda array, rng: mutate(npy(array), rng),
    "npz": lambda array, rng: mutate(npz(array), rng),
    "npz, its end": lambda array, rng: npz(array)[:-120] + mutate(npz(array)[-120:], rng),
}


def damaged(kind, k):
    return KINDS[kind](array_number(k), np.random.default_rng([2, k]))


def attack(path, kind, k):
    """Read file number k; return whether it was whole."""
    data = damaged(kind, k)
    path.write_bytes(data)
    load, refused = (
        (load_idx, "an IDX file") if kind.startswith("idx") else (load_array, "a .npy or .npz file")
    )
    tracemalloc.reset_peak()
    start, before = time.process_time(), tracemalloc.get_traced_memory()[0]
    array = None
    try:
        array = load(path)
    except ValueError as error:
        assert str(error).startswith(f"{path} is not {refused}"), (kind, k)
    assert time.process_time() - start < SECONDS, (kind, k)
    assert tracemalloc.get_traced_memory()[1] - before < BYTES, (kind, k)
    if array is None:
        return False
    assert array.dtype.kind in "buif" and array.flags.writeable, (kind, k)
    if kind == "idx":  # nothing left over, nothing made up
        assert 4 + 4 * array.ndim + array.nbytes == len(data), k
    return True


def attack_many(path, kind, numbers):
    tracemalloc.start()
    try:
        whole = sum(attack(path, kind, k) for k in numbers)
    finally:
        tracemalloc.stop()
    return whole


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files(tmp_path, kind):
    whole = attack_many(tmp_path / "file", kind, range(150))
    assert whole < 150


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_damaged_files(tmp_path, kind):
    whole = attack_many(tmp_path / "file", kind, range(150, 5150))  # 30,000 in all
    print(f"{kind}: {whole} of 5,000 files were still whole")
    assert 0 < whole < 5000


@pytest.mark.parametrize(
    ("kind", "k"), [("npz", 1), ("npz", 9), ("npz, its end", 309), ("npz, its end", 329)]
)
def test_what_was_found(tmp_path, kind, k):
    """These zips point before their own beginning: a seek to nowhere, EINVAL from the system."""
    assert attack_many(tmp_path / "file", kind, [k]) == 0
