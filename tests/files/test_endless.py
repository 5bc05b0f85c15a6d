"""Links to what has no end, and pipes nobody writes to: refused, and not waited for."""

import os
import time

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.datasets import load_idx, load_images
from numpygan.files import load_array

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs devices and pipes")


@pytest.fixture(params=["/dev/zero", "pipe"])
def endless(request, tmp_path):
    """A function that makes an endless file of this name and returns its path."""

    def make(name):
        path = tmp_path / name
        os.symlink(request.param, path) if request.param != "pipe" else os.mkfifo(path)
        return path

    return make


@pytest.mark.parametrize("read", [load, load_array, load_idx, load_images])
@pytest.mark.parametrize("name", ["a.npz", "a.csv", "a.bin"])
def test_a_device_or_a_pipe(endless, read, name):
    start = time.monotonic()
    with pytest.raises(ValueError, match="device, pipe or socket"):
        read(endless(name))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("name", ["data_batch_1.bin", "train-images-idx3-ubyte", "pictures.npy"])
def test_among_the_files_of_a_folder(endless, tmp_path, name):
    endless(name)
    with pytest.raises(ValueError):
        load_images(tmp_path)


def test_the_names_of_cifar_s_classes(endless, tmp_path):
    records = np.zeros((20, 1 + 3072), np.uint8)
    records[:, 1:] = np.arange(20)[:, None]
    (tmp_path / "data_batch_1.bin").write_bytes(records.tobytes())
    endless("batches.meta.txt")
    images, labels = load_images(tmp_path, labels=True)
    assert len(images) == 20 and images.classes == tuple("0123456789")
