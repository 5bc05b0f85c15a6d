"""The index of equations, docs/book/equations.md, from the pages and the code.

Run `python docs/equations.py` to write it.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "docs" / "book"
INDEX = BOOK / "equations.md"
EQUATION = re.compile(r"\$\$\n([^$]*?)\\tag\{([\d.]+)\}\n\$\$\n(?:\nIn code: ((?:.+\n)+))?")
CODE = re.compile(r"\[(`[\w.]+`)\]\(([^)]+)\)")
MENTION = re.compile(r"\(eqs?\. (\d+\.\d+(?:(?:,| and| to) \d+\.\d+)*)\)")

RULE = "| --- | --- | --- | --- |"
HEAD = """# Index of equations

Each numbered equation with its page and the code that carries it out; below, each file with the equations
that it names. [Two pages](../images/sheet.pdf) to print or hang up, drawn by `python docs/sheet.py`,
have all equations that the library carries out, each with its line of code.

This page is written by `python docs/equations.py`.

"""


def link(path):
    """Return a path as a link from the index."""
    return Path(os.path.relpath(path, BOOK)).as_posix()


def equations():
    """Yield (number, LaTeX, page, [(object, file), ...]) of every numbered equation, in order."""
    for page in sorted(BOOK.glob("*/*.md")):
        for latex, number, code in EQUATION.findall(page.read_text(encoding="utf-8")):
            places = [(name, (page.parent / file).resolve()) for name, file in CODE.findall(code)]
            yield number, latex, page, places


def one_line(latex):
    """Return LaTeX for a cell of a table: on one line, without a bar, which would end the cell."""
    latex = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\", " ", latex).replace("&", r"\;\;")
    return " ".join(latex.replace("|", r"\vert ").split())


def index():
    """Return the text of docs/book/equations.md."""
    lines, places = [], {}
    for number, latex, page, code in equations():
        if number.endswith(".1"):
            lines += ["", f"## Part {number[0]}", "", "| | equation | page | in code |", RULE]
        places[number] = f"[({number})]({link(page)}#eq-{number})"
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        objects = ", ".join(f"[{name}]({link(file)})" for name, file in code)
        chapter = f"{page.parent.name[0]}.{int(page.name[:2])} {title}"
        lines.append(f"| {places[number]} | ${one_line(latex)}$ | [{chapter}]({link(page)}) | {objects} |")
    lines += ["", "## By file", "", "| file | equations |", "| --- | --- |"]
    for file in sorted((ROOT / "numpygan").rglob("*.py")):
        groups = MENTION.findall(file.read_text(encoding="utf-8"))
        found = {number for group in groups for number in re.findall(r"\d+\.\d+", group)} & set(places)
        if found:
            numbers = sorted(found, key=lambda number: [int(part) for part in number.split(".")])
            name = file.relative_to(ROOT / "numpygan").as_posix()
            lines.append(f"| [`{name}`]({link(file)}) | {', '.join(places[number] for number in numbers)} |")
    return HEAD + "\n".join(lines).strip() + "\n"


if __name__ == "__main__":
    INDEX.write_text(index(), encoding="utf-8", newline="\n")
