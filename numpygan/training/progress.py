"""Progress of a training run: one live line in a terminal or a notebook, a few lines in a log."""

import functools
import math
import os
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import contextmanager

from ..notebook import in_notebook

PERCENT = (1, 2, 5, *range(10, 101, 10))  # when a log gets a line
NARROW = 72  # columns below which there is no room for a bar


class Progress:
    """Shows how far a run is, as a context manager; a display that fails is given up, and the run continues.

    Args:
        done, total: iterations made so far, and at the end.
        show: the measures to show, of those that `update` is given.
        wanted: whether to show anything.
    """

    def __init__(self, done: int, total: int, *, show: Sequence[str] = (), wanted: bool = True) -> None:
        self._display: _LiveLine | _Log | None = None
        if wanted and sys.stderr is not None:
            with self._giving_up():
                kind = _LiveLine if in_notebook() or _is_terminal() else _Log
                self._display = kind(done, total, show)

    def update(self, measured: Mapping[str, float]) -> None:
        """Count an iteration that measured this."""
        if self._display is not None:
            with self._giving_up():
                self._display.update(measured)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        if self._display is not None:
            with self._giving_up():
                self._display.close()

    @contextmanager
    def _giving_up(self):
        # A closed stream, a full disk, a terminal that is gone, a widget without a page: whatever the
        # reason, hours of training must not end for the sake of a line.
        try:
            yield
        except Exception:
            self._display = None


class _LiveLine:
    """tqdm's bar, which overwrites itself."""

    def __init__(self, done, total, show):
        self.show, self.n = show, done
        self.bar = live_bar()(
            initial=done,
            total=total,
            unit="it",
            miniters=1,
            mininterval=0.5 if in_notebook() else 0.2,
            **_shape(),
        )

    def update(self, measured):
        self.n += 1
        if self.n % 20 == 0:
            self.bar.set_postfix_str(_shown(measured, self.show), refresh=False)
        self.bar.update()

    def close(self):
        self.bar.close()


@functools.cache
def live_bar():
    """Return tqdm's class of bars, with a lock of its own that is always given back.

    The usual one is shared with other processes and taken in two steps, and tqdm keeps it when a bar cannot
    be written. Every other bar would then wait for ever, and any thread in which an old bar is collected.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without ipywidgets the bar is text, which is no reason to warn
        from tqdm.auto import tqdm  # here, so that importing the models does not wait for it

    class Bar(tqdm):
        # tqdm's thread that watches for bars that stand still would need the lock too; with miniters=1
        # there is nothing for it to do.
        monitor_interval = 0

        def refresh(self, nolock=False, lock_args=None):
            with self._lock:  # a thread may take it twice
                return super().refresh(nolock=True)

    Bar.set_lock(threading.RLock())
    return Bar


class _Log:
    """A line at 1, 2, 5, 10, 20, ... % and none in between."""

    def __init__(self, done, total, show):
        self.n, self.first, self.total, self.show = done, done, total, show
        self.marks = {math.ceil(total * percent / 100) for percent in PERCENT}
        self.start = time.monotonic()

    def update(self, measured):
        self.n += 1
        if self.n in self.marks:
            print(self._line(measured), file=sys.stderr, flush=True)

    def _line(self, measured):
        seconds = time.monotonic() - self.start
        rate = (self.n - self.first) / max(seconds, 1e-9)
        left = _clock((self.total - self.n) / rate)
        parts = [
            f"{100 * self.n // self.total:3}% {self.n}/{self.total}",
            f"{_clock(seconds)} elapsed, {left} left",
        ]
        return ", ".join([*parts, f"{rate:.3g} it/s", *filter(None, [_shown(measured, self.show)])])

    def close(self):
        """Nothing to do: every line was complete when it was written."""


def _is_terminal():
    """Return whether stderr is a terminal in which a line can be overwritten."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _shape():
    """Return the settings of a bar that fits the terminal, also one that does not know its size."""
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # a notebook
        return {"dynamic_ncols": True}
    settings = (
        {"dynamic_ncols": True}
        if columns and rows
        else {"ncols": columns - 1 if columns else 79, "nrows": 24}
    )
    if 0 < columns < NARROW:
        numbers = "{percentage:3.0f}% {n_fmt}/{total_fmt} {remaining}"
        settings["bar_format"] = numbers if columns < 40 else numbers + "{postfix}"
    return settings


def _shown(measured, keys):
    return ", ".join(f"{key}={measured[key]:.3f}" for key in keys)


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
