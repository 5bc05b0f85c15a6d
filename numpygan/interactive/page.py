"""Self-contained HTML pages, made from the templates in this folder."""

import html
import json
import re
from importlib import resources

from ..files.atomic import atomic_write
from ..files.text import readable


def write_page(path, template, fields, about):
    """Write one HTML file: the template, with text for its {{fields}} and data for its script.

    Text is escaped, and "<" in the JSON data too: neither can open a tag or end the script. Fields are
    filled in all at once, so that a title that is called {{about}} stays one.

    Args:
        template: name of a file in this folder.
        fields: dict from the name of each field to its text.
        about: data for the script, serialisable as JSON.
    """
    page = resources.files(__package__).joinpath(template).read_text(encoding="utf-8")
    texts = {name: html.escape(readable(text)) for name, text in fields.items()}
    texts["about"] = json.dumps(about).replace("<", "\\u003c")
    page = re.sub(r"\{\{([\w ]+)\}\}", lambda field: texts[field[1]], page)
    with atomic_write(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
