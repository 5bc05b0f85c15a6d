"""Arrays and a description in one .npz file, read as if a stranger had sent it.

A .npz file is a zip of .npy files, and a .npy file is a line of text, the header,
followed by the numbers. `np.load` trusts the sizes in the headers and in the zip's
directory. Here each of them is compared with the size of the file before any memory
is allocated:

- nothing is compressed, so that the entries together are no larger than the file;
- each header has the one form that `np.save` gives to plain numbers, and announces
  exactly as many bytes as its entry has; an array without numbers cannot claim
  other sizes larger than the file.

Reading therefore takes memory in proportion to the size of the file, and the zip's
checksums find flipped bits.
"""

import io
import json
import math
import os
import re
import zipfile

import numpy as np

from .. import limits
from ..files.atomic import atomic_write
from ..files.text import shortened
from ..files.untrusted import open_file, refused_as
from .bounds import BeyondLimit, check_networks, parse_description, saving_to

A_MODEL = "a numpygan model"  # what errors say that a broken file is not
DESCRIPTION = "about"  # name of the entry that holds the description as JSON
_START = b"\x93NUMPY\x01\x00"  # a .npy file of format 1.0
_HEADER = re.compile(  # whatever comes, there is one way to match it, so that time is linear in its length
    rb"\{'descr': '([<|][fiu][1248])', 'fortran_order': (False|True), "
    rb"'shape': \((|\d{1,15},|\d{1,15}(?:, \d{1,15}){1,63})\), \} *\n"
)
_KINDS = re.compile(r"[<|][fiu][1248]")  # of numbers, as `dtype.str` writes them


def write_archive(path, about, arrays):
    """Write `about`, a dict that JSON can hold, and a dict of arrays to `path`, completely or not at all.

    Raises:
        ValueError: if `read_archive` would refuse the file.
        OSError: if it cannot be written.
    """
    text = json.dumps(about).encode()
    with saving_to(path):
        _check_description(parse_description(text))
        _check_count(len(arrays) + 1)
        for name, array in arrays.items():
            _check_array(name, np.asarray(array))
    text = np.frombuffer(text, np.uint8)
    content = io.BytesIO()  # so that one plain write meets a full disk
    np.savez(content, **{DESCRIPTION: text}, **arrays)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content.getvalue())  # no copy, and no view that would outlive an error


def read_archive(path, *, skip=None):
    """Return the description and a dict of the arrays in `path`, which are read-only.

    Args:
        skip: prefix of the names of arrays to leave out; "" leaves out all.

    Raises:
        ValueError: if the file is not such an archive, naming the file and what is wrong.
        OSError: if it cannot be read.
    """
    with refused_as(path, A_MODEL), open_file(path) as file, zipfile.ZipFile(file) as stored:
        size = os.fstat(file.fileno()).st_size
        entries = _check_directory(stored.infolist(), size)
        if entries[DESCRIPTION].file_size > limits.DESCRIPTION + 128:  # the header of an array included
            raise ValueError(f"its description is longer than {limits.DESCRIPTION:,} bytes")
        about = parse_description(bytes(_read(stored, entries.pop(DESCRIPTION), size)))
        _check_description(about)
        names = [name for name in entries if skip is None or not name.startswith(skip)]
        return about, {name: _read(stored, entries[name], size) for name in names}


def _check_description(about):
    if about.get("networks"):
        check_networks(about["networks"])


def _check_count(n):
    if n > limits.ARRAYS:
        raise BeyondLimit("ARRAYS", f"it has {n:,} arrays, more than {limits.ARRAYS:,}")


def _check_array(name, array):
    """Raise ValueError if `_read` would refuse an array."""
    name = shortened(name, 60)
    if not _KINDS.fullmatch(array.dtype.str):
        raise ValueError(
            f"{name} is an array of {array.dtype}: only little-endian integers and floats of up to 64 bits "
            "can be loaded"
        )
    _check_dimensions(name, array.shape)


def _check_dimensions(name, shape):
    if len(shape) > limits.DIMENSIONS:
        raise BeyondLimit("DIMENSIONS", f"{name} has {len(shape)} dimensions, more than {limits.DIMENSIONS}")


def _check_directory(infos, size):
    """Return a dict from the names of the arrays to their entries."""
    _check_count(len(infos))
    entries = {info.filename.removesuffix(".npy"): info for info in infos}
    if len(entries) < len(infos):
        raise ValueError("two of its arrays have the same name")
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise ValueError("it is compressed, and numpygan saves models uncompressed")
    if any(info.file_size != info.compress_size for info in infos):
        raise ValueError("its directory contradicts itself")
    if sum(info.file_size for info in infos) > size:
        raise ValueError(f"its entries announce more than the {size:,} bytes of the file")
    return entries


def _read(stored, info, file_size):
    """Return one array, without a copy, or raise ValueError."""
    with stored.open(info) as entry:
        content = entry.read()
    name = shortened(info.filename, 60)
    if content[:8] != _START or len(content) < 10:
        raise ValueError(f"{name} does not begin like an array")
    start = 10 + int.from_bytes(content[8:10], "little")
    header = _HEADER.fullmatch(content, 10, start)
    if not header:
        raise ValueError(f"{name} is not an array of plain numbers")
    dtype = np.dtype(header[1].decode())
    shape = tuple(int(size) for size in re.findall(rb"\d+", header[3]))
    _check_dimensions(name, shape)
    if math.prod(shape) * dtype.itemsize != len(content) - start:
        raise ValueError(f"{name} announces {dtype} {shape}, but has {len(content) - start:,} bytes")
    if max(shape, default=0) > file_size:
        raise ValueError(f"{name} announces {dtype} {shape}, in a file of {file_size:,} bytes")
    numbers = np.frombuffer(content, dtype, offset=start)
    return numbers.reshape(shape, order="F" if header[2] == b"True" else "C")
