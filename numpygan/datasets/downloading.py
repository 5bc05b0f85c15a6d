"""Downloads with limits on size, on time and on slowness: no server can be trusted to end.

A server that sends a byte every few seconds never lets the timeout between two bytes run out, so
the average rate is watched as well. Then the next mirror gets its turn.
"""

import sys
import time

from .. import limits

SILENCE = 30  # seconds without a byte
GRACE = 30  # seconds before the average rate is looked at
PIECE = 1 << 16  # bytes


def download(url, output_file, pooch=None, check_only=False):
    """Write what is at a URL to a file: a `downloader` of pooch, which then verifies the checksum.

    Raises:
        OSError: if there is no answer, or what comes is beyond a limit.
    """
    import requests  # what pooch downloads with
    from urllib3 import exceptions

    with requests.get(url, stream=True, timeout=SILENCE, headers={"Accept-Encoding": "identity"}) as response:
        response.raise_for_status()
        announced = int(response.headers.get("Content-Length") or 0)
        _check(announced, 0)
        try:
            with open(output_file, "wb") as file:
                received = _copy(response.raw, file, announced)
        except exceptions.ReadTimeoutError as error:
            raise requests.exceptions.ReadTimeout(error) from None
        except exceptions.HTTPError as error:
            raise requests.exceptions.ChunkedEncodingError(error) from None
    if received < announced:
        raise requests.exceptions.ChunkedEncodingError(f"{received:,} of {announced:,} bytes")


def _copy(raw, file, announced):
    """Copy urllib3's response as it arrives, with a bar in a terminal; return the number of bytes."""
    from tqdm import tqdm

    received, start = 0, time.monotonic()
    shown = sys.stderr is not None and sys.stderr.isatty()
    with tqdm(total=announced or None, unit="B", unit_scale=True, disable=not shown) as bar:
        while piece := _next_bytes(raw):
            file.write(piece)
            received += len(piece)
            bar.update(len(piece))
            _check(received, time.monotonic() - start)
    return received


def _next_bytes(raw):
    """Return what has arrived, without waiting for a whole piece; b"" at the end."""
    if hasattr(raw, "read1"):
        return raw.read1(PIECE)
    return raw.read(256)  # urllib3 1: waits for them all, so only a few


def _check(size, seconds):
    if size > limits.DOWNLOAD:
        raise OSError(f"it is larger than {limits.DOWNLOAD:,} bytes, the most that is downloaded")
    if seconds > limits.DOWNLOAD_SECONDS:
        raise OSError(f"it was not complete after {limits.DOWNLOAD_SECONDS:,} seconds")
    if seconds > GRACE and size < limits.DOWNLOAD_RATE * seconds:
        raise OSError(f"it is too slow: {size:,} bytes in {seconds:.0f} seconds")
