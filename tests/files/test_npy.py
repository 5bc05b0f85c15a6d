"""NumPy's own files: what is one, and what only pretends to be."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from numpygan.files.npy import array_names, load_array
from tests.datasets.writers import npy

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)


def header(text, *, version=1):
    text = text.encode("latin1") + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2 if version == 1 else 4, "little") + text


HUGE = "{'descr': '|u1', 'fortran_order': False, 'shape': (10000, 1000000, 1000), }"


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "its header cannot be read"),
        (b"not a file", "its header cannot be read"),
        (npy(PIXELS)[:60], "its header cannot be read"),
        (npy(PIXELS)[:-1], "announces 120 bytes of data, but at most 119 can be there"),
        (npy(PIXELS) + b"x", "announces 120 bytes of data, but there are more"),
        (header(HUGE), "announces 10,000,000,000,000 bytes of data, but at most 0 can be there"),
        (header(HUGE, version=2), "announces 10,000,000,000,000"),
        (header(HUGE, version=3), "its header cannot be read"),
        (header(HUGE.replace("10000,", "-1,")), "its header gives the shape"),
        (header(HUGE.replace("|u1", "|O")), "its elements are object"),
        (header("(" * 5000), "its header cannot be read"),
        (header(HUGE.replace("10000,", "10000L,")), "its header cannot be read"),
        (b"\x93NUMPY\x02\0\xff\xff\xff\xff{", "its header cannot be read"),
    ],
)
def test_broken_npy_files(tmp_path, data, trouble):
    path = tmp_path / "a.npy"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=trouble) as caught:
        load_array(path)
    assert str(caught.value).startswith(f"{path} is not a .npy or .npz file of numbers: ")


def test_nothing_is_unpickled(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="its elements are object, expected plain numbers"):
        load_array(path)


def zipped(**entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def test_broken_npz_files(tmp_path):
    path = tmp_path / "a.npz"
    whole = zipped(images=npy(PIXELS))
    packed_otherwise = io.BytesIO()
    with zipfile.ZipFile(packed_otherwise, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("images.npy", npy(PIXELS))
    encrypted = bytearray(whole)
    encrypted[6] |= 1
    encrypted[whole.index(b"PK\1\2") + 8] |= 1
    for data, trouble in (
        (zipped(a=npy(PIXELS), b=b""), "it holds 2 arrays (a, b), none of them called 'images'"),
        (zipped(images=b"no array"), "its header cannot be read"),
        (zipped(images=header(HUGE)), "announces 10,000,000,000,000 bytes"),
        (zipped(images=npy(PIXELS) + bytes(99)), "there are more"),
        (whole[:-30], "File is not a zip file"),
        (packed_otherwise.getvalue(), "compressed by a method that NumPy does not use"),
        (bytes(encrypted), "encrypted"),
    ):
        path.write_bytes(data)
        with pytest.raises(ValueError) as caught:
            load_array(path)
        assert trouble in str(caught.value) and str(path) in str(caught.value)


def test_a_zip_bomb_is_not_expanded(tmp_path):
    path = tmp_path / "bomb.npz"
    path.write_bytes(zipped(images=npy(PIXELS) + bytes(100_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="there are more"):
            load_array(path)
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_names_of_what_is_in_it(tmp_path):
    np.savez(tmp_path / "a.npz", images=PIXELS, labels=np.arange(6))
    assert array_names(tmp_path / "a.npz") == ("images", "labels")
    np.save(tmp_path / "a.npy", PIXELS)
    with pytest.raises(ValueError, match="does not begin as a zip file does"):
        array_names(tmp_path / "a.npy")


def test_another_zip_is_to_be_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(
        ValueError, match=r"is a zip file but not a .npz: it holds 'photo.jpg'; unpack it first"
    ):
        array_names(tmp_path / "a.npz")
