"""The format of a file, from its first bytes, and what to do about formats that are not read."""

import gzip
import stat
import zlib
from pathlib import Path

from ..files.idx import TYPES
from .cifar import PICKLED
from .pictures import SUFFIXES

SVHN = (
    "is a MATLAB file, which is not supported. For SVHN, two lines of Python with SciPy convert it:\n"
    "    import numpy, scipy.io; m = scipy.io.loadmat({path!r})\n"
    "    numpy.savez({target!r}, images=numpy.moveaxis(m['X'], -1, 0), labels=m['y'].ravel() % 10)\n"
    "For other files, print(m.keys()) shows the names to use instead of 'X' and 'y'"
)
HDF5 = (
    "is an HDF5 file, which is not supported. For USPS, two lines of Python with h5py convert it:\n"
    "    import numpy, h5py; f = h5py.File({path!r})\n"
    "    numpy.savez({target!r}, x_train=f['train/data'][:], y_train=f['train/target'][:], "
    "x_test=f['test/data'][:], y_test=f['test/target'][:])\n"
    "and size=16 loads the result. For other files, print(list(f)) shows the names"
)
UNPACK = "is compressed: unpack it and pass the resulting file or folder"


def kind_of(path):
    """Return the format of a file: "npy", "npz", "idx", "cifar" or "csv".

    Raises:
        ValueError: if it has another format, saying which, and how to convert it.
        OSError: if it cannot be read.
    """
    path = Path(path)
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"{path} is neither a file nor a folder but a device, pipe or socket")
    with open(path, "rb") as file:
        head = file.read(512)
    if trouble := _refusal(path, head):
        raise ValueError(f"{path} {trouble}")
    if head.startswith(b"\x93NUMPY") or path.suffix.lower() == ".npy":
        return "npy"
    if head.startswith(b"PK\3\4") or path.suffix.lower() == ".npz":
        return "npz"
    if _is_idx(head) or _is_idx(_unpacked(path, head)):
        return "idx"
    if path.suffix.lower() == ".bin":
        return "cifar"
    if path.suffix.lower() in (".csv", ".tsv", ".txt") and b"\0" not in head:
        return "csv"
    if not head:
        raise ValueError(f"{path} is empty")
    raise ValueError(
        f"{path} has an unsupported format: expected a folder of pictures, or a .npy, .npz, .csv, IDX (as in "
        "MNIST) or CIFAR binary file"
    )


def _refusal(path, head):
    """Return what to do about a known but unsupported format, or None."""
    suffix, target = path.suffix.lower(), str(path.with_suffix(".npz"))
    if head.startswith(b"MATLAB 5.0"):
        return SVHN.format(path=str(path), target=target)
    if head.startswith(b"\x89HDF"):
        return HDF5.format(path=str(path), target=target)
    if head.startswith(b"MATLAB 7.3"):
        return "is a MATLAB 7.3 file, which is not supported: h5py opens it, and numpy.save writes an array"
    if _is_pickle(head) or _is_pickle(_unpacked(path, head)):
        return PICKLED
    if suffix in SUFFIXES:
        return f"is a single picture: pass the folder with all of them, {str(path.parent)!r}"
    packed = (b"BZh", b"\xfd7zXZ", b"Rar!", b"7z\xbc\xaf")
    if head.startswith(packed) or head[257:262] == b"ustar":
        return UNPACK
    if head.startswith(b"\x1f\x8b") and not _is_idx(_unpacked(path, head)):
        return UNPACK
    return None


def _is_idx(head):
    return len(head) > 4 and head[:2] == b"\0\0" and head[2] in TYPES and 0 < head[3] < 16


def _is_pickle(head):
    return len(head) > 2 and head[0] == 0x80 and head[1] in (2, 3, 4, 5)


def _unpacked(path, head):
    """Return the first bytes inside a gzip file, or b""."""
    if not head.startswith(b"\x1f\x8b"):
        return b""
    try:
        with gzip.open(path) as file:
            return file.read(16)
    except (OSError, EOFError, zlib.error):
        return b""
