"""Training that the system ends: SIGTERM from a cluster or a shutdown, SIGHUP from a terminal that is closed."""

import os
import select
import signal
import subprocess
import sys
import time

import pytest

from numpygan.checkpoint import load
from numpygan.cli import interrupt, main
from numpygan.training import SampleRecorder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not sent to one process there")

ENDLESS = ["train", "gan", "--iterations", "1000000", "--hidden", "8", "--sample-interval", "20"]
QUICKLY_SAVED = {"checkpoint.npz", "losses.csv", "model.npz", "samples", "settings.json"}


def start(folder, *wrapper, **pipes):
    command = [*(wrapper or [sys.executable]), "-m", "numpygan", *ENDLESS, "--out", str(folder)]
    return subprocess.Popen(command, stderr=subprocess.STDOUT, **pipes)


def wait_for(path, process):
    deadline = time.monotonic() + 300
    while not path.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_it_saves_says_so_and_can_go_on(name, status, tmp_path, capsys):
    folder = tmp_path / "run"
    with start(folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(folder / "samples" / "iteration-000020.png", process)
            process.send_signal(getattr(signal, name))
            process.send_signal(getattr(signal, name))  # a shell passes on what the terminal has sent
            text, _ = process.communicate(timeout=300)
        finally:
            process.kill()
    done = len(load(folder / "checkpoint.npz").history)
    assert process.returncode == status and "Traceback" not in text
    assert f"Stopped early: ended by {name} after iteration {done:,}\n" in text
    assert f"Continue with\n  numpygan train gan --resume {folder}\n" in text
    assert {path.name for path in folder.iterdir()} == QUICKLY_SAVED
    assert len(load(folder / "model.npz").history) == done
    assert main(["sample", str(folder)]) == 0


def test_before_the_first_iteration_there_is_nothing_to_go_on_from(tmp_path, monkeypatch, capsys):
    """While the callbacks begin, the signal has its usual effect: one line and a status."""
    monkeypatch.setattr(SampleRecorder, "begin", lambda *_: signal.raise_signal(signal.SIGTERM))
    before = signal.signal(signal.SIGTERM, interrupt.raise_ended)
    try:
        assert main([*ENDLESS, "--quiet", "--out", str(tmp_path)]) == 143
    finally:
        signal.signal(signal.SIGTERM, before)
    out, complaint = capsys.readouterr()
    assert complaint == "numpygan: ended by SIGTERM\n" and "Continue" not in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_terminal_that_is_closed(tmp_path):
    """Everything that is printed to it from then on fails; the run is saved all the same."""
    pty = pytest.importorskip("pty")
    terminal, inside = pty.openpty()
    # A session of its own, whose terminal this is: the system sends it SIGHUP when it is closed.
    program = "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(1, termios.TIOCSCTTY, 0);"
    program += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    with start(tmp_path, sys.executable, "-c", program, stdin=inside, stdout=inside) as process:
        os.close(inside)
        try:
            wait_for(tmp_path / "samples", process)
            while not (tmp_path / "samples" / "iteration-000020.png").exists():
                if select.select([terminal], [], [], 0.1)[0]:
                    os.read(terminal, 4096)
            os.close(terminal)
            assert process.wait(300) == 129
        finally:
            process.kill()
    assert {path.name for path in tmp_path.iterdir()} == QUICKLY_SAVED
    assert load(tmp_path / "model.npz").history.stopped_by.startswith("ended by SIGHUP")


@pytest.mark.slow
def test_under_nohup_it_goes_on(tmp_path):
    ignoring = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    ignoring += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    with start(tmp_path, sys.executable, "-c", ignoring, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(tmp_path / "samples" / "iteration-000020.png", process)
            process.send_signal(signal.SIGHUP)
            wait_for(tmp_path / "samples" / "iteration-000200.png", process)
        finally:
            process.kill()
