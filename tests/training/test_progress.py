import contextlib
import errno
import io
import os
import re
import subprocess
import sys
import threading

import numpy as np
import pytest

from numpygan.training import Batches, History, train
from numpygan.training.progress import Progress
from tests.training.test_loop import Counter

TRAINS = """
import numpy as np
from numpygan.training import Batches, History, train
from tests.training.test_loop import Counter
batches = Batches(np.arange(10), 3, np.random.default_rng(0))
print(len(train(Counter(), batches, 50, History(), show=("loss",))))
"""


def shown_by(iterations, *, done=0, show=("loss",)):
    with Progress(done, iterations, show=show) as progress:
        for n in range(done + 1, iterations + 1):
            progress.update({"loss": 1 / n})


def test_a_log_gets_a_line_at_1_2_5_10_and_every_tenth_per_cent(capsys):
    shown_by(1000)
    lines = capsys.readouterr().err.splitlines()
    assert [line[:4] for line in lines] == [f"{p:3}%" for p in (1, 2, 5, *range(10, 101, 10))]
    assert "50% 500/1000, " in lines[7] and lines[7].endswith("it/s, loss=0.002")
    assert not any("\r" in line for line in lines)


def test_a_resumed_run_goes_on_with_its_lines(capsys):
    shown_by(1000, done=850)
    assert re.findall(r"(\d+)/1000", capsys.readouterr().err) == ["900", "1000"]


@pytest.mark.parametrize("iterations", [1, 3, 7])
def test_a_short_run_has_one_line_per_iteration_at_most(capsys, iterations):
    shown_by(iterations)
    assert len(capsys.readouterr().err.splitlines()) == iterations


def test_nothing_is_shown_unless_wanted(capsys):
    with Progress(0, 5, wanted=False) as progress:
        progress.update({})
    assert capsys.readouterr().err == ""


# --- terminals ---------------------------------------------------------------------------


def shown_in_terminal(monkeypatch, *, columns, rows=24, term="xterm"):
    """Return what a run of 12,345 iterations writes to a terminal of this size."""
    fcntl, struct, termios = (pytest.importorskip(name) for name in ("fcntl", "struct", "termios"))
    outer, inner = os.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    monkeypatch.setenv("TERM", term)
    with os.fdopen(outer, "rb", buffering=0) as screen:
        with os.fdopen(inner, "w", encoding="utf-8") as stderr, monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", stderr)
            shown_by(12_345, done=12_300, show=("loss", "loss", "loss"))
        shown = b""
        with contextlib.suppress(OSError):  # which is how the end of it is told
            while more := screen.read(1 << 16):
                shown += more
        return shown.decode()


@pytest.mark.parametrize("columns", [12, 25, 39, 40, 50, 71, 72, 80, 200])
def test_a_live_line_fits_the_terminal(monkeypatch, columns):
    frames = shown_in_terminal(monkeypatch, columns=columns).split("\r")
    assert max(map(len, frames)) < columns  # in the last column some terminals would begin a new line
    last = [frame for frame in frames if frame.strip()][-1]
    assert last.startswith("100%")
    assert ("12345/12345" in last) == (columns >= 25)
    assert ("loss=0.000" in last) == (columns >= 40)
    assert ("it/s" in last) == (columns >= 72)


@pytest.mark.parametrize("size", [{"columns": 0, "rows": 0}, {"columns": 100, "rows": 0}, {"columns": 0}])
def test_a_terminal_that_does_not_know_its_size(monkeypatch, size):
    shown = shown_in_terminal(monkeypatch, **size)
    assert "12345/12345" in shown and max(map(len, shown.split("\r"))) < 100


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_bar_does_not_wait_for_a_lock_that_somebody_else_was_interrupted_with(monkeypatch):
    from tqdm.auto import tqdm

    tqdm.get_lock().acquire()
    try:
        shown = []
        thread = threading.Thread(
            target=lambda: shown.append(shown_in_terminal(monkeypatch, columns=80)), daemon=True
        )
        thread.start()
        thread.join(20)
    finally:
        tqdm.get_lock().release()
    assert shown


def test_a_dumb_terminal_gets_lines(monkeypatch):
    shown = shown_in_terminal(monkeypatch, columns=80, term="dumb")
    assert "\x1b" not in shown and shown.count("\n") == 1 and "100% 12345/12345" in shown


# --- a display that fails ----------------------------------------------------------------


class Full(io.StringIO):
    """A stream to a full disk, after so many writes that succeed."""

    def __init__(self, room=0, terminal=False):
        super().__init__()
        self.room, self.terminal = room, terminal

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.room -= 1
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


BROKEN = {
    "none": lambda: None,
    "closed": closed,
    "full log": Full,
    "log that fills up": lambda: Full(room=3),
    "full terminal": lambda: Full(terminal=True),
    "terminal that fills up": lambda: Full(room=1, terminal=True),
    "no stream": object,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_display_that_fails_does_not_end_the_training(monkeypatch, name):
    batches = Batches(np.arange(10), 3, np.random.default_rng(0))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", BROKEN[name]())
        history = train(Counter(), batches, 50, History(), show=("loss",))
    assert len(history) == 50 and history.stopped_by is None


@pytest.mark.parametrize("room", [0, 1, 2])
def test_a_display_that_fails_does_not_keep_others_waiting(monkeypatch, room):
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Full(room, terminal=True))
        shown_by(1000)
        patch.setattr(sys, "stderr", Full(1000, terminal=True))
        ended = threading.Event()
        threading.Thread(target=lambda: (shown_by(1000), ended.set()), daemon=True).start()
        assert ended.wait(20)


def test_what_the_training_itself_raises_is_not_swallowed():
    with pytest.raises(OSError, match="the data"), Progress(0, 5):
        raise OSError("the data are gone")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>/dev/null"])
def test_redirected_by_a_shell(redirection):
    if redirection == "2>/dev/full" and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    command = ["sh", "-c", f'exec "$0" -c "$1" {redirection}', sys.executable, TRAINS]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    assert (done.returncode, done.stdout) == (0, "50\n")


def test_an_interrupt_in_the_middle_of_an_iteration_leaves_model_and_history_usable(capsys):
    class Interrupted(Counter):
        def train_on_batch(self, batch):
            if self.n == 7:
                self.n += 1
                raise KeyboardInterrupt  # as a second Ctrl-C does
            return super().train_on_batch(batch)

    model, history = Interrupted(), History()
    batches = Batches(np.arange(10), 3, np.random.default_rng(0))
    with pytest.raises(KeyboardInterrupt):
        train(model, batches, 50, history)
    assert len(history) == 7
    train(model, batches, 10, history)
    assert len(history) == 17 and history.stopped_by is None
    assert capsys.readouterr().err.splitlines()[-1].startswith("100% 10/10")
