"""Decoded pictures, kept between runs in the user's cache folder.

The name of an entry is a hash of everything that its content depends on, so it cannot be out
of date. Entries are read like any untrusted file, and damaged ones are rebuilt.
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

VERSION = 1  # to be raised when decoding or storing changes
WORTHWHILE = 0.5  # seconds; what is read faster is not cached
MAX_FILE, MAX_FOLDER = 1 << 30, 2 << 30  # bytes of one entry, and of all before the oldest are removed


def user_cache_folder():
    """Return the user's cache folder for numpygan, by the conventions of the platform."""
    home = Path.home()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(base) / "numpygan"


def cached(paths, arguments, build):
    """Return `build()`, or its earlier result for the same files and arguments.

    Args:
        paths: the files that it reads, compared by name, size and time.
        arguments: everything else that the result depends on, as JSON.
        build: a function that returns (array, facts), where `facts` is a dict of JSON.
    """
    try:
        path = user_cache_folder() / "images" / f"{_key(paths, arguments)}.npz"
        found = _read(path)
    except (OSError, RuntimeError):  # no home folder or no permission: do without
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
    """Return array and facts, or None if the entry is missing or damaged."""
    try:
        facts = json.loads(bytes(load_array(path, name="facts")))
        array = load_array(path, name="array")  # zipfile verifies the checksum
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
