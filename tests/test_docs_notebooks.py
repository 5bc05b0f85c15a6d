"""Pages of the book and examples as notebooks: nothing is lost on the way, and they run."""

import importlib.util
import json
import re

import pytest

from tests.notebook_runner import printed_by, run_notebook, shown_by
from tests.pages import load_script, pages

notebooks = load_script("notebooks")
PAGES = notebooks.book_pages()
EXECUTED = (  # of every kind: figures, f-strings in their names, hidden code, both languages, PyTorch
    "book/your-first-gan.md",
    "book/your-first-gan.ko.md",
    "book/1-gradients/02-the-derivative-of-a-program.ko.md",
    "book/2-layers/02-convolution.md",
    "book/3-models/06-a-gan-in-two-dimensions.md",
    "book/4-use/01-your-own-layer.md",
    "book/4-use/04-where-numpy-ends.md",
)
EXAMPLES = ("01_check_a_layer", "02_first_gan", "16_vae")


def name(path):
    return path.relative_to(pages.ROOT).as_posix()


def source_of(cell):
    return "".join(cell["source"])


def tags_of(cell):
    return cell["metadata"].get("tags", [])


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def page_blocks(path):
    lines = notebooks.text_of(path).splitlines(keepends=True)
    blocks = pages.blocks_of(lines)
    runs = [block for block in blocks if block.kind == "python" and "excerpt" not in block.info]
    return [(block, pages.output_of(block, blocks, lines), lines[block.start - 1]) for block in runs]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_code_of_a_page_is_all_there_in_order(path):
    cells = code_cells(notebooks.notebook_of(path))
    cells = [
        cell for cell in cells if "docs/images/book" not in source_of(cell) or "Image" not in source_of(cell)
    ]
    blocks = page_blocks(path)
    assert len(cells) == len(blocks) + bool(blocks)  # and the one that sets up
    for cell, (block, output, fence) in zip(cells[1:], blocks):
        assert source_of(cell).endswith(block.text.rstrip("\n"))
        assert printed_by(cell) == (output.text if output else "")
        assert set(block.info[1:]) <= set(tags_of(cell))
        if fence.startswith("<!--"):
            assert cell["metadata"]["jupyter"]["source_hidden"]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_text_of_a_page_is_all_there(path):
    def words(text):
        text = re.sub(
            r"\]\([^)\s]+\)|</?details>|<summary>[^<]*</summary>|<!-- toctree.*?-->",
            "",
            text,
            flags=re.DOTALL,
        )
        return re.findall(r"[\w$\\]+", text)

    page = pages.FENCED.sub("", notebooks.text_of(path))
    page = re.sub(r"^<!-- python\n.*?^-->$", "", page, flags=re.DOTALL | re.MULTILINE)
    page = notebooks.IMAGE.sub("", page)
    cells = [
        source_of(cell) for cell in notebooks.notebook_of(path)["cells"] if cell["cell_type"] == "markdown"
    ]
    text = "\n".join(cells).replace(notebooks.INTRODUCTION, "").replace(notebooks.INTRODUCTION_KO, "")
    text = notebooks.IMAGE.sub("", pages.FENCED.sub("", text))
    assert words(text) == words(page)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_notebook_needs_no_other_file(path):
    notebook = notebooks.notebook_of(path)
    assert json.loads(json.dumps(notebook)) == notebook
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    pictures = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            pictures += len(shown_by(cell))
            continue
        text = pages.FENCED.sub("", source_of(cell))
        targets = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
        assert targets == [f"attachment:{key}" for key in cell.get("attachments", {})]
        pictures += len(targets)
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
            if not target.startswith(("http", "#", "attachment:")):
                page = (path.parent / target.partition("#")[0]).resolve().with_suffix(".md")
                assert page in PAGES, target
    assert pictures == len(notebooks.IMAGE.findall(pages.prose_of(path, notebooks.text_of(path))))


def test_solutions_are_folded():
    cells = notebooks.notebook_of(pages.ROOT / "docs" / "book" / "your-first-gan.md")["cells"]
    number = next(k for k, cell in enumerate(cells) if "Exercise 1." in source_of(cell))
    solutions = [
        cell for cell in cells[number + 1 :] if not source_of(cell).startswith(("**Exercise", "In the code"))
    ]
    assert len(solutions) >= 6
    for cell in solutions:
        if cell["cell_type"] == "markdown":
            assert source_of(cell).startswith("<details>\n<summary>Solution</summary>\n\n")
            assert source_of(cell).endswith("\n\n</details>")
        else:
            assert cell["metadata"]["jupyter"] == {"source_hidden": True, "outputs_hidden": True}


def test_written_to_a_folder(tmp_path):
    written = notebooks.write_notebooks(tmp_path, ["1-gradients/04-the-dense-layer.md", "symbols"])
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "book/1-gradients/04-the-dense-layer.ipynb",
        "book/symbols.ipynb",
    ]
    assert json.loads(written[0].read_text(encoding="utf-8")) == notebooks.notebook_of(
        pages.ROOT / "docs/book/1-gradients/04-the-dense-layer.md"
    )


# --- executed ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("page", EXECUTED)
def test_a_page_runs_as_a_notebook(page, tmp_path):
    notebook = notebooks.notebook_of(pages.ROOT / "docs" / page)
    notebook["cells"] = [cell for cell in notebook["cells"] if "slow" not in tags_of(cell)]
    cells = run_notebook(notebook, tmp_path)
    for before, after in zip(code_cells(notebook), code_cells({"cells": cells}), strict=True):
        errors = [output["ename"] for output in after["outputs"] if output["output_type"] == "error"]
        if "torch" in tags_of(before) and importlib.util.find_spec("torch") is None:
            assert not errors or errors[0] in ("ModuleNotFoundError", "NameError")
            continue
        assert not errors
        assert pages.difference(printed_by(before), printed_by(after), float("inf")) is None
        assert len(shown_by(before)) == len(shown_by(after))


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs_as_a_notebook(example, tmp_path, monkeypatch):
    gen_gallery = pytest.importorskip("sphinx_gallery.gen_gallery")
    from sphinx_gallery.notebook import jupyter_notebook
    from sphinx_gallery.py_source_parser import split_code_and_text_blocks

    monkeypatch.syspath_prepend(pages.ROOT / "docs" / "extensions")
    gallery = importlib.import_module("gallery")
    folder = gallery.prepare(pages.ROOT / "examples", tmp_path / "examples", "quick")
    _, blocks = split_code_and_text_blocks(str(folder / f"{example}.py"))
    cells = {"first_notebook_cell": gallery.NOTEBOOK_START, "last_notebook_cell": gallery.NOTEBOOK_END}
    notebook = jupyter_notebook(blocks, {**gen_gallery.DEFAULT_GALLERY_CONF, **cells}, str(tmp_path))
    done = run_notebook(notebook, tmp_path)
    assert "Look at" in "".join(printed_by(cell) for cell in code_cells({"cells": done}))
    assert all("image/png" in data for data in shown_by(done[-1])) and shown_by(done[-1])
