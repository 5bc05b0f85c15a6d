"""Nothing that a learner wrote is ever lost."""

import pytest

from numpygan.workbook.exercises import find, load_all
from numpygan.workbook.folder import NOTES, WorkFolder, read_notes, read_source
from numpygan.workbook.language import choose

FIRST = find(1)
WRONG = "def numeric_derivative(f, x, h=1e-5):\n    return (f(x + h) - f(x)) / h\n"


@pytest.fixture
def folder(tmp_path):
    folder = WorkFolder(tmp_path / "workbook")
    folder.start(load_all())
    return folder


def test_start_makes_every_file_and_keeps_those_that_are_there(folder):
    files = sorted(path.name for path in folder.path.glob("*.py"))
    assert files == [exercise.filename for exercise in load_all()]
    folder.file(FIRST).write_text("mine", encoding="utf-8")
    assert folder.start(load_all()) == len(load_all())
    assert folder.file(FIRST).read_text(encoding="utf-8") == "mine"


def test_reset_keeps_what_was_written_however_often(folder):
    for text in ("one", "two"):
        folder.file(FIRST).write_text(text, encoding="utf-8")
        assert folder.reset(FIRST).read_text(encoding="utf-8") == text
        assert folder.status(FIRST) == "untouched"
    kept = sorted(path.read_text(encoding="utf-8") for path in folder.path.glob("*.before-*.py"))
    assert kept == ["one", "two"]


def test_reset_brings_back_a_file_that_is_gone(folder):
    folder.file(FIRST).unlink()
    assert folder.reset(FIRST) is None
    assert folder.file(FIRST).exists()


def test_check_remembers_across_runs(folder):
    assert folder.status(FIRST) == "untouched" and folder.next() == FIRST
    folder.file(FIRST).write_text(WRONG, encoding="utf-8")
    assert folder.status(FIRST) == "changed"
    for _ in range(2):  # the same wrong answer is one try
        assert folder.check(FIRST).cause == "one_side"
    again = WorkFolder(folder.path)
    assert again.status(FIRST) == "wrong" and again.tries(FIRST) == 1
    folder.file(FIRST).write_text(FIRST.whole_solution, encoding="utf-8")
    assert again.check(FIRST)
    assert again.status(FIRST) == "done" and again.next() == find(2)
    folder.file(FIRST).write_text(FIRST.whole_solution + "\n# and on\n", encoding="utf-8")
    assert WorkFolder(folder.path).status(FIRST) == "changed"


def test_a_blank_is_no_try(folder):
    assert folder.check(FIRST).status == "untouched"
    assert folder.tries(FIRST) == 0


def test_line_ends_do_not_matter(folder):
    text = folder.file(FIRST).read_text(encoding="utf-8")
    folder.file(FIRST).write_bytes(text.replace("\n", "\r\n").encode())
    assert folder.status(FIRST) == "untouched"


@pytest.mark.parametrize(
    "notes",
    [
        "", "{", "[]", '{"lang": "xx"}', '{"lang": "en", "exercises": 3}',
        '{"lang": "en", "exercises": {"tanh": []}}', "[" * 10_000,
    ],
)  # fmt: skip
def test_notes_that_make_no_sense_are_forgotten(folder, notes):
    (folder.path / NOTES).write_text(notes, encoding="utf-8")
    assert read_notes(folder.path).get("exercises", {}) == {}
    assert WorkFolder(folder.path).check(FIRST).status == "untouched"
    folder.file(FIRST).write_text(FIRST.whole_solution, encoding="utf-8")
    assert WorkFolder(folder.path).check(FIRST)
    assert WorkFolder(folder.path).status(FIRST) == "done"  # new notes can be read again


def test_a_file_that_is_no_text_does_not_hide_the_others(folder):
    folder.file(FIRST).write_bytes(b"\xff")
    assert folder.status(FIRST) == "changed" and folder.next() == FIRST


def test_files_that_are_no_answers(tmp_path):
    path = tmp_path / "a.py"
    with pytest.raises(FileNotFoundError):
        read_source(path)
    path.write_bytes(b"x" * 100_001)
    with pytest.raises(ValueError, match="larger than"):
        read_source(path)
    path.write_bytes(b"\xff\xff")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_source(path)
    path.write_bytes("\ufeffx = 'ü'".encode())
    assert read_source(path) == "x = 'ü'"


@pytest.mark.parametrize(
    ("value", "lang"), [("ko_KR.UTF-8", "ko"), ("en_US.UTF-8", "en"), ("de_DE", "en"), ("C", "en")]
)
def test_the_language_is_that_of_the_locale(monkeypatch, value, lang):
    monkeypatch.setenv("LC_ALL", value)
    assert choose() == lang
    assert choose("ko") == "ko"
    with pytest.raises(ValueError, match="lang must be one of en, ko"):
        choose("fr")
