"""Reading files that may lie about their size.

A header of sixteen bytes can announce ten terabytes, and a compressed file of ten
kilobytes can expand to ten megabytes. So the size that a header announces is first compared
with what the file can hold at all. The data is then read in pieces, so memory is allocated
only for bytes that have arrived, and never for more than was announced.
"""

import errno
import struct
import zipfile
import zlib
from contextlib import contextmanager

PIECE = 1 << 20  # bytes
UNPACKED = 4 << 30  # bytes that compressed data may expand to; decompress larger files first


def max_decompressed_size(size):
    """Return the most bytes that `size` bytes of deflated data (gzip, zip) can expand to.

    Deflate spends at least two bits on a repetition, and a repetition is at most 258
    bytes long, so one byte yields at most 4 * 258.

    Source: RFC 1951, section 3.2.5.
    """
    return min(1032 * size, UNPACKED)


def read_exactly(stream, announced, available, begun=b""):
    """Return the rest of a stream, which must be `announced` bytes long, as a bytearray.

    Args:
        announced: the number of bytes according to the header.
        available: the largest number of bytes that there can be.
        begun: the first of them, if they have been read already.

    Raises:
        ValueError: if there are fewer or more.
    """
    if announced > available:
        raise ValueError(
            f"its header announces {announced:,} bytes of data, but at most {available:,} can be there"
        )
    data = bytearray(begun)
    while len(data) <= announced and (piece := stream.read(min(PIECE, announced + 1 - len(data)))):
        data += piece
    if len(data) != announced:
        found = f"there are only {len(data):,}" if len(data) < announced else "there are more"
        raise ValueError(f"its header announces {announced:,} bytes of data, but {found}")
    return data


@contextmanager
def refused_as(path, wanted):
    """Turn whatever reading a broken file raises into a ValueError that names the file."""
    try:
        yield
    except (
        ValueError, OverflowError, EOFError, KeyError, struct.error, zlib.error, OSError,
        zipfile.BadZipFile,
        RuntimeError,  # from zipfile, for encryption and unknown compression
    ) as error:  # fmt: skip
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a failure of the disk; gzip's own errors have no number, an invalid seek has EINVAL
        raise ValueError(f"{path} is not {wanted}: {error or type(error).__name__}") from None
