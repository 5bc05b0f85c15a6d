"""The folder of a run: claiming it, finding what is in it, and writing the model and settings.

One process at a time trains in a folder. The lock is the system's, on an open file, so it
ends with the process, however that ends: a killed run leaves nothing to clean up.
"""

import json
import math
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from .. import checkpoint
from ..files.atomic import atomic_write, remove_leftovers
from ..training.resume import iterations_made, read_notes
from .settings_file import check_settings, read_settings

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

MODEL = "model.npz"
CHECKPOINT = "checkpoint.npz"  # during training, and what to resume from
SETTINGS = "settings.json"
LOCK = ".lock"
KEPT = f"checkpoint-{6 * '[0-9]'}*.npz"  # those that --keep-checkpoints asked for
GRIDS = "samples/iteration-*.png"
WRITTEN = (  # by training; what a new run does not write again would speak of the old one
    MODEL, CHECKPOINT, SETTINGS, KEPT, GRIDS, "losses.csv", "epochs.csv", "data.png", "data-a.png",
    "data-b.png", "samples.png", "stages.png", "training.gif", "training.html", "curves.png",
    "accuracy.png", "reconstructions.png", "plane.png", "plane.html", "manifold.png", "translations.png",
    "lab.png", "lab.gif", "lab.html", "lab.mp4",
)  # fmt: skip
DRAWN = (  # by other commands, without the lock
    "new-samples*.png", "nearest.png", "explorer.html", "drawing.png", "film.html", "film.gif", "film.mp4",
)  # fmt: skip


@contextmanager
def writing(name, settings):
    """Yield the folder of a run, writable and locked.

    Args:
        name: the model, for a folder of its own such as runs/gan-1.
        settings: `out` is the folder asked for, or None for the next free one under
            runs/; `overwrite` says whether it may hold an older run; `resume` is the
            folder of the run to continue, or None.
    """
    folder = Path(settings.resume or settings.out or _next_free(name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise _cannot_write(folder, error, settings.resume) from None
    with locked(folder):
        if not settings.resume:
            _make_room(folder, settings.overwrite)
        for file in WRITTEN:
            remove_leftovers(folder / file)
        yield folder


def _next_free(name):
    """Create and return the next free folder, so that no other process takes it."""
    number = 1
    while True:
        folder = Path("runs") / f"{name}-{number}"
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1
        except OSError as error:
            raise _cannot_write(folder, error) from None


def _cannot_write(folder, error, resumed=False):
    reason = error.strerror or type(error).__name__
    cure = "copy the run to a folder that you can write to, and resume the copy"
    return ValueError(
        f"cannot write to the output folder {folder}: {reason}; {cure if resumed else 'choose another --out'}"
    )


def _make_room(folder, overwrite):
    """Refuse a folder that is not empty, or remove all that an older run has written."""
    if any(path.name != LOCK for path in folder.iterdir()) and not overwrite:
        unfinished = f"; to continue the run in it, use --resume {folder} without --out"
        raise ValueError(
            f"{folder} is not empty: choose another --out, or add --overwrite"
            f"{unfinished if (folder / CHECKPOINT).is_file() else ''}"
        )
    for name in (*WRITTEN, *DRAWN):
        for old in folder.glob(name):
            old.unlink(missing_ok=True)


# --- the lock -----------------------------------------------------------------


@contextmanager
def locked(folder):
    """Hold the folder's lock, or raise ValueError if another process holds it."""
    path = folder / LOCK
    handle = _lock(path)
    while not _is_at(handle, path):  # its last holder removed the file just as this one opened it
        os.close(handle)
        handle = _lock(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows does not remove an open file: there an empty one stays
            path.unlink()
        os.close(handle)


def _lock(path):
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        os.close(handle)
        raise ValueError(f"another run is writing to {path.parent}: wait until it has ended") from None
    except OSError:
        pass  # a file system without locks
    return handle


def _is_at(handle, path):
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False


# --- what is in it ------------------------------------------------------------


def load_model(run, *, rng=None):
    """Return the model of a run: the saved one, or that of the last checkpoint if it has learnt longer.

    While a run is made longer, or if it is killed then, the saved one is that of the shorter run.
    """
    path, checkpointed = Path(run) / MODEL, Path(run) / CHECKPOINT
    if not (path.is_file() or checkpointed.is_file()):
        raise ValueError(
            f"{run} is not the folder of a run: {why_not(run, MODEL)}. `numpygan train` creates such folders."
        )
    if not path.is_file():
        return checkpoint.load(checkpointed, rng=rng)
    model = checkpoint.load(path, rng=rng)
    return checkpoint.load(checkpointed, rng=rng) if _iterations(run) > len(model.history) else model


def _iterations(run):
    """Return how many iterations the last checkpoint of a run has made, or -1 if there is none to go by."""
    try:
        return iterations_made(Path(run) / CHECKPOINT)
    except (OSError, ValueError):
        return -1


def why_not(run, name):
    """Say why there is no file of that name in a run's folder; raise OSError if reading it is not allowed."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.stat(Path(run) / name)  # since Python 3.14 `is_file` hides a PermissionError
    if Path(run).is_dir():
        return f"there is no {name} in it"
    return "it is a file" if Path(run).exists() else f"there is no such folder in {Path.cwd()}"


def load_settings(run):
    """Return the settings of a run, from its checkpoint if that is newer; {} if there are none."""
    path, checkpointed = Path(run) / SETTINGS, Path(run) / CHECKPOINT
    found = read_settings(path) if path.is_file() else {}
    done = found.get("iterations_done", math.inf if found else -1)
    if not isinstance(done, (int, float)):
        raise ValueError(f"{path}: iterations_done must be a number, got {done!r}")
    if _iterations(run) > done:
        return found | check_settings(read_notes(checkpointed)) | {"interrupted": True}  # or still going on
    return found


def save(model, settings, folder, seconds, interrupted=False):
    """Write the model and the settings, with what the run took and how it ended, into the folder."""
    checkpoint.save(model, folder / MODEL)
    report = as_notes(settings) | {"iterations_done": len(model.history), "seconds": round(seconds, 1)}
    report["interrupted"] = interrupted
    with atomic_write(folder / SETTINGS) as temporary:
        temporary.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def as_notes(settings):
    """Return the settings as a dict that JSON can hold."""
    return {key: value for key, value in vars(settings).items() if not callable(value)}
