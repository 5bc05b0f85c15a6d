"""Ctrl-C, SIGTERM and SIGHUP from the first moments of the command on, while NumPy is still imported."""

import os
import signal
import subprocess
import sys
import time

import pytest

from numpygan.cli import commands, interrupt, main

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="a console Ctrl-C cannot be sent to one process there"
)

# NumPy's import, made to take long and to say when it begins
SLOW_NUMPY = """
import sys, time
class SlowNumPy:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print("ready", flush=True)
            time.sleep(30)
sys.meta_path.insert(0, SlowNumPy())
"""
AS_MODULE = SLOW_NUMPY + (
    "sys.argv = ['-m', 'check']; sys.orig_argv = ['python', '-m', 'numpygan', 'check']\n"
    "import runpy; runpy.run_module('numpygan', run_name='__main__', alter_sys=True)"
)
AS_SCRIPT = SLOW_NUMPY + (
    "sys.argv = ['/usr/bin/numpygan', 'check']; from numpygan.cli import main; sys.exit(main())"
)
NOT_THE_COMMAND = SLOW_NUMPY + "import numpygan.layers"


ENDING = {143: "SIGTERM", 129: "SIGHUP"}  # by exit status


def interrupted(program, signum=signal.SIGINT):
    """Return the exit status and the complaints of a program that got a signal once it is ready."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", program], **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signum)
        _, complaints = process.communicate(timeout=300)  # it ends by itself after 30 seconds
    return process.returncode, complaints


@pytest.mark.parametrize("program", [AS_MODULE, AS_SCRIPT])
def test_one_line_while_it_is_loading(program):
    assert interrupted(program) == (130, "numpygan: interrupted\n")


@pytest.mark.parametrize(("status", "name"), ENDING.items())
def test_the_same_for_what_ends_a_process(status, name):
    line = f"numpygan: ended by {name}\n"
    assert interrupted(AS_MODULE, getattr(signal, name)) == (status, line)
    assert interrupted(AT_WORK, getattr(signal, name)) == (status, f"{line}its end\n")


def test_somebody_elses_program_keeps_its_own_answer():
    _, complaints = interrupted(NOT_THE_COMMAND)
    assert "KeyboardInterrupt" in complaints
    assert interrupted(NOT_THE_COMMAND, signal.SIGTERM) == (-signal.SIGTERM, "")


@pytest.fixture
def handlers():
    """Put back how this process answers to signals: what it ignores, the programs that it starts would ignore."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, *interrupt.ENDING)}
    yield before
    for signum, handler in before.items():
        signal.signal(signum, handler)


def test_what_is_ignored_stays_ignored(handlers):
    for signum in handlers:
        signal.signal(signum, signal.SIG_IGN)
    interrupt.end_quietly_while_loading()
    interrupt.loaded()
    assert {signal.getsignal(signum) for signum in handlers} == {signal.SIG_IGN}


def test_once_loaded_they_are_exceptions_and_in_the_end_nothing(handlers, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # to be put back
    for signum in handlers:
        interrupt.end_quietly_while_loading()
        interrupt.loaded()
        with pytest.raises(KeyboardInterrupt) as caught:
            signal.raise_signal(signum)
        assert interrupt.status_of(caught.value) == 128 + signum
        interrupt.done()
        signal.raise_signal(signum)
        for each, handler in handlers.items():
            signal.signal(each, handler)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_python_drops_is_raised_again(name, handlers, monkeypatch, capsys):
    class Dropping:
        def __del__(self):  # nobody can be told what is raised here
            signal.raise_signal(getattr(signal, name))

    monkeypatch.setattr(sys, "unraisablehook", interrupt.try_again)
    signal.signal(signal.SIGTERM, interrupt.raise_ended)
    with pytest.raises(KeyboardInterrupt if name == "SIGINT" else interrupt.Ended):
        Dropping()
        for _ in range(1000):
            time.sleep(0.01)
    assert capsys.readouterr().err == ""


def test_other_errors_that_python_drops_are_printed(monkeypatch, capsys):
    class Dropping:
        def __del__(self):
            raise ValueError("dropped")

    monkeypatch.setattr(sys, "unraisablehook", interrupt.try_again)
    Dropping()
    assert "ValueError: dropped" in capsys.readouterr().err


def test_what_it_becomes_on_its_way_is_still_an_interrupt(monkeypatch, capsys):
    def interrupted_check(settings):
        try:
            raise KeyboardInterrupt
        finally:
            [][0]  # as a library does that tidies up what it had not yet begun

    monkeypatch.setattr(commands, "_check", interrupted_check)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == "numpygan: interrupted\n"


def test_a_mistake_of_the_program_is_shown_whole(monkeypatch):
    monkeypatch.setattr(commands, "_check", lambda settings: [][0])
    with pytest.raises(IndexError):
        main(["check"])


# The command, interrupted while it works; what was registered for its end says that it was done
AT_WORK = """
import atexit, sys
sys.argv = ["numpygan", "check"]
import numpygan.cli.commands
numpygan.cli.commands._check = lambda settings: [print("ready", flush=True), __import__("time").sleep(30)]
atexit.register(print, "its end", file=sys.stderr)
class Late:
    def __del__(self):
        print("taken down", file=sys.stderr)
late = Late()
sys.exit(numpygan.cli.main())
"""


def test_an_interrupted_command_does_not_take_python_down():
    assert interrupted(AT_WORK) == (130, "numpygan: interrupted\nits end\n")
