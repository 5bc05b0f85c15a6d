"""The command line's parser, and `run`, which runs one command and reports its errors."""

import argparse
import logging
import re
import sys
from contextlib import suppress
from difflib import get_close_matches

from ..files.text import printable
from ..training.divergence import DivergenceError
from ..version import __version__
from . import (
    diagnose,
    draw,
    evaluate,
    explore,
    export,
    film,
    interrupt,
    korean,
    lab,
    results,
    sample,
    step,
    train,
    workbook,
)
from .resuming import settings_of_run


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that reports an error in one line, by the name of the command, with where to look."""

    def parse_known_args(self, args=None, namespace=None):
        settings, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = re.findall(r"--[\w-]+", self.format_usage())
            close = get_close_matches(unknown[0], options, 1, cutoff=0.75)
            hint = f" (did you mean {close[0]}?)" if close else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return settings, unknown

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` lists all options\n")


def build_parser(language="en"):
    """Return the parser of the whole command line, the help of some commands in Korean if asked for."""
    parser = Parser(
        prog="numpygan", description="Generative models in plain NumPy, every gradient written by hand."
    )
    parser.add_argument("--version", action="version", version=f"numpygan {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (train, sample, lab, evaluate, diagnose, explore, draw, film, export, step, workbook):
        command.add_parser(commands)
    results.add_parser(commands, parse)
    text = "check every gradient of the library against finite differences"
    check = commands.add_parser("check", help=text, description=f"{text.capitalize()}.")
    check.set_defaults(run=_check)
    for name in korean.COMMANDS:
        korean.add_language(commands.choices[name])
        if language == "ko":
            korean.translate(commands.choices[name])
    return parser


def parse(arguments):
    """Return the settings that the arguments give, and the names of those that were typed."""
    arguments = sys.argv[1:] if arguments is None else arguments
    settings = build_parser(korean.language(arguments)).parse_args(arguments)
    vars(settings).pop("help_language", None)
    return settings, vars(settings).pop("given", ())


def run(arguments=None):
    """Run one command and return its exit status; see `main`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow code page must not crash a run
    logging.getLogger("matplotlib").addFilter(_is_of_use)
    try:
        interrupt.loaded()
        settings, given = parse(arguments)
        if getattr(settings, "resume", None):
            settings = settings_of_run(settings, given, parse)
        status = settings.run(settings)
        print(end="", flush=True)  # so that a full disk is noticed
        return status
    except (Exception, KeyboardInterrupt) as error:
        line, status = _line_and_status(error)
        if status is None:
            raise
        if line:
            with suppress(OSError):  # of a terminal that is closed
                print(f"numpygan: {printable(str(line))}", file=sys.stderr)
        if interrupt.behind(error):
            interrupt.end(status)
        return status
    finally:
        interrupt.done()
        interrupt.tell("", end="")  # so that Python does not complain of a closed pipe when it exits


def _is_of_use(record):
    """Return whether to show a message that matplotlib logs.

    If the home folder is not writable, it says so in 500 characters at every start, and then uses a
    temporary folder.
    """
    return record.funcName != "_get_config_or_cache_dir"


def _line_and_status(error):
    """Return a line to print, if any, and the exit status; the status is None for a bug of ours."""
    if cause := interrupt.behind(error):
        line = cause if isinstance(cause, interrupt.Ended) else "interrupted"
        return line, interrupt.status_of(cause)
    if isinstance(error, DivergenceError):
        return error, 1
    if isinstance(error, BrokenPipeError):
        return None, 1  # the reader of our output, such as `head`, has closed the pipe
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}", 2
    if isinstance(error, (ValueError, TypeError, ImportError)):
        return error, 2
    if isinstance(error, MemoryError):
        return f"not enough memory: {error}", 2
    return None, None


def _check(settings):
    from ..gradcheck.cases import main_table

    return 0 if main_table() else 1
