"""What Ctrl-C does to the command: one line and status 130, never a traceback.

    while the package is loaded    the process ends at once: there is nothing to save yet
    while a model is trained       the loop has its own way (training.py)
    elsewhere                      KeyboardInterrupt, which the command turns into the line
    when the command is done       nothing: the result is there, only Python has to end

KeyboardInterrupt comes between any two steps of a program, and not all of them hand it
on. Where Python has nobody to hand it to, as in the callback of a weak reference, it
prints and forgets it: there the command tries again a moment later. A library that
tidies up what it had not yet begun raises another error on the way: `led_to` looks
behind it.

In a program of somebody else's that imports numpygan nothing is changed.
"""

import _thread
import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress

INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended: 128 + SIGINT
A_MOMENT = 0.02  # seconds


def end_quietly_while_loading():
    """Until `loaded` is called, end at once on Ctrl-C."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)  # what else might be there is somebody's choice


def loaded():
    """From here on Ctrl-C is a KeyboardInterrupt again, and one that Python drops is raised anew."""
    if signal.getsignal(signal.SIGINT) is _end:
        sys.unraisablehook = try_again
        signal.signal(signal.SIGINT, raise_interrupt)


def raise_interrupt(signum, frame):
    """Raise KeyboardInterrupt, as Python's own handler does."""
    raise KeyboardInterrupt


def try_again(dropped):
    """What `sys.unraisablehook` does, but for a KeyboardInterrupt: that is raised anew."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt_later, ())  # threading's locks may be held just now
    else:
        sys.__unraisablehook__(dropped)


def led_to(error):
    """Return whether `error` is a KeyboardInterrupt, or was raised on the way out of one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def done():
    """From here on Ctrl-C does nothing."""
    if signal.getsignal(signal.SIGINT) is raise_interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def end():
    """End now, with status 130, if this process is the command and has been interrupted.

    Python, interrupted at any moment, now and then crashes when it takes itself down; so what
    is registered for the end is done, and no more.
    """
    if signal.getsignal(signal.SIGINT) is raise_interrupt:
        done()
        atexit._run_exitfuncs()
        with suppress(OSError):
            print(end="", flush=True)
        os._exit(INTERRUPTED)


def _interrupt_later():
    time.sleep(A_MOMENT)
    _thread.interrupt_main()


def _end(signum, frame):
    os.write(2, b"numpygan: interrupted\n")
    os._exit(INTERRUPTED)
