"""Where the data of a run are: kept with its settings, so that they are found once a folder has moved."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from ..datasets import TOYS
from ..training.resume import learnt_from
from . import options
from .data import NAMES
from .run_folder import CHECKPOINT

SOURCES = {  # settings that name a run's data, each an option too, with the values that are not paths
    "data": (*NAMES, *TOYS),
    "pairs": (),
    "a": NAMES,
    "b": NAMES,
}


def add_place_options(parser):
    """Add --pairs, --a and --b, for commands that look at a run. Each of them has a --data of its own."""
    add = options.adder(parser)
    add("--pairs", str, None, "where the run's own pairs are now, if they have moved", metavar="FOLDER")
    for name in "ab":
        text = f"where the run's own pictures of domain {name.upper()} are now, if they have moved"
        add(f"--{name}", str, None, text, metavar="PATH")


def places(settings, run):
    """Return settings by which `located` finds the data of a run after the data or the run have moved."""
    found = {}
    for key, names in SOURCES.items():
        source = vars(settings).get(key)
        if source is None or source in names:
            continue
        path = Path(source).resolve()
        found[f"{key}_path"] = str(path)
        with suppress(ValueError):  # they are on two drives of Windows
            found[f"{key}_from_run"] = os.path.relpath(path, Path(run).resolve())
    return found


def located(trained, run, typed=None):
    """Return the settings of a run, with its data's paths changed to where the data are now.

    Args:
        typed: dict of the options that were given; --data, --pairs, --a and --b win over the settings.

    Raises:
        ValueError: if the data are not where they were, seen from here or from the run's folder, or
            if an option was given that this run was not trained with.
    """
    typed = {key: (typed or {}).get(key) for key in SOURCES}
    found = {}
    for key in SOURCES:
        if typed[key]:
            if key != "data" and not trained.get(key):
                raise ValueError(f"{run} was not trained with --{key}: leave it out")
            found[key] = typed[key]
        elif trained.get(key) and not typed["data"]:
            found[key] = _find(trained, run, key)
    return trained | found


def _find(trained, run, key):
    """Return where the data are that a run was given with the option `key`."""
    source = trained[key]
    if source in SOURCES[key]:
        return source
    known, from_run = trained.get(f"{key}_path", source), trained.get(f"{key}_from_run")
    beside = Path(run, from_run) if from_run else source
    for path in map(Path, (known, source, beside)):
        if path.exists():
            return source if Path(source).resolve() == path.resolve() else str(path.resolve())
    raise ValueError(f"the data of {run} are no longer at {known}: say where they are with --{key}")


def say_if_others(run, arrays, typed):
    """Warn on stderr if the data given with --data and so on are not those that a run was trained on."""
    if given := [typed[key] for key in SOURCES if typed.get(key)]:
        with suppress(OSError, ValueError):  # without a checkpoint there is no check sum
            if not learnt_from(Path(run) / CHECKPOINT, *arrays):
                print(f"numpygan: {run} was not trained on {' and '.join(given)}", file=sys.stderr)
