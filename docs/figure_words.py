"""The labels in the book's figures, in Korean: docs/figure_words.json is the table.

    python docs/pages.py --korean 3-models/05      draw the figures of a page in Korean

While docs/pages.py runs a page that has a Korean translation, it looks up every label of the figures that the
page saves. With `--korean` each figure is saved a second time, with Korean labels, in docs/images/book/ko.
That picture carries {English: Korean} in a text chunk of the PNG file, so a label or a translation that has
changed since then is noticed, even without a Korean font.

The figures that examples and commands draw are in docs/images/ko: docs/example_figures.py.

In the table # stands for a number. Labels of only numbers, formulas, single letters and `names` are not translated.
"""

import contextlib
import json
import re
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

TABLE = Path(__file__).with_suffix(".json")
PICTURES = Path(__file__).parent / "images" / "book" / "ko"
DPI, SPACING = 120, 1.5  # Hangul is denser and taller than Latin letters
FONTS = ("NanumGothic", "Malgun Gothic", "AppleGothic", "Noto Sans CJK KR")
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def load_table():
    return json.loads(TABLE.read_text(encoding="utf-8"))


def korean_font():
    """Return the name of a Korean font that is installed."""
    installed = set(font_manager.get_font_names())
    font = next((name for name in FONTS if name in installed), None)
    if font is None:
        raise RuntimeError(f"Korean figures need one of these fonts: {', '.join(FONTS)}; install one")
    return font


def has_words(text, names):
    return not set(re.findall(r"[A-Za-z_]{2,}", re.sub(r"\$[^$]*\$", "", text))) <= set(names)


def words_of(figure, names):
    """Return the labels of a figure that need a translation, with # for each number."""
    texts = {NUMBER.sub("#", text.get_text()) for text in figure.findobj(Text) if text.get_visible()}
    return sorted(text for text in texts if has_words(text, names))


def translate(text, words):
    """Return the Korean of a label, with its numbers filled in; the label itself if there is none."""
    numbers = iter(NUMBER.findall(text))
    korean = words.get(NUMBER.sub("#", text), text)
    return re.sub("#", lambda _: next(numbers), korean) if korean != text else text


def words_in(picture):
    """Return the {English: Korean} that a Korean picture carries; {} if there is no such file."""
    if not picture.is_file():
        return {}
    with Image.open(picture) as image:
        return json.loads(image.text["Words"])


@contextlib.contextmanager
def in_korean(figure, words, font):
    """Give the figure Korean labels within a `with` block."""
    before = [
        (text, text.get_text(), text.get_fontfamily(), text._linespacing) for text in figure.findobj(Text)
    ]
    try:
        for text, english, family, _ in before:
            korean = translate(english, words)
            if korean != english or "$" not in english:  # a formula alone has its own minus sign
                text.set_fontfamily([font, *family])  # the second for glyphs that the first lacks
            if korean != english:
                text.set_linespacing(SPACING)
            text.set_text(korean)
        yield
    finally:
        for text, english, family, spacing in before:
            text.set_text(english)
            text.set_fontfamily(family)
            text.set_linespacing(spacing)


def save_korean(save, figure, path, known, font, **options):
    """Save a figure with its labels translated, {English: Korean}, which the file carries.

    Returns a list of complaints, one for each label that is still English.
    """
    options["dpi"] = max(options.get("dpi", figure.dpi), DPI)
    options["metadata"] = {"Words": json.dumps(known, ensure_ascii=False), **options.get("metadata", {})}
    with in_korean(figure, known, font):
        save(figure, path, **options)
        left = words_of(figure, ())
    return [f"{path.name} in Korean still says {text!r}" for text in left if text in known]


@contextlib.contextmanager
def saving(also):
    """Call also(save, figure, path, options) after each figure saved within a `with` block."""
    save = Figure.savefig

    def savefig(figure, path, **options):
        save(figure, path, **options)
        if isinstance(path, (str, Path)):
            also(save, figure, Path(path), options)

    Figure.savefig = savefig
    try:
        yield
    finally:
        Figure.savefig = save


@contextlib.contextmanager
def reading(draw=False):
    """Check the labels of every figure saved within a `with` block; yield the list of what is wrong.

    With `draw`, also save each figure in Korean, in the folder ko beside it.
    """
    table, wrong = load_table(), []
    font = korean_font() if draw else None

    def check(save, figure, path, options):
        if path.parent.name != "book":
            return
        known = look_up(figure, table, path.name, wrong)
        if draw and known:
            wrong.extend(save_korean(save, figure, path.parent / "ko" / path.name, known, font, **options))
        elif not draw and known is not None and known != words_in(PICTURES / path.name):
            wrong.append(f"{path.name} in Korean has other words than {TABLE.name}: draw it with --korean")

    with saving(check):
        yield wrong


def look_up(figure, table, name, wrong):
    """Return the {English: Korean} of a figure's labels; None, and a complaint added to `wrong`, if one is missing."""
    known = {text: table["words"].get(text) for text in words_of(figure, table["names"])}
    if missing := [text for text, korean in known.items() if korean is None]:
        wrong.append(f"{name}: {TABLE.name} has no Korean for {', '.join(map(repr, missing))}")
        return None
    return known
