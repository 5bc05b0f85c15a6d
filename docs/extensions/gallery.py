"""The examples as pages: their text, their output, their pictures, a notebook each.

The scripts are plain: a docstring as everywhere in the project, arguments, pictures
written to a folder. sphinx-gallery wants a title in reStructuredText and pictures in
windows, so it is given copies with the docstring rewritten, and told where the pictures
are. A copy whose text has not changed is not run again.
"""

import ast
import shutil
import tempfile
from pathlib import Path

from docstrings import to_rst
from sphinx_gallery.scrapers import figure_rst

NOTEBOOK_START = """\
# A notebook has no command line: these are the script's arguments.
# Without --quick it runs in full, for minutes.
import sys

sys.argv = ["example", "--quick"]"""

INTRODUCTION = """\
Examples
========

Each is a script that runs by itself, in the order in which a course would take them. The
pages show what it printed and drew with ``--quick``, in seconds; run without it, in minutes,
the pictures get better. At the end of each page it can be had as a script and as a notebook.
"""


def prepare(source, target):
    """Copy the examples from one folder to another for sphinx-gallery; return the target."""
    target.mkdir(parents=True, exist_ok=True)
    texts = {"GALLERY_HEADER.rst": INTRODUCTION}
    texts |= {path.name: _with_title(path.read_text(encoding="utf-8")) for path in sorted(source.glob("[0-9]*.py"))}
    for path in target.iterdir():
        if path.is_file() and path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = target / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
    return target


def _with_title(script):
    """Return a script whose docstring has a title and is reStructuredText."""
    program = ast.parse(script)
    title, *rest = ast.get_docstring(program).splitlines()
    title = title.removesuffix(".")
    text = "\n".join([title, "=" * len(title), "", *to_rst(rest)]).rstrip()
    code = script.splitlines()[program.body[0].end_lineno :]
    return "\n".join([f'r"""\n{text}\n"""', *code]) + "\n"


class Arguments:
    """What each example is called with: a folder of its own, and --quick."""

    def __init__(self, quick):
        self.quick = quick

    def __repr__(self):  # part of the settings, by which Sphinx knows whether to build again
        return f"Arguments(quick={self.quick})"

    def __call__(self, gallery_conf, script_vars):
        name = Path(script_vars["src_file"]).stem
        folder = picture_folder(name)
        shutil.rmtree(folder, ignore_errors=True)
        return [*(["--quick"] if self.quick else []), "--out", str(folder)]


def picture_folder(name):
    return Path(tempfile.gettempdir()) / "numpygan-gallery" / name


class SavedPictures:
    """Shows the pictures that an example has saved."""

    def __repr__(self):
        return "SavedPictures()"

    def __call__(self, block, block_vars, gallery_conf):
        folder = picture_folder(Path(block_vars["src_file"]).stem)
        shown = []
        for picture in sorted(folder.glob("*.png")) + sorted(folder.glob("*.gif")):
            target = Path(next(block_vars["image_path_iterator"])).with_suffix(picture.suffix)
            shutil.move(picture, target)
            shown.append(str(target))
        return figure_rst(shown, gallery_conf["src_dir"])
