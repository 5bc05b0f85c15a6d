"""Reading IDX files: what is one, and what only pretends to be."""

import gzip
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numpygan import limits
from numpygan.datasets import load_idx
from tests.datasets.writers import CODES, idx_bytes, idx_header


def write(tmp_path, data):
    path = tmp_path / "file-idx"
    path.write_bytes(data)
    return path


def test_a_file_written_by_hand(tmp_path):
    data = bytes([0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3, 255, 255, 1, 0, 128, 0])
    expected = np.array([[1, 2, 3], [-1, 256, -32768]], np.int16)
    for stored in (data, gzip.compress(data), gzip.compress(data[:9]) + gzip.compress(data[9:])):
        array = load_idx(write(tmp_path, stored))
        assert array.dtype == np.int16
        np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", CODES)
@given(shape=st.lists(st.integers(0, 5), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_every_type_and_shape_comes_back(tmp_path_factory, kind, packed, shape, seed):
    rng = np.random.default_rng(seed)
    if kind[0] == "f":
        array = rng.normal(0, 1e3, shape).astype(kind)
    else:
        limits = np.iinfo(kind)
        array = rng.integers(limits.min, limits.max, shape, kind, endpoint=True)
    data = idx_bytes(array)
    path = tmp_path_factory.getbasetemp() / "round-idx"
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    found = load_idx(path)
    assert found.dtype == array.dtype and found.dtype.isnative and found.flags.writeable
    np.testing.assert_array_equal(found, array)


WHOLE = idx_bytes(np.arange(60, dtype=np.uint8).reshape(3, 4, 5))
PACKED = gzip.compress(WHOLE, mtime=0)  # the time of day would be in the tests' names, other in each process
BAD_CHECKSUM = PACKED[:-8] + bytes([PACKED[-8] ^ 1]) + PACKED[-7:]


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "it has 0 bytes"),
        (b"\0\0\x08", "it has 3 bytes"),
        (b"\x89PNG\r\n\x1a\n", "it begins with the bytes 89 50, expected 00 00"),
        (b"\0\0\x0a\x01" + WHOLE[4:], "element type 0a, expected one of 08, 09, 0b, 0c, 0d, 0e"),
        (b"\0\0\x08\0\x07", "announces 0 dimensions"),
        (WHOLE[:13], "it ends before the sizes of its 3 dimensions do"),
        (WHOLE[:-1], "announces 60 bytes of data, but at most 59 can be there"),
        (WHOLE + b"x", "announces 60 bytes of data, but there are more"),
        (PACKED[:-9], "end-of-stream marker"),
        (PACKED[:5], "end-of-stream marker"),
        (BAD_CHECKSUM, "CRC check failed"),
        (PACKED + b"x", "Not a gzipped file"),
        (gzip.compress(WHOLE[:-1], mtime=0), "announces 60 bytes of data, but there are only 59"),
        (gzip.compress(WHOLE + b"x", mtime=0), "announces 60 bytes of data, but there are more"),
        (gzip.compress(b"\0\0", mtime=0), "it has 2 bytes"),
        (idx_header(0x08, *[1] * 70) + b"x", "maximum supported dimension"),
        (
            idx_header(0x08, 0, *[2**32 - 1] * 8),
            "array is too big|Maximum allowed dimension|is not an IDX file",
        ),
    ],
)
def test_what_is_not_one_is_named(tmp_path, data, trouble):
    path = write(tmp_path, data)
    with pytest.raises(ValueError, match=trouble) as caught:
        load_idx(path)
    assert str(caught.value).startswith(f"{path} is not an IDX file: ")


def test_sixteen_bytes_that_announce_ten_terabytes_take_no_memory(tmp_path):
    header = idx_header(0x08, 10_000, 1_000_000, 1000)
    assert len(header) == 16
    for data in (header, gzip.compress(header)):
        path = write(tmp_path, data)
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=r"announces 10,000,000,000,000 bytes of data, but at most"):
                load_idx(path)
            assert tracemalloc.get_traced_memory()[1] < 1e6
        finally:
            tracemalloc.stop()


def test_a_gzip_bomb_is_unfolded_no_further_than_its_header_announces(tmp_path):
    bomb = gzip.compress(idx_header(0x08, 10, 10) + bytes(200_000_000), 1)
    path = write(tmp_path, bomb)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="announces 100 bytes of data, but there are more"):
            load_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_what_compressed_data_may_unfold_to_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED", 50)
    with pytest.raises(
        ValueError, match=r"announces 60 bytes of data, but at most 34 are read from a compressed"
    ):
        load_idx(write(tmp_path, PACKED))
    np.testing.assert_array_equal(load_idx(write(tmp_path, WHOLE)).ravel(), np.arange(60))


def test_the_tightest_packing_of_zeros_is_believed(tmp_path):
    """The bound of 1032 must hold for what gzip really does at its best."""
    zeros = np.zeros((1000, 100, 100), np.uint8)
    np.testing.assert_array_equal(load_idx(write(tmp_path, gzip.compress(idx_bytes(zeros), 9))), zeros)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="no-such-file"):
        load_idx(tmp_path / "no-such-file")
