"""NumPy's own files, read without trusting them.

A .npy file is a short text header, which gives dtype, order and shape, and then the elements;
a .npz is a zip of such files. `np.load` allocates memory for whatever shape the header gives.
Here the shape is first compared with the size of the file, and nothing is unpickled.
"""

import io
import math
import os
import warnings
import zipfile

import numpy as np

from .untrusted import TOO_TIGHT, max_decompressed_size, open_file, read_exactly, refused_as

HEADER = 16_384  # bytes; NumPy refuses headers over 10,000
ZIP = b"PK\3\4"  # the first bytes of every zip file that is not empty
MAX_NAMES = 1_000  # arrays in a .npz whose names are looked at


def load_array(path, *, name="images"):
    """Return the array of numbers in a .npy file, or in a .npz the one called `name`.

    A .npz that holds only one array may call it anything.

    Raises:
        ValueError: if the file is not a whole .npy or .npz file of numbers.
        OSError: if it cannot be read.
    """
    with refused_as(path, "a .npy or .npz file of numbers"), open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if file.peek(4)[:4] == ZIP:
            with zipfile.ZipFile(file) as archive:
                return _read_member(archive, name, size)
        return _read(file, size)


def array_names(path):
    """Return the names of the arrays in a .npz file, in its order.

    Raises:
        ValueError: if the file is a broken zip, or a zip of other things than arrays.
        OSError: if it cannot be read.
    """
    with refused_as(path, "a .npy or .npz file of numbers"), open_file(path) as file:
        if file.peek(4)[:4] != ZIP:
            raise ValueError("it does not begin as a zip file does")
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:MAX_NAMES]
    others = [name for name in names if not name.endswith(".npy")]
    if others:
        raise ValueError(f"{path} is a zip file but not a .npz: it holds {others[0][:60]!r}; unpack it first")
    return tuple(name.removesuffix(".npy") for name in names)


def _read_member(archive, name, size):
    members = archive.infolist()
    wanted = [member for member in members if member.filename == f"{name}.npy"]
    if len(wanted) != 1 and len(members) != 1:
        found = ", ".join(member.filename[:40].removesuffix(".npy") for member in members[:5])
        raise ValueError(f"it holds {len(members)} arrays ({found}), none of them called {name!r}")
    member = (wanted or members)[0]
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("it is compressed by a method that NumPy does not use")
    with archive.open(member) as stream:
        if member.compress_type == zipfile.ZIP_STORED:
            return _read(stream, min(member.file_size, size))
        return _read(stream, min(member.file_size, max_decompressed_size(size)), unlikely=TOO_TIGHT)


def _read(stream, size, **unlikely):
    """Return the array in a stream of at most `size` bytes."""
    head = stream.read(HEADER)
    shape, fortran_order, dtype, start = _parse(head)
    if dtype.kind not in "buif":
        raise ValueError(f"its elements are {dtype}, expected plain numbers")
    if min(shape, default=0) < 0:
        raise ValueError(f"its header gives the shape {shape}")
    data = read_exactly(stream, math.prod(shape) * dtype.itemsize, size - start, head[start:], **unlikely)
    array = np.ndarray(shape, dtype, data, order="F" if fortran_order else "C")
    return array.astype(dtype.newbyteorder("="), copy=False)


def _parse(head):
    """Return shape, whether it is in Fortran order, dtype, and the offset of the elements."""
    text = io.BytesIO(head)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # it warns of headers that need repair
            version = np.lib.format.read_magic(text)
            known = np.lib.format
            parse = {(1, 0): known.read_array_header_1_0, (2, 0): known.read_array_header_2_0}[version]
            shape, fortran_order, dtype = parse(text)
    except Exception as error:  # NumPy lets Python parse the header, which can fail in any way
        reason = str(error)[:200] or type(error).__name__
        raise ValueError(f"its header cannot be read ({reason})") from None
    return shape, fortran_order, dtype, text.tell()
