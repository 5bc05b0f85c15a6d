"""Training a GAN of any kind from the command line, and writing what came of it."""

import json
import time

import numpy as np

from .. import checkpoint
from ..callbacks import SampleRecorder, StopOnPlateau
from ..ctrl_c import INTERRUPTED
from ..diagnosis import Diagnosis
from ..divergence import DivergenceError
from ..files import whole_file
from . import data, folders, resuming


def run(settings, *, name, build, quick):
    """Train the model that `build(settings, image_shape)` returns; return the exit status.

    Args:
        name: the model's, for the folder of the run.
        quick: the number of iterations that --quick means.
    """
    images = data.images_for(settings, scale=(-1, 1))
    image_shape = images.shape[1:]
    build(settings, image_shape)  # a shape that it cannot draw is refused before anything is written
    if settings.quick:
        settings.iterations = min(settings.iterations, quick)
        settings.sample_interval = min(settings.sample_interval, quick // 5)
    callbacks = [StopOnPlateau()] if settings.stop_on_plateau else []
    with folders.writing(name, settings) as folder:
        make = resuming.builder(lambda: build(settings, image_shape), settings, folder)
        return train_and_write(make, images, settings, folder, callbacks)


def train_and_write(build, images, settings, folder, callbacks):
    """Train the model that `build()` returns and fill `folder`; return the exit status."""
    announce(build(), images, settings, folder)
    model = build()
    before = len(model.history)
    value_range = model.generator.output_range
    grids = folder / "samples"
    grids.mkdir(exist_ok=True)

    def write_grid(iteration, generated):
        title = f"iteration {iteration:,}"
        _write_samples(grids / f"iteration-{iteration:06d}.png", generated, title, value_range, dpi=80)

    recorder = SampleRecorder(settings.sample_interval, show=write_grid)
    diagnosis = Diagnosis(images, every=settings.diagnose_every, show=say)
    status = 0
    start = time.perf_counter()
    try:
        history = model.fit(
            images,
            settings.iterations,
            batch_size=settings.batch_size,
            callbacks=[*callbacks, recorder, diagnosis],
            progress=not settings.quiet,
            **resuming.arguments_of_fit(settings, folder),
        )
        if history.stopped_by:
            print(f"Stopped early: {history.stopped_by}")
        status = INTERRUPTED if history.interrupted else 0
    except DivergenceError as error:
        print(f"{error}.\nKept: the last model whose numbers were all finite.")
        history, status = model.history, 1
    seconds = time.perf_counter() - start
    _write_results(model, history, recorder.frames, settings, folder, seconds)
    print(
        f"Trained {len(history) - before:,} iterations in {duration(seconds)}. Look at\n"
        f"  {folder / 'samples.png'}    {recorder.count} {data.noun(settings)} drawn by the generator\n"
        f"  {folder / 'stages.png'}     four moments of the training, from the same noise\n"
        f"  {folder / 'training.gif'}   the whole of it, moving\n"
        f"  {folder / 'training.html'}  the same, to step through in a browser\n"
        f"  {folder / 'curves.png'}     losses, accuracies and beliefs\n"
        f"and draw new ones with\n"
        f"  numpygan sample {folder}"
    )
    return status


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
        print(f"{done:,} of them were made before; going on after those.")
    try:
        seconds = _seconds_per_iteration(scratch, batch)
        print(
            f"At {1000 * seconds:.1f} ms an iteration this will take about "
            f"{duration(seconds * (settings.iterations - done))}. Ctrl-C stops early and keeps what was learnt."
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


def _write_results(model, history, frames, settings, folder, seconds):
    from .. import plotting  # matplotlib takes a while to import

    checkpoint.save(model, folder / folders.MODEL)
    options = {key: value for key, value in vars(settings).items() if not callable(value)}
    report = {**options, "iterations_done": len(history), "seconds": round(seconds, 1)}
    with whole_file(folder / "settings.json") as temporary:
        temporary.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    value_range = model.generator.output_range
    iteration, images = frames[-1]
    _write_samples(folder / "samples.png", images, f"after {iteration:,} iterations", value_range)
    with whole_file(folder / "stages.png") as temporary:
        plotting.plot_stages(frames, value_range=value_range).savefig(temporary, dpi=110, bbox_inches="tight")
    with whole_file(folder / "training.gif") as temporary:
        plotting.animate_samples(frames, temporary, value_range=value_range)
    title = f"{type(model).__name__}: how its samples came to be"
    plotting.film_samples(frames, title=title, value_range=value_range).write_page(folder / "training.html")
    if len(history):
        with whole_file(folder / "losses.csv") as temporary:
            history.to_csv(temporary)
        with whole_file(folder / "curves.png") as temporary:
            plotting.plot_gan_history(history).savefig(temporary, dpi=130)


def _write_samples(path, images, title, value_range, *, dpi=150):
    from .. import plotting

    with whole_file(path) as temporary:
        figure = plotting.plot_samples(images, title=title, columns=8, value_range=value_range)
        figure.savefig(temporary, dpi=dpi, bbox_inches="tight")
