"""The folder of a run: finding a place for it, and finding it again."""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

from ..files.atomic import remove_leftovers
from . import lock

MODEL = "model.npz"
CHECKPOINT = "checkpoint.npz"  # during the training, and what to go on from


@contextmanager
def writing(name, settings):
    """Yield the folder for a run, known to be writable and to be nobody else's.

    Args:
        name: the model, for a folder of its own such as runs/gan-1.
        settings: of which `out` is the folder asked for, or None for the next free one
            under runs/; `overwrite`, whether it may hold an older run; and `resume`,
            the folder of the run to go on with, if any.
    """
    folder = Path(settings.resume or settings.out or _next_free(name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _cannot_write(folder, reason) from None
    with lock.only_training_in(folder):
        if not settings.resume:
            _make_room(folder, settings.overwrite)
        for file in (CHECKPOINT, MODEL):
            remove_leftovers(folder / file)
        yield folder


def _next_free(name):
    """Make and return the next free folder, which is then no other process's."""
    number = 1
    while True:
        folder = Path("runs") / f"{name}-{number}"
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1
        except OSError as error:
            raise _cannot_write(folder, error.strerror) from None


def _cannot_write(folder, reason):
    return ValueError(f"cannot write to the output folder {folder}: {reason}; --out chooses another one")


def _make_room(folder, overwrite):
    """Refuse a folder that holds something, or remove what a new run does not write over."""
    if any(path.name != lock.NAME for path in folder.iterdir()) and not overwrite:
        unfinished = f"; --resume {folder}, without --out, goes on with the run in it"
        raise ValueError(
            f"{folder} is not empty: choose another --out, or add --overwrite"
            f"{unfinished if (folder / CHECKPOINT).is_file() else ''}"
        )
    for old in ((folder / MODEL), (folder / CHECKPOINT), *(folder / "samples").glob("iteration-*.png")):
        old.unlink(missing_ok=True)


def find_model(run):
    """Return the path of the model saved in a run's folder, or of its state so far."""
    for name in (MODEL, CHECKPOINT):
        if (path := Path(run) / name).is_file():
            return path
    raise ValueError(
        f"{run} is not the folder of a run: {why_not(run, MODEL)}. `numpygan train` makes such folders."
    )


def why_not(run, name):
    """Say in words why there is no file of that name in a run's folder."""
    if Path(run).is_dir():
        return f"there is no {name} in it"
    return "it is a file" if Path(run).exists() else f"there is no such folder in {Path.cwd()}"


def setting_of(run, name, default):
    """Return a setting, a text, that the run in that folder was made with, or `default`."""
    try:
        value = json.loads((Path(run) / "settings.json").read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError):
        return default
    return value if isinstance(value, str) else default
