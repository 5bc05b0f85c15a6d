"""The command line: `numpygan train`, `sample`, `evaluate` and more; see `numpygan --help`."""

from . import interrupt

__all__ = ["main"]


def main(arguments=None):
    """Run one command; return the exit status.

    It is 0, 1 (it failed), 2 (bad input), 130 (Ctrl-C), 143 (SIGTERM) or 129 (SIGHUP).
    Without `arguments`, this process is the command: it reads its own command line, and
    signals end it as interrupt.py describes from here on, because the imports take a while.
    """
    if arguments is None:
        interrupt.end_quietly_while_loading()
    from .commands import run  # NumPy and all models

    return run(arguments)
