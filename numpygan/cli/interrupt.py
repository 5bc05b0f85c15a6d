"""What Ctrl-C, SIGTERM and SIGHUP do to the command: one line and a status of their own, never a traceback.

    while the package is loading   the process ends at once: there is nothing to save yet
    while a model is training      the loop finishes the iteration first (training/signals.py)
    elsewhere                      an exception, which the command turns into the line
    after the command is done      nothing: the result is written, only Python has to exit

Ctrl-C raises KeyboardInterrupt, and what ends the process from outside raises Ended, one of
its kinds. Either can be raised between any two bytecodes, and not every caller passes it
on. Where Python has no caller to raise it in, as in the callback of a weak reference, it
prints it and drops it: the command then tries again a moment later. A library that cleans
up what it had not yet set up raises another error on the way: `behind` looks for the
KeyboardInterrupt behind it.

A program that imports numpygan keeps its own handling of all of them. What is ignored, as
SIGHUP is under nohup, stays ignored.
"""

import _thread
import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress

INTERRUPTED = 130  # the exit status of a program ended by Ctrl-C
RETRY_AFTER = 0.02  # seconds
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(KeyboardInterrupt):
    """SIGTERM, from a cluster or a shutdown, or SIGHUP, from a terminal that is closed, has come."""

    def __init__(self, signum):
        self.signum = signal.Signals(signum)
        super().__init__(f"ended by {self.signum.name}")


def status_of(cause):
    """Return the exit status of a program ended by a signal: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + getattr(cause, "signum", signal.SIGINT)


def is_ended(status):
    """Return whether a status says that the process was ended from outside."""
    return status - 128 in ENDING


def end_quietly_while_loading():
    """Until `loaded` is called, end at once on Ctrl-C, SIGTERM and SIGHUP."""
    if threading.current_thread() is not threading.main_thread():
        return
    for signum in (signal.SIGINT, *ENDING):
        if signal.getsignal(signum) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(signum, _end)  # any other handler is the caller's choice


def loaded():
    """From here on they raise exceptions, and one that Python drops is raised again."""
    for signum, handler in {signal.SIGINT: raise_interrupt, **dict.fromkeys(ENDING, raise_ended)}.items():
        if signal.getsignal(signum) is _end:
            sys.unraisablehook = try_again
            signal.signal(signum, handler)


def raise_interrupt(signum, frame):
    """Raise KeyboardInterrupt, as Python's own handler does."""
    raise KeyboardInterrupt


def raise_ended(signum, frame):
    """Raise Ended, once: what is sent again meets a command that is ending already."""
    for again in ENDING:
        if signal.getsignal(again) is raise_ended:
            signal.signal(again, signal.SIG_IGN)
    raise Ended(signum)


def try_again(dropped):
    """As `sys.unraisablehook`, except that a KeyboardInterrupt is raised again."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        signum = getattr(dropped.exc_value, "signum", signal.SIGINT)
        if signum in ENDING:
            signal.signal(signum, raise_ended)
        _thread.start_new_thread(_interrupt_later, (signum,))  # threading's locks may be held right now
    else:
        sys.__unraisablehook__(dropped)


def behind(error):
    """Return the KeyboardInterrupt that `error` is or was raised in the handling of, or None."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error


def done():
    """From here on they do nothing."""
    for signum in (signal.SIGINT, *ENDING):
        if signal.getsignal(signum) in (raise_interrupt, raise_ended):
            signal.signal(signum, signal.SIG_IGN)


def end(status):
    """Exit now, with this status, if this process is the command and has been interrupted.

    After an interrupt at an arbitrary moment Python sometimes crashes while it shuts down, so
    only the functions registered with atexit are run.
    """
    if signal.getsignal(signal.SIGINT) is raise_interrupt:
        done()
        atexit._run_exitfuncs()
        with suppress(OSError):
            print(end="", flush=True)
        os._exit(status)


def tell(text, end="\n"):
    """Print and flush; if nobody reads it, as in a closed terminal, from now on print to nowhere."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt_later(signum):
    time.sleep(RETRY_AFTER)
    _thread.interrupt_main(signum)


def _end(signum, frame):
    how = "interrupted" if signum == signal.SIGINT else Ended(signum)
    with suppress(OSError):  # of a terminal that is closed
        os.write(2, f"numpygan: {how}\n".encode())
    os._exit(128 + signum)
