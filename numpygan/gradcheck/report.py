"""The verdict, and the table that shows it."""

import dataclasses
import math

import numpy as np

from .. import notebook

HEAD, ALIGN = ("", "checked", "worst at", "analytic", "numeric", "error", ""), "<>>>>><"


@dataclasses.dataclass
class Row:
    """What was found about the gradient of one array.

    Attributes:
        checked, directions: number of single elements and of random directions tried.
        index: where analytic and numeric agree least; None for a direction.
        analytic, numeric, error: the two derivatives there and their relative error
            (see `relative_error`); NaN if nothing could be compared.
        differ: number of elements that disagree.
        kinks: lines on which every value between two one-sided slopes was accepted.
        faint, noise: number of elements so small that fewer than four digits stand out
            from the rounding noise, and that noise.
        zero: whether nothing at all stands out from it.
        wrong, cause: the verdict, and a likely cause, or None.
    """

    name: str
    shape: tuple
    checked: int = 0
    directions: int = 0
    index: tuple | None = None
    analytic: float = np.nan
    numeric: float = np.nan
    error: float = np.nan
    differ: int = 0
    kinks: int = 0
    faint: int = 0
    noise: float = 0.0
    zero: bool = False
    wrong: bool = False
    cause: str | None = None

    @property
    def verified(self):
        """False if wrong, or if every line lies at a kink, where little can be said."""
        return not self.wrong and self.kinks < self.checked + self.directions

    @property
    def verdict(self):
        return "WRONG" if self.wrong else "ok" if self.verified else "not verified"

    def cells(self):
        """Return the row of the table, a string for each column."""
        size = math.prod(self.shape)
        checked = f"all {size:,}" if self.checked == size else f"{self.checked} of {size:,}"
        where = "-" if self.index is None else str(list(self.index))
        if self.index is None and not np.isnan(self.analytic):
            where = "a direction"
        numbers = (f"{self.analytic:.8g}", f"{self.numeric:.8g}", f"{self.error:.1e}")
        numbers = ("-" if text in ("nan", "inf") else text for text in numbers)
        return (self.name, checked, where, *numbers, self.verdict)

    def notes(self):
        """Return what does not fit into the table, as sentences."""
        lines = []
        if self.differ:
            differ = f"{self.differ:,} of {self.checked:,} {'differs' if self.differ == 1 else 'differ'}"
            lines.append(f"{differ}: {self.cause}" if self.cause else differ)
        elif self.cause:
            lines.append(self.cause)
        if self.directions:
            lines.append(f"tried at {self.checked} elements and along {self.directions} random directions")
        if self.kinks:
            lines.append(
                f"{self.kinks:,} of {self.checked + self.directions:,} at a kink, where any value between "
                "the two one-sided slopes is accepted"
            )
        if self.zero:
            noise = f" to within rounding noise, {self.noise:.0e}" if self.noise else ""
            lines.append(f"all {self.checked:,} are 0{noise}")
        elif self.faint:
            lines.append(
                f"{self.faint:,} of {self.checked:,} compared only to within rounding noise, "
                f"{self.noise:.0e}: too small for four digits"
            )
        return [f"{self.name}: {line}" for line in lines]


@dataclasses.dataclass
class GradientReport:
    """The verdict on a layer, a loss or a function; `print` it to read it.

    A report is true if everything is right, so `assert check_layer(layer, x)` works.

    Attributes:
        subject, setting: what was checked, and on which input.
        rows: a `Row` for each array.
        problems: sentences about everything else that is wrong.
        tolerance: the largest relative error allowed.
    """

    subject: str
    setting: str
    rows: list
    tolerance: float
    problems: list = dataclasses.field(default_factory=list)

    @property
    def ok(self):
        """True if every gradient was verified and the contract is kept."""
        return bool(self.rows) and not self.problems and all(row.verified for row in self.rows)

    @property
    def worst(self):
        """The largest relative error; NaN if some array could not be compared."""
        return float(np.max([row.error for row in self.rows], initial=0)) if self.rows else np.nan

    @property
    def checked(self):
        """The number of derivatives measured, along single elements and directions."""
        return sum(row.checked + row.directions for row in self.rows)

    def __bool__(self):
        return self.ok

    def __getitem__(self, name):
        """Return the row of the array called `name`."""
        return next(row for row in self.rows if row.name == name)

    @property
    def verdict(self):
        if self.ok:
            return "ok"
        wrong = self.problems or any(row.wrong for row in self.rows)
        return "WRONG" if wrong or not self.rows else "not verified"

    def __str__(self):
        lines = [f"{self.subject}, {self.setting}: {self.verdict}"]
        if self.rows:
            lines += ["", *table([HEAD, *(row.cells() for row in self.rows)], ALIGN)]
        notes = self._notes()
        return "\n".join(lines + ([""] if notes else []) + notes)

    def _notes(self):
        return [note for row in self.rows for note in row.notes()] + self.problems

    def _repr_html_(self):
        """What a notebook shows: the same table, each verdict in its colour, the largest error in bold."""
        rows = [[*row.cells()[:-1], _badge(row.verdict)] for row in self.rows]
        worst = max(range(len(rows)), key=lambda k: np.nan_to_num(self.rows[k].error, nan=-1), default=None)
        if worst is not None:
            rows[worst][2:6] = map(notebook.bold, rows[worst][2:6])
        title = notebook.join(f"{self.subject}, {self.setting}: ", _badge(self.verdict))
        return notebook.table([HEAD, *rows], align=ALIGN, caption=title, notes=self._notes())


def _badge(verdict):
    colours = {"ok": notebook.GOOD, "WRONG": notebook.BAD}
    return notebook.badge(verdict, colours.get(verdict, notebook.OPEN))


def table(rows, align):
    """Return rows of strings as lines with aligned columns; `align` has < or > for each."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(f"{text:{side}{width}}" for text, side, width in zip(row, align, widths)).rstrip()
        for row in rows
    ]
