"""`numpygan workbook` from start to train, as a learner types it."""

from pathlib import Path

import pytest
from matplotlib.image import imread

from numpygan.cli import main
from numpygan.workbook.exercises import find, load_all
from numpygan.workbook.train import NEEDED


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """A function that runs `numpygan workbook ...` in an empty folder; returns status and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*arguments):
        status = main(["workbook", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def write(exercise, text):
    with open(f"workbook/{exercise.filename}", "w", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.slow
def test_from_start_to_the_second_exercise(said):
    assert said("status") == (
        2,
        "numpygan: no workbook in . or workbook: begin one with `numpygan workbook start`\n",
    )
    status, text = said("start")
    assert status == 0 and "01_numeric_derivative.py" in text
    assert said("check") == (
        1,
        "1 numeric_derivative: not begun\n"
        "  the body is still blank: replace the line with ... by your code\n",
    )
    assert "Hint 2" not in said("hint")[1] and "Hint 2" in said("hint")[1]
    for k in range(3):
        write(find(1), f"def numeric_derivative(f, x, h=1e-5):\n    return {k}\n")
        assert said("solution", 1)[0] == 1
        assert said("check", 1)[0] == 1
    status, solution = said("solution", 1)
    assert status == 0 and solution == find(1).whole_solution
    write(find(1), solution)
    status, text = said("check")
    assert status == 0 and "done" in text and "02_dense_forward.py" in text
    assert "[#...........]" in said("status")[1]
    assert "dense_forward" in said("next")[1] and "y = x W + b" in said("next")[1]
    assert "before-1" in said("reset", 1)[1]


def test_korean_stays_korean(said):
    assert said("start", "--lang", "ko")[0] == 0
    assert "시작하지 않음" in said("check")[1]
    assert "not begun" in said("check", "--lang", "en")[1]
    assert "시작하지 않음" in said("check")[1]


def test_sheets_without_hints(said):
    assert said("start", "sheet", "--exercises", "3-4,17", "--no-hints")[0] == 0
    files = sorted(path.name for path in Path("sheet").glob("*.py"))
    assert files == ["03_dense_one_sample.py", "04_dense_backward.py", "17_batch_norm.py"]
    assert "region" not in Path("sheet", files[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize("numbers", ["0", "27", "x", "3--4", "5-4"])
def test_numbers_that_are_none(said, numbers):
    with pytest.raises(SystemExit):
        said("start", "--exercises", numbers)


@pytest.mark.parametrize("option", ["--seconds", "--memory", "--processes"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "inf", "nan"])
def test_limits_that_are_none(said, option, value):
    with pytest.raises(SystemExit):
        said("grade", ".", option, value)


def test_solution_can_be_had_at_once(said):
    said("start")
    assert said("solution", "tanh", "--show") == (0, find("tanh").whole_solution)


@pytest.mark.slow
def test_a_mistake_is_shown_beside_its_cure(said):
    said("start")
    for name in NEEDED[:-1]:
        write(find(name), find(name).whole_solution)
    write(find("tanh"), find("tanh").whole_solution.replace("1 - y * y", "1 - y"))
    status, text = said("train", "--quick")
    assert status == 0
    assert "yours: dense_forward" in text and "with their mistakes: tanh" in text
    assert "from the solutions, as these are not done: he_normal" in text
    assert "leave out --quick to see digits." in text
    assert imread("workbook/drawn.png")[..., :3].std() > 0.05


def test_all_done_leads_to_training_and_a_full_mark(said):
    said("start")
    for exercise in load_all():
        write(exercise, exercise.whole_solution)
    status, text = said("grade", "workbook")
    assert status == 0 and "workbook      26" in text and "Written to grades.csv" in text
    assert "5 s for an exercise" in text
