"""What a notebook shows: tables and small curves as HTML. The classes that use it have one line each.

Colours come from the notebook's own theme (`currentColor`) or are white on a ground of their own, so
that everything can be read on a light page and on a dark one. Text is escaped.
"""

import itertools
import math
import sys
from collections.abc import Iterable, Sequence
from html import escape

GOOD, BAD, OPEN = "#1a7f37", "#b3261e", "#6b5900"  # grounds for white text: contrast of 4.5 or more
CELL = "padding:0.15em 0.7em;white-space:nowrap"


def in_notebook() -> bool:
    """Return whether this process is a notebook's kernel."""
    ipython = sys.modules.get("IPython")  # loaded long ago if this is one
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class Markup(str):
    """Text that is HTML already, and is not to be escaped."""


def table(
    rows: Sequence[Sequence[object]], *, align: str, caption: object = "", notes: Iterable[object] = ()
) -> str:
    """Return rows of cells as an HTML table; the first row is the head.

    Args:
        align: "<" or ">" for each column: left or right.
        caption, notes: text above the table, and lines below it.
    """
    head, *body = rows
    parts = ['<div style="overflow-x:auto">']
    if caption:
        parts.append(f"<div>{_escaped(caption)}</div>")
    parts.append('<table style="font-variant-numeric:tabular-nums;border-collapse:collapse">')
    parts.append(f"<thead>{_row('th', head, align)}</thead><tbody>")
    parts += [_row("td", row, align) for row in body]
    parts.append("</tbody></table>")
    parts += [f"<div>{_escaped(note)}</div>" for note in notes]
    return "\n".join([*parts, "</div>"])


def _row(tag, cells, align):
    sides = {"<": "left", ">": "right"}
    styled = zip(cells, (f"{CELL};text-align:{sides[side]}" for side in align), strict=True)
    return (
        "<tr>"
        + "".join(f'<{tag} style="{style}">{_escaped(cell)}</{tag}>' for cell, style in styled)
        + "</tr>"
    )


def _escaped(cell):
    return cell if isinstance(cell, Markup) else Markup(escape(str(cell)))


def badge(text: str, colour: str) -> Markup:
    """Return text in white on a coloured ground."""
    style = f"background:{colour};color:#fff;padding:0.1em 0.5em;border-radius:0.4em"
    return Markup(f'<span style="{style}">{escape(text)}</span>')


def join(*pieces: str) -> Markup:
    """Return pieces of text and Markup as one."""
    return Markup("".join(map(_escaped, pieces)))


def bold(text: str) -> Markup:
    """Return text in bold type."""
    return Markup(f"<b>{escape(text)}</b>")


def sparkline(values: Sequence[float], *, width: int = 160, height: int = 28) -> Markup:
    """Return a curve of the values as a small inline SVG, without axes.

    There is one point per pixel at most: the mean of the values that fall there. Values that are
    infinite or NaN are left out.
    """
    points = _thinned(values, width)
    finite = [y for y in points if y is not None]
    if not finite:
        return Markup("")
    low, high = min(finite), max(finite)
    dx, scale = (width - 4) / max(len(points) - 1, 1), (height - 4) / ((high - low) or 1)
    drawn = " ".join(
        f"{2 + dx * k:.1f},{height - 2 - scale * (y - low):.1f}"
        for k, y in enumerate(points)
        if y is not None
    )
    line = f'<polyline points="{drawn}" fill="none" stroke="currentColor" stroke-width="1.3"/>'
    if len(finite) == 1:
        x, y = drawn.split(",")
        line = f'<circle cx="{x}" cy="{y}" r="2" fill="currentColor"/>'
    label = f"curve from {finite[0]:.4g} to {finite[-1]:.4g}, between {low:.4g} and {high:.4g}"
    return Markup(
        f'<svg role="img" aria-label="{label}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">{line}</svg>'
    )


def _thinned(values, most):
    """Return at most so many means of neighbouring values; None where none of them is finite."""
    ends = (
        [round(k * len(values) / most) for k in range(most + 1)]
        if len(values) > most
        else range(len(values) + 1)
    )
    means = []
    for start, stop in itertools.pairwise(ends):
        finite = [value for value in values[start:stop] if math.isfinite(value)]
        means.append(math.fsum(finite) / len(finite) if finite else None)
    return means
