"""One's own images: what is accepted, what becomes of it, what is said otherwise."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from numpygan.datasets import load_images
from numpygan.files.npy import load_array

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)
PIXELS[0, 0, :2] = 0, 255


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize("scale", [(-1, 1), (0, 1)])
def test_bytes_and_floats_mean_the_same(tmp_path, scale):
    low, high = scale
    expected = low + (high - low) * (PIXELS[..., np.newaxis] / 255)
    versions = {
        "bytes": PIXELS, "float64": PIXELS / 255, "float32": (PIXELS / 255).astype("f4"),
        "four": PIXELS[..., np.newaxis], "fortran": np.asfortranarray(PIXELS), "swapped": (PIXELS / 255).astype(">f8"),
    }  # fmt: skip
    for name, array in versions.items():
        np.save(tmp_path / f"{name}.npy", array)
        np.savez_compressed(tmp_path / f"{name}.npz", images=array, labels=np.arange(6))
        np.savez(tmp_path / f"{name}-alone.npz", array)
        for file in (f"{name}.npy", f"{name}.npz", f"{name}-alone.npz"):
            images = load_images(tmp_path / file, scale=scale)
            assert images.dtype == np.float32 and images.dtype.isnative and images.shape == (6, 5, 4, 1)
            assert images.min() >= low and images.max() <= high
            np.testing.assert_allclose(images, expected, atol=1e-6)


def test_colour_stays_colour(tmp_path):
    np.save(tmp_path / "c.npy", np.full((2, 3, 4, 3), [0, 255, 51], np.uint8))
    images = load_images(tmp_path / "c.npy", scale=(0, 1))
    np.testing.assert_allclose(images[1, 2, 3], [0, 1, 0.2], rtol=1e-6)


def test_the_callers_file_may_hold_values_that_round_beyond_the_ends(tmp_path):
    np.save(tmp_path / "f.npy", np.ones((1, 2, 2), np.float32))
    assert load_images(tmp_path / "f.npy", scale=(-0.7, 0.1)).max() <= 0.1 + 1e-8


@pytest.mark.parametrize(
    ("array", "trouble"),
    [
        (PIXELS[0], r"\(5, 4\), which has 2 dimensions: np.stack"),
        (PIXELS[:0], "which is empty"),
        (PIXELS.reshape(1, 6, 5, 4, 1), "which has 5 dimensions"),
        (PIXELS[:, :, np.newaxis].reshape(6, 1, 5, 4), r"channels first: np.moveaxis\(images, 1, -1\)"),
        (np.zeros((2, 5, 5, 4), np.uint8), r"with 4 channels: images\[..., :3\]"),
        (PIXELS.astype(np.int64), r"holds int64 .*images.astype\(np.uint8\)"),
        (PIXELS > 100, "holds bool"),
        (PIXELS.astype(np.float32), "from 0 to 255: divide by 255"),
        (PIXELS / 127.5 - 1, r"\(images \+ 1\) / 2"),
        (PIXELS - 1000.0, "from -1000 to -745;"),
        (np.full((2, 3, 3), np.nan), "with NaN or infinite pixels"),
        (np.full((2, 3, 3), np.inf), "with NaN or infinite pixels"),
        (PIXELS.astype(complex), "its elements are complex128"),
        (PIXELS.astype(str), "its elements are <U"),
    ],
)
def test_other_arrays_are_refused_with_advice(tmp_path, array, trouble):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(ValueError, match=trouble) as caught:
        load_images(tmp_path / "a.npy")
    assert str(tmp_path / "a.npy") in str(caught.value)


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
        load_images(path)
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
            load_images(path)
        assert trouble in str(caught.value) and str(path) in str(caught.value)


def test_a_zip_bomb_is_not_expanded(tmp_path):
    path = tmp_path / "bomb.npz"
    path.write_bytes(zipped(images=npy(PIXELS) + bytes(100_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="there are more"):
            load_images(path)
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_the_file_must_say_what_it_is(tmp_path):
    with pytest.raises(ValueError, match=r"photo.jpg is neither .npy nor .npz: read your pictures with"):
        load_images(tmp_path / "photo.jpg")
    with pytest.raises(FileNotFoundError):
        load_images(tmp_path / "no.npy")


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_images_stored_column_by_column_come_out_row_by_row(dtype, tmp_path):
    images = np.random.default_rng(0).integers(0, 2, (7, 5, 4)).astype(dtype)
    np.save(tmp_path / "a.npy", np.asfortranarray(images))
    np.save(tmp_path / "b.npy", images)
    loaded = load_images(tmp_path / "a.npy")
    assert loaded.flags.c_contiguous
    np.testing.assert_array_equal(loaded, load_images(tmp_path / "b.npy"))


def test_bools_are_told_how_to_become_pixels(tmp_path):
    np.save(tmp_path / "mask.npy", np.zeros((3, 4, 4), bool))
    with pytest.raises(ValueError, match=r"holds bool \(3, 4, 4\): images.astype\(float\) makes black of False"):
        load_images(tmp_path / "mask.npy")
