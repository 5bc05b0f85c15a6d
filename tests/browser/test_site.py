"""The site in a real browser, where it has been built:

python -m sphinx -W -b html docs build/site
"""

import json
import re
from pathlib import Path

import pytest

SITE = Path(__file__).parent.parent.parent / "build" / "site"
pytestmark = pytest.mark.skipif(
    not (SITE / "index.html").exists(), reason=f"the site is not built: {__doc__}"
)

BOOK = sorted(SITE.glob("book/**/*.html"))
OTHERS = [
    "index.html",
    "glossary.html",
    "convolution.html",
    "gallery/index.html",
    "gallery/01_check_a_layer.html",
]
OTHERS += ["api/index.html", "api/numpygan.layers.dense.html", "_modules/numpygan/layers/dense.html"]
PAGES = [path.relative_to(SITE).as_posix() for path in BOOK] + OTHERS

TOO_WIDE = """return [...document.querySelectorAll('article *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth)
    .filter(e => !e.closest('pre, .equation-body, table, .table-wrapper'))
    .map(e => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("page", PAGES)
def test_page_on_a_phone(browser, page):
    browser.open(SITE / page, width=360, height=640)
    assert browser.errors() == []
    assert browser.requests() == []
    assert browser.run("return document.documentElement.lang") == (
        "ko" if page.endswith(".ko.html") else "en"
    )
    browser.run("document.querySelectorAll('details').forEach(solution => solution.open = true)")
    room = browser.run("return document.documentElement.clientWidth")  # without the bar at the side
    assert browser.run("return document.documentElement.scrollWidth") <= room <= 360, browser.run(TOO_WIDE)
    assert (
        browser.run("return [...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)")
        == []
    )


@pytest.mark.parametrize("pair", [("", ".ko"), (".ko", "")])
def test_a_page_leads_to_its_translation(browser, pair):
    here, there = (SITE / f"book/your-first-gan{ending}.html" for ending in pair)
    browser.open(here)
    links = browser.run("return [...document.querySelectorAll('article p:first-of-type a')].map(a => a.href)")
    assert there.as_uri() in links


@pytest.mark.parametrize("ending, words", [("", {"Search", "On this page"}), (".ko", {"검색", "이 페이지"})])
def test_what_surrounds_a_page_is_in_its_language(browser, ending, words):
    browser.open(SITE / f"book/your-first-gan{ending}.html")
    said = browser.run(
        "return [document.querySelector('.sidebar-search').placeholder, "
        "document.querySelector('.toc-title').textContent.trim()]"
    )
    assert set(said) == words


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("book/") and "index" not in page])
def test_mathematics_is_drawn(browser, page):
    browser.open(SITE / page)
    sizes = browser.run(
        "return [...document.querySelectorAll('article math')].filter(m => !m.closest('details'))"
        ".map(m => [m.getBoundingClientRect().width, m.getBoundingClientRect().height])"
    )
    text = browser.run("return document.querySelector('article').innerText")
    assert all(width > 2 and height > 4 for width, height in sizes)
    assert not any(mark in text for mark in ("$", "\\frac", "\\sum", "\\tag", "\\text"))
    if sizes:
        assert browser.run("return document.fonts.check('16px \"Book Math\"')")


def test_fractions_and_sums_have_the_heights_that_only_mathematics_has(browser):
    browser.open(SITE / "book/1-gradients/02-the-derivative-of-a-program.html")
    box = "const box = s => document.querySelector(s).getBoundingClientRect();"
    over, under = browser.run(
        f"{box} return [box('mfrac > :first-child').bottom, box('mfrac > :last-child').top]"
    )
    assert over <= under + 1
    assert browser.run(
        f"{box} return box('.equation munder > :last-child').top > box('.equation munder > mo').top"
    )


@pytest.mark.parametrize("path", BOOK, ids=lambda path: path.relative_to(SITE).as_posix())
def test_a_page_of_the_book_links_to_its_notebook(path):
    [link] = re.findall(
        r'<div class="notebook"><a href="([^"]+)" download>', path.read_text(encoding="utf-8")
    )
    target = (path.parent / link).resolve()
    assert target == (SITE / "notebooks" / path.relative_to(SITE).with_suffix(".ipynb")).resolve()
    assert json.loads(target.read_text(encoding="utf-8"))["nbformat"] == 4


def test_examples_show_what_they_print_and_no_progress_bar():
    texts = {path.name: path.read_text(encoding="utf-8") for path in SITE.glob("gallery/[0-9]*.html")}
    run = {name: text for name, text in texts.items() if "Run here" in text}
    assert len(texts) > 10 and len(run) in (0, len(texts))  # none, if the site was built so
    assert [name for name, text in run.items() if "sphx-glr-script-out" not in text or "it/s" in text] == []


def test_links_to_equations_arrive(browser):
    browser.open(SITE / "book/1-gradients/04-the-dense-layer.html")
    wrong = browser.run(
        "return [...document.querySelectorAll('article a.reference.internal[href^=\"#eq\"]')]"
        ".filter(a => !document.getElementById(a.hash.slice(1))).map(a => a.href)"
    )
    assert wrong == []
    assert browser.run("return document.querySelectorAll('article a[href^=\"#eq\"]').length") >= 5


def test_solutions_open(browser):
    browser.open(SITE / "book/1-gradients/04-the-dense-layer.html")
    height = "return document.querySelector('details').getBoundingClientRect().height"
    closed = browser.run(height)
    browser.run("document.querySelector('details summary').click()")
    assert browser.run(height) > closed + 100


def brightness(colour):
    """Return the mean of red, green and blue of "rgb(1, 2, 3)"."""
    return sum(map(float, colour.strip("rgba()").split(",")[:3])) / 3


@pytest.mark.parametrize("dark", [False, True])
def test_mathematics_can_be_seen_in_the_dark(browser, dark):
    browser.open(SITE / "book/1-gradients/06-losses.html", dark=dark)
    ground = brightness(browser.run("return getComputedStyle(document.body).backgroundColor"))
    ink = brightness(browser.run("return getComputedStyle(document.querySelector('math')).color"))
    assert (ground < 60 and ink > 180) if dark else (ground > 240 and ink < 60)


def test_search(browser):
    browser.open(SITE / "index.html")
    browser.run("location.href = arguments[0] + '?q=overflow'", (SITE / "search.html").as_uri())
    found = []
    for _ in range(300):
        found = browser.run(
            "return [...document.querySelectorAll('#search-results li a')].map(a => a.innerText)"
        )
        if "Losses that do not overflow" in found:
            break
        browser.run("return new Promise(done => setTimeout(done, 100))")
    assert "Losses that do not overflow" in found
    assert browser.errors() == [] and browser.requests() == []
