"""Reading files that may lie about their size.

A header of sixteen bytes can announce ten terabytes, and a compressed file of ten
kilobytes can expand to ten megabytes. So the size that a header announces is first compared
with what the file can hold at all. The data is then read in pieces, so memory is allocated
only for bytes that have arrived, and never for more than was announced.
"""

import errno
import os
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager

from .. import limits
from .text import printable, shortened

PIECE = 1 << 20  # bytes


def open_file(path):
    """Return the file at `path`, opened to be read as bytes; raise ValueError if it is none.

    A device such as /dev/zero has no end, and opening a pipe waits for somebody to write to it.
    """
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # opening a folder raises the right error
        raise ValueError("it is neither a file nor a folder but a device, pipe or socket")
    return open(path, "rb")


def max_decompressed_size(size):
    """Return the most bytes that `size` bytes of deflated data (gzip, zip) may expand to.

    Deflate spends at least two bits on a repetition, and a repetition is at most 258 bytes
    long, so one byte yields at most 4 * 258. Only a bomb comes near that: images shrink to
    a few hundredths at best. So a small file may expand to UNPACKED_FREELY, a large one
    to EXPANSION times its size.

    Source: RFC 1951, section 3.2.5.
    """
    likely = max(limits.UNPACKED_FREELY, limits.EXPANSION * size)
    return min(4 * 258 * size, likely, limits.UNPACKED)


TOO_TIGHT = "are read from a compressed file of its size: if it is right, decompress it first"


def read_exactly(stream, announced, available, begun=b"", *, unlikely="can be there"):
    """Return the rest of a stream, which must be `announced` bytes long, as a bytearray.

    Args:
        announced: the number of bytes according to the header.
        available: the largest number of bytes that there can be.
        begun: the first of them, if they have been read already.
        unlikely: what to say of `available` if more are announced.

    Raises:
        ValueError: if there are fewer or more.
    """
    if announced > available:
        raise ValueError(
            f"its header announces {announced:,} bytes of data, but at most {available:,} {unlikely}"
        )
    data = bytearray(begun)
    while len(data) <= announced and (piece := stream.read(min(PIECE, announced + 1 - len(data)))):
        data += piece
    if len(data) != announced:
        found = f"there are only {len(data):,}" if len(data) < announced else "there are more"
        raise ValueError(f"its header announces {announced:,} bytes of data, but {found}")
    return data


# What broken files make Python raise. RuntimeError: zipfile, for an entry that is encrypted or
# compressed in an unknown way; TypeError, AttributeError and so on: a description in JSON that lies.
BROKEN = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, EOFError, OSError,
    RuntimeError, zipfile.BadZipFile, struct.error, zlib.error,
)  # fmt: skip


@contextmanager
def refused_as(path, wanted):
    """Turn whatever the content of a broken file raises in this block into a ValueError that names it."""
    try:
        yield
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # the disk's trouble; gzip's own has no number, a seek to nowhere has EINVAL
        reason = f"it lacks {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
        raise ValueError(f"{path} is not {wanted}: {shortened(printable(reason))}") from None
