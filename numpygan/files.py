"""Writing files so that a reader never meets half of one."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path):
    """Yield a temporary path beside `path`; what is written there replaces `path` at the end.

    If the block fails, `path` stays as it was and the temporary file is removed. The
    temporary name keeps the ending, by which writers choose a format.
    """
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise type(error)(f"cannot write {path}: {error.strerror}") from None
    os.close(handle)
    try:
        yield Path(name)
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
