"""Marking a class: each folder in a process of its own, with limits; a table and a CSV file."""

import csv
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..files.atomic import atomic_write
from .exercises import PARTS, load_all
from .folder import read_notes, read_source
from .supervise import MEMORY, SECONDS, judge_sources
from .verdict import Verdict

MARKS = {"done": "+", "wrong": "x", "broken": "!", "untouched": "."}


@dataclass
class Submission:
    """One folder: a Verdict and the number of wrong tries for each exercise, in order.

    The tries are what the learner's own folder says, and can be changed there.
    """

    name: str
    verdicts: list
    tries: list
    enforced: dict

    @property
    def done(self):
        return sum(map(bool, self.verdicts))


def submissions_in(paths):
    """Return the folders to mark: those that hold exercises, or the folders in them that do."""
    names = {exercise.filename for exercise in load_all()}

    def has_exercises(folder):
        return folder.is_dir() and any((folder / name).is_file() for name in names)

    found = []
    for path in map(Path, paths):
        if not path.is_dir():
            raise ValueError(
                f"{path} is no folder: give a folder with exercises, or one with such folders in it"
            )
        inside = [path] if has_exercises(path) else sorted(filter(has_exercises, path.iterdir()))
        if not inside:
            raise ValueError(f"{path} holds no exercises, such as {min(names)}, and no folder with any")
        found += inside
    return found


def grade(folders, *, lang="en", seconds=SECONDS, memory=MEMORY, processes=None, report=None):
    """Mark folders and return a Submission for each.

    Args:
        seconds, memory: for one exercise, and megabytes for one process; see supervise.py.
        processes: how many folders are marked at once; by default, as many as there are processors.
        report: called with each Submission when it is marked.
    """

    def mark(folder):
        submission = _mark(folder, lang, seconds, memory)
        if report:
            report(submission)
        return submission

    with ThreadPoolExecutor(processes or os.cpu_count() or 1) as pool:
        return list(pool.map(mark, folders))


def _mark(folder, lang, seconds, memory):
    notes, verdicts, answers, enforced = read_notes(folder), {}, [], {}
    for exercise in load_all():
        try:
            source = read_source(folder / exercise.filename)
        except FileNotFoundError:
            verdicts[exercise.name] = Verdict(exercise.name, "untouched", lang=lang)
        except (OSError, ValueError) as error:
            verdicts[exercise.name] = Verdict(
                exercise.name, "broken", "raises", {"error": str(error)}, lang=lang
            )
        else:
            answers.append((exercise.name, source, exercise.filename))
    for verdict in judge_sources(answers, lang=lang, seconds=seconds, memory=memory, enforced=enforced):
        verdicts[verdict.name] = verdict
    saved = notes.get("exercises", {})
    names = [exercise.name for exercise in load_all()]
    tries = [len(saved[name]["wrong"]) if name in saved else 0 for name in names]
    return Submission(folder.resolve().name, [verdicts[name] for name in names], tries, enforced)


def write_csv(path, submissions):
    """Write a row for each submission: its total, then each exercise's outcome and number of tries."""
    exercises = load_all()
    header = ["submission", "done", "of", "tries"]
    for exercise in exercises:
        header += [f"{exercise.number:02d} {exercise.name}", f"{exercise.number:02d} tries"]
    with atomic_write(path) as temporary, open(temporary, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for each in submissions:
            # A spreadsheet takes what begins with one of these for a formula.
            name = f"'{each.name}" if each.name.startswith(("=", "+", "-", "@")) else each.name
            row = [name, each.done, len(exercises), sum(each.tries)]
            for verdict, tries in zip(each.verdicts, each.tries):
                row += [outcome(verdict), tries]
            writer.writerow(row)


def outcome(verdict):
    """Return an outcome in a few words: "done", "untouched", "wrong: dW has the wrong sign"."""
    if verdict.status in ("done", "untouched"):
        return verdict.status
    return f"{verdict.status}: {verdict.reason}" if verdict.reason else verdict.status


def table(submissions):
    """Return the marks of a class as text: a line for each submission, then what went wrong how often."""
    width = max(len("submission"), *(len(each.name) for each in submissions))
    parts = ["".join(str(number % 10) for number in range(first, last + 1)) for first, last in PARTS]
    lines = [f"{'submission':<{width}}  done  tries  {'  '.join(parts)}"]
    for each in submissions:
        marks = [MARKS[verdict.status] for verdict in each.verdicts]
        groups = "  ".join("".join(marks[first - 1 : last]) for first, last in PARTS)
        lines.append(f"{each.name:<{width}}  {each.done:>4}  {sum(each.tries):>5}  {groups}")
    lines += ["", "+ done   x wrong   ! cannot be judged   . untouched"]
    mistakes = Counter(
        (exercise.number, f"{exercise.number:>2} {exercise.name}: {outcome(verdict)}")
        for each in submissions
        for exercise, verdict in zip(load_all(), each.verdicts)
        if verdict.status in ("wrong", "broken")
    )
    if mistakes:
        lines += ["", "What went wrong, and how often:"]
        lines += [f"{count:>3} x  {text}" for (_, text), count in sorted(mistakes.items())]
    return "\n".join(lines)
