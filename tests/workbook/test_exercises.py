"""Every blank is noticed, every right answer passes, every wrong one is caught and named."""

import ast
import re
import time
from collections import Counter

import pytest

from numpygan.workbook.checks import CHECKS
from numpygan.workbook.examine import examine_source
from numpygan.workbook.exercises import PARTS, find, load_all
from numpygan.workbook.language import messages
from tests.pages import pages

from .further_mistakes import FURTHER
from .readers import ANSWERS
from .right_answers import RIGHT
from .slipped import SLIPPED
from .unforeseen_early import EARLY
from .unforeseen_late import LATE
from .wrong_answers import WRONG

ALSO = [*FURTHER, *EARLY, *LATE, *SLIPPED]
NAMES = [exercise.name for exercise in load_all()]


def mistaken(name, old, new):
    """Return the text of an answer with one mistake."""
    exercise = find(name)
    assert old in exercise.solution, f"{name} has no {old!r}"
    return exercise.imports + exercise.solution.replace(old, new, 1)


def test_numbers_and_parts():
    assert [exercise.number for exercise in load_all()] == list(range(1, len(NAMES) + 1))
    assert set(CHECKS) == set(NAMES)
    assert [number for first, last in PARTS for number in range(first, last + 1)] == list(
        range(1, len(NAMES) + 1)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_is_not_begun(name):
    for lang in ("en", "ko"):
        verdict = examine_source(name, find(name).blank(lang), lang=lang)
        assert verdict.status == "untouched" and "..." in str(verdict)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_is_half_a_blank_is_told_what_is_missing(name):
    exercise = find(name)
    emptied = re.sub(r"^    \.\.\. .*$", "    x = None", exercise.blank("en"), flags=re.MULTILINE)
    verdict = examine_source(name, emptied)
    assert verdict.status == "wrong"
    assert verdict.cause is not None, verdict


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes(name):
    verdict = examine_source(name, find(name).whole_solution)
    assert verdict, verdict


@pytest.mark.parametrize(("name", "code"), RIGHT, ids=[name for name, _ in RIGHT])
def test_other_right_answers_pass(name, code):
    verdict = examine_source(name, f"import numpy as np\n{code}")
    assert verdict, verdict


@pytest.mark.parametrize(("name", "old", "new", "cause"), WRONG, ids=[f"{w[0]}-{w[3]}" for w in WRONG])
def test_a_wrong_answer_is_caught_and_its_mistake_named(name, old, new, cause):
    verdict = examine_source(name, mistaken(name, old, new))
    assert verdict.status in ("wrong", "broken")
    assert verdict.cause == cause, verdict


@pytest.mark.parametrize(("name", "old", "new", "cause"), ALSO, ids=[f"{w[0]}-{w[3]}" for w in ALSO])
def test_other_mistakes_are_caught_too(name, old, new, cause):
    verdict = examine_source(name, mistaken(name, old, new))
    assert verdict.status in ("wrong", "broken")
    assert verdict.cause == cause, verdict
    assert cause or "docs/book" in str(verdict)


@pytest.mark.parametrize(("name", "code", "cause"), ANSWERS, ids=[f"{a[0]}-{a[2]}" for a in ANSWERS])
def test_what_readers_got_wrong_is_named(name, code, cause):
    exercise = find(name)
    written = {node.name for node in ast.parse(code).body}
    others = [node for node in ast.parse(exercise.solution).body if node.name not in written]
    source = "\n\n".join([exercise.imports, *map(ast.unparse, others), code])
    begun = time.perf_counter()
    verdict = examine_source(name, source)
    assert time.perf_counter() - begun < 2
    assert verdict.status in ("wrong", "broken")
    assert verdict.cause == cause, verdict
    assert str(examine_source(name, source, lang="ko"))


def test_nine_in_ten_mistakes_have_a_name():
    table = [*WRONG, *ALSO]
    assert sum(row[3] is not None for row in table) > 0.9 * len(table)
    assert sum(row[3] is not None for row in ALSO) > 0.8 * len(ALSO)


def test_there_are_five_wrong_answers_to_each_exercise():
    assert all(Counter(name for name, *_ in WRONG)[name] >= 5 for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_cause_of_an_exercise_comes_up(name):
    found = {cause for exercise, *_, cause in [*WRONG, *ALSO, *ANSWERS] if exercise == name}
    assert set(find(name).causes) <= found


def test_the_numbers_are_shown():
    verdict = examine_source(
        "dense_backward", mistaken("dense_backward", "dy.sum(axis=0)", "dy.mean(axis=0)")
    )
    assert verdict.array == "db" and verdict.expected == pytest.approx(5 * verdict.got)
    assert re.search(r"db\[\d\] is -?\d+\.\d+, but should be -?\d+\.\d+", str(verdict))
    assert "N = 5 times too small" in str(verdict)


def test_shapes_are_shown_where_they_differ():
    verdict = examine_source("dense_backward", mistaken("dense_backward", "dy.sum(axis=0)", "dy.sum(axis=1)"))
    assert verdict.where == "db has shape (5,), but should have (3,)"


def test_numbers_that_no_usual_mistake_gives_lead_to_the_page():
    verdict = examine_source("dense_forward", mistaken("dense_forward", "x @ W + b", "x @ W + 0.7 * b"))
    assert verdict.status == "wrong" and verdict.cause is None
    assert "docs/book/1-gradients/04-the-dense-layer.md" in str(verdict)


def test_digits_that_are_missing_are_told_from_mistakes():
    verdict = examine_source("dense_forward", mistaken("dense_forward", "x @ W", "np.round(x @ W, 4)"))
    assert verdict.cause == "imprecise"


# --- texts -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_texts(name):
    exercise = find(name)
    assert len(exercise.hints) >= 2 and len(exercise.causes) >= 5
    for lang in ("en", "ko"):
        blank = exercise.blank(lang)
        ast.parse(blank)
        assert blank.count("\n") < 60  # one screen
        assert max(map(len, blank.splitlines())) <= 125
    for sentences in [*exercise.hints, *exercise.causes.values(), exercise.task]:
        same_braces(sentences)
    for function in ast.parse(exercise.solution).body:
        assert not isinstance(function, ast.FunctionDef) or ast.get_docstring(function), "shapes"


def same_braces(sentences):
    """Assert that a sentence is there in both languages, with the same places to be filled in."""
    assert set(sentences) == {"en", "ko"}
    english, korean = (set(re.findall(r"\{\w+\}", sentences[lang])) for lang in ("en", "ko"))
    assert english == korean, sentences
    assert not re.search("[가-힣]", sentences["en"]), sentences


def test_messages_are_complete_in_both_languages():
    for key, sentences in messages().items():
        same_braces(sentences)
        assert re.search("[가-힣]", sentences["ko"]), key


def test_hints_and_tasks_are_translated():
    for exercise in load_all():
        for sentences in [*exercise.hints, *exercise.causes.values(), exercise.task]:
            assert re.search("[가-힣]", sentences["ko"]), (exercise.name, sentences)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_cause_that_an_exercise_has_can_be_said(name):
    """Run all its wrong answers in Korean: each sentence must have what it needs."""
    for row in [*WRONG, *ALSO]:
        if row[0] == name:
            assert str(examine_source(name, mistaken(*row[:3]), lang="ko"))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_the_equations(name):
    exercise = find(name)
    page = pages.ROOT / "docs" / "book" / exercise.page
    text = "".join(
        path.read_text(encoding="utf-8") for path in sorted(page.parent.parent.glob("*/[0-9]*.md"))
    )
    here = page.read_text(encoding="utf-8")
    assert exercise.equations
    for number in exercise.equations:
        assert f"\\tag{{{number}}}" in text
    assert f"\\tag{{{exercise.equations[0]}}}" in here
