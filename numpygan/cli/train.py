"""`numpygan train MODEL`: load the data, build the model, announce, train, write, report."""

import time

import numpy as np

from .. import checkpoint
from ..checkpoint import Checkpoint
from ..diagnosis.model_steps import independent_copy
from ..saving.bounds import BeyondLimit
from ..saving.state import savable_state
from ..training import DivergenceError, NewRates
from . import options
from . import run_folder as folders
from .interrupt import INTERRUPTED, Ended, is_ended, status_of, tell
from .places import places
from .recovery import saying_how_to_go_on
from .resuming import changes
from .run_pictures import grid_writer, write_data, write_histories, write_pictures
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
    settings = spec.suited(settings, data)
    # A model that cannot be built or saved is refused before anything is written.
    model = None if settings.resume else _build(spec, settings, data)
    with folders.writing(spec.name, settings) as folder, saying_how_to_go_on(spec.name, folder):
        settings = options.replaced(settings, **places(settings, folder))
        changed = changes(spec, settings, folder) if settings.resume else {}
        model = model or checkpoint.load(folder / folders.CHECKPOINT)
        before = len(model.history)
        announce(spec, model, data, settings, folder, changed)
        if data.notes:
            write_data(data, model.value_range, folder)
        show = grid_writer(folder, spec.grid_title, model.value_range)
        callbacks = spec.callbacks(model, data, settings, show)
        if any("learning_rate" in key for key in changed):
            callbacks["rates"] = NewRates(spec.learning_rates(settings))
        status, seconds = fit(model, *data.train, **arguments_of_fit(spec, settings, data, callbacks, folder))
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


def _build(spec, settings, data):
    """Return a new model; raise ValueError if it cannot be built, or its checkpoints could not be loaded."""
    model = spec.build(settings, data)
    try:
        savable_state(model)
    except BeyondLimit as error:
        raise ValueError(
            f"a checkpoint of this model could not be loaded: {error}; take smaller images (--size) or a "
            f"smaller model (the limit is {error.name} in SECURITY.md)"
        ) from None
    return model


def arguments_of_fit(spec, settings, data, callbacks, folder):
    """Return what the model's `fit` is given beside the data."""
    path, keep = folder / folders.CHECKPOINT, settings.keep_checkpoints
    return {
        **spec.fit_options(settings, data),
        "batch_size": settings.batch_size,
        "callbacks": list(callbacks.values()),
        "progress": not settings.quiet,
        "checkpoint": Checkpoint(
            path,
            every=settings.checkpoint_every,
            notes=folders.as_notes(settings),
            keep_every=int(keep.removeprefix("every:")) if keep else None,
        ),
        "resume": path if settings.resume else None,
    }


def announce(spec, model, data, settings, folder, changed):
    """Say what will happen and how long it will take."""
    kind, total, done = spec.model.__name__, spec.count_iterations(settings, data), len(model.history)
    print(
        f"Training {with_article(kind)} on {data.text}: {total:,} iterations of batch {settings.batch_size}."
    )
    if done:
        print(f"Resuming after iteration {done:,}{'' if done < total else '; none are left'}.")
    for key, (old, new) in changed.items():
        print(f"  {options.typed_as(key)} was {'not set' if old is None else old}, is {new} from here on")
    try:
        seconds = _seconds_per_iteration(model, [x[: settings.batch_size] for x in data.train])
        print(
            f"At {1000 * seconds:.1f} ms an iteration this will take about "
            f"{duration(seconds * (total - done))}. Ctrl-C stops early and saves the model."
        )
    except DivergenceError:
        pass  # the training itself will say so, and in which iteration
    print(f"Results go to {folder}", flush=True)


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
        if not model.history.interrupted:  # it came before the first iteration or after the last
            raise
        tell(f"Stopped early: {error} after iteration {len(model.history):,}")
        status = status_of(error)
    except DivergenceError as error:
        print(f"{error}.\nKept: the last model whose numbers were all finite.")
        status = 1
    return status, time.perf_counter() - start


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
