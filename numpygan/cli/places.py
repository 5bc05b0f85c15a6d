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

SOURCES = {  # settings that say what a run learns from, each an option: its values that are no paths
    "data": (*NAMES, *TOYS),
    "pairs": (),
    "a": NAMES,
    "b": NAMES,
}


def add_place_options(parser):
    """Add --pairs, --a and --b, for commands that look at a run; what --data means differs."""
    add = options.adder(parser)
    add("--pairs", str, None, "where the run's own pairs are now, if they have moved", metavar="FOLDER")
    for name in "ab":
        text = f"where the run's own pictures of domain {name.upper()} are now, if they have moved"
        add(f"--{name}", str, None, text, metavar="PATH")


def places(settings, run):
    """Return settings by which `located` finds the data of a run again, once one of them has moved."""
    found = {}
    for key, names in SOURCES.items():
        source = vars(settings).get(key)
        if source is None or source in names:
            continue
        path = Path(source).resolve()
        found[f"{key}_path"] = str(path)
        with suppress(ValueError):  # of two drives of Windows
            found[f"{key}_from_run"] = os.path.relpath(path, Path(run).resolve())
    return found


def located(trained, run, typed=None):
    """Return the settings of a run with what it learns from changed to where that is now.

    Args:
        typed: dict that has what was given for --data and the like, if anything: that, then.

    Raises:
        ValueError: if it is not where it was, seen from here or from the run's folder, or if
            an option was given that names nothing of this run.
    """
    typed = {key: (typed or {}).get(key) for key in SOURCES}
    found = {}
    for key in SOURCES:
        if typed[key]:
            if key != "data" and not trained.get(key):
                raise ValueError(f"{run} did not learn from --{key}: leave it out")
            found[key] = typed[key]
        elif trained.get(key) and not typed["data"]:
            found[key] = _find(trained, run, key)
    return trained | found


def _find(trained, run, key):
    """Return where the data are that a setting of that name says."""
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
    """Say so on stderr if data that were given with --data and the like are not those a run learnt from."""
    if given := [typed[key] for key in SOURCES if typed.get(key)]:
        with suppress(OSError, ValueError):  # without a checkpoint there is no check sum
            if not learnt_from(Path(run) / CHECKPOINT, *arrays):
                print(f"numpygan: {' and '.join(given)} is not what {run} learnt from", file=sys.stderr)
