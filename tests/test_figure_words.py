"""The Korean figures: every text translated, every picture up to date, every label looked up."""

import re

import pytest
from matplotlib.figure import Figure

from tests.pages import load_script, pages

WORDS = pages.figure_words
KOREAN = load_script("korean")
TABLE = WORDS.load_table()
EXAMPLES = load_script("example_figures")
OF_EXAMPLES = sorted((EXAMPLES.IMAGES / "ko").glob("*.png"))
PICTURES = [*sorted(WORDS.PICTURES.glob("*.png")), *OF_EXAMPLES]
BOOK = pages.ROOT / "docs" / "book"


def labelled(label):
    figure = Figure()
    figure.subplots().set(title=label, xlabel="$x_{one}$, 3")
    return figure


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in which figures of the book can be saved."""
    (tmp_path / "book" / "ko").mkdir(parents=True)
    monkeypatch.setattr(WORDS, "PICTURES", tmp_path / "book" / "ko")
    monkeypatch.setattr(WORDS, "load_table", lambda: {"names": ["GAN"], "words": {"iteration #": "반복 #"}})
    monkeypatch.setattr(WORDS, "korean_font", lambda: "DejaVu Sans")
    return tmp_path / "book"


@pytest.mark.parametrize("english", TABLE["words"])
def test_every_text_is_translated_in_the_words_of_the_glossary(english):
    korean = TABLE["words"][english]
    assert WORDS.has_words(english, TABLE["names"]) and re.search("[가-힣]", korean)
    assert korean.count("#") == english.count("#")
    assert re.findall(r"\$[^$]*\$", korean) == re.findall(r"\$[^$]*\$", english)
    assert not [word for word in KOREAN.OTHER_WORDS if word in korean]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_has_the_words_of_the_table(picture):
    words = WORDS.words_in(picture)
    assert words and words.items() <= TABLE["words"].items()


def test_no_entry_is_unused():
    assert set().union(*map(WORDS.words_in, PICTURES)) == set(TABLE["words"])


def test_korean_pages_show_the_korean_pictures():
    shown = set()
    for path in [*BOOK.rglob("*.ko.md"), pages.ROOT / "README.ko.md"]:
        links = re.findall(r"(images/(?:book/)?)(ko/)?([\w-]+\.png)\)", pages.prose_of(path))
        korean = {name: pages.ROOT / "docs" / folder / "ko" / name for folder, _, name in links}
        wrong = [name for _, ko, name in links if bool(ko) != korean[name].is_file()]
        assert wrong == [], path.name
        shown |= set(korean.values())
    assert shown >= set(PICTURES)


def test_every_korean_picture_of_an_example_comes_from_the_run_of_the_english_one():
    assert {picture.name for picture in OF_EXAMPLES} == {
        name for figures in EXAMPLES.COMMANDS.values() for name in figures.values()
    }
    stale = [
        picture.name
        for picture in OF_EXAMPLES
        if EXAMPLES.drawn_from(picture) != EXAMPLES.check_sum(EXAMPLES.IMAGES / picture.name)
    ]
    assert stale == [], "python docs/example_figures.py with these names draws them anew"


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")  # the tests need no Korean font
def test_an_example_is_drawn_in_both_languages_or_not_at_all(folder, monkeypatch):
    images = folder / "images"
    (images / "ko").mkdir(parents=True)
    monkeypatch.setattr(EXAMPLES, "IMAGES", images)
    for name in ("load_table", "korean_font"):
        monkeypatch.setattr(EXAMPLES.figure_words, name, getattr(WORDS, name))

    def run(command, out):
        out.mkdir()
        labelled(command).savefig(out / ".stages-0a1b2c3d.png")
        (out / ".stages-0a1b2c3d.png").rename(out / "stages.png")

    monkeypatch.setattr(EXAMPLES, "run", run)
    wrong = EXAMPLES.draw("a forged label", {"stages.png": "gan.png"})
    assert len(wrong) == 1 and "no Korean for 'a forged label'" in wrong[0]
    assert not (images / "gan.png").exists()
    assert EXAMPLES.draw("iteration 5", {"stages.png": "gan.png"}) == []
    korean = images / "ko" / "gan.png"
    assert EXAMPLES.drawn_from(korean) == EXAMPLES.check_sum(images / "gan.png")
    assert WORDS.words_in(korean) == {"iteration #": "반복 #"}


def test_a_label_without_translation_is_refused(folder):
    with WORDS.reading() as wrong:
        labelled("a forged label").savefig(folder / "figure.png")
    assert len(wrong) == 1 and "no Korean for 'a forged label'" in wrong[0]


def test_formulas_numbers_and_names_need_no_picture(folder):
    with WORDS.reading() as wrong:
        labelled("GAN, 1.5 x").savefig(folder / "figure.png")
    assert wrong == []


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")  # the tests need no Korean font
def test_a_figure_is_drawn_in_korean_and_left_in_english(folder):
    save, figure = Figure.savefig, labelled("iteration 1,000")
    with WORDS.reading(draw=True) as wrong:
        figure.savefig(folder / "figure.png")
    assert wrong == [] and Figure.savefig is save
    assert WORDS.words_in(folder / "ko" / "figure.png") == {"iteration #": "반복 #"}
    assert figure.axes[0].get_title() == "iteration 1,000"
    assert WORDS.translate("iteration 1,000", {"iteration #": "반복 #"}) == "반복 1,000"


def test_a_picture_with_other_words_is_noticed(folder):
    with WORDS.reading() as wrong:
        labelled("iteration 2").savefig(folder / "figure.png")
    assert len(wrong) == 1 and "draw it with --korean" in wrong[0]


def test_without_a_korean_font_it_says_which_to_install(monkeypatch):
    monkeypatch.setattr(WORDS.font_manager, "get_font_names", lambda: ["DejaVu Sans"])
    with pytest.raises(RuntimeError, match="NanumGothic"):
        WORDS.korean_font()
