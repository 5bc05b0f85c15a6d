"""One training at a time in one folder.

The lock is the system's, on an open file, so that it ends with the process, however
that ends: a run that was killed leaves nothing to clear away.
"""

import os
from contextlib import contextmanager, suppress

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

NAME = ".lock"


@contextmanager
def only_training_in(folder):
    """Hold the folder's lock, or raise ValueError if another process holds it."""
    path = folder / NAME
    handle = _locked(path)
    while not _is_at(handle, path):  # the one before removed the file as this one opened it
        os.close(handle)
        handle = _locked(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows does not remove what is open: there an empty file stays
            path.unlink()
        os.close(handle)


def _locked(path):
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        os.close(handle)
        raise ValueError(f"another training is writing to {path.parent}: choose another --out") from None
    except OSError:
        pass  # a file system without locks
    return handle


def _is_at(handle, path):
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False
