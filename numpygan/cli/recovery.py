"""What to do after a run that ended because something could not be written."""

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
        if not (Path(folder) / CHECKPOINT).is_file():
            raise
        place = f"{error.filename}: " if error.filename else ""
        typed = f'"{folder}"' if " " in str(folder) else folder
        cure = f"`numpygan train {name} --resume {typed}` continues from its last checkpoint"
        raise OSError(error.errno, f"{place}{error.strerror or error}; when that is mended, {cure}") from None
