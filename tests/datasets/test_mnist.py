"""MNIST's four files from a folder."""

import builtins
import gzip

import numpy as np
import pytest

from numpygan.datasets import load_mnist
from numpygan.datasets.mnist import CHECKSUMS, FILES, MIRRORS
from tests.datasets.writers import idx_bytes, write_mnist


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("part", ["train", "evaluation"])
def test_four_files_in_a_folder(tmp_path, part, packed):
    pixels, digits = write_mnist(tmp_path, part=part, packed=packed)
    images, labels = load_mnist(part, folder=tmp_path, scale=(0, 1))
    assert images.dtype == np.float32 and images.shape == (12, 28, 28, 1)
    np.testing.assert_allclose(images[..., 0], pixels / 255, atol=1e-6)
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, digits)
    assert load_mnist(part, folder=str(tmp_path))[0].min() == -1


def test_a_missing_file_is_named_in_both_forms(tmp_path):
    write_mnist(tmp_path)
    with pytest.raises(
        FileNotFoundError, match="has neither t10k-images-idx3-ubyte nor t10k-images-idx3-ubyte.gz"
    ):
        load_mnist("evaluation", folder=tmp_path)
    with pytest.raises(
        FileNotFoundError, match="nowhere has neither .*; load_images reads pictures of your own"
    ):
        load_mnist(folder=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "array", "trouble"),
    [
        (0, np.zeros((12, 784), np.uint8), r"holds uint8 \(12, 784\), expected uint8 images \(N, H, W\)"),
        (0, np.zeros((12, 28, 28), np.float32), r"holds float32 \(12, 28, 28\)"),
        (0, np.zeros((0, 28, 28), np.uint8), r"holds uint8 \(0, 28, 28\)"),
        (
            1,
            np.zeros(11, np.uint8),
            r"holds uint8 \(11,\), expected one uint8 label for each of the 12 images",
        ),
        (1, np.zeros(12, np.float64), r"holds float64 \(12,\)"),
        (1, np.zeros((12, 1), np.uint8), r"holds uint8 \(12, 1\)"),
    ],
)
def test_files_that_do_not_belong_together(tmp_path, file, array, trouble):
    write_mnist(tmp_path)
    path = tmp_path / f"{FILES['train'][file]}.gz"
    path.write_bytes(gzip.compress(idx_bytes(array)))
    with pytest.raises(ValueError, match=trouble) as caught:
        load_mnist(folder=tmp_path)
    assert str(path) in str(caught.value)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="part must be one of 'train', 'evaluation', got 'test'"):
        load_mnist("test")
    with pytest.raises(ValueError, match="name must be one of 'mnist', 'fashion', got 'letters'"):
        load_mnist(name="letters")


def test_every_published_file_has_two_mirrors_and_a_checksum():
    files = {file for pair in FILES.values() for file in pair}
    for name, digits in (("mnist", {"sha256": 64}), ("fashion", {"md5": 32})):
        assert CHECKSUMS[name].keys() == files
        assert len(MIRRORS[name]) == 2 and all(mirror.endswith("/") for mirror in MIRRORS[name])
        for checksum in CHECKSUMS[name].values():
            kind, _, value = checksum.partition(":")
            assert len(value) == digits[kind] and int(value, 16)


def test_without_pooch_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without_pooch(name, *arguments, **keywords):
        if name == "pooch":
            raise ImportError(name)
        return real(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", without_pooch)
    with pytest.raises(ImportError, match="python -m pip install pooch"):
        load_mnist()
