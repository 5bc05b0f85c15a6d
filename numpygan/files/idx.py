"""The IDX format, in which MNIST is published: the shape of an array, then its elements.

    offset     bytes
    0          2       0, 0
    2          1       the type of an element, see TYPES
    3          1       D, the number of dimensions
    4          4 D     the D sizes, first dimension first, each a big-endian integer
    4 + 4 D    ...     the elements, big-endian, the last dimension changing fastest

Source: LeCun et al. 1998, the web page of the MNIST database, at its end.
"""

import gzip
import math
import os
import struct

import numpy as np

from .untrusted import TOO_TIGHT, max_decompressed_size, open_file, read_exactly, refused_as

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def load_idx(path):
    """Return the array in an IDX file of any name, gzipped or not.

    Returns:
        an array of the file's own shape: uint8, int8, int16, int32, float32 or float64.

    Raises:
        ValueError: if the file is not a complete IDX file, saying what is wrong with it. A
            file that announces more than it can hold is refused before memory is allocated.
        OSError: if it cannot be read.
    """
    with refused_as(path, "an IDX file"), open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if file.peek(2)[:2] == b"\x1f\x8b":  # the first bytes of every gzip file
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read(unpacked, max_decompressed_size(size), unlikely=TOO_TIGHT)
        return _read(file, size)


def _read(stream, size, **unlikely):
    """Return the array in a stream of at most `size` bytes."""
    head = stream.read(4)
    if len(head) < 4:
        raise ValueError(f"it has {len(head)} bytes, but the shortest header has 8")
    if head[:2] != b"\0\0":
        raise ValueError(f"it begins with the bytes {head[:2].hex(' ')}, expected 00 00")
    if head[2] not in TYPES:
        known = ", ".join(f"{code:02x}" for code in TYPES)
        raise ValueError(f"its header gives element type {head[2]:02x}, expected one of {known}")
    D = head[3]
    if D == 0:
        raise ValueError("its header announces 0 dimensions")
    sizes = stream.read(4 * D)
    if len(sizes) < 4 * D:
        raise ValueError(f"it ends before the sizes of its {D} dimensions do")
    shape, dtype = struct.unpack(f">{D}I", sizes), np.dtype(TYPES[head[2]])
    data = read_exactly(stream, math.prod(shape) * dtype.itemsize, size - 4 - 4 * D, **unlikely)
    array = np.ndarray(shape, dtype, data)
    return array.astype(dtype.newbyteorder("="), copy=False)
