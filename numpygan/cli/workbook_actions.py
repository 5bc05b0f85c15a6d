"""What each action of `numpygan workbook` does; each returns the exit status of the command."""

from pathlib import Path

from ..workbook.exercises import PARTS, find, load_all
from ..workbook.folder import NOTES, TRIES, WorkFolder
from ..workbook.language import choose, say

ITERATIONS, QUICK_ITERATIONS = 4000, 60


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


def start(settings):
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


def check(settings):
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


def hint(settings):
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


def next_exercise(settings):
    folder = _folder(settings)
    _say_next(folder)
    exercise = folder.next()
    if exercise is not None:
        _, _, task = exercise.task[folder.lang].partition("\n")
        print(f"\n{task.strip()}\n\n{exercise.formulas[folder.lang]}")
    return 0


def status(settings):
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


def reset(settings):
    folder = _folder(settings)
    exercise = find(settings.exercise)
    backup = folder.reset(exercise)
    print(say(folder.lang, "was_reset", file=exercise.filename, backup=backup.name if backup else "-"))
    return 0


def solution(settings):
    folder = _folder(settings)
    exercise, lang = find(settings.exercise), folder.lang
    tries = folder.tries(exercise)
    if tries < TRIES and folder.status(exercise) != "done" and not settings.show:
        print(say(lang, "not_yet", tries=tries, number=exercise.number))
        return 1
    print(exercise.whole_solution, end="")
    return 0


def train(settings):
    from ..workbook.drawing import train_and_draw  # matplotlib takes a while to import

    folder = _folder(settings)
    path = Path(settings.out) if settings.out else folder.path / "drawn.png"
    train_and_draw(folder, path, QUICK_ITERATIONS if settings.quick else settings.iterations)
    return 0


def grade_folders(settings):
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
