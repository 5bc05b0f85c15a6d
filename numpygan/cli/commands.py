"""Where the command line begins: reading arguments and reporting errors."""

import argparse
import os
import re
import sys
from difflib import get_close_matches

from ..training.divergence import DivergenceError
from ..version import __version__
from . import diagnose, evaluate, explore, interrupt, lab, sample, step, train, workbook
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
    workbook.add_parser(commands)
    text = "check every gradient of the library against numerical differences"
    check = commands.add_parser("check", help=text, description=f"{text.capitalize()}.")
    check.set_defaults(run=_check)
    return parser


def parse(arguments):
    """Return the settings that arguments make, and the names of those that were typed."""
    settings = build_parser().parse_args(arguments)
    return settings, vars(settings).pop("given", ())


def run(arguments=None):
    """Run one command and return its exit status; see `main`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow code page must not end a run
    try:
        interrupt.loaded()
        settings, given = parse(arguments)
        if getattr(settings, "resume", None):
            settings = settings_of_run(settings, given, parse)
        status = settings.run(settings)
        print(end="", flush=True)  # so that a full disk shows
        return status
    except (Exception, KeyboardInterrupt) as error:
        line, status = _explained(error)
        if status is None:
            raise
        if line:
            print(f"numpygan: {line}", file=sys.stderr)
        if status == interrupt.INTERRUPTED:
            interrupt.end()
        return status
    finally:
        interrupt.done()
        _flush()


def _explained(error):
    """Return a line, if any, and the exit status for an error: None if it is a mistake of ours."""
    if interrupt.led_to(error):
        return "interrupted", interrupt.INTERRUPTED
    if isinstance(error, DivergenceError):
        return error, 1
    if isinstance(error, BrokenPipeError):
        return None, 1  # whoever read what is printed, such as `head`, has had enough
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}", 2
    if isinstance(error, (ValueError, TypeError, ImportError)):
        return error, 2
    if isinstance(error, MemoryError):
        return f"not enough memory: {error}", 2
    return None, None


def _flush():
    """Print what is left to be printed, if that is possible; Python would complain at its end if not."""
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check(settings):
    from ..gradcheck.cases import main_table

    return 0 if main_table() else 1
