"""CIFAR-10 and CIFAR-100 in their binary version.

    CIFAR-10    label, 1,024 red, 1,024 green and 1,024 blue values of 32 x 32 pixels
    CIFAR-100   coarse label, fine label, and the same 3,072 values

The Python version is refused: it is pickled, and unpickling can run arbitrary code.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

from pathlib import Path

import numpy as np

from ..files.text import printable
from ..files.untrusted import open_file

PIXELS = 3 * 32 * 32
KINDS = {
    10: ("batches.meta.txt", 1),
    100: ("fine_label_names.txt", 2),
}  # file with the class names, bytes of labels
FILES = {"train": ("data_batch_?.bin", "train.bin"), "evaluation": ("test_batch.bin", "test.bin")}
PICKLED = (
    "is a pickle, and loading a pickle can run arbitrary code. Download the binary version, "
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (or cifar-100-binary.tar.gz), unpack it "
    "and pass its folder"
)


def cifar_files(folder, part):
    """Return the CIFAR binary files of a part in this folder, sorted."""
    return sorted(path for pattern in FILES[part] for path in Path(folder).glob(pattern))


def read_cifar(paths):
    """Return pixels uint8 (N, 32, 32, 3), labels int64 (N,) and class names in binary files.

    Raises:
        ValueError: naming the file, if one is not a CIFAR file.
        OSError: if one cannot be read.
    """
    pixels, labels, kinds = [], [], set()
    for path in paths:
        classes, records = _records(path)
        kinds.add(classes)
        start = KINDS[classes][1]
        labels.append(records[:, start - 1])
        pixels.append(records[:, start:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    if len(kinds) > 1:
        raise ValueError(f"{paths[0].parent} has files of both CIFAR-10 and CIFAR-100: pass one of them")
    classes = kinds.pop()
    images = np.empty((sum(map(len, pixels)), 32, 32, 3), np.uint8)  # concatenate alone keeps their order
    np.concatenate(pixels, out=images)
    return images, np.concatenate(labels).astype(np.int64), _names(paths[0].parent, classes)


def _records(path):
    """Return the number of classes and the records of one file, uint8 (N, bytes)."""
    with open_file(path) as file:
        data = np.frombuffer(file.read(), np.uint8)
    for classes, (_, start) in KINDS.items():
        width = start + PIXELS
        if data.size and data.size % width == 0:
            records = data.reshape(-1, width)
            if records[:, start - 1].max() < classes:
                return classes, records
    raise ValueError(
        f"{path} is not a CIFAR-10 or CIFAR-100 binary file: {data.size:,} bytes are not records of "
        f"{1 + PIXELS:,} or {2 + PIXELS:,} bytes that start with a label"
    )


def _names(folder, classes):
    """Return the class names that come with the files, or numbers if there are none."""
    try:
        with open_file(folder / KINDS[classes][0]) as file:
            text = printable(file.read(10_000).decode(errors="replace"))
        names = [line.strip() for line in text.splitlines() if line.strip()]
    except (OSError, ValueError):
        names = []
    return names if len(names) == classes else [str(k) for k in range(classes)]
