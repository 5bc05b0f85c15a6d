"""Docstrings for the reference.

They are written as one writes Markdown: `code`, *emphasis*, lists, and indented blocks,
derivations or programs, which keep their form. Below "Args:" and its like stands a list
of names. This turns all that into the reStructuredText that Sphinx wants.

Three more things make the reference whole: a package lists the names that it offers, with
links to where they are written; a module that has the name of a function in it is listed as
the module (im2col.py); and a class whose base is private shows the base of that.
"""

import ast
import importlib
import inspect
import re
import sys
import textwrap

from docutils.statemachine import StringList
from sphinx.ext.autosummary import Autosummary

SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises")
ITEM = re.compile(r"(\*{0,2}[\w\[\]\"'().]+(?:, \*{0,2}[\w\[\]\"'().]+)*): (.*)", re.DOTALL)
SPANS = re.compile(r"(`+[^`]+`+|(?<![\w*])\*\w(?:[^*\n]|\n(?!\n))*?[\w.?!]\*(?![\w*]))")


def inline(text):
    """Return a paragraph with its marks as in reStructuredText, and everything else as it is."""
    parts = SPANS.split(text)
    for k, part in enumerate(parts):
        if k % 2 and part.startswith("`"):
            parts[k] = f"``{part.strip('`')}``"
        elif k % 2 == 0:
            parts[k] = re.sub(r"([\\*|_`@])", r"\\\1", part)
    return re.sub(r"(?<=[\w])(``)|(``)(?=\w)", r"\1\2", "".join(parts))


def blocks(lines):
    """Return runs of lines between empty lines; a run that is indented joins the next such."""
    found = []
    for block in re.split(r"\n(?:[ \t]*\n)+", "\n".join(lines).strip("\n")):
        if found and found[-1].startswith("    ") and block.startswith("    "):
            found[-1] += "\n\n" + block
        elif block.strip():
            found.append(block)
    return found


def to_rst(lines):
    """Return the lines of a docstring as reStructuredText."""
    out = []
    for block in blocks(lines):
        head, _, rest = block.partition("\n")
        if head.rstrip(":") in SECTIONS and head.endswith(":") and rest:
            out += [f"**{head[:-1]}**", "", *_section(textwrap.dedent(rest))]
        elif block.startswith("    "):
            out += _verbatim(block)
        elif re.match(r"(- |\d+\. )", block):
            out += inline(block).splitlines()
        else:
            text, indented = _split_at_indent(block)
            out += inline(text).splitlines()
            out += ["", *_verbatim(indented)] if indented else []
        out.append("")
    return out


def _verbatim(block):
    text = textwrap.dedent(block).strip("\n")
    kind = "python" if _is_program(text) else "none"
    return [f".. code-block:: {kind}", "", *textwrap.indent(text, "   ").splitlines()]


def _is_program(text):
    try:
        return any(
            not isinstance(node, (ast.Expr, ast.Assign)) or "print" in text for node in ast.parse(text).body
        )
    except SyntaxError:
        return False


def _split_at_indent(block):
    """Split a paragraph from indented lines right below it."""
    lines = block.split("\n")
    k = next((k for k, line in enumerate(lines) if line.startswith("    ")), len(lines))
    if any(not line.startswith(" ") for line in lines[k:]):
        return block, ""
    return "\n".join(lines[:k]), "\n".join(lines[k:])


def _section(text):
    """Return "name: what it is" items as a list of definitions; other text as paragraphs."""
    items = re.split(r"\n(?=\S)", text)
    if not all(ITEM.match(item) for item in items):
        return to_rst(text.splitlines())
    out = []
    for item in items:
        name, what = ITEM.match(item).groups()
        what = textwrap.dedent(what.partition("\n")[0]) + "\n" + textwrap.dedent(what.partition("\n")[2])
        out += [
            f"``{name}``",
            *textwrap.indent("\n".join(to_rst(what.strip().splitlines())), "   ").splitlines(),
        ]
    return out


def process(app, what, name, obj, options, lines):
    lines[:] = to_rst(lines)


class Modules(Autosummary):
    """The list of a package's modules."""

    def import_by_name(self, name, prefixes):
        for full in (f"{prefix}.{name}" for prefix in prefixes if prefix):
            if full in sys.modules:
                return full, sys.modules[full], None, full
        return super().import_by_name(name, prefixes)


class Offers(Autosummary):
    """The names to import from a package: those of its __all__ that its modules define."""

    required_arguments = 1

    def get_items(self, names):
        """Return what is to be said of each name: the first line of its docstring, whole."""
        return [(*item[:2], self.first_lines[item[0]], item[3]) for item in super().get_items(names)]

    def run(self):
        package = importlib.import_module(self.arguments[0])
        offered = [inspect.unwrap(getattr(package, name)) for name in getattr(package, "__all__", ())]
        written = [thing for thing in offered if inspect.isclass(thing) or inspect.isfunction(thing)]
        written = [thing for thing in written if thing.__module__ != package.__name__]  # on this very page
        if not written:
            return []
        places = (thing.__module__.removeprefix(f"{package.__name__}.") for thing in written)
        names = [f"~{place}.{thing.__qualname__}" for place, thing in zip(places, written)]
        docs = {thing.__qualname__: inspect.getdoc(thing) for thing in written}
        self.first_lines = {name: inline(text.partition("\n")[0]) for name, text in docs.items()}
        self.content = StringList(sorted(names, key=lambda name: name.rpartition(".")[2].lower()), source="")
        return super().run()


def public_bases(app, name, obj, options, bases):
    for k, base in enumerate(bases):
        if getattr(base, "__name__", "").startswith("_"):
            bases[k : k + 1] = base.__bases__


def setup(app):
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-process-bases", public_bases)
    app.add_directive("autosummary", Modules, override=True)
    app.add_directive("offers", Offers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
