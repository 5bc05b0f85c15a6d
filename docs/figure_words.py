"""The texts in the book's figures, in Korean: docs/figure_words.json is the table.

    python docs/pages.py --korean 3-models/05      draw the figures of a page in Korean

While docs/pages.py runs a page that is there in Korean as well, it looks up the texts of every figure that the
page saves. With `--korean` the figure is saved a second time, its texts replaced, in docs/images/book/ko.
That picture carries its texts in a chunk of the PNG file, {English: Korean}: so a label or a translation
that has changed since is noticed, without a Korean font.

In the table a number is #. A text made of numbers, formulas, single letters and `names` stays as it is.
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
    """Return the texts of a figure that are to be translated, each number a #."""
    texts = {NUMBER.sub("#", text.get_text()) for text in figure.findobj(Text) if text.get_visible()}
    return sorted(text for text in texts if has_words(text, names))


def translate(text, words):
    """Return a text in Korean, its numbers in the places of the #."""
    numbers = iter(NUMBER.findall(text))
    korean = words.get(NUMBER.sub("#", text), text)
    return re.sub("#", lambda _: next(numbers), korean) if korean != text else text


def words_in(picture):
    """Return {English: Korean} of a picture in PICTURES; nothing if it is not there."""
    if not picture.is_file():
        return {}
    with Image.open(picture) as image:
        return json.loads(image.text["Words"])


@contextlib.contextmanager
def in_korean(figure, words, font):
    """While it lasts, the figure's texts are Korean."""
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


@contextlib.contextmanager
def reading(draw=False):
    """While it lasts, look up the texts of every figure that is saved; the value is a list of what is wrong.

    With `draw`, save it in Korean as well, in a folder ko beside it.
    """
    table, wrong, save = load_table(), [], Figure.savefig
    font = korean_font() if draw else None

    def savefig(figure, path, **options):
        save(figure, path, **options)
        if not isinstance(path, (str, Path)) or Path(path).parent.name != "book":
            return
        name, texts = Path(path).name, words_of(figure, table["names"])
        known = {text: table["words"].get(text) for text in texts}
        if missing := [text for text, korean in known.items() if korean is None]:
            wrong.append(f"{name}: {TABLE.name} has no Korean for {', '.join(map(repr, missing))}")
        elif draw and known:
            options["dpi"] = max(options.get("dpi", figure.dpi), DPI)
            options["metadata"] = {"Words": json.dumps(known, ensure_ascii=False)}
            with in_korean(figure, known, font):
                save(figure, Path(path).parent / "ko" / name, **options)
                left = words_of(figure, table["names"])
            wrong.extend(f"{name} in Korean still says {text!r}" for text in left if text in known)
        elif not draw and known != words_in(PICTURES / name):
            wrong.append(f"{name} in Korean has other words than {TABLE.name}: draw it with --korean")

    Figure.savefig = savefig
    try:
        yield wrong
    finally:
        Figure.savefig = save
