"""A class is marked: each folder on its own, whatever one of them does."""

import csv

import pytest

from numpygan.workbook.exercises import find, load_all
from numpygan.workbook.folder import WorkFolder
from numpygan.workbook.grade import grade, submissions_in, table, write_csv

BAD = "def dense_forward(x, W, b):\n    "


@pytest.fixture(scope="module")
def submissions(tmp_path_factory):
    """Three folders: one all right, one begun, one hostile."""
    top = tmp_path_factory.mktemp("class")
    for name in ("ada", "bob", "=eve"):
        WorkFolder(top / name).start(load_all())
    for exercise in load_all():
        (top / "ada" / exercise.filename).write_text(exercise.whole_solution, encoding="utf-8")
    bob = WorkFolder(top / "bob")
    bob.file(find(4)).write_text(
        find(4).whole_solution.replace("sum(axis=0)", "mean(axis=0)"), encoding="utf-8"
    )
    bob.check(find(4))
    bob.file(find(5)).unlink()
    (top / "=eve" / find(2).filename).write_text(f"{BAD}while True: pass\n", encoding="utf-8")
    (top / "=eve" / find(3).filename).write_text("import os; os._exit(1)\n", encoding="utf-8")
    (top / "=eve" / find(6).filename).write_bytes(b"\xff")
    (top / "=eve" / find(8).filename).write_text(find(8).whole_solution, encoding="utf-8")
    (top / "notes").mkdir()
    return grade(submissions_in([top]), seconds=2, processes=2)


def test_marks(submissions):
    eve, ada, bob = submissions
    assert [each.name for each in submissions] == ["=eve", "ada", "bob"]
    assert ada.done == len(load_all())
    assert bob.done == 0 and bob.verdicts[3].cause == "mean" and bob.tries[3] == 1
    assert {verdict.status for k, verdict in enumerate(bob.verdicts) if k != 3} == {"untouched"}
    assert [eve.verdicts[k].cause for k in (1, 2, 5)] == ["endless", "died", "raises"]
    assert eve.done == 1 and eve.verdicts[7].status == "done"


def test_csv(submissions, tmp_path):
    write_csv(tmp_path / "grades.csv", submissions)
    with open(tmp_path / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["submission"] for row in rows] == ["'=eve", "ada", "bob"]
    assert rows[1]["done"] == rows[1]["of"] == str(len(load_all()))
    assert rows[2]["04 dense_backward"].startswith("wrong: db is N = 5 times too small")
    assert rows[2]["04 tries"] == "1" and rows[2]["05 gradient_error"] == "untouched"
    assert rows[0]["02 dense_forward"].startswith("broken: it did not end")


def test_table(submissions):
    lines = table(submissions).splitlines()
    assert lines[1].split() == ["=eve", "1", "0", ".!!..!.+....", ".......", "......."]
    assert lines[2].split() == ["ada", "26", "0", "+" * 12, "+" * 7, "+" * 7]
    assert any(line.startswith("  1 x   4 dense_backward: wrong: db is N = 5") for line in lines)


def test_what_is_no_folder_of_exercises(tmp_path):
    with pytest.raises(ValueError, match="is no folder"):
        submissions_in([tmp_path / "none"])
    with pytest.raises(ValueError, match="holds no exercises"):
        submissions_in([tmp_path])
