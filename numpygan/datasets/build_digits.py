"""Makes data/digits.npz from the published MNIST training set.

    python -m numpygan.datasets.build_digits FOLDER

FOLDER holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. The library itself
needs only the bundled file; this script documents how it was made.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np

COUNT = 12_000  # the first images, in the published order
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
}


def read(folder, name, header):
    """Return the bytes after the header of the named file, as uint8."""
    data = gzip.decompress((Path(folder) / f"{name}.gz").read_bytes())
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if digest != MD5[name]:
        raise ValueError(f"{name} is not the published file: MD5 {digest}, expected {MD5[name]}")
    return np.frombuffer(data, np.uint8, offset=header)


def build(folder, target):
    """Write the first COUNT images (COUNT, 28, 28) and labels (COUNT,) to `target`."""
    images = read(folder, "train-images-idx3-ubyte", 16).reshape(-1, 28, 28)[:COUNT]
    labels = read(folder, "train-labels-idx1-ubyte", 8)[:COUNT]
    np.savez_compressed(target, images=images, labels=labels)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(sys.argv[1], Path(__file__).parent / "data" / "digits.npz")
