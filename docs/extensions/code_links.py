"""Links on the pages that a code host follows to a file, and the site within itself.

    <a id="eq-1.7"></a>                                 a target named eq-1.7
    [(1.7)](04-dense.md#eq-1.7)                         a link to it, wherever it is
    [`Dense.forward`](../../numpygan/layers/dense.py)   its place in the reference
    [...](../../examples/02_first_gan.py)               the page of the example
"""

import re
from pathlib import Path

TOCTREE = re.compile(r"^```\{toctree\}.*?^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r'^<a id="(eq-[\d.]+)"></a>$', re.MULTILINE)
TO_EQUATION = re.compile(r"\]\([\w./-]*#(eq-[\d.]+)\)")
TO_OBJECT = re.compile(r"\[`([A-Za-z_][\w.]*)`\]\((?:\.\./)*numpygan/([\w/]+)\.py\)")
TO_MODULE = re.compile(r"\[([^\]]+)\]\((?:\.\./)*numpygan/([\w/]+)\.py\)")
TO_EXAMPLE = re.compile(r"\]\(((?:\.\./)*)examples/(\w+)\.py\)")


def rewrite(text, depth):
    """Return the text of a page `depth` folders below docs/ with its links turned to the site."""
    text = TARGET.sub(r"(\1)=", text)
    text = TO_EQUATION.sub(r"](#\1)", text)
    text = TO_OBJECT.sub(lambda m: f"{{py:obj}}`{m[1]} <{_dotted(m[2])}.{m[1]}>`", text)
    text = TO_MODULE.sub(lambda m: f"{{py:mod}}`{m[1].strip('`')} <{_dotted(m[2])}>`", text)
    return TO_EXAMPLE.sub(rf"]({'../' * depth}gallery/\2.rst)", text)


def _dotted(path):
    return "numpygan." + path.removesuffix("/__init__").replace("/", ".")


def read(app, docname, content):
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".md":
        content[0] = rewrite(content[0], docname.count("/"))
    if ":glob:" in content[0] and not list(path.parent.glob("[0-9]*")):
        content[0] = TOCTREE.sub("", content[0])  # a part without chapters, of which Sphinx would warn


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
