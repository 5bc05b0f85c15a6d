"""Resuming an interrupted run as if it had never been interrupted.

Besides the model, a run depends on its position in the data and on what the callbacks
remember. A checkpoint is a saved model with these added, so 2N iterations in one go,
and N, a power cut and another N, give the same numbers to the bit.

    gan.fit(x, iterations=20_000, checkpoint="run.npz")                        # the power fails
    gan = load("run.npz")
    gan.fit(x, iterations=20_000, checkpoint="run.npz", resume="run.npz")      # does the rest

Here is the file; what a run writes into it and takes from it is `Run`, in run.py.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..files.atomic import FileHeldError
from ..files.untrusted import refused_as
from ..saving.archive import A_MODEL, read_archive, write_archive
from ..saving.bounds import saving_to
from ..saving.state import current, savable_state
from ..validation import integer
from .batches import fingerprint
from .progress import live_bar

TRAINING = "training/"  # prefix of the names of arrays that only a run needs, not its model
SHARE = 0.01  # the share of the time that writing may take
REST = 10  # seconds between two checkpoints, at least


class Checkpoint:
    """Where, and how often, a run saves everything that it needs to be resumed.

    Args:
        path: a .npz file. The old one is replaced when the new one is complete.
        every: iterations between two checkpoints. If None, as often as possible with at
            most a hundredth of the time spent on writing, and at most every 10 seconds.
        notes: a dict that JSON can hold, to be kept in the file; see `read_notes`.
        keep_every: iterations between two that are kept as well, under names of their own:
            of run.npz, run-005000.npz and so on. If None, only the newest is kept.

    In addition, one is written before the first iteration and one after the last, even
    if that came early, for instance by Ctrl-C. If another program holds the file, one in between
    is left out and the next one tried; if the last one cannot be written, `fit` raises OSError. If
    `load` would refuse the file, `fit` raises ValueError before the first iteration.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, every: int | None = None,
        notes: dict[str, Any] | None = None, keep_every: int | None = None,
    ) -> None:  # fmt: skip
        self.every = None if every is None else integer("Checkpoint", "every", every)
        self.keep_every = None if keep_every is None else integer("Checkpoint", "keep_every", keep_every)
        self.path, self.notes = Path(path), notes or {}
        self._next = 0.0  # when the next one is due, if `every` is None

    def due(self, iteration: int) -> bool:
        """Return whether to write after this iteration."""
        if self._is_kept(iteration):
            return True
        return time.monotonic() >= self._next if self.every is None else iteration % self.every == 0

    def write(self, model: Any, training: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Write the model and the two parts of `Run.state()`."""
        start = time.monotonic()
        with saving_to(self.path):
            about, all_arrays = savable_state(model)
        about["training"], about["notes"] = training, self.notes
        all_arrays.update({TRAINING + name: array for name, array in arrays.items()})
        write_archive(self.path, about, all_arrays)
        if self._is_kept(made := training.get("made", 0)):
            name = f"{self.path.stem}-{made:06d}{self.path.suffix}"
            write_archive(self.path.with_name(name), about, all_arrays)
        now = time.monotonic()
        self._next = now + max(REST, (now - start) / SHARE)

    def _is_kept(self, iteration):
        return self.keep_every is not None and iteration > 0 and iteration % self.keep_every == 0

    def write_unless_held(self, *state: Any) -> None:
        """Call `write`; if another program holds the file, say so and leave it to the next time."""
        try:
            self.write(*state)
        except FileHeldError as error:
            self._next = time.monotonic() + REST
            _say(f"{error.strerror}; training continues, and the next checkpoint is written in its turn")


def read_notes(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the `notes` of the Checkpoint that wrote the file at `path`."""
    about, arrays = read_archive(path, skip="")
    with refused_as(path, A_MODEL):
        about, _ = current(about, arrays)
        return dict(about["notes"])


def iterations_made(path: str | os.PathLike[str]) -> int:
    """Return the number of iterations behind a Checkpoint's file; 0 if version 0.1 wrote it."""
    about, _ = read_archive(path, skip="")
    with refused_as(path, A_MODEL):
        return int(about["training"].get("made", 0))


def learnt_from(path: str | os.PathLike[str], *arrays: Any) -> bool:
    """Return whether the Checkpoint at `path` is of a run trained on `arrays`, or on their first samples."""
    about, _ = read_archive(path, skip="")
    with refused_as(path, A_MODEL):
        known = about["training"]["data"]
        parts = known.split(" and ")  # each "float32 (540, 28, 28, 1) with ..."
        numbers = [int(part.partition("(")[2].partition(",")[0]) for part in parts[: len(arrays)]]
    return all(part.startswith(fingerprint(x[:n])) for part, n, x in zip(parts, numbers, arrays))


def _say(line):
    """Print a line on stderr, above a progress bar; do without where nothing can be printed."""
    with suppress(OSError, ValueError):
        live_bar().write(line, file=sys.stderr)
