"""Writing files so that a reader never sees half of one."""

import errno
import os
import secrets
import time
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 3.0  # seconds for which replacing a file that another program holds is tried again


class FileHeldError(PermissionError):
    """A file could not be replaced because another program holds it.

    On Windows a virus scanner, a synchronised folder or a preview does so for a moment, and
    on some network file systems another computer.
    """


@contextmanager
def atomic_write(path):
    """Yield a temporary path beside `path`; what is written there replaces `path` at the end.

    If the block fails, `path` is left unchanged and the temporary file is removed. The
    temporary name keeps the suffix, by which writers choose a format. When the block
    has ended, the new file is on the disk itself and would survive a power cut.

    Raises:
        FileHeldError: if another program keeps `path` from being replaced for PATIENCE seconds.
        OSError: naming `path`, if it cannot be written, for instance on a full disk.
    """
    path = Path(path)
    temporary = path.parent / f".{path.stem}-{secrets.token_hex(4)}{path.suffix}"
    try:
        with open(temporary, "xb"):  # with the mode of any new file: the system applies the umask
            pass
    except OSError as error:
        raise _named(error, path) from None
    try:
        yield temporary
        _wait_until_free(lambda: _put_in_place(temporary, path))
    except OSError as error:
        raise _named(error, path) from None
    finally:
        with suppress(OSError):  # it is held: `remove_leftovers` removes it some time
            temporary.unlink(missing_ok=True)


def remove_leftovers(path):
    """Remove the temporary files that killed processes left beside `path`."""
    path = Path(path)
    for old in path.parent.glob(f".{path.stem}-????????{path.suffix}"):
        old.unlink(missing_ok=True)


def _put_in_place(temporary, path):
    with open(temporary, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
    _flush_folder(path.parent)


def _wait_until_free(act):
    """Call `act`; while a file is held call it again, at growing intervals, for PATIENCE seconds."""
    pause, end = 0.02, time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except OSError as error:
            if not isinstance(error, PermissionError) and error.errno != errno.EBUSY:
                raise
            left = end - time.monotonic()
            if left <= 0:
                raise FileHeldError(error.errno, f"another program holds it ({error.strerror})") from None
        time.sleep(min(pause, left))
        pause *= 1.5


def _named(error, path):
    before = "; the file that was there is unchanged" if os.path.exists(path) else ""
    # A writer that uses atomic_write itself has already said "cannot write", of our temporary file.
    reason = getattr(error, "reason", error.strerror or error)
    named = type(error)(error.errno, f"cannot write {path}: {reason}{before}")
    named.reason = reason
    return named


def _flush_folder(folder):
    """Flush a folder, so that a new name in it is on disk, where the system allows it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
