"""Where the command line begins: reading arguments and reporting errors."""

import argparse
import re
import sys
from difflib import get_close_matches

from .. import __version__
from ..ctrl_c import INTERRUPTED, loaded
from ..divergence import DivergenceError
from . import diagnose, evaluate, explore, lab, sample, step, train
from .resuming import settings_of_run


class Parser(argparse.ArgumentParser):
    """Refuses in one line, by the name of the command that was called, and says where to look."""

    def parse_known_args(self, args=None, namespace=None):
        settings, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = re.findall(r"--[\w-]+", self.format_usage())
            close = get_close_matches(unknown[0], options, 1, cutoff=0.75)
            hint = f" (did you mean {close[0]}?)" if close else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return settings, unknown

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` lists all there is\n")


def build_parser():
    parser = Parser(
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
    text = "check every gradient of the library against numerical differences"
    check = commands.add_parser("check", help=text, description=f"{text.capitalize()}.")
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
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _complain(f"{place}{error.strerror or error}", 2)
    except (ValueError, TypeError, ImportError) as error:
        return _complain(error, 2)
    except MemoryError as error:
        return _complain(f"not enough memory: {error}", 2)


def _complain(error, status):
    print(f"numpygan: {error}", file=sys.stderr)
    return status


def _check(settings):
    from ..gradcheck.library import main_table

    return 0 if main_table() else 1
