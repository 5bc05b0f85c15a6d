"""Decoded pictures kept between runs, in the user's cache folder.

A file of the cache is named after everything that its content depends on, so that it is
never out of date, and it is read as warily as any other: what is damaged is made again.
"""

import hashlib
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from ..files.npy import load_array

VERSION = 1  # of the way pictures are decoded and stored
WORTHWHILE = 0.5  # seconds that reading must take to be worth a file
MAX_FILE, MAX_FOLDER = 1 << 30, 2 << 30  # bytes of one file, and of all before the oldest go


def user_cache_folder():
    """Return the folder where this user's programs keep what they can make again."""
    home = Path.home()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(base) / "numpygan"


def cached(paths, arguments, build):
    """Return `build()`, or what it returned for the same files and arguments before.

    Args:
        paths: the files that are read; names, sizes and times tell whether they are the same.
        arguments: what else the result depends on, as JSON can hold it.
        build: returns (array, facts), `facts` a dict as JSON can hold it.
    """
    try:
        path = user_cache_folder() / "images" / f"{_key(paths, arguments)}.npz"
        found = _read(path)
    except (OSError, RuntimeError):  # no home, no permission: then there is no cache
        return build()
    if found is not None:
        return found
    start = time.monotonic()
    array, facts = build()
    if time.monotonic() - start >= WORTHWHILE and array.nbytes <= MAX_FILE:
        with suppress(OSError):
            _write(path, array, facts)
    return array, facts


def _key(paths, arguments):
    import PIL

    digest = hashlib.sha256(repr((VERSION, PIL.__version__, json.dumps(arguments))).encode())
    for path in paths:
        entry = os.stat(path)
        identity = (os.path.abspath(path), entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns)
        digest.update(repr(identity).encode())
    return digest.hexdigest()


def _read(path):
    """Return array and facts, or None if the file is not there or damaged."""
    try:
        facts = json.loads(bytes(load_array(path, name="facts")))
        array = load_array(path, name="array")  # the zip's checksum is compared on the way
        if [list(array.shape), array.dtype.str] != facts.pop("array"):
            raise ValueError("another array")
        os.utime(path)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        path.unlink(missing_ok=True)
        return None
    return array, facts


def _write(path, array, facts):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**facts, "array": [list(array.shape), array.dtype.str]})
    with atomic_write(path) as temporary:
        np.savez(temporary, array=array, facts=np.frombuffer(text.encode(), np.uint8))
    files = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    total = 0
    for file in files:
        total += file.stat().st_size
        if total > MAX_FOLDER:
            file.unlink(missing_ok=True)
