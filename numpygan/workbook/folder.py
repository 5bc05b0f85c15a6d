"""A learner's folder: the files they write in, and what has been tried so far.

Nothing that a learner wrote is ever overwritten: files are made only where there are none,
and `reset` keeps the old one under another name.
"""

import hashlib
import json
from pathlib import Path

from ..files.atomic import atomic_write
from .exercises import load_all
from .supervise import judge_sources
from .text_files import LANGUAGES

NOTES = ".workbook.json"
LARGEST = 100_000  # bytes of an answer's file
TRIES = 3  # before a solution is shown


class WorkFolder:
    """Reads and changes the folder at `path`.

    Attributes:
        lang: the language to speak: what was asked for, or the one in which the folder was begun.
        notes: dict from an exercise's name to {"wrong": [...], "done": ..., "hints": 0}: hashes of
            the wrong answers that were tried, that of the right one, and how many hints were shown.
    """

    def __init__(self, path, lang=None):
        self.path = Path(path)
        saved = read_notes(self.path)
        self._begun_in = saved.get("lang")
        self.lang = lang or self._begun_in or "en"
        self.notes = saved.get("exercises", {})

    def file(self, exercise):
        return self.path / exercise.filename

    def note(self, exercise):
        return self.notes.setdefault(exercise.name, {"wrong": [], "done": None, "hints": 0})

    def save(self):
        text = json.dumps({"lang": self._begun_in or self.lang, "exercises": self.notes}, indent=1)
        with atomic_write(self.path / NOTES) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")

    def start(self, exercises, *, hints=True):
        """Put the files of exercises there, where there are none yet; return how many there were."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._begun_in = self.lang
        kept = sum(not self._write(self.file(e), e.blank(self.lang, hint=hints)) for e in exercises)
        self.save()
        return kept

    def _write(self, path, text):
        """Write a new file and return True, or return False if there is one."""
        try:
            file = open(path, "x", encoding="utf-8", newline="\n")  # noqa: SIM115
        except FileExistsError:
            return False
        try:
            with file:
                file.write(text)
        except OSError as error:  # half a file would pass for the learner's own work
            path.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, str(path)) from None
        return True

    def reset(self, exercise):
        """Put the blank in place of the exercise's file; return where the old one is now, or None."""
        path, backup, number = self.file(exercise), None, 0
        while path.exists() and backup is None:
            number += 1
            candidate = path.with_name(f"{path.stem}.before-{number}.py")
            if self._write(candidate, ""):  # the name is ours: nobody else's file can be hit
                path.replace(candidate)
                backup = candidate
        self._write(path, exercise.blank(self.lang))
        self.note(exercise)["done"] = None
        self.save()
        return backup

    def check(self, exercise):
        """Judge the exercise's file, remember the outcome and return the Verdict."""
        source = read_source(self.file(exercise))
        verdict = judge_sources([(exercise.name, source, exercise.filename)], lang=self.lang)[0]
        note, mark = self.note(exercise), _hash(source)
        if verdict:
            note["done"] = mark
        elif verdict.status != "untouched" and mark not in note["wrong"]:
            note["wrong"].append(mark)
        self.save()
        return verdict

    def status(self, exercise):
        """Return "done", "wrong", "changed" or "untouched", as of the last check."""
        try:
            mark = _hash(read_source(self.file(exercise)))
        except OSError:
            return "untouched"
        except ValueError:  # not text, so it cannot be one of those that were checked
            return "changed"
        note = self.note(exercise)
        if mark in (note["done"], *note["wrong"]):
            return "done" if mark == note["done"] else "wrong"
        blanks = (exercise.blank(lang, hint=hint) for lang in LANGUAGES for hint in (True, False))
        return "untouched" if mark in map(_hash, blanks) else "changed"

    def next(self):
        """Return the first exercise that is not done, or None."""
        return next((e for e in load_all() if self.file(e).exists() and self.status(e) != "done"), None)

    def tries(self, exercise):
        """Return how many different wrong answers have been checked."""
        return len(self.note(exercise)["wrong"])


def read_source(path):
    """Return the text of an answer's file; raise OSError if there is none, ValueError if it is none."""
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    with open(path, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST:,} bytes: an answer is one screen of Python")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text: save it as UTF-8 in the editor") from None


def read_notes(folder):
    """Return what a folder's notes say, as far as they make sense; {} if there are none."""
    try:
        with open(Path(folder) / NOTES, encoding="utf-8") as file:
            saved = json.loads(file.read(1 << 20))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(saved, dict) or saved.get("lang") not in LANGUAGES:
        return {}
    names = [exercise.name for exercise in load_all()]
    notes = saved.get("exercises")
    notes = notes if isinstance(notes, dict) else {}
    saved["exercises"] = {name: notes[name] for name in names if _is_note(notes.get(name))}
    return saved


def _is_note(note):
    if not isinstance(note, dict) or set(note) != {"wrong", "done", "hints"}:
        return False
    wrong = isinstance(note["wrong"], list) and all(isinstance(each, str) for each in note["wrong"])
    return wrong and isinstance(note["done"], (str, type(None))) and type(note["hints"]) is int


def _hash(source):
    """Return a mark that is the same for the same text, whatever its line ends."""
    return hashlib.sha256("\n".join(source.splitlines()).encode()).hexdigest()[:16]
