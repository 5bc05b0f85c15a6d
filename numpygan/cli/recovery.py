"""What to do when something could not be written: how to continue the run, or where else to write."""

import os
from contextlib import contextmanager
from pathlib import Path

from .run_folder import CHECKPOINT


@contextmanager
def saying_how_to_go_on(name, folder):
    """Add to an OSError in this block how the run in `folder` continues, if it has a checkpoint."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read our output has gone
    except OSError as error:
        if not os.path.isfile(Path(folder) / CHECKPOINT):
            raise
        typed = f'"{folder}"' if " " in str(folder) else folder
        cure = f"`numpygan train {name} --resume {typed}` continues from its last checkpoint"
        raise _with(error, f"once that is fixed, {cure}") from None


@contextmanager
def saying_where_else(out):
    """Add to an OSError in this block that --out says where else to write, unless that was given."""
    try:
        yield
    except OSError as error:
        if out or isinstance(error, BrokenPipeError):
            raise
        raise _with(error, "--out says where else to write it") from None


def _with(error, cure):
    place = f"{error.filename}: " if error.filename else ""
    return OSError(error.errno, f"{place}{error.strerror or error}; {cure}")
