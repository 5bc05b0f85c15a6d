"""Links on the pages that a code host follows to a file, and the site within itself.

    <a id="eq-1.7"></a>                                 a target named eq-1.7
    [(1.7)](04-dense.md#eq-1.7)                         a link to it, wherever it is
    [`Dense.forward`](../../numpygan/layers/dense.py)   its place in the reference
    [...](../../examples/02_first_gan.py)               the page of the example
    [Examples](../examples)                             the list of the examples
    [Reference](../numpygan)                            the list of the modules
    <!-- toctree ... -->                                {toctree}, which a code host would show as code

What is private has no place of its own in the reference; a link to it leads to its class.
"""

import re
from pathlib import Path

TOCTREE = re.compile(r"^<!-- toctree\n(.*?)^-->$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r'^<a id="(eq-[\d.]+)"></a>$', re.MULTILINE)
TO_EQUATION = re.compile(r"\]\(([\w./-]*)#(eq-[\d.]+)\)")
TO_OBJECT = re.compile(r"\[`([A-Za-z_][\w.]*)(?<!\.py)`\]\((?:\.\./)*numpygan/([\w/]+)\.py\)")
TO_MODULE = re.compile(r"\[([^\]]+)\]\((?:\.\./)*numpygan/([\w/]+)\.py\)")
TO_EXAMPLE = re.compile(r"\]\(((?:\.\./)*)examples/(\w+)\.py\)")
TO_FOLDER = re.compile(r"\]\((?:\.\./)+(examples|numpygan)\)")
LISTS = {"examples": "gallery/index.rst", "numpygan": "api/index.md"}


def rewrite(text, depth, korean=False):
    """Return the text of a page `depth` folders below docs/ with its links turned to the site."""
    text = TARGET.sub(r"(\1-ko)=" if korean else r"(\1)=", text)
    text = TO_EQUATION.sub(
        lambda m: f"](#{m[2]}-ko)" if m[1].endswith(".ko.md") or (korean and not m[1]) else f"](#{m[2]})",
        text,
    )
    text = TO_OBJECT.sub(lambda m: f"{{py:obj}}`{m[1]} <{_dotted(m[2])}.{_public(m[1])}>`", text)
    text = TO_MODULE.sub(lambda m: f"{{py:mod}}`{m[1].strip('`')} <{_dotted(m[2])}>`", text)
    text = TO_FOLDER.sub(lambda m: f"]({'../' * depth}{LISTS[m[1]]})", text)
    text = TO_EXAMPLE.sub(rf"]({'../' * depth}gallery/\2.rst)", text)
    return TOCTREE.sub(r"```{toctree}\n\1```", text)


def _dotted(path):
    return "numpygan." + path.removesuffix("/__init__").replace("/", ".")


def _public(name):
    return name.partition("._")[0]


def read(app, docname, content):
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".md":
        content[0] = rewrite(content[0], docname.count("/"), docname.endswith(".ko"))


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
