"""`numpygan workbook`: exercises that are checked, in words.

numpygan workbook start          put the exercises into a folder
numpygan workbook check [N]      is the exercise right, and if not, what is wrong?
numpygan workbook train          a GAN made of the learner's own code draws digits
numpygan workbook grade FOLDER   mark a class
"""

import argparse

from ..workbook.exercises import LANGUAGES, load_all
from ..workbook.folder import TRIES
from ..workbook.supervise import MEMORY, SECONDS
from . import workbook_actions
from .workbook_actions import ITERATIONS, QUICK_ITERATIONS


def add_parser(commands):
    text = "learn backprop by writing it: exercises that are checked, in words"
    parser = commands.add_parser("workbook", help=text, description=f"{text.capitalize()}.")
    actions = parser.add_subparsers(title="what to do", required=True, metavar="ACTION")

    start = _add(
        actions,
        "start",
        workbook_actions.start,
        "put the exercises into a folder; files already there stay as they are",
    )
    start.add_argument("folder", nargs="?", default="workbook", help="where to (default: %(default)s)")
    start.add_argument("--exercises", type=_numbers, metavar="LIST", help="only these, such as 1-5,9")
    start.add_argument("--no-hints", action="store_true", help="leave the hint at the bottom out")

    check = _add_in_folder(
        actions, "check", workbook_actions.check, "say whether an exercise is done, or what is wrong with it"
    )
    check.add_argument("exercise", nargs="?", metavar="N", help="number or name (default: the next one)")
    hint = _add_in_folder(actions, "hint", workbook_actions.hint, "show one more hint")
    hint.add_argument("exercise", nargs="?", metavar="N", help="number or name (default: the next one)")
    _add_in_folder(
        actions, "next", workbook_actions.next_exercise, "say which exercise comes next, and show its task"
    )
    _add_in_folder(actions, "status", workbook_actions.status, "show how far you have come")
    reset = _add_in_folder(
        actions, "reset", workbook_actions.reset, "make an exercise blank again; the old file is kept"
    )
    reset.add_argument("exercise", metavar="N", help="number or name")
    solution = _add_in_folder(
        actions, "solution", workbook_actions.solution, f"show the solution, after {TRIES} tries"
    )
    solution.add_argument("exercise", metavar="N", help="number or name")
    solution.add_argument("--show", action="store_true", help="show it at once")

    train = _add_in_folder(
        actions, "train", workbook_actions.train, "train a GAN made of your own layers, loss and optimiser"
    )
    train.add_argument(
        "--iterations", type=_count, default=ITERATIONS, help="default: %(default)s, about a minute"
    )
    train.add_argument(
        "--quick", action="store_true", help=f"{QUICK_ITERATIONS} iterations, to see that it runs"
    )
    train.add_argument("--out", help="the picture (default: drawn.png in the folder)")

    grade = _add(
        actions,
        "grade",
        workbook_actions.grade_folders,
        "mark the folders of a class, each in a process of its own",
    )
    grade.add_argument(
        "folders", nargs="+", metavar="FOLDER", help="a folder with exercises, or of such folders"
    )
    grade.add_argument("--out", default="grades.csv", help="the table, as CSV (default: %(default)s)")
    grade.add_argument(
        "--seconds", type=_seconds, default=SECONDS, help="for one exercise (default: %(default)s)"
    )
    grade.add_argument(
        "--memory", type=_count, default=MEMORY, help="megabytes for one folder (default: %(default)s)"
    )
    grade.add_argument(
        "--processes", type=_count, help="folders marked at once (default: one for each processor)"
    )


def _add(actions, name, run, text):
    parser = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--lang", choices=LANGUAGES, help="en or ko (default: as the folder, or the locale)")
    parser.set_defaults(run=run)
    return parser


def _add_in_folder(actions, name, run, text):
    parser = _add(actions, name, run, text)
    parser.add_argument("--folder", help="where the exercises are (default: here, or in ./workbook)")
    return parser


def _numbers(text):
    """Return the numbers that a list such as 1-5,9 means."""
    numbers = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        try:
            numbers += range(int(first), int(last or first) + 1)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected numbers such as 1-5,9, got {text!r}") from None
    if not numbers or min(numbers) < 1 or max(numbers) > len(load_all()):
        raise argparse.ArgumentTypeError(f"expected numbers from 1 to {len(load_all())}, got {text!r}")
    return numbers


def _positive(kind, text):
    try:
        number = kind(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


def _count(text):
    return _positive(int, text)


def _seconds(text):
    return _positive(float, text)
