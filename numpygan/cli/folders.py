"""The folder of a run: finding a place for it, and finding it again."""

import tempfile
from pathlib import Path

MODEL = "model.npz"


def new_run(name, out, overwrite):
    """Return the folder for a new run, created and known to be writable.

    Args:
        name: the model, for a folder of its own such as runs/gan-1.
        out: the folder asked for, or None for the next free one under runs/.
        overwrite: whether `out` may hold an older run.
    """
    if out is None:
        number = 1
        while (folder := Path("runs") / f"{name}-{number}").exists():
            number += 1
    else:
        folder = Path(out)
        if folder.is_dir() and any(folder.iterdir()) and not overwrite:
            raise ValueError(f"{folder} is not empty: choose another --out, or add --overwrite")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old_grid in (folder / "samples").glob("iteration-*.png"):
            old_grid.unlink()
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ValueError(f"cannot write to the output folder {folder}: {reason}") from None
    return folder


def find_model(run):
    """Return the path of the model saved in a run's folder."""
    path = Path(run) / MODEL
    if not path.is_file():
        raise ValueError(
            f"{run} is not the folder of a run: there is no {MODEL} in it. "
            "`numpygan train` makes such folders."
        )
    return path
