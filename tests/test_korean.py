"""The Korean pages: the same page as the English one, and what docs/korean.py notices."""

import json

import pytest

from tests.pages import load_script

KOREAN = load_script("korean")
PAGES = KOREAN.translated_pages()

ENGLISH = """# A title

Take $x$ and [the rule](other.md#a-rule), 3 times, with `np.exp`.

<a id="eq-1.1"></a>

$$
y = x \\tag{1.1}
$$

In code: [`f`](f.py)

## Next

```python
print(1)
```

```text
1
```

- one [(1.1)](#eq-1.1)
- two, see [next](#next)
"""
TRANSLATED = """# 제목

([English](page.md))

$x$와 [규칙](other.md#a-rule)을 `np.exp`로 3번 씁니다.

[식 (1.1)](page.md#eq-1.1)

## 다음

[코드](page.md)

[출력](page.md)

- 하나 [(1.1)](#eq-1.1)
- 둘, [다음](#next)을 보세요
"""


def sums(english=ENGLISH):
    return [KOREAN.check_sum(part.text) for part in KOREAN.words_of(english)]


def complaints(korean=TRANSLATED, english=ENGLISH):
    return KOREAN.problems(korean, english, sums())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name + "/" + path.name)
def test_the_korean_page_is_the_english_one(path):
    english = KOREAN.english_of(path)
    name = english.relative_to(KOREAN.ROOT / "docs").as_posix()
    known = json.loads(KOREAN.SUMS.read_text(encoding="utf-8"))[name]
    texts = [page.read_text(encoding="utf-8") for page in (path, english)]
    assert KOREAN.problems(*texts, known) == []


def test_blocks_come_from_the_english_page():
    whole = KOREAN.assemble(TRANSLATED, ENGLISH)
    assert "제목" in whole and "```python\nprint(1)\n```\n\n```text\n1\n```" in whole
    assert '<a id="eq-1.1"></a>\n\n$$\ny = x \\tag{1.1}\n$$\n\n코드: [`f`](f.py)' in whole
    assert complaints() == []


def test_a_draft_has_the_form_of_the_page():
    draft = KOREAN.draft(ENGLISH, "page.md")
    assert KOREAN.form(draft) == ("heading 1", 1)
    assert {line.split(": ")[-1] for line in complaints(draft)} == {"it is not translated"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("3번", "세 번", "it lacks 3"),
        ("`np.exp`", "exp", "code `np.exp` here or there only"),
        ("$x$", "$y$", "formula $"),
        ("(other.md#a-rule)", "(other.md)", "link other.md"),
        ("- 둘, [다음](#next)을 보세요\n", "", "other rows or items"),
        ("## 다음", "### 다음", "is heading 3"),
        ("[코드](page.md)", "[출력](page.md)", "stands where the English page has code"),
        ("[출력](page.md)\n\n", "", "there is no marker for"),
        ("$x$와", "노이즈 $x$와", "the glossary has 잡음"),
        ("을 `np.exp`로 3번 씁니다", "with `np.exp` and 3 others", ""),
    ],
)
def test_what_differs_is_named(old, new, complaint):
    assert old in TRANSLATED
    found = complaints(TRANSLATED.replace(old, new))
    assert (complaint in found[0]) if complaint else not found


def test_an_english_paragraph_that_changed_is_named():
    changed = ENGLISH.replace("Take $x$", "Do take $x$")
    assert complaints(english=changed)[0].startswith("changed since it was translated: 'Do take $x$")
    assert "paragraphs for" in complaints(english=ENGLISH + "\nMore.\n")[0]


def test_links_lead_to_korean_pages_where_there_are_any(tmp_path):
    (tmp_path / "page.md").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "page.ko.md").write_text(TRANSLATED, encoding="utf-8")
    (tmp_path / "other.md").write_text("# Other\n\n## A rule\n", encoding="utf-8")
    assert "[규칙](other.md#a-rule)" in KOREAN.page(tmp_path / "page.ko.md")
    (tmp_path / "other.ko.md").write_text("# 다른 것\n\n## 규칙 하나\n", encoding="utf-8")
    whole = KOREAN.page(tmp_path / "page.ko.md")
    assert "[규칙](other.ko.md#규칙-하나)" in whole
    assert "[(1.1)](#eq-1.1)" in whole and "[다음](#다음)" in whole
    assert "([English](page.md))" in whole
