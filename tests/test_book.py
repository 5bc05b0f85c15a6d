"""Every page of the docs does what it says; equations and code point at each other."""

import ast
import re
import unicodedata
from collections import Counter

import pytest

from tests.pages import load_script, pages

PAGES = pages.all_pages()
KOREAN = load_script("korean")
RUN = [path for path in PAGES if path not in KOREAN.translated_pages()]  # those have no code of their own
BOOK = [path for path in PAGES if "book" in path.relative_to(pages.ROOT).parts and ".ko." not in path.name]
NUMBERED = [path for path in BOOK if re.match(r"\d\d-", path.name)]
FIRST = pages.ROOT / "docs" / "book" / "your-first-gan.md"
CHAPTERS = [FIRST, *NUMBERED]
TRANSLATED = [pages.ROOT / "README.md", FIRST]  # README.ko.md, your-first-gan.ko.md
ADDED = re.compile(r"3-models/(1[4-9]|2\d)-|4-use/06-")  # the pages that the first edition had not


def name(path):
    return path.relative_to(pages.ROOT).as_posix()


def text_of(path):
    return KOREAN.page(path) if path in KOREAN.translated_pages() else path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in RUN if path.parent.name != "3-models"], ids=name)
def test_page(path):
    assert pages.check_page(path) == []


@pytest.mark.slow  # they train
@pytest.mark.parametrize("path", [path for path in RUN if path.parent.name == "3-models"], ids=name)
def test_page_on_models(path):
    assert pages.check_page(path) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in RUN if "```python slow" in text_of(p)], ids=name)
def test_slow_page(path):
    assert pages.check_page(path, also=["slow"]) == []


@pytest.mark.parametrize("path", [p for p in RUN if "```python torch" in text_of(p)], ids=name)
def test_torch_page(path):
    pytest.importorskip("torch")
    assert pages.check_page(path, also=["torch"]) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=name)
def test_form_of_a_chapter(path):
    text = text_of(path)
    for heading in (
        "**What you will do:**",
        "**What you will learn:**",
        "**What you need:**",
        "\n## Exercises\n",
    ):
        assert text.count(heading) == 1, f"{heading} once"
    exercises = text.partition("\n## Exercises\n")[2]
    assert re.findall(r"^\*\*Exercise (\d)\.", exercises, re.MULTILINE) == ["1", "2", "3"]
    assert exercises.count("<summary>Solution</summary>\n\n") == 3
    assert exercises.count("\n\n</details>\n") == exercises.count("<details>\n") == 3
    assert "Break it, then let the checker find it" in exercises


@pytest.mark.parametrize("path", CHAPTERS, ids=name)
def test_an_exercise_sheet_has_no_solutions(path):
    sheet = load_script("exercises").exercise_sheet(text_of(path))
    assert sheet.startswith("# ") and sheet.count("**Exercise ") == 3
    assert "details" not in sheet and "```" not in sheet and "](" not in sheet


@pytest.mark.parametrize("folder", sorted({path.parent for path in NUMBERED}), ids=name)
def test_a_part_lists_its_chapters_in_order(folder):
    listed = re.findall(r"\]\((\d\d-[\w-]+\.md)\)", text_of(folder / "index.md"))
    assert listed == sorted(path.name for path in NUMBERED if path.parent == folder)


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_the_korean_page_is_the_english_one(path):
    korean = path.with_suffix(".ko.md")
    both = [text_of(page).splitlines(keepends=True) for page in (path, korean)]
    english, translated = ([b.info for b in pages.blocks_of(lines)] for lines in both)
    assert english == translated
    excerpts = [[b.text for b in pages.blocks_of(lines) if "excerpt" in b.info] for lines in both]
    assert excerpts[0] == excerpts[1]
    assert pages.figures_of(path) == pages.figures_of(korean)
    headings = [[line.split()[0] for line in lines if re.match("#+ [^#]", line)] for lines in both]
    assert headings[0] == headings[1]
    assert len({text_of(page).count("\n\n</details>\n") for page in (path, korean)}) == 1


def sections_of(path):
    """Return the numbers and the code within the lines of each section of a page, as two Counters."""
    text = pages.FENCED.sub("", text_of(path))
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        code = re.findall(r"`[^`\n]+`|^    .+", section, re.MULTILINE)
        yield Counter(re.findall(r"\d(?:[\d.,]*\d)?", section)), Counter(code)


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_the_korean_page_says_no_less(path):
    pairs = zip(sections_of(path), sections_of(path.with_suffix(".ko.md")), strict=True)
    for (numbers, code), (translated, code_there) in pairs:
        assert numbers - translated == Counter()  # it may write a 2 where English has two
        assert code == code_there


def test_the_first_edition_is_no_longer_than_it_was():
    first = [path for path in BOOK if path.parent.name[0] in "1234" and not ADDED.search(path.as_posix())]
    assert len(first) > 35 and sum(map(pages.words_of, first)) <= 46_000


def test_words_of_prose(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Two words\n\nThree [more words](of/a/link.md), $x + y$ and `x = 1`.\n\n| a | table |\n| --- | --- |\n\n"
        "<!-- python\nx = 2\n-->\n\n```python\nx = 3\n```\n\n$$\na = b\n$$\n\nEnd <b>here</b>\n",
        encoding="utf-8",
    )
    assert pages.words_of(page) == len("# Two words Three [more words], and . End here".split())


# --- links -----------------------------------------------------------------------------


def anchors_of(path):
    """Return what a link to this page may have after its #: headings as a code host names them, and anchors."""
    text = pages.FENCED.sub("", text_of(path))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    return {*slugs, *re.findall(r'<a id="([^"]+)"></a>', text)}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_dead_link(path):
    for target in re.findall(r"(?<=\]\()[^)\s]+(?=\))", pages.prose_of(path, text_of(path))):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors_of(there), target


def test_the_first_page_leads_to_all_others():
    docs = pages.ROOT / "docs"
    first = text_of(docs / "index.md")
    for path in docs.glob("*.md"):
        if path.name != "index.md":
            assert f"]({path.name})" in first and re.search(rf"^{path.stem}$", first, re.MULTILINE), path.name


# --- equations -------------------------------------------------------------------------


def equations():
    """Return {number: (path, [(file, object), ...])} of all equations, with the code they name."""
    found = {}
    pattern = (
        r'<a id="eq-(?P<anchor>[\d.]+)"></a>\n\n\$\$\n(?P<body>[^$]*?)\\tag\{(?P<number>[\d.]+)\}\n\$\$\n(?:\n'
        r"In code: (?P<code>(?:.+\n)+))?"
    )
    for path in BOOK:
        for match in re.finditer(pattern, text_of(path)):
            assert match["number"] not in found, f"{name(path)}: two equations ({match['number']})"
            assert match["anchor"] == match["number"], f"{name(path)}: anchor of ({match['number']})"
            code = re.findall(r"\[`([\w.]+)`\]\(([^)]+)\)", match["code"] or "")
            found[match["number"]] = path, [((path.parent / file).resolve(), thing) for thing, file in code]
    return found


def mentions(text):
    """Return the numbers of the book's equations that a piece of code mentions."""
    groups = re.findall(r"\(eqs?\. (\d+\.\d+(?:(?:,| and| to) \d+\.\d+)*)\)", text)
    return {number for group in groups for number in re.findall(r"\d+\.\d+", group)}


def source_of(file, thing):
    """Return the source of `thing`, such as "Dense.forward", in a file."""
    text = file.read_text(encoding="utf-8")
    body = ast.parse(text).body
    for part in thing.split("."):
        node = next((n for n in body if getattr(n, "name", None) == part), None)
        assert node is not None, f"no {thing} in {name(file)}"
        body = getattr(node, "body", [])
    return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])  # with a comment on the last line


def test_every_tag_is_a_whole_equation():
    for path in BOOK:
        tags = re.findall(r"\\tag\{([\d.]+)\}", text_of(path))
        assert tags == [number for number, (where, _) in equations().items() if where == path], name(path)
        part = re.match(r"\d", path.parent.name)
        assert all(part and tag.startswith(f"{part[0]}.") for tag in tags), f"{name(path)}: {tags}"


def test_equations_are_numbered_in_order():
    by_part = {}
    for number in equations():
        part, _, k = number.partition(".")
        by_part.setdefault(part, []).append(int(k))
    for part, numbers in by_part.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"part {part}: {numbers}"


def test_code_that_an_equation_names_mentions_it():
    for number, (path, code) in equations().items():
        for file, thing in code:
            assert number in mentions(source_of(file, thing)), f"{name(path)}: ({number}) is not in {thing}"


def test_equations_that_code_mentions_name_this_code():
    known = equations()
    for file in sorted((pages.ROOT / "numpygan").rglob("*.py")):
        for number in mentions(file.read_text(encoding="utf-8")):
            assert number in known, f"{name(file)} mentions ({number}), which the book does not have"
            assert file in [there for there, _ in known[number][1]], f"({number}) does not name {name(file)}"


def test_the_index_of_equations_is_in_step():
    script = load_script("equations")
    assert script.index() == text_of(script.INDEX), "run python docs/equations.py"


def test_every_equation_of_the_sheet_can_be_drawn_and_has_its_line_of_code():
    rows = load_script("sheet").rows()
    assert [number for number, _, _ in rows] == [number for number, (_, code) in equations().items() if code]
    assert [number for number, _, line in rows if not line] == []


def test_equations_that_examples_and_pages_mention_exist():
    known = set(equations())
    for path in [*sorted((pages.ROOT / "examples").glob("*.py")), *PAGES]:
        assert mentions(text_of(path)) <= known, name(path)
        for number, anchor in re.findall(r"\[\((\d+\.\d+)\)\]\([^)]*#eq-([\d.]+)\)", text_of(path)):
            assert number == anchor and number in known, f"{name(path)}: ({number}) leads to ({anchor})"


# --- sources ---------------------------------------------------------------------------

BIBLIOGRAPHY = pages.ROOT / "docs" / "book" / "bibliography.md"


def plain(text):
    """Return text without accents."""
    letters = unicodedata.normalize("NFKD", text.replace("\u0131", "i"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def bibliography():
    """Return the (first author, year) of each entry, in the order of the page; the year may be ""."""
    entries = re.findall(r'^- <a id="([\w-]+)"></a>\*\*(.+?)\.\*\* ', text_of(BIBLIOGRAPHY), re.MULTILINE)
    assert len({anchor for anchor, _ in entries}) == len(entries), "two entries with one anchor"
    authors = [re.split(r",| & | (?=\d)", plain(entry))[0] for _, entry in entries]
    return list(zip(authors, (re.sub(r"\D", "", entry) for _, entry in entries), strict=True))


def texts_of(folder):
    """Return {name: text} of the code and pages in a folder, the bibliography left out."""
    files = [*(pages.ROOT / folder).rglob("*.py"), *(pages.ROOT / folder).rglob("*.md")]
    return {name(f): text_of(f) for f in files if f != BIBLIOGRAPHY and "_build" not in f.parts}


def sources(text):
    """Return the texts after "Source:" in a file, each on one line."""
    found = re.findall(r"(?<!`)\*?Sources?:\*? (.+?)(?=\n\s*\n|\"\"\"|\Z)", text, re.DOTALL)
    return [" ".join(plain(source).split()) for source in found]


def unknown_sources(source, known):
    """Return the pieces of a source, each up to a year, that have no entry in the bibliography."""
    pieces = re.findall(r".+?\b(?:1[89]|20)\d\d\b", source) or [source]
    return [p for p in pieces if not any(author in p and p.endswith(year) for author, year in known)]


def test_the_bibliography_is_in_order():
    authors = [author.casefold() for author, _ in bibliography()]
    assert len(authors) > 50 and authors == sorted(authors)


@pytest.mark.parametrize("folder", ["numpygan", "examples", "docs"])
def test_every_source_is_in_the_bibliography(folder):
    known, seen = bibliography(), 0
    for file, text in texts_of(folder).items():
        if not file.endswith("contributing-to-the-book.md"):
            for source in sources(text):
                assert unknown_sources(source, known) == [], file
                seen += 1
    assert seen > 0


@pytest.mark.parametrize("folder", ["numpygan", "examples", "docs"])
def test_every_paper_that_is_cited_is_in_the_bibliography(folder):
    known = {(author.split()[-1], year) for author, year in bibliography()}
    authors = r"((?:[A-Z][\w-]+, )*[A-Z][\w-]+)(?: & [A-Z][\w-]+| et al\.),?"
    for file, text in texts_of(folder).items():
        one_line = plain(" ".join(text.split()))
        for names, year in re.findall(authors + r" \(?((?:19|20)\d\d)\b", one_line):
            assert known & {(author, year) for author in names.split(", ")}, f"{file}: {names} {year}"


def test_an_unknown_source_is_noticed():
    known = bibliography()
    assert unknown_sources("Kingma & Ba 2015, algorithm 1; Mao et al. 2017", known) == []
    assert unknown_sources("Kingma & Ba 2016", known) and unknown_sources("Nobody 2015", known)


# --- symbols ---------------------------------------------------------------------------

WORDS = r"\\(?:text|mathrm|operatorname|tag|begin|end|mathbf)\{[^}]*\}"
NOT_SYMBOLS = set(
    "frac sum sqrt hat bar top odot cdot cdots dots ldots partial log exp max min left right approx neq le ge "
    "leq geq in to sim quad qquad mid prod int infty times pm operatorname mathcal mathbb nabla langle rangle tilde "
    "lfloor rfloor lceil rceil ll gg propto tanh sin cos det mapsto big Big bigl bigr overline underbrace star "
    "ast circ dot ne leftarrow rightarrow equiv forall subset cup cap lVert rVert Vert vert colon lim limits".split()
)


def symbols_in(mathematics):
    """Return the letters of an equation, Latin ones as they are, Greek ones by their LaTeX name."""
    text = re.sub(WORDS, " ", mathematics)
    named = {word for word in re.findall(r"\\([A-Za-z]+)", text) if word not in NOT_SYMBOLS}
    return named | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", text)))


def test_symbols_are_in_the_table():
    table = next(path for path in BOOK if path.name == "symbols.md")
    rows = re.findall(r"^\| (.+?) \|", text_of(table), re.MULTILINE)
    known = set().union(*(symbols_in(m) for row in rows for m in pages.MATHS.findall(row)))
    assert len(known) > 10
    for path in CHAPTERS:
        used = Counter(s for m in pages.MATHS.findall(pages.prose_of(path)) for s in symbols_in(m))
        assert not set(used) - known, (
            f"{name(path)}: not in the table of symbols: {sorted(set(used) - known)}"
        )


# --- the runner itself -----------------------------------------------------------------

PAGE = "```python\nprint(1 / 3)\n```\n\n```text\n{}\n```\n{}"


@pytest.mark.parametrize(
    ("said", "after", "right"),
    [
        ("0.333", "", True),
        ("0.334", "", True),
        ("0.336", "", False),
        ("0.3333333333333333", "", True),
        ("a third", "", False),
        ("0.34", "\n*To within 5 %.*\n", True),
        ("0.40", "\n*To within 5 %.*\n", False),
        ("12", "\n*On one machine; yours will print other numbers.*\n", True),
        ("twelve", "\n*On one machine; yours will print other numbers.*\n", False),
        ("0.333\n0.333", "", False),
    ],
)
def test_runner_compares(tmp_path, said, after, right):
    page = tmp_path / "page.md"
    page.write_text(PAGE.format(said, after), encoding="utf-8")
    assert (pages.check_page(page) == []) is right


def test_excerpts_may_leave_lines_out(tmp_path):
    page = tmp_path / "page.md"
    mark = "```python excerpt numpygan/layers/dense.py\n"
    page.write_text(mark + "def forward(self, x, training=False):\n...\nreturn y\n```\n", encoding="utf-8")
    assert pages.check_page(page) == []


@pytest.mark.parametrize("mark", ["slow", "torch"])
def test_marked_blocks_run_only_if_asked_for(tmp_path, mark):
    page = tmp_path / "page.md"
    page.write_text(f"```python {mark}\n1 / 0\n```\n", encoding="utf-8")
    assert pages.check_page(page, also={"slow", "torch"} - {mark}) == []
    assert len(pages.check_page(page, also=[mark])) == 1


def test_whole_numbers_must_be_equal():
    assert pages.difference("10,000 of 3", "10,001 of 3") is not None
    assert pages.difference("10,000 of 3", "10,000 of 3") is None


def test_runner_writes_what_it_then_accepts(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 2\nprint(x)\n```\n\nand\n\n```python\nprint(x + 1)\n```\n", encoding="utf-8"
    )
    assert len(pages.check_page(page)) == 2
    assert pages.run_page(page, write=True) == []
    assert "```text\n2\n```" in text_of(page) and "```text\n3\n```" in text_of(page)
    assert pages.check_page(page) == []


@pytest.mark.parametrize(
    "text",
    [
        "```python\n1 / 0\n```\n",
        "```python\nimport warnings; warnings.warn('x')\n```\n",
        "```python excerpt numpygan/layers/dense.py\nself.grads['W'] = 0\n```\n",
        "```python excerpt numpygan/layers/dense.py\ndef config(self):\n...\ndef forward(self, x, training=False):\n```\n",
        "```python quick\nx = 1\n```\n",
        "```py\nx = 1\n```\n",
        "```text\n1\n```\n",
        "```python\nx = 1\n```\n\nand so\n\n```text\n1\n```\n",
        "- a\n\n  ```python\n  x = 1\n  ```\n",
        "> ```python\n> x = 1\n> ```\n",
        "~~~python\nx = 1\n~~~\n",
        "```python torch slow\nx = 1\n```\n",
        "```python\nx = 1\n",
        "![a](../images/book/none.png)\n",
    ],
)
def test_runner_refuses(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert len(pages.check_page(page)) == 1


def test_glossary():
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \|$", text_of(pages.ROOT / "docs" / "glossary.md"), re.MULTILINE
    )[1:]
    terms = [term.lower() for term, _, _ in rows if set(term) != {"-"}]
    assert len(terms) > 100
    assert terms == sorted(terms, key=lambda term: term.replace("-", " ")), "in the order of the alphabet"
    for term, korean, _ in rows:
        assert re.search(r"[가-힣]", korean) or korean in ("RMSprop", "---"), term


def test_every_layer_is_on_the_page_of_layers():
    from numpygan import Layer, layers

    text = text_of(pages.ROOT / "docs" / "book" / "4-use" / "every-layer.md")
    kinds = [kind for kind in map(vars(layers).get, layers.__all__) if isinstance(kind, type)]
    names = [kind.__name__ for kind in kinds if issubclass(kind, Layer) and kind is not Layer]
    assert [n for n in names if f"| [`{n}`](" not in text] == []
