"""The site. Build it with

    python -m pip install -e ".[docs]"
    python -m sphinx -W -b html docs build/site

and open build/site/index.html; it needs no network. That takes about ten minutes on two cores: the
examples are run in full, but those that take minutes with --quick. One that has not changed since
is not run again. With NUMPYGAN_GALLERY=whole in the environment all are run in full, with
NUMPYGAN_GALLERY=quick all with --quick, with NUMPYGAN_GALLERY=none not at all.
"""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "extensions"))

import gallery  # noqa: E402
import mathematics  # noqa: E402
import notebook_links  # noqa: E402

import numpygan  # noqa: E402

project = "numpygan"
author = "the authors of numpygan"
version = release = numpygan.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
    "code_links",
    "docstrings",
    "korean_pages",
    "mathematics",
    "notebook_links",
]
exclude_patterns = ["_build", "_templates", "extensions", "gallery/**/*.ipynb", "gallery/**/*.py"]
templates_path = ["_templates"]
default_role = "code"
nitpicky = True  # a link into the reference that leads nowhere is a warning
nitpick_ignore_regex = [("py:.*", r"(?!numpygan\.).*")]  # those of others have no pages here
smartquotes = False  # f'(x) is no quotation

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

autosummary_generate = True
autodoc_inherit_docstrings = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": True, "show-inheritance": True}
add_module_names = False

html_theme = "furo"
html_title = "numpygan"
html_math_renderer = "mathml"
html_static_path = ["_static", str(mathematics.font_folder(DOCS / "_build" / "fonts"))]
html_css_files = ["book.css"]
html_extra_path = [str(notebook_links.prepare(DOCS / "_build" / "extra"))]
html_copy_source = False
html_show_search_summary = False  # it would have to be fetched, which a page in a file may not do
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00588c", "color-brand-content": "#00588c"}
}

gallery.hide_progress_bars()
how = os.environ.get("NUMPYGAN_GALLERY", "short")
sphinx_gallery_conf = {
    "examples_dirs": [str(gallery.prepare(DOCS.parent / "examples", DOCS / "_build" / "examples", how))],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r"/\d\d_",
    "ignore_pattern": r"(^|/)[^/\d][^/]*\.py$",
    "plot_gallery": how != "none",
    "reset_argv": gallery.Arguments(),
    "image_scrapers": [gallery.SavedPictures()],
    "reset_modules": (),
    "first_notebook_cell": gallery.NOTEBOOK_START,
    "last_notebook_cell": gallery.NOTEBOOK_END,
    "show_memory": False,
    "show_signature": False,
    "within_subsection_order": "FileNameSortKey",
    "min_reported_time": 1,
    "remove_config_comments": True,
    "abort_on_example_error": True,
    "only_warn_on_example_error": False,
    "write_computation_times": False,
}


KOREAN = {  # what the theme says around a page
    "Back to top": "맨 위로", "Home": "처음", "Next": "다음", "On this page": "이 페이지", "Previous": "이전",
    "Search": "검색", "Skip to content": "본문으로",
}  # fmt: skip


def speak_the_language(app, pagename, templatename, context, doctree):
    if pagename.endswith(".ko"):
        context["language"] = "ko"  # browsers choose glyphs and voices by it
        context["_"] = context["gettext"] = lambda text: KOREAN.get(text, text)


def setup(app):
    app.connect("html-page-context", speak_the_language)
