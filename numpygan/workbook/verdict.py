"""The verdict on one answer, and how it is read: in a terminal, in a notebook, in a table."""

import dataclasses
import html

from .exercises import find
from .language import messages, say

STATUSES = ("done", "wrong", "broken", "untouched")


@dataclasses.dataclass
class Verdict:
    """What was found out about an answer; `print` it to read it. True if the exercise is done.

    Attributes:
        name: of the exercise.
        status: "done", "wrong" (it runs, and returns something else than it should), "broken" (it
            cannot be judged: it does not import, does not end, ...) or "untouched".
        cause: the name of the mistake, or None; values: what its sentence has in braces.
        array, index, got, expected: which array is wrong, where, and both numbers there.
        line: (number, text) of the learner's line that raised an error, or None.
        printed: what the answer printed, its first characters.
        lang: the language to say it in.
    """

    name: str
    status: str
    cause: str | None = None
    values: dict = dataclasses.field(default_factory=dict)
    array: str = ""
    index: tuple | None = None
    got: float | None = None
    expected: float | None = None
    line: tuple | None = None
    printed: str = ""
    lang: str = "en"

    def __bool__(self):
        return self.status == "done"

    @property
    def reason(self):
        """The mistake in a sentence; "" if it has none."""
        if self.cause is None:
            return ""
        causes = find(self.name).causes
        sentence = causes[self.cause] if self.cause in causes else messages()[self.cause]
        return sentence[self.lang].format(**self.values)

    @property
    def where(self):
        """The array at fault and both numbers, or both shapes, in a sentence; "" if there are none."""
        if "is_shape" in self.values and self.cause not in ("shape", "shape_transposed"):
            return say(self.lang, "shape", **self.values)
        if self.got is None:
            return ""
        place = self.array + (f"[{', '.join(map(str, self.index))}]" if self.index else "")
        got, expected = (f"{x:.8g}" for x in (self.got, self.expected))
        return say(self.lang, "both_numbers", place=place, got=got, expected=expected)

    def lines(self):
        """Return the verdict as a list of lines."""
        exercise, lang = find(self.name), self.lang
        head = f"{exercise.number} {self.name}: {say(lang, self.status)}"
        lines = [head, self.where]
        if self.line:
            number, text = self.line
            lines.append(say(lang, "at_line", number=number, text=text))
        if self.reason:
            lines.append(say(lang, "cause", reason=self.reason) if self.status == "wrong" else self.reason)
        elif self.status == "wrong":
            lines.append(say(lang, "no_cause", page=f"docs/book/{exercise.page}"))
        if self.printed:
            lines.append(say(lang, "printed", text=self.printed.rstrip()))
        return [line for line in lines if line]

    def __str__(self):
        head, *rest = self.lines()
        return "\n".join([head, *(f"  {line}" for line in rest)])

    def _repr_html_(self):
        head, *rest = map(html.escape, self.lines())
        colour = {"done": "#0072B2", "untouched": "#666666"}.get(self.status, "#D55E00")
        body = "".join(f'<div style="white-space: pre-wrap">{line}</div>' for line in rest)
        return f'<div style="border-left: 4px solid {colour}; padding-left: 0.8em"><b>{head}</b>{body}</div>'
