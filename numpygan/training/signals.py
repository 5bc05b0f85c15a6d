"""Signals that stop a training run once the current update is complete.

    Ctrl-C (SIGINT)          stops the run, and the program continues after `fit`
    SIGTERM                  a cluster, a container or a shutdown ends the process
    SIGHUP                   the terminal is closed (there is no SIGHUP on Windows)

SIGTERM and SIGHUP are delivered once the iteration is finished and the checkpoint is written,
to whoever would have got them without us. By default that ends the process.

Only the main thread receives signals; in any other thread nothing changes here.
"""

import signal
import threading
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def finish_iteration_on_interrupt():
    """Turn the first Ctrl-C into a flag."""
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag
        return

    def handle(signum, frame):
        flag.set()
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield flag
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def delivered_at_the_end():
    """Yield a list that collects the signals of ENDING, and deliver the first when the block has ended.

    There may be several: a shell passes on the SIGHUP of a terminal that is closed, so a program
    gets it twice. What is ignored, as under nohup, or handled outside Python stays so.
    """
    received = []
    previous = {}
    if threading.current_thread() is threading.main_thread():
        previous = {signum: signal.getsignal(signum) for signum in ENDING}
    previous = {signum: by for signum, by in previous.items() if by not in (signal.SIG_IGN, None)}
    for signum in previous:
        signal.signal(signum, lambda signum, frame: received.append(signal.Signals(signum)))
    try:
        yield received
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
        if received:
            signal.raise_signal(received[0])
