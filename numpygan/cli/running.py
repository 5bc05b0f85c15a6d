"""What every training command does: say how long it will take, train, keep what came of it."""

import json
import time

import numpy as np

from .. import checkpoint
from ..files.atomic import atomic_write
from ..training.divergence import DivergenceError
from . import data, resuming
from . import run_folder as folders
from .interrupt import INTERRUPTED


def say(line):
    """Print a line above the progress bar."""
    from tqdm import tqdm

    tqdm.write(line)


def announce(scratch, images, settings, folder):
    """Say what will happen and how long it will take, timed on a model not used after."""
    model, what = type(scratch).__name__, data.noun(settings)
    what = "handwritten digits" if what == "digits" else f"{what} from {settings.data}"
    print(
        f"Training {'an' if model[0] in 'AEIOU' else 'a'} {model} on {len(images):,} {what}: "
        f"{settings.iterations:,} iterations of batch {settings.batch_size}."
    )
    announce_time(scratch, (images[: settings.batch_size],), settings, folder)


def announce_time(scratch, batch, settings, folder):
    """Say how long it will take; `batch` holds the arguments of the model's `train_on_batch`."""
    done = len(scratch.history)
    if done:
        going_on = "going on after those" if done < settings.iterations else "none is left"
        print(f"{done:,} of them were made before; {going_on}.")
    try:
        seconds = _seconds_per_iteration(scratch, batch)
        print(
            f"At {1000 * seconds:.1f} ms an iteration this will take about "
            f"{duration(seconds * (settings.iterations - done))}. "
            "Ctrl-C stops early and keeps what was learnt."
        )
    except DivergenceError:
        pass  # the training itself will say so, and in which iteration
    print(f"Results go to {folder}", flush=True)


def _seconds_per_iteration(scratch, batch, *, warm_up=3, timed=15):
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(warm_up):
            scratch.train_on_batch(*batch)
        start = time.perf_counter()
        for _ in range(timed):
            scratch.train_on_batch(*batch)
        return (time.perf_counter() - start) / timed


def duration(seconds):
    """Return a time in words: "45 s", "2 min 5 s", "1 h 20 min"."""
    seconds = max(1, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def typed(folder):
    """Return a folder's name as one types it in a command: in quotes if there is a space in it."""
    return f'"{folder}"' if " " in str(folder) else str(folder)


def fit(model, *samples, settings, folder, callbacks, **more):
    """Call the model's `fit` and say so if it ends early; return the exit status and the seconds taken."""
    start = time.perf_counter()
    try:
        history = model.fit(
            *samples, batch_size=settings.batch_size, callbacks=callbacks, progress=not settings.quiet,
            **more, **resuming.arguments_of_fit(settings, folder),
        )  # fmt: skip
        if history.stopped_by:
            print(f"Stopped early: {history.stopped_by}")
        if history.interrupted:
            print(f"Go on with\n  numpygan train {settings.model} --resume {typed(folder)}")
        status = INTERRUPTED if history.interrupted else 0
    except DivergenceError as error:
        print(f"{error}.\nKept: the last model whose numbers were all finite.")
        status = 1
    return status, time.perf_counter() - start


def save(model, settings, folder, seconds):
    """Write the model, and the settings with what came of them, into the folder."""
    checkpoint.save(model, folder / folders.MODEL)
    report = {key: value for key, value in vars(settings).items() if not callable(value)}
    report |= {"iterations_done": len(model.history), "seconds": round(seconds, 1)}
    with atomic_write(folder / "settings.json") as temporary:
        temporary.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def grid_writer(folder, *, of="", value_range=(-1, 1), **saving):
    """Return a function (iteration, images) that writes them as a picture into `samples` in the folder."""
    grids = folder / "samples"
    grids.mkdir(exist_ok=True)

    def write_grid(iteration, images):
        from ..plotting import plot_samples  # matplotlib takes a while to import

        title = f"{of}iteration {iteration:,}"
        with atomic_write(grids / f"iteration-{iteration:06d}.png") as temporary:
            figure = plot_samples(images, title=title, columns=8, value_range=value_range)
            figure.savefig(temporary, dpi=80, **saving)

    return write_grid
