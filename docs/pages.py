"""Run the code on the pages of the book, and compare what it prints with what they say.

    python docs/pages.py                    every page
    python docs/pages.py 1-gradients/04     pages whose path contains this
    python docs/pages.py --write            correct outputs and figures
    python docs/pages.py --slow             run the blocks marked slow as well
    python docs/pages.py --torch            and those marked torch, which need PyTorch
    python docs/pages.py --korean           draw the figures of the Korean pages (docs/figure_words.py)

The rules are in docs/contributing-to-the-book.md.
"""

import argparse
import contextlib
import importlib.util
import io
import math
import os
import re
import shutil
import sys
import tempfile
import textwrap
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = "docs/images/book"

FENCE = re.compile(r"(?P<ticks>```+)(?P<info>.*)\n")
FENCED = re.compile(r"^(```+).*?^\1$", re.DOTALL | re.MULTILINE)
OVERLOOKED = re.compile(r"\s+```|[\s>]*~~~|\s*>[\s>]*```")  # fences to Markdown, not to FENCE
NOT_RUN = ("", "console", "markdown")
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?!\w)", re.IGNORECASE
)
WITHIN = re.compile(r"\*To within (\d+(?:\.\d+)?) ?%\.\*")
MATHS = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+(?:\n[^$\n]+)*?\$", re.DOTALL)
ONE_MACHINE = re.compile(r"\*(On one machine|한 컴퓨터에서)\b")


def _load(name):
    """Return the module docs/<name>.py; this one may have been imported from anywhere."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", Path(__file__).with_name(f"{name}.py"))
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


figure_words = _load("figure_words")


class PageError(Exception):
    """What a page says is not so."""


@dataclass
class Block:
    """A fenced block: lines[start:stop] are the text between its fences."""

    info: list
    start: int
    stop: int
    text: str

    @property
    def kind(self):
        return self.info[0] if self.info else ""


def all_pages():
    """Return the paths of every page: all Markdown at the top and in docs/, and the package's README."""
    made = {ROOT / "docs" / "gallery", ROOT / "docs" / "api", ROOT / "docs" / "_build"}
    pages = sorted(path for path in (ROOT / "docs").rglob("*.md") if not made & set(path.parents))
    return [*sorted(ROOT.glob("*.md")), ROOT / "numpygan" / "README.md", *pages]


def blocks_of(lines):
    """Return the fenced blocks and hidden python comments of a page, in order."""
    found, k = [], 0
    while k < len(lines):
        fence = FENCE.fullmatch(lines[k])
        hidden = lines[k].rstrip() == "<!-- python"
        if not fence and not hidden:
            if OVERLOOKED.match(lines[k]):
                raise PageError(f"line {k + 1}: a block begins with ``` at the margin, or is not run")
            k += 1
            continue
        end = "-->" if hidden else fence["ticks"]
        stop = next((j for j in range(k + 1, len(lines)) if lines[j].rstrip() == end), None)
        if stop is None:
            raise PageError(f"line {k + 1}: this block has no end")
        info = ["python"] if hidden else fence["info"].split()
        found.append(Block(info, k + 1, stop, "".join(lines[k + 1 : stop])))
        k = stop + 1
    return found


def output_of(block, blocks, lines):
    """Return the block of output that follows a block of code, or None."""
    after = [b for b in blocks if b.start > block.stop]
    if after and after[0].kind == "text" and not "".join(lines[block.stop + 1 : after[0].start - 1]).strip():
        return after[0]
    return None


def check_kinds(blocks, lines):
    """Raise PageError unless every block is code to run, its output, or marked as neither."""
    runs = [block for block in blocks if block.kind == "python" and block.info[1:2] != ["excerpt"]]
    outputs = [output.start for output in (output_of(block, blocks, lines) for block in runs) if output]
    for block in blocks:
        if block.kind not in ("python", "text", *NOT_RUN):
            raise PageError(f"line {block.start}: unknown kind of block {block.kind!r}")
        if block.kind == "text" and block.start not in outputs:
            raise PageError(f"line {block.start}: no code that runs stands right above this output")


# --- comparing ----------------------------------------------------------------------


def tolerance_after(output, lines):
    """Return the share by which numbers may differ: None is the last digit, infinity is anything."""
    line = next((line for line in lines[output.stop + 1 :] if line.strip()), "")
    if ONE_MACHINE.match(line):
        return math.inf
    within = WITHIN.match(line)
    return float(within[1]) / 100 if within else None


def last_digit(number):
    """Return one unit in the last digit shown: 0.01 for "3.25", 1 for "3", 1e-6 for "1.20e-04"."""
    mantissa, _, exponent = number.lower().replace(",", "").partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def same_number(said, printed, tolerance):
    """Return whether two numbers, as text, agree."""
    if said == printed or tolerance == math.inf:
        return True
    a, b = (float(number.replace(",", "")) for number in (said, printed))
    if tolerance is not None:
        return abs(a - b) <= tolerance * max(abs(a), abs(b))
    if re.fullmatch(r"[-+]?[\d,]+", said) and re.fullmatch(r"[-+]?[\d,]+", printed):
        return a == b  # integers are counts
    return abs(a - b) <= max(2.001 * last_digit(said), 1e-9 * max(abs(a), abs(b)))


def difference(said, printed, tolerance=None):
    """Return what first differs between two outputs, or None."""
    one, two = (text.rstrip().splitlines() for text in (said, printed))
    for a, b in zip(one, two):
        words_a, words_b = (NUMBER.sub("#", line).split() for line in (a, b))
        numbers = zip(NUMBER.findall(a), NUMBER.findall(b))
        if words_a != words_b or not all(same_number(x, y, tolerance) for x, y in numbers):
            return f"the page says\n    {a}\nand the code printed\n    {b}"
    if len(one) != len(two):
        return f"the page shows {len(one)} lines of output, the code printed {len(two)}:\n{printed}"
    return None


def check_excerpt(block):
    """Raise PageError unless the lines of an excerpt stand in the file it names, together and in this order.

    Where the excerpt has a line "...", lines of the file are left out.
    """
    source = [line.strip() for line in (ROOT / block.info[2]).read_text(encoding="utf-8").splitlines()]
    for piece in block.text.strip().split("\n...\n"):
        wanted = [line.strip() for line in piece.splitlines()]
        found = [k for k in range(len(source)) if source[k : k + len(wanted)] == wanted]
        if not found:
            raise PageError(f"line {block.start + 1}: this excerpt is not in {block.info[2]}")
        source = source[found[0] + len(wanted) :]


# --- running ------------------------------------------------------------------------


def run(code, line, path, namespace):
    """Run one block; its first line is `line` of the page. Return what it printed."""
    printed = io.StringIO()
    try:
        program = compile("\n" * (line - 1) + code, str(path), "exec")
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(program, namespace)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        where = "".join(traceback.format_exception(error)[-3:])
        raise PageError(f"the block at line {line} failed:\n{textwrap.indent(where, '    ')}") from error
    return printed.getvalue()


def run_page(path, *, also=(), write=False):
    """Run a page in the current folder; return a list of what is wrong with it, one text each.

    `also` has the marks whose blocks are run as well, of "slow" and "torch". With `write`,
    outputs that differ are corrected in the file instead.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    blocks, namespace, wrong, new = blocks_of(lines), {"__name__": "__page__"}, [], {}
    check_kinds(blocks, lines)
    for block in blocks:
        if block.kind != "python":
            continue
        if block.info[1:2] == ["excerpt"]:
            check_excerpt(block)
            continue
        if block.info[1:] not in ([], ["slow"], ["torch"]):
            raise PageError(f"line {block.start}: unknown mark {' '.join(block.info)!r}")
        if not set(block.info[1:]) <= set(also):
            continue
        printed = run(block.text, block.start + 1, path, namespace)
        output = output_of(block, blocks, lines)
        said = output.text if output else ""
        unlike = difference(said, printed, tolerance_after(output, lines) if output else None)
        if unlike:
            wrong.append(f"{path.name}, the output of the block at line {block.start + 1}: {unlike}")
            new[block.stop] = (output, printed)
    if write and new:
        _write_outputs(path, lines, new)
        return []
    return wrong


def _write_outputs(path, lines, new):
    """Put outputs into the page; `new` has, for the last line of each block, (old block or None, text)."""
    for stop in sorted(new, reverse=True):
        output, printed = new[stop]
        text = [line.rstrip() + "\n" for line in printed.rstrip().splitlines()]
        if output:
            lines[output.start : output.stop] = text
        else:
            lines[stop + 1 : stop + 1] = ["\n", "```text\n", *text, "```\n"]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def prose_of(path, text=None):
    """Return a page, or its text, without its code, be it fenced, indented or within a line."""
    text = FENCED.sub("", path.read_text(encoding="utf-8") if text is None else text)
    return re.sub(r"^    .*$|`[^`]*`", "", text, flags=re.MULTILINE)


def words_of(path):
    """Return how many words of prose a page has: no code, formula, table, comment, tag or target of a link."""
    text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = MATHS.sub("", prose_of(path, text))
    text = re.sub(r"^\|.*$|<[^>]*>|(?<=\])\([^)]*\)", "", text, flags=re.MULTILINE)
    return len(text.split())


def figures_of(path):
    """Return the names of the book's figures that a page shows."""
    return set(re.findall(r"!\[[^]]*\]\([./]*images/book/(?:ko/)?([\w.-]+)\)", prose_of(path)))


def check_page(path, *, also=(), write=False, korean=False):
    """Run a page in a temporary folder and return what is wrong, as `run_page` does.

    With `write`, the figures it has drawn are kept; with `korean`, those that it has drawn in Korean.
    """
    text = path.read_text(encoding="utf-8")
    if ".ko." in path.name and "```" not in text:
        return []  # its code and its figures are the English page's
    before, translated = Path.cwd(), ".ko." in path.name or path.with_suffix(".ko.md").is_file()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, FIGURES)
        (folder / "ko").mkdir(parents=True)
        os.chdir(scratch)
        try:
            with figure_words.reading(draw=korean) if translated else contextlib.nullcontext([]) as words:
                wrong = run_page(path, also=also, write=write) + words
            drawn = {figure.name for figure in folder.iterdir() if figure.is_file()}
        except PageError as error:
            return [f"{path.name}: {error}"]
        finally:
            os.chdir(before)
        if korean:
            shutil.copytree(folder / "ko", ROOT / FIGURES / "ko", dirs_exist_ok=True)
        if write:
            shutil.copytree(folder, ROOT / FIGURES, dirs_exist_ok=True, ignore=lambda *_: {"ko"})
    code = "".join(
        b.text for b in blocks_of(path.read_text(encoding="utf-8").splitlines(True)) if "slow" in b.info
    )
    for name in sorted(figures_of(path) - drawn):
        if "slow" in also or name not in code:
            wrong.append(f"{path.name} shows {name}, which its code does not draw")
    return wrong + [
        f"{path.name} draws {name} and does not show it" for name in sorted(drawn - figures_of(path))
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("only", nargs="*", help="parts of paths: run the pages that contain one of them")
    parser.add_argument("--write", action="store_true", help="correct outputs and figures")
    parser.add_argument("--slow", action="store_true", help="run the blocks marked slow as well")
    parser.add_argument("--torch", action="store_true", help="run the blocks marked torch as well")
    parser.add_argument("--korean", action="store_true", help="draw the figures of the Korean pages")
    options = parser.parse_args()
    also = [mark for mark in ("slow", "torch") if getattr(options, mark)]
    sys.path.insert(0, str(ROOT))
    bad = 0
    for path in all_pages():
        name = path.relative_to(ROOT).as_posix()
        if options.only and not any(part in name for part in options.only):
            continue
        start = time.perf_counter()
        wrong = check_page(path, also=also, write=options.write, korean=options.korean)
        bad += bool(wrong)
        print(f"{'WRONG' if wrong else 'ok':<6}{time.perf_counter() - start:6.1f} s  {name}")
        for text in wrong:
            print(textwrap.indent(text, "    "))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
