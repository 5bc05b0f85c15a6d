"""Write the pages of the book as notebooks.

    python docs/notebooks.py FOLDER               every page of docs/book/
    python docs/notebooks.py FOLDER 1-gradients   pages whose path contains this

A notebook is complete in itself: outputs and pictures of the page are in it, and its code runs wherever
numpygan is installed. Building the site does the same, and links each page to its notebook.
"""

import argparse
import base64
import importlib.util
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOK = HERE / "book"

INTRODUCTION = """\
*This is a page of the book as a notebook. To run it, install numpygan first: in a copy of its repository,*
`python -m pip install ".[notebooks]"`. *The code of figures, and solutions, are folded.*"""

INTRODUCTION_KO = """\
*책의 이 페이지를 노트북으로 만든 것입니다. 실행하려면 먼저 저장소의 복사본에서 numpygan을 설치하세요:*
`python -m pip install ".[notebooks]"`. *그림을 그리는 코드와 풀이는 접혀 있습니다.*"""

SETUP = """\
# This page saves its figures as files, in a new folder.
import os
import tempfile
from pathlib import Path

os.chdir(tempfile.mkdtemp())
Path("docs/images/book").mkdir(parents=True)
"""

PICTURE = """\
from IPython.display import Image

Image("{path}")
"""

NOTES = {"slow": "# This takes minutes.\n", "torch": "# This needs PyTorch.\n"}
TYPES = {".png": "image/png", ".gif": "image/gif"}

IMAGE = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<path>[^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
TOCTREE = re.compile(r"^<!-- toctree\n.*?^-->\n?", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"docs/images/book/[^\"'\s]+")


def _load(name):
    """Return the module docs/<name>.py; this one may have been imported from anywhere."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", HERE / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages, korean = (sys.modules.get(f"docs_{name}") or _load(name) for name in ("pages", "korean"))


class Notebook:
    """The cells of one page, added in the page's order."""

    def __init__(self, path):
        self.path, self.cells = path, []
        self.solution = None  # the summary of the solution that we are in
        self.drawn = []  # (pattern of a figure's path, marks of the code that draws it)

    def add_text(self, text):
        """Add a cell of Markdown, folded if it is within a solution, with its pictures attached."""
        text = TOCTREE.sub("", text).strip("\n")
        if not text:
            return
        if self.solution is not None:
            text = f"<details>\n<summary>{self.solution}</summary>\n\n{text}\n\n</details>"
        attached = {}

        def attach(match):
            picture = (self.path.parent / match["path"]).resolve()
            attached[picture.name] = {TYPES[picture.suffix]: _base64(picture)}
            return f"![{match['text']}](attachment:{picture.name})"

        text = LINK.sub(self._link, IMAGE.sub(attach, text))
        self._add("markdown", text, **({"attachments": attached} if attached else {}))

    def _link(self, match):
        """Return a link within the book as one to a notebook, and one to other files as its text only."""
        target, hash_mark, anchor = match["target"].partition("#")
        if re.match(r"https?:|attachment:", target) or not target:
            return match[0]
        file = (self.path.parent / target).resolve()
        if file.suffix == ".md" and BOOK in file.parents:
            return f"[{match['text']}]({target.removesuffix('.md')}.ipynb{hash_mark}{anchor})"
        return match["text"]

    def add_code(self, source, *, output=None, marks=(), folded=False):
        """Add a cell of code; `marks` are those of the page, "slow" and "torch"."""
        for path in SAVED.findall(source):
            pattern = re.sub(r"\\\{.*?\\\}", ".+", re.escape(path))  # the name may be an f-string
            self.drawn.append((re.compile(pattern), list(marks)))
        # After an error in a cell with the tag raises-exception, the cells below are run all the same.
        tags = [*marks, *(["raises-exception"] if "torch" in marks else [])]
        metadata = {"tags": tags} if tags else {}
        if folded or self.solution is not None:
            metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}  # the second is for Colab
        if self.solution is not None:
            metadata["jupyter"]["outputs_hidden"] = True
        source = "".join(NOTES[mark] for mark in marks) + source
        self._add("code", source, metadata, outputs=[output] if output else [], execution_count=None)

    def add_page_code(self, block, said, *, folded):
        """Add a block of the page with what it printed there, another block or None."""
        if all(cell["cell_type"] != "code" for cell in self.cells):
            self.add_code(SETUP, folded=True)
        output = (
            {"output_type": "stream", "name": "stdout", "text": said.text.splitlines(True)} if said else None
        )
        self.add_code(block.text, output=output, marks=block.info[1:], folded=folded)

    def add_figure(self, path):
        """Add a cell that shows a figure which the code above has drawn; return whether it has."""
        saved = f"docs/images/book/{Path(path).name}"
        marks = next((marks for pattern, marks in self.drawn if pattern.fullmatch(saved)), None)
        if marks is None:
            return False
        data = {
            "image/png": _base64(self.path.parent / path),
            "text/plain": ["<IPython.core.display.Image object>"],
        }
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        self.add_code(PICTURE.format(path=saved), output=output, marks=marks, folded=True)
        return True

    def content(self):
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        return {"cells": self.cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

    def _add(self, kind, source, metadata=None, **more):
        cell = {"cell_type": kind, "id": f"cell-{len(self.cells)}", "metadata": metadata or {}}
        self.cells.append({**cell, "source": source.rstrip("\n").splitlines(keepends=True), **more})


def _base64(picture):
    return base64.b64encode(picture.read_bytes()).decode("ascii")


def text_of(path):
    """Return the text of a page; a Korean one has its code from the English one."""
    return korean.page(path) if path in korean.translated_pages() else path.read_text(encoding="utf-8")


def notebook_of(path):
    """Return a page as a notebook, in the form that JSON has."""
    title, *lines = text_of(path).splitlines(keepends=True)
    introduction = INTRODUCTION_KO if path.suffixes == [".ko", ".md"] else INTRODUCTION
    blocks = pages.blocks_of(lines)
    begins = {block.start - 1: block for block in blocks}
    notebook, text, k = Notebook(path), [title, f"\n{introduction}\n"], 0

    def end_text():
        notebook.add_text("".join(text))
        text.clear()

    while k < len(lines):
        block, line = begins.get(k), lines[k].rstrip()
        figure = IMAGE.fullmatch(line)
        if block and block.kind == "python" and block.info[1:2] != ["excerpt"]:
            end_text()
            said = pages.output_of(block, blocks, lines)
            notebook.add_page_code(block, said, folded=line.startswith("<!--"))
            block = said or block
        elif block:  # it is not run
            info = " ".join(block.info)
            origin = f"# {block.info[2]}\n" if block.info[1:2] == ["excerpt"] else ""
            text += [line.removesuffix(info), block.kind, "\n", origin, *lines[k + 1 : block.stop + 1]]
        elif line == "<details>":
            end_text()
            k += 1
            notebook.solution = re.sub(r"</?summary>", "", lines[k].strip())
        elif line == "</details>":
            end_text()
            notebook.solution = None
        elif figure and (end_text() or notebook.add_figure(figure["path"])):
            pass
        else:
            text.append(lines[k])
        k = block.stop + 1 if block else k + 1
    end_text()
    return notebook.content()


def book_pages():
    """Return the paths of the book's pages."""
    return sorted(BOOK.rglob("*.md"))


def write_notebooks(folder, only=()):
    """Write the pages of the book, or those whose path contains a part in `only`; return the paths."""
    written = []
    for path in book_pages():
        name = path.relative_to(HERE)
        if only and not any(part in name.as_posix() for part in only):
            continue
        target = folder / name.with_suffix(".ipynb")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(notebook_of(path), indent=1, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8", newline="\n")
        written.append(target)
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write them")
    parser.add_argument("only", nargs="*", help="parts of paths: write the pages that contain one of them")
    options = parser.parse_args()
    for path in write_notebooks(options.folder, options.only):
        print(path)


if __name__ == "__main__":
    main()
