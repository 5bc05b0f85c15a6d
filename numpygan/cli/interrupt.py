"""What Ctrl-C does to the command: one line and status 130, never a traceback.

    while the package is loading   the process ends at once: there is nothing to save yet
    while a model is training      the loop handles it (training/loop.py)
    elsewhere                      KeyboardInterrupt, which the command turns into the line
    after the command is done      nothing: the result is written, only Python has to exit

KeyboardInterrupt can be raised between any two bytecodes, and not every caller passes it
on. Where Python has no caller to raise it in, as in the callback of a weak reference, it
prints it and drops it: the command then tries again a moment later. A library that cleans
up what it had not yet set up raises another error on the way: `led_to` looks for the
KeyboardInterrupt behind it.

A program that imports numpygan keeps its own handling of Ctrl-C.
"""

import _thread
import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress

INTERRUPTED = 130  # the exit status that shells give a program ended by Ctrl-C: 128 + SIGINT
RETRY_AFTER = 0.02  # seconds


def end_quietly_while_loading():
    """Until `loaded` is called, end at once on Ctrl-C."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)  # any other handler is the caller's choice


def loaded():
    """From here on Ctrl-C is a KeyboardInterrupt again, and one that Python drops is raised again."""
    if signal.getsignal(signal.SIGINT) is _end:
        sys.unraisablehook = try_again
        signal.signal(signal.SIGINT, raise_interrupt)


def raise_interrupt(signum, frame):
    """Raise KeyboardInterrupt, as Python's own handler does."""
    raise KeyboardInterrupt


def try_again(dropped):
    """As `sys.unraisablehook`, except that a KeyboardInterrupt is raised again."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt_later, ())  # threading's locks may be held right now
    else:
        sys.__unraisablehook__(dropped)


def led_to(error):
    """Return whether `error` is a KeyboardInterrupt or was raised while one was being handled."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def done():
    """From here on Ctrl-C does nothing."""
    if signal.getsignal(signal.SIGINT) is raise_interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def end():
    """Exit now, with status 130, if this process is the command and has been interrupted.

    After an interrupt at an arbitrary moment Python sometimes crashes while it shuts down, so
    only the functions registered with atexit are run.
    """
    if signal.getsignal(signal.SIGINT) is raise_interrupt:
        done()
        atexit._run_exitfuncs()
        with suppress(OSError):
            print(end="", flush=True)
        os._exit(INTERRUPTED)


def _interrupt_later():
    time.sleep(RETRY_AFTER)
    _thread.interrupt_main()


def _end(signum, frame):
    os.write(2, b"numpygan: interrupted\n")
    os._exit(INTERRUPTED)
