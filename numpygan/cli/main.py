"""Where the command line begins: reading arguments and reporting errors."""

import argparse
import sys

from .. import __version__
from ..ctrl_c import INTERRUPTED, loaded
from ..divergence import DivergenceError
from . import diagnose, evaluate, explore, lab, sample, step, train
from .resuming import settings_of_run


def build_parser():
    parser = argparse.ArgumentParser(
        prog="numpygan", description="Generative models in plain NumPy, every gradient written by hand."
    )
    parser.add_argument("--version", action="version", version=f"numpygan {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    train.add_parser(commands)
    sample.add_parser(commands)
    lab.add_parser(commands)
    evaluate.add_parser(commands)
    diagnose.add_parser(commands)
    explore.add_parser(commands)
    step.add_parser(commands)
    check = commands.add_parser(
        "check", help="check every gradient of the library against numerical differences"
    )
    check.set_defaults(run=_check)
    return parser


def parse(arguments):
    """Return the settings that arguments make, and the names of those that were typed."""
    settings = build_parser().parse_args(arguments)
    return settings, vars(settings).pop("given", ())


def main(arguments=None):
    """Run one command; return the exit status: 0, 1 (it failed), 2 (bad input), 130 (Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow code page must not end a run
    try:
        loaded()
        settings, given = parse(arguments)
        if getattr(settings, "resume", None):
            settings = settings_of_run(settings, given, parse)
        return settings.run(settings)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except DivergenceError as error:
        return _complain(error, 1)
    except (ValueError, TypeError, OSError, ImportError) as error:
        return _complain(error, 2)
    except MemoryError as error:
        return _complain(f"not enough memory: {error}", 2)


def _complain(error, status):
    print(f"numpygan: {error}", file=sys.stderr)
    return status


def _check(settings):
    from ..gradcheck.library import main_table

    return 0 if main_table() else 1
