"""`numpygan train MODEL`: load the data, build the model, announce, train, write, report."""

import time

import numpy as np

from .. import checkpoint
from ..checkpoint import Checkpoint
from ..diagnosis.probe import independent_copy
from ..files.atomic import atomic_write
from ..training.divergence import DivergenceError
from . import options
from . import run_folder as folders
from .interrupt import INTERRUPTED, Ended, is_ended, status_of, tell
from .specs import SPECS
from .specs.base import Run


def add_parser(commands):
    parser = commands.add_parser("train", help="train a model and write its pictures")
    models = parser.add_subparsers(title="models", required=True, metavar="MODEL")
    for spec in SPECS.values():
        text = f"Train {spec.summary}. Writes {spec.writes}, curves, a film and the model into a folder."
        model = models.add_parser(spec.name, help=spec.summary, description=text)
        spec.add_options(model)
        options.add_run_options(model, spec)
        model.set_defaults(model=spec.name, run=run)


def run(settings):
    """Train a model as its Spec says and fill the run's folder; return the exit status."""
    spec = SPECS[settings.model]
    settings = spec.resolve(settings)
    data = spec.load(settings)
    # A model that cannot be built is refused before anything is written.
    model = None if settings.resume else spec.build(settings, data)
    with folders.writing(spec.name, settings) as folder:
        model = model or checkpoint.load(folder / folders.CHECKPOINT)
        before = len(model.history)
        announce(spec, model, data, settings, folder)
        if data.notes:
            write_data(data, model.value_range, folder)
        show = grid_writer(folder, spec.grid_title, model.value_range)
        callbacks = spec.callbacks(model, data, settings, show)
        path = folder / folders.CHECKPOINT
        status, seconds = fit(
            model,
            *data.train,
            **spec.fit_options(settings, data),
            batch_size=settings.batch_size,
            callbacks=list(callbacks.values()),
            progress=not settings.quiet,
            checkpoint=Checkpoint(path, every=settings.checkpoint_every, notes=folders.as_notes(settings)),
            resume=path if settings.resume else None,
        )
        stopped = status == INTERRUPTED or is_ended(status)
        if stopped:
            tell(f"Continue with\n  numpygan train {spec.name} --resume {quoted(folder)}")
        folders.save(model, settings, folder, seconds, interrupted=stopped)
        write_histories(model, folder)
        if is_ended(status):
            return status  # whoever ends a process from outside does not wait for pictures
        ended = Run(model, data, callbacks)
        written = write_pictures(spec.pictures(ended), folder)
    report(spec, ended, before, seconds, folder, written)
    return status


def announce(spec, model, data, settings, folder):
    """Say what will happen and how long it will take."""
    kind, total, done = spec.model.__name__, spec.count_iterations(settings, data), len(model.history)
    print(
        f"Training {with_article(kind)} on {data.text}: {total:,} iterations of batch {settings.batch_size}."
    )
    if done:
        print(f"Resuming after iteration {done:,}{'' if done < total else '; none are left'}.")
    try:
        seconds = _seconds_per_iteration(model, [x[: settings.batch_size] for x in data.train])
        print(
            f"At {1000 * seconds:.1f} ms an iteration this will take about "
            f"{duration(seconds * (total - done))}. Ctrl-C stops early and saves the model."
        )
    except DivergenceError:
        pass  # the training itself will say so, and in which iteration
    print(f"Results go to {folder}", flush=True)


def write_data(data, value_range, folder):
    """Print the first look at your own images, and write a contact sheet of them."""
    from ..plotting import plot_samples  # matplotlib takes a while to import

    print(*(f"  {line}" for line in data.notes), sep="\n", flush=True)
    x = data.train[0]
    shown = x[np.linspace(0, len(x) - 1, min(len(x), 64)).astype(int)]
    figure = plot_samples(shown, title=f"{len(shown)} of {data.text}", columns=8, value_range=value_range)
    with atomic_write(folder / "data.png") as temporary:
        figure.savefig(temporary, dpi=110, bbox_inches="tight")
    print(f"  {folder / 'data.png'} shows {len(shown)} of them", flush=True)


def _seconds_per_iteration(model, batch, *, warm_up=3, timed=15):
    """Time a few iterations of a copy, so that the model itself is not changed."""
    scratch = independent_copy(model)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(warm_up):
            scratch.fit_on_batch(*batch)
        start = time.perf_counter()
        for _ in range(timed):
            scratch.fit_on_batch(*batch)
        return (time.perf_counter() - start) / timed


def fit(model, *arrays, **arguments):
    """Call the model's `fit`, say why if it ends early; return the exit status and the seconds taken."""
    start = time.perf_counter()
    try:
        history = model.fit(*arrays, **arguments)
        if history.stopped_by:
            print(f"Stopped early: {history.stopped_by}")
        status = INTERRUPTED if history.interrupted else 0
    except Ended as error:
        tell(f"Stopped early: {error} after iteration {len(model.history):,}")
        status = status_of(error)
    except DivergenceError as error:
        print(f"{error}.\nKept: the last model whose numbers were all finite.")
        status = 1
    return status, time.perf_counter() - start


def grid_writer(folder, beginning, value_range):
    """Return a function (iteration, images) that writes them as a picture into folder/samples."""
    grids = folder / "samples"
    grids.mkdir(exist_ok=True)

    def write_grid(iteration, images):
        from ..plotting import plot_samples  # matplotlib takes a while to import

        title = f"{beginning}iteration {iteration:,}"
        figure = plot_samples(images, title=title, columns=8, value_range=value_range)
        with atomic_write(grids / f"iteration-{iteration:06d}.png") as temporary:
            figure.savefig(temporary, dpi=80, bbox_inches="tight")

    return write_grid


def write_histories(model, folder):
    """Write losses.csv and, for a model with epochs, epochs.csv."""
    for history, file, unit in (("history", "losses", "iteration"), ("epoch_history", "epochs", "epoch")):
        if len(rows := getattr(model, history, ())):
            with atomic_write(folder / f"{file}.csv") as temporary:
                rows.to_csv(temporary, count=unit)


def write_pictures(pictures, folder):
    """Write what `Spec.pictures` yields; return a dict from each file's name to what it shows."""
    written = {}
    for name, what, write in pictures:
        with atomic_write(folder / name) as temporary:
            write(temporary)
        written[name] = what
    return written


def report(spec, ended, before, seconds, folder, written):
    """Say what was done, how good it is, and where to look."""
    model = ended.model
    done = plural(len(model.history) - before, "iteration")
    if spec.length == "epochs":
        done = f"{plural(len(model.epoch_history), 'epoch')}, {plural(len(model.history), 'iteration')}"
    print(f"Trained {done} in {duration(seconds)}.")
    if text := spec.conclusion(ended):
        print(text)
    print("Look at")
    width = max(len(str(folder / name)) for name in written)
    for name, what in written.items():
        print(f"  {folder / name!s:<{width}}  {what}")
    if hasattr(model, "generate"):
        print(f"Draw new samples with\n  numpygan sample {quoted(folder)}")


def duration(seconds):
    """Return a time in words: "45 s", "2 min 5 s", "1 h 20 min"."""
    seconds = max(1, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def plural(n, noun):
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def quoted(folder):
    """Return a folder's name as typed in a command: in quotes if there is a space in it."""
    return f'"{folder}"' if " " in str(folder) else str(folder)


def with_article(kind):
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
