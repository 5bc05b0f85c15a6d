"""All of it on one sheet: every equation that the library carries out, with its line of code, on two pages.

Run `python docs/sheet.py` to draw docs/images/sheet.pdf, sheet-1.png and sheet-2.png.
"""

import io
import re
import sys
import textwrap
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser

sys.path.insert(0, str(Path(__file__).parent))
from equations import ROOT, equations, one_line

OUT = ROOT / "docs" / "images"
COLUMNS, PAGES = 2, 2
ACROSS, INDENT = 0.415, 0.042  # of the page: an equation or a line of code, and what stands left of it
CHARACTERS, CODE = 88, 5.0  # in a line of code, at a size of so many points
REPLACED = {  # what matplotlib's mathematics lacks
    r"\\(?:qquad|quad)": r"\\;\\;\\;",
    r"\\text(?=\{)": r"\\mathrm",
    r"\\top": "T",
    r"\\[Bb]ig[lr]?(?![a-z])|\\!": "",
    r"\\frac(\d)(\d|[a-zA-Z]|\\sigma)": r"\\frac{\1}{\2}",
    r"\\lVert|\\rVert": r"\\Vert",
    r"\\l?r?vert(?![a-z])": "|",
    r"\\begin\{cases\}(.*?)\\end\{cases\}": r"\1",
    r"\\le(?=[^a-zA-Z])": r"\\leq",
    r"\\ge(?=[^a-zA-Z])": r"\\geq",
}


def mathtext(latex):
    """Return LaTeX as matplotlib understands it; words keep their spaces."""
    text = one_line(latex)
    for old, new in REPLACED.items():
        text = re.sub(old, new, text)
    return re.sub(r"\\mathrm\{([^{}]*)\}", lambda m: f"\\mathrm{{{m[1].replace(' ', chr(92) + ' ')}}}", text)


def code_line(number, places):
    """Return "file: line" for the line of code, or else of the docstring, that names the equation."""
    mention = re.compile(rf"\(eqs?\. [\d., andto]*(?<![\d.]){re.escape(number)}(?!\d)[\d., andto]*\)")
    found = []
    for _, file in places:
        for line in file.read_text(encoding="utf-8").splitlines():
            if mention.search(line):
                code = mention.sub("", line).strip("# ").removeprefix('"""').removesuffix('"""')
                code = re.sub(r"\s+#?([,.;:](?:\s|$))", r"\1", code.partition("Source:")[0])
                found.append((not re.search(r"#.*\(eq", line), f"{file.name}:  {' '.join(code.split())}"))
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def rows():
    """Return [(number, equation, line of code), ...] of all equations that name code."""
    named = [(number, latex, places) for number, latex, _, places in equations() if places]
    found = [(number, mathtext(latex), code_line(number, places)) for number, latex, places in named]
    parser = MathTextParser("path")
    for number, text, _ in found:
        try:
            parser.parse(f"${text}$")
        except ValueError as error:
            raise ValueError(f"equation ({number}) cannot be drawn: {text}") from error
    return found


def draw(page, part):
    """Return the figure of one page, with the rows `part` in columns."""
    figure = Figure(figsize=(8.27, 11.69))
    figure.text(
        0.05, 0.965, f"numpygan: all of it on one sheet, {page} of {PAGES}", fontsize=11, weight="bold"
    )
    per_column = -(-len(part) // COLUMNS)
    height = 0.915 / per_column
    for k, (number, text, code) in enumerate(part):
        x, y = 0.05 + (k // per_column) * 0.475, 0.945 - (k % per_column) * height
        figure.text(x, y, f"({number})", fontsize=6, color="#00588c", va="top")
        drawn = figure.text(x + INDENT, y, f"${text}$", fontsize=7.5, va="top")
        width = drawn.get_window_extent().width / figure.bbox.width
        drawn.set_fontsize(7.5 * min(1, ACROSS / width))
        style = {"fontsize": CODE, "family": "monospace", "color": "#555555", "va": "top", "linespacing": 1.1}
        lines = textwrap.wrap(code, CHARACTERS, subsequent_indent="    ", break_on_hyphens=False)
        below = 0.6 if len(lines) < 2 else 0.55  # the second line ends above the next equation
        figure.text(x + INDENT, y - below * height, "\n".join(lines), **style)
    return figure


def main():
    """Draw both pages."""
    all_rows = rows()
    half = -(-len(all_rows) // PAGES)
    pages = io.BytesIO()
    with PdfPages(pages, metadata={"CreationDate": None}) as pdf:
        for page in range(PAGES):
            figure = draw(page + 1, all_rows[page * half : (page + 1) * half])
            pdf.savefig(figure)
            figure.savefig(OUT / f"sheet-{page + 1}.png", dpi=130)
    (OUT / "sheet.pdf").write_bytes(pages.getvalue())
    print(f"{len(all_rows)} equations on {PAGES} pages")


if __name__ == "__main__":
    main()
