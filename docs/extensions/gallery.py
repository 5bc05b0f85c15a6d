"""The examples as pages: their text, their output, their pictures, a notebook each.

The scripts are plain: a docstring as everywhere in the project, arguments, pictures
written to a folder. sphinx-gallery wants a title in reStructuredText and pictures in
windows, so it is given copies with the docstring rewritten, and told where the pictures
are. A copy whose text has not changed is not run again.
"""

import ast
import shutil
from pathlib import Path

import tqdm
import tqdm.std
from docstrings import to_rst
from sphinx_gallery.scrapers import figure_rst

from numpygan.training.progress import Progress

NOTEBOOK_START = """\
# A notebook has no command line: these are the script's arguments.
# Without --quick it runs in full, for minutes.
import sys
import tempfile

sys.argv = ["example", "--quick", "--out", tempfile.mkdtemp()]"""

NOTEBOOK_END = """\
# The pictures that the script has saved
from pathlib import Path

from IPython.display import Image, display

for picture in sorted(Path(sys.argv[-1]).glob("*.[pg][ni][gf]")):
    display(Image(str(picture)))"""

QUICK, WHOLE = "*Run here with* ``--quick``.", "*Run here in full.*"
LONG = ("20", "22", "23", "30", "50", "51", "52")  # numbers of the examples that take minutes

INTRODUCTION = """\
Examples
========

Each is a script that runs by itself, in the order in which a course would take them. A page
shows what its script printed and drew; at its end the script can be had, and a notebook of it.
With ``--quick`` a script takes seconds, and its pictures are as blurred as one would expect.
"""


def prepare(source, target, how):
    """Copy the examples from one folder to another for sphinx-gallery; return the target."""
    target.mkdir(parents=True, exist_ok=True)
    texts = {"GALLERY_HEADER.rst": INTRODUCTION}
    for path in source.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        # One without a number is no example: others import it.
        texts[path.name] = _with_title(text, _note(path.name, how)) if path.name[0].isdigit() else text
    for path in target.iterdir():
        if path.is_file() and path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = target / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
    return target


def _note(name, how):
    """Return how an example is run: "whole", "quick", "none", or "short", which is quick if it is long."""
    if how == "none":
        return ""
    return QUICK if how == "quick" or (how == "short" and name.startswith(LONG)) else WHOLE


def _with_title(script, note):
    """Return a script whose docstring has a title, is reStructuredText, and says how it was run."""
    program = ast.parse(script)
    title, *rest = ast.get_docstring(program).splitlines()
    title = title.removesuffix(".")
    text = "\n".join([title, "=" * len(title), "", *to_rst(rest), "", note]).rstrip()
    code = script.splitlines()[program.body[0].end_lineno :]
    return "\n".join([f'r"""\n{text}\n"""', *code]) + "\n"


def hide_progress_bars():
    """Keep them from what the examples print."""

    class Hidden(tqdm.std.tqdm):
        def __init__(self, *args, **settings):
            super().__init__(*args, **{**settings, "disable": True})

    def show_nothing(self, *arguments, **settings):
        self._display = None

    tqdm.tqdm = tqdm.std.tqdm = Hidden
    Progress.__init__ = show_nothing


class Arguments:
    """What each example is called with: --quick or nothing, as its page says."""

    def __repr__(self):  # part of the settings, by which Sphinx knows whether to build again
        return "Arguments()"

    def __call__(self, gallery_conf, script_vars):
        script = Path(script_vars["src_file"])
        shutil.rmtree(_pictures(script), ignore_errors=True)
        return ["--quick"] if QUICK in script.read_text(encoding="utf-8") else []


def _pictures(script):
    """Return the folder to which a script writes by default, seen from where sphinx-gallery runs it."""
    return script.parent / "runs" / "examples" / script.stem


class SavedPictures:
    """Shows the pictures that an example has saved."""

    def __repr__(self):
        return "SavedPictures()"

    def __call__(self, block, block_vars, gallery_conf):
        folder, shown = _pictures(Path(block_vars["src_file"])), []
        for picture in sorted(folder.glob("*.png")) + sorted(folder.glob("*.gif")):
            target = Path(next(block_vars["image_path_iterator"])).with_suffix(picture.suffix)
            shutil.move(picture, target)
            shown.append(figure_rst([str(target)], gallery_conf["src_dir"]))  # one below the other
        return "\n".join(shown)
