"""Ctrl-C from the first moments of the command on, while NumPy is still being imported."""

import os
import signal
import subprocess
import sys

import pytest

from numpygan import ctrl_c

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a console Ctrl-C cannot be sent to one process there")

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
NOT_THE_COMMAND = SLOW_NUMPY + "import numpygan"


def interrupted(program):
    """Return the exit status and the complaints of a program that got Ctrl-C while it loads NumPy."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", program], **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    return process.returncode, complaints


@pytest.mark.parametrize("program", [AS_MODULE, AS_SCRIPT])
def test_one_line_while_it_is_loading(program):
    assert interrupted(program) == (130, "numpygan: interrupted\n")


def test_somebody_elses_program_keeps_its_own_answer():
    _, complaints = interrupted(NOT_THE_COMMAND)
    assert "KeyboardInterrupt" in complaints


def test_an_ignored_ctrl_c_stays_ignored(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["numpygan"])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ctrl_c.end_quietly_while_loading()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_once_loaded_it_is_an_exception_again(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["numpygan"])
    ctrl_c.end_quietly_while_loading()
    assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ctrl_c.loaded()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
