"""Files as bytes, IDX files made by hand, and ways of breaking files."""

import gzip
import io
import struct

import numpy as np

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def npy(array):
    """Return the bytes of a .npy file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def idx_header(code, *sizes):
    return bytes([0, 0, code, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


def idx_bytes(array):
    code = CODES[array.dtype.str[1:]]
    return idx_header(code, *array.shape) + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_mnist(folder, count=12, *, part="train", packed=True, seed=0):
    """Write images (count, 28, 28) and labels in MNIST's format; return both arrays."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, count, dtype=np.uint8)
    prefix = {"train": "train", "evaluation": "t10k"}[part]
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((f"{prefix}-images-idx3-ubyte", images), (f"{prefix}-labels-idx1-ubyte", labels)):
        data = idx_bytes(array)
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return images, labels


EXTREMES = [0, 1, 0x7F, 0x80, 0xFF]


def mutate(data, rng):
    """Return the bytes with one to four accidents, most of them near the beginning."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        size = len(data)
        at = int(rng.integers(size + 1) if rng.random() < 0.5 else rng.integers(min(size, 40) + 1))
        length = int(2 ** rng.uniform(0, 8))
        kind = rng.integers(7)
        if kind == 0 and at < size:
            data[at] ^= 1 << rng.integers(8)
        elif kind == 1 and at < size:
            data[at] = EXTREMES[rng.integers(5)]
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            del data[at : at + length]
        elif kind == 4:
            data[at:at] = rng.bytes(length)
        elif kind == 5:
            data[at:at] = data[at : at + length]
        else:
            data[at : at + 8] = bytes([EXTREMES[rng.integers(5)]]) * 8
    return bytes(data)
