"""The command line: `numpygan train`, `numpygan sample`, `numpygan evaluate`, `numpygan check`."""

from . import interrupt

__all__ = ["main"]


def main(arguments=None):
    """Run one command; return the exit status: 0, 1 (it failed), 2 (bad input), 130 (Ctrl-C).

    Without `arguments` this process is the command: what is typed behind its name is read, and
    Ctrl-C ends it as interrupt.py says, from here on, for the imports take their time.
    """
    if arguments is None:
        interrupt.end_quietly_while_loading()
    from .commands import run  # NumPy and all models

    return run(arguments)
