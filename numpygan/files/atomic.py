"""Writing files so that a reader never sees half of one."""

import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_write(path):
    """Yield a temporary path beside `path`; what is written there replaces `path` at the end.

    If the block fails, `path` is left unchanged and the temporary file is removed. The
    temporary name keeps the suffix, by which writers choose a format. When the block
    has ended, the new file is on the disk itself and would survive a power cut.

    Raises:
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
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise _named(error, path) from None
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(path):
    """Remove the temporary files that killed processes left beside `path`."""
    path = Path(path)
    for old in path.parent.glob(f".{path.stem}-????????{path.suffix}"):
        old.unlink(missing_ok=True)


def _named(error, path):
    before = "; the file that was there is unchanged" if path.exists() else ""
    reason = error.strerror or error
    return type(error)(error.errno, f"cannot write {path}: {reason}{before}")


def _flush_folder(folder):
    """Flush a folder, so that a new name in it is on disk, where the system allows it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
