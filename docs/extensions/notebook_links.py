"""Every page of the book as a notebook on the site, with a link below the page's title.

The notebooks are files beside the pages, notebooks/book/..., so that links from one to the other hold,
and all of them are in notebooks/numpygan-notebooks.zip as well.
"""

import shutil
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import notebooks

ARCHIVE = "numpygan-notebooks.zip"
WORDS = {False: ("This page as a notebook", "all pages"), True: ("이 페이지를 노트북으로", "모든 페이지")}


def prepare(folder):
    """Write all notebooks below `folder`/notebooks; return `folder`, whose content belongs on the site."""
    shutil.rmtree(folder, ignore_errors=True)
    written = notebooks.write_notebooks(folder / "notebooks")
    with zipfile.ZipFile(folder / "notebooks" / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in written:
            archive.write(path, path.relative_to(folder / "notebooks"))
    return folder


def read(app, docname, content):
    """Add the link to a page of the book."""
    if not docname.startswith("book/"):
        return
    top = "../" * docname.count("/")
    this, all_pages = WORDS[docname.endswith(".ko")]
    link = (
        f'<div class="notebook"><a href="{top}notebooks/{docname}.ipynb" download>{this}</a>, '
        f'<a href="{top}notebooks/{ARCHIVE}" download>{all_pages}</a></div>'
    )
    title, _, rest = content[0].partition("\n")
    content[0] = f"{title}\n\n{link}\n{rest}"


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
