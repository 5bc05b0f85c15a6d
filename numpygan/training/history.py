"""History: what happened at every iteration of a training run."""

import csv
import os
from array import array
from collections.abc import Iterable, Mapping

import numpy as np

from ..keras_words import AnswersKeras
from ..notebook import sparkline, table


class History(AnswersKeras):
    """One column of numbers per measured quantity, one row per iteration.

    `history["g_loss"]` is an array of shape (iterations,); `len(history)` is the
    number of iterations. `stopped_by` says in words why the run ended early, and is
    None if it did not; `interrupted` is True if the reason was Ctrl-C, SIGTERM or SIGHUP.
    """

    def __init__(self) -> None:
        self.columns: dict[str, array[float]] = {}  # array("d"): cheap to append to, 8 bytes a number
        self.stopped_by: str | None = None
        self.interrupted = False

    def start(self, names: Iterable[str]) -> None:
        """Name the columns, which are empty so far."""
        self.columns = {name: array("d") for name in names}

    def append(self, measured: Mapping[str, float]) -> None:
        """Add one row, a dict of floats with the same keys every time."""
        if not self.columns:
            self.start(measured)
        if measured.keys() != self.columns.keys():
            raise ValueError(f"history has columns {list(self.columns)}, got {list(measured)}")
        row = {key: float(value) for key, value in measured.items()}  # may fail, before a column grows
        for key, value in row.items():
            self.columns[key].append(value)

    def __repr__(self) -> str:
        return f"History of {len(self):,} rows: {', '.join(self.columns)}"

    def _repr_html_(self) -> str:
        """What a notebook shows: a small curve of each column, and its last value."""
        rows: list[tuple[str, ...]] = [("", "curve", "first", "last", "lowest", "highest")]
        for name, column in self.columns.items():
            numbers = (column[0], column[-1], min(column), max(column)) if column else ()
            rows.append((name, sparkline(column), *(f"{x:.4g}" for x in numbers), *[""] * (4 - len(numbers))))
        caption = f"History of {len(self):,} rows"
        return table(
            rows, align="<<>>>>", caption=caption, notes=[self.stopped_by] if self.stopped_by else []
        )

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, key: str) -> bool:
        return key in self.columns

    def __getitem__(self, key: str) -> np.ndarray:
        if key not in self.columns:
            raise ValueError(f"history has no column {key!r}; it has {list(self.columns)}")
        return np.array(self.columns[key])

    def recent_mean(self, key: str, n: int) -> float:
        """Return the mean of the last n values of a column."""
        return float(np.mean(self.columns[key][-n:]))

    def table(self) -> np.ndarray:
        """Return all numbers, (columns, rows) in float64."""
        return np.array([self[key] for key in self.columns]).reshape(len(self.columns), len(self))

    def fill(self, names: Iterable[str], table: np.ndarray) -> None:
        """Take over the columns of these names and what `table()` returned for them."""
        self.columns = {name: array("d", row.tobytes()) for name, row in zip(names, table)}

    def to_csv(self, path: str | os.PathLike[str], *, count: str = "iteration") -> None:
        """Write all columns to `path`, after a first column named `count` with the rows' numbers from 1."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([count, *self.columns])
            rows = zip(*self.columns.values())
            writer.writerows([number, *row] for number, row in enumerate(rows, start=1))
