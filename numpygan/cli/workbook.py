"""`numpygan workbook`: exercises that are checked, in words.

numpygan workbook start          put the exercises into a folder
numpygan workbook check [N]      is the exercise right, and if not, what is wrong?
numpygan workbook train          a GAN made of the learner's own code draws digits
numpygan workbook grade FOLDER   mark a class
"""

import argparse
from pathlib import Path

from ..workbook.exercises import LANGUAGES, PARTS, find, load_all
from ..workbook.folder import NOTES, TRIES, WorkFolder
from ..workbook.language import choose, say
from ..workbook.supervise import MEMORY, SECONDS

ITERATIONS, QUICK_ITERATIONS = 4000, 60


def add_parser(commands):
    text = "learn backprop by writing it: exercises that are checked, in words"
    parser = commands.add_parser("workbook", help=text, description=f"{text.capitalize()}.")
    actions = parser.add_subparsers(title="what to do", required=True, metavar="ACTION")

    start = _add(
        actions, "start", _start, "put the exercises into a folder; files already there stay as they are"
    )
    start.add_argument("folder", nargs="?", default="workbook", help="where to (default: %(default)s)")
    start.add_argument("--exercises", type=_numbers, metavar="LIST", help="only these, such as 1-5,9")
    start.add_argument("--no-hints", action="store_true", help="leave the hint at the bottom out")

    check = _add_in_folder(
        actions, "check", _check, "say whether an exercise is done, or what is wrong with it"
    )
    check.add_argument("exercise", nargs="?", metavar="N", help="number or name (default: the next one)")
    hint = _add_in_folder(actions, "hint", _hint, "show one more hint")
    hint.add_argument("exercise", nargs="?", metavar="N", help="number or name (default: the next one)")
    _add_in_folder(actions, "next", _next, "say which exercise comes next, and show its task")
    _add_in_folder(actions, "status", _status, "show how far you have come")
    reset = _add_in_folder(actions, "reset", _reset, "make an exercise blank again; the old file is kept")
    reset.add_argument("exercise", metavar="N", help="number or name")
    solution = _add_in_folder(actions, "solution", _solution, f"show the solution, after {TRIES} tries")
    solution.add_argument("exercise", metavar="N", help="number or name")
    solution.add_argument("--show", action="store_true", help="show it at once")

    train = _add_in_folder(
        actions, "train", _train, "train a GAN made of your own layers, loss and optimiser"
    )
    train.add_argument(
        "--iterations", type=_count, default=ITERATIONS, help="default: %(default)s, about a minute"
    )
    train.add_argument(
        "--quick", action="store_true", help=f"{QUICK_ITERATIONS} iterations, to see that it runs"
    )
    train.add_argument("--out", help="the picture (default: drawn.png in the folder)")

    grade = _add(actions, "grade", _grade, "mark the folders of a class, each in a process of its own")
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


def _folder(settings):
    """Return the learner's WorkFolder."""
    places = [settings.folder] if settings.folder else [".", "workbook"]
    for place in map(Path, places):
        if (place / NOTES).is_file():
            return WorkFolder(place, settings.lang)
    raise ValueError(f"no workbook in {' or '.join(places)}: begin one with `numpygan workbook start`")


def _exercise(settings, folder):
    """Return the exercise that was asked for, or the next one, or None if all are done."""
    return find(settings.exercise) if settings.exercise is not None else folder.next()


def _start(settings):
    folder = WorkFolder(settings.folder, settings.lang)
    begun = (folder.path / NOTES).is_file()
    folder.lang = settings.lang or (folder.lang if begun else choose())
    exercises = [e for e in load_all() if settings.exercises is None or e.number in settings.exercises]
    kept = folder.start(exercises, hints=not settings.no_hints)
    lang, first = folder.lang, exercises[0].filename
    print(say(lang, "started", count=len(exercises), folder=folder.path, file=first))
    if kept:
        print(say(lang, "kept", count=kept))
    return 0


def _check(settings):
    folder = _folder(settings)
    exercise = _exercise(settings, folder)
    if exercise is None:
        print(say(folder.lang, "all_done"))
        return 0
    if not folder.file(exercise).exists():
        raise ValueError(say(folder.lang, "no_file", file=folder.file(exercise), number=exercise.number))
    verdict = folder.check(exercise)
    print(verdict)
    if verdict:
        _say_next(folder)
    return 0 if verdict else 1


def _say_next(folder):
    exercise, lang = folder.next(), folder.lang
    if exercise is None:
        print(say(lang, "all_done"))
    else:
        print(say(lang, "next", file=folder.file(exercise), title=exercise.title(lang)))


def _hint(settings):
    folder = _folder(settings)
    exercise = _exercise(settings, folder)
    if exercise is None:
        print(say(folder.lang, "all_done"))
        return 0
    note, lang = folder.note(exercise), folder.lang
    note["hints"] = min(note["hints"] + 1, len(exercise.hints))
    for number, hint in enumerate(exercise.hints[: note["hints"]], 1):
        print(f"{say(lang, 'hint', number=number)}: {hint[lang]}")
    left = len(exercise.hints) - note["hints"]
    print(say(lang, "more_hints" if left else "last_hint", left=left, number=exercise.number))
    folder.save()
    return 0


def _next(settings):
    folder = _folder(settings)
    _say_next(folder)
    exercise = folder.next()
    if exercise is not None:
        _, _, task = exercise.task[folder.lang].partition("\n")
        print(f"\n{task.strip()}\n\n{exercise.formulas[folder.lang]}")
    return 0


def _status(settings):
    folder = _folder(settings)
    lang, exercises = folder.lang, [e for e in load_all() if folder.file(e).exists()]
    for part, (first, last) in enumerate(PARTS, 1):
        here = [e for e in exercises if first <= e.number <= last]
        statuses = [folder.status(e) for e in here]
        bar = "".join("#" if status == "done" else "." for status in statuses)
        tries = sum(map(folder.tries, here))
        progress = say(lang, "progress", done=statuses.count("done"), count=len(here), tries=tries)
        print(f"{say(lang, f'part_{part}')}  [{bar}]  {progress}")
        for exercise, status in zip(here, statuses):
            if status in ("wrong", "changed"):
                print(f"  {exercise.number:>2} {exercise.name}: {say(lang, status)}")
    _say_next(folder)
    return 0


def _reset(settings):
    folder = _folder(settings)
    exercise = find(settings.exercise)
    backup = folder.reset(exercise)
    print(say(folder.lang, "was_reset", file=exercise.filename, backup=backup.name if backup else "-"))
    return 0


def _solution(settings):
    folder = _folder(settings)
    exercise, lang = find(settings.exercise), folder.lang
    tries = folder.tries(exercise)
    if tries < TRIES and folder.status(exercise) != "done" and not settings.show:
        print(say(lang, "not_yet", tries=tries, number=exercise.number))
        return 1
    print(exercise.whole_solution, end="")
    return 0


def _train(settings):
    from ..workbook.drawing import train_and_draw  # matplotlib takes a while to import

    folder = _folder(settings)
    path = Path(settings.out) if settings.out else folder.path / "drawn.png"
    train_and_draw(folder, path, QUICK_ITERATIONS if settings.quick else settings.iterations)
    return 0


def _grade(settings):
    from ..workbook.grade import grade, submissions_in, table, write_csv

    folders = submissions_in(settings.folders)
    submissions = grade(
        folders,
        lang=choose(settings.lang),
        seconds=settings.seconds,
        memory=settings.memory,
        processes=settings.processes,
    )
    print(table(submissions))
    write_csv(settings.out, submissions)
    kernel = {name: all(each.enforced.get(name) for each in submissions) for name in ("memory", "network")}
    limits = [f"{name} {'by the kernel' if on else 'by Python alone'}" for name, on in kernel.items()]
    limits[0] = f"{settings.memory} MB of memory {'each' if kernel['memory'] else '(not enforced here)'}"
    print(f"\nLimits: {settings.seconds:g} s for an exercise, {limits[0]}; {limits[1]}.")
    print(f"Written to {settings.out}")
    return 0
