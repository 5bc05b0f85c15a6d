"""Ctrl-C while the command is still being loaded: one line and status 130, no traceback.

`numpygan ...` imports this package, and with it NumPy, before the first line of the
command runs. That takes a few tenths of a second, more on a cold disk, in which a
KeyboardInterrupt would find nobody to catch it. There is nothing to save yet, so the
process may simply end.

In a program of somebody else's that imports numpygan nothing is changed.
"""

import os
import signal
import sys
from pathlib import Path

INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended: 128 + SIGINT


def end_quietly_while_loading():
    """Until `loaded` is called, end at once on Ctrl-C, if this process is the command."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else it is somebody's choice
    if usual and _is_the_command():
        signal.signal(signal.SIGINT, _end)


def loaded():
    """From here on Ctrl-C is a KeyboardInterrupt again."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_the_command():
    if sys.argv[:1] == ["-m"]:  # so it reads while Python imports the package of `python -m numpygan`
        return "numpygan" in sys.orig_argv
    return bool(sys.argv) and Path(sys.argv[0]).stem == "numpygan"


def _end(signum, frame):
    os.write(2, b"numpygan: interrupted\n")
    os._exit(INTERRUPTED)
