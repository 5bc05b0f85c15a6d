"""Files as other people publish them: read, or refused with a way that leads there."""

import gzip
import io
import pickle
import sys
import tarfile
import types
import zipfile

import numpy as np
import pytest
from PIL import Image

from numpygan.datasets import load_images
from tests.datasets.writers import idx_bytes, write_mnist

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)
CIFAR = RNG.integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)
LABELS = np.array([3, 0, 9, 1, 1, 2], np.uint8)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["anything", "emnist-letters-train-images-idx3-ubyte", "x.bin", "y.gz"])
def test_idx_by_any_name(tmp_path, name, packed):
    data = idx_bytes(PIXELS)
    (tmp_path / name).write_bytes(gzip.compress(data) if packed else data)
    np.testing.assert_array_equal(load_images(tmp_path / name).pixels[..., 0], PIXELS)


def test_idx_labels_beside_the_images(tmp_path):
    (tmp_path / "letters-images-idx3-ubyte").write_bytes(idx_bytes(PIXELS))
    (tmp_path / "letters-labels-idx1-ubyte").write_bytes(idx_bytes(LABELS))
    images, labels = load_images(tmp_path / "letters-images-idx3-ubyte", labels=True)
    np.testing.assert_array_equal(labels, LABELS)
    assert images.notes[0] == "labels from letters-labels-idx1-ubyte"
    with pytest.raises(ValueError, match=r"uint8 \(6,\), labels, not images: pass the file with the images"):
        load_images(tmp_path / "letters-labels-idx1-ubyte")


@pytest.mark.parametrize("packed", [False, True])
def test_the_folder_of_mnist(tmp_path, packed):
    pixels, digits = write_mnist(tmp_path, packed=packed)
    held_out, _ = write_mnist(tmp_path, 5, part="evaluation", packed=packed)
    images, labels = load_images(tmp_path, labels=True)
    np.testing.assert_array_equal(images.pixels[..., 0], pixels)
    np.testing.assert_array_equal(labels, digits)
    assert images.parts == ("train", "evaluation")
    np.testing.assert_array_equal(load_images(tmp_path, part="evaluation").pixels[..., 0], held_out)


def cifar(folder, name, *, classes=10, labels=LABELS):
    folder.mkdir(exist_ok=True)
    rows = CIFAR.transpose(0, 3, 1, 2).reshape(6, -1)
    coarse = [np.zeros((6, 1), np.uint8)] if classes == 100 else []
    np.hstack([*coarse, labels[:, None], rows]).tofile(folder / name)
    return folder / name


@pytest.mark.parametrize(("classes", "name"), [(10, "data_batch_1.bin"), (100, "train.bin")])
def test_cifars_binary_files(tmp_path, classes, name):
    images, labels = load_images(cifar(tmp_path, name, classes=classes), labels=True)
    np.testing.assert_array_equal(images.pixels, CIFAR)
    np.testing.assert_array_equal(labels, LABELS)
    assert len(images.classes) == classes


def test_the_folder_of_cifar(tmp_path):
    for k in (2, 1, 3):
        cifar(tmp_path, f"data_batch_{k}.bin", labels=(LABELS + k) % 10)
    cifar(tmp_path, "test_batch.bin")
    names = "airplane automobile bird cat deer dog frog horse ship truck".split()
    (tmp_path / "batches.meta.txt").write_text("\n".join(names) + "\n\n")
    images, labels = load_images(tmp_path, labels=True)
    np.testing.assert_array_equal(labels, np.concatenate([(LABELS + k) % 10 for k in (1, 2, 3)]))
    assert images.classes == tuple(names) and images.parts == ("train", "evaluation")
    assert len(load_images(tmp_path, part="evaluation")) == 6
    cifar(tmp_path, "train.bin", classes=100)
    with pytest.raises(ValueError, match="has files of both CIFAR-10 and CIFAR-100"):
        load_images(tmp_path)


def test_a_part_that_is_missing_is_named(tmp_path):
    cifar(tmp_path, "data_batch_1.bin")
    with pytest.raises(ValueError, match="has no images for part='evaluation', only for 'train'"):
        load_images(tmp_path, part="evaluation")


def test_labels_of_text_are_left_out(tmp_path):
    np.savez(tmp_path / "a.npz", images=np.zeros((2, 8, 8), np.uint8), labels=np.array(["cat", "dog"]))
    images = load_images(tmp_path / "a.npz")
    assert images.labels is None and "array 'labels' ignored: labels must be integers from 0" in images.notes


def test_a_download_that_broke_is_no_npz(tmp_path):
    (tmp_path / "a.npz").write_text("<html>404</html>")
    with pytest.raises(ValueError, match="does not begin as a zip file does"):
        load_images(tmp_path / "a.npz")


def test_what_is_no_binary_file_of_cifar(tmp_path):
    for data in (b"\1" * 100, bytes([200]) * 3073):
        (tmp_path / "a.bin").write_bytes(data)
        with pytest.raises(ValueError, match=r"a\.bin is not a CIFAR-10 or CIFAR-100 binary file"):
            load_images(tmp_path / "a.bin")


class Trap:
    def __reduce__(self):
        return pytest.fail, ("it was unpickled",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("packed", [False, True])
def test_pickles_are_refused_without_being_opened(tmp_path, protocol, packed):
    data = pickle.dumps({b"data": Trap()}, protocol)
    (tmp_path / "data_batch_1").write_bytes(gzip.compress(data) if packed else data)
    for path in (tmp_path / "data_batch_1", tmp_path):
        with pytest.raises(
            ValueError, match=r"is a pickle, .* Download the binary version, https://www.cs.toronto.edu"
        ):
            load_images(path)


def follow(error):
    """Execute the indented lines of an error, as who reads it would."""
    lines = [line.strip() for line in str(error).splitlines() if line.startswith("    ")]
    assert len(lines) == 2
    exec("\n".join(lines), {})


def test_svhn_is_converted_by_the_two_lines(tmp_path, monkeypatch):
    path = tmp_path / "train_32x32.mat"
    path.write_bytes(b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(512))
    with pytest.raises(ValueError, match="is a MATLAB file, which is not supported") as caught:
        load_images(path)
    contents = {"X": np.moveaxis(CIFAR, 0, -1), "y": np.array([[10], [1], [9], [2], [3], [10]], np.uint8)}
    scipy = types.ModuleType("scipy")
    scipy.io = types.ModuleType("scipy.io")
    scipy.io.loadmat = {str(path): contents}.__getitem__
    monkeypatch.setitem(sys.modules, "scipy", scipy)
    monkeypatch.setitem(sys.modules, "scipy.io", scipy.io)
    follow(caught.value)
    images, labels = load_images(tmp_path / "train_32x32.npz", labels=True)
    np.testing.assert_array_equal(images.pixels, CIFAR)
    assert labels.tolist() == [0, 1, 9, 2, 3, 0]  # SVHN writes 10 for a zero


def test_usps_is_converted_by_the_two_lines(tmp_path, monkeypatch):
    path = tmp_path / "usps.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(
        ValueError, match=r"is an HDF5 file, .*\n.*\n.*\nand size=16 loads the result"
    ) as caught:
        load_images(path)
    data = RNG.random((6, 256), np.float32)
    contents = {"train/data": data, "train/target": LABELS, "test/data": data[:2], "test/target": LABELS[:2]}
    h5py = types.ModuleType("h5py")
    h5py.File = {str(path): contents}.__getitem__
    monkeypatch.setitem(sys.modules, "h5py", h5py)
    follow(caught.value)
    images, labels = load_images(tmp_path / "usps.npz", size=16, labels=True, scale=(0, 1))
    np.testing.assert_allclose(images, data.reshape(6, 16, 16, 1), atol=1e-6)
    assert labels.tolist() == LABELS.tolist() and images.parts == ("train", "evaluation")


def tar(data):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo("a.png")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def png():
    file = io.BytesIO()
    Image.new("L", (8, 8), 200).save(file, "PNG")
    return file.getvalue()


def zipped(data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "trouble"),
    [
        ("a.tar", tar(png()), "is compressed: unpack it"),
        ("a.tar.gz", gzip.compress(tar(png())), "is compressed: unpack it"),
        ("a.csv.gz", gzip.compress(b"1,2,3,4\n"), "is compressed: unpack it"),
        ("a.rar", b"Rar!\x1a\7\0", "is compressed: unpack it"),
        ("a.zip", zipped(png()), "is a zip file but not a .npz: it holds 'a.png'; unpack it first"),
        ("a.png", png(), "is a single picture: pass the folder with all of them"),
        (
            "a.mat",
            b"MATLAB 7.3 MAT-file".ljust(512),
            "MATLAB 7.3 file, which is not supported: h5py opens it",
        ),
        ("a.docx", b"what is this?", "has an unsupported format: expected a folder of pictures"),
        ("a", b"", "is empty"),
        ("a.gz", b"\x1f\x8b", "is compressed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # packed data holds the time of day
)
def test_other_files_are_refused_with_what_to_do(tmp_path, name, data, trouble):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError) as caught:
        load_images(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name)) and trouble in str(caught.value)


def test_a_single_picture_names_its_folder_which_can_be_read(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    with pytest.raises(ValueError) as caught:
        load_images(tmp_path / "a.png")
    assert repr(str(tmp_path)) in str(caught.value) and len(load_images(tmp_path)) == 1
