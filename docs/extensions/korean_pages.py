"""The Korean pages of the site: put together before anything else reads them, each linked with its English twin."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import korean

FIRST_LINE = re.compile(r"\A# .+\n")


def read(app, docname, content):
    path = Path(app.env.doc2path(docname))
    if path in korean.translated_pages():
        app.env.note_dependency(str(korean.english_of(path)))
        content[0] = korean.page(path)
        return
    twin = path.with_suffix(".ko.md")
    if path.suffix == ".md" and twin.is_file() and not korean.SWITCH.search(content[0]):
        link = f"\n([한국어]({twin.name}))\n"
        content[0] = FIRST_LINE.sub(lambda first: first[0] + link, content[0])


def setup(app):
    app.connect("source-read", read, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
