"""History: what happened at every iteration of a training run."""

import csv
from array import array

import numpy as np


class History:
    """One column of numbers per measured quantity, one row per iteration.

    `history["g_loss"]` is an array of shape (iterations,); `len(history)` is the
    number of iterations. `stopped_by` says in words why the run ended early, and is
    None if it ran to its end; `interrupted` is True if that was Ctrl-C.
    """

    def __init__(self):
        self.columns = {}  # name -> array("d"), to which appending is cheap, 8 bytes a number
        self.stopped_by = None
        self.interrupted = False

    def start(self, names):
        """Name the columns, which are empty so far."""
        self.columns = {name: array("d") for name in names}

    def append(self, measured):
        """Add one row, a dict of floats with the same keys every time."""
        if not self.columns:
            self.start(measured)
        if measured.keys() != self.columns.keys():
            raise ValueError(f"history has columns {list(self.columns)}, got {list(measured)}")
        row = {key: float(value) for key, value in measured.items()}  # before a column grows
        for key, value in row.items():
            self.columns[key].append(value)

    def __repr__(self):
        return f"History of {len(self):,} rows: {', '.join(self.columns)}"

    def __len__(self):
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, key):
        return key in self.columns

    def __getitem__(self, key):
        if key not in self.columns:
            raise ValueError(f"history has no column {key!r}; it has {list(self.columns)}")
        return np.array(self.columns[key])

    def recent_mean(self, key, n):
        """Return the mean of the last n values of a column."""
        return float(np.mean(self.columns[key][-n:]))

    def table(self):
        """Return all numbers, (columns, rows) in float64."""
        return np.array([self[key] for key in self.columns]).reshape(len(self.columns), len(self))

    def fill(self, names, table):
        """Take over what `table()` of a history with columns of these names returned."""
        self.columns = {name: array("d", row.tobytes()) for name, row in zip(names, table)}

    def to_csv(self, path, *, count="iteration"):
        """Write all columns to `path`, the number of the row first, counted from 1 and named `count`."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([count, *self.columns])
            rows = zip(*self.columns.values())
            writer.writerows([number, *row] for number, row in enumerate(rows, start=1))
