"""Small compressed files that really hold what their headers announce, and would fill the memory with it."""

import gzip
import tracemalloc

import numpy as np
import pytest

from numpygan import limits
from numpygan.datasets import load_idx
from numpygan.files import load_array
from tests.datasets.writers import idx_header


@pytest.fixture(params=["idx", "npz"])
def bomb(request, tmp_path):
    """A function that reads a file of a few kilobytes, which is 3 MB of zeros."""
    if request.param == "idx":
        path = tmp_path / "images.gz"
        path.write_bytes(gzip.compress(idx_header(0x08, 3_000, 1_000) + bytes(3_000_000)))
        read = load_idx
    else:
        path = tmp_path / "images.npz"
        np.savez_compressed(path, images=np.zeros((3_000, 1_000), np.uint8))
        read = load_array
    assert path.stat().st_size < 10_000
    return lambda: read(path)


def test_a_small_one_is_read(bomb):
    assert bomb().shape == (3_000, 1_000)


def test_what_no_images_shrink_to_is_refused_before_it_is_unpacked(bomb, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_FREELY", 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(
            ValueError, match=r"at most 999,\d+ are read from a compressed file .*: .*decompress it"
        ):
            bomb()
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


def test_large_files_may_expand_in_proportion(bomb, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_FREELY", 1_000)
    monkeypatch.setattr(limits, "EXPANSION", 2_000)
    assert bomb().shape == (3_000, 1_000)


def test_real_images_are_far_from_the_limits(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (100, 28, 28), dtype=np.uint8)
    images[:, :, 7:] = 0  # three quarters are background
    np.savez_compressed(tmp_path / "images.npz", images=images)
    size = (tmp_path / "images.npz").stat().st_size
    assert images.nbytes < limits.EXPANSION * size / 4
