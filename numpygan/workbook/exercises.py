"""The exercises: what each file in texts/ says, and the file that a learner gets from it.

A text file has sections, each of which begins with a line such as `[hint]`:

    [page], [equations]   where the book derives it
    [en], [ko]            a title, an empty line, the task
    [formulas]            shapes and equations
    [formulas ko]         the same in Korean, if there are words in them
    [hint]                one hint: a line in English, a line in Korean
    [cause NAME]          what a mistake is called: a line in English, a line in Korean
    [docstrings ko]       the functions' docstrings in Korean, a line each, if there are words in them
    [solution]            Python; without the bodies of its functions it is the blank
"""

import ast
import dataclasses
import functools
import textwrap

from .language import say
from .text_files import LANGUAGES, in_languages, sections, texts

PARTS = ((1, 12), (13, 19), (20, 26))  # first and last exercise of each part
WIDTHS = {"en": 100, "ko": 60}  # characters in a line of a hint; a Korean one is twice as wide
BLANK = "    ...  # "


@dataclasses.dataclass(frozen=True)
class Exercise:
    """One exercise, as texts/NN_name.txt has it.

    Attributes:
        number, name: 4 and "dense_backward".
        page: of the book, such as "1-gradients/04-the-dense-layer.md"; equations: its numbers there.
        task: dict from a language to the title and the task; formulas: to shapes and equations.
        hints: dicts from a language to a sentence; causes: dict from a name to such a dict.
        docstrings: the functions' docstrings in Korean, where they are not those of the solution.
    """

    number: int
    name: str
    page: str
    equations: tuple
    task: dict
    formulas: dict
    hints: tuple
    causes: dict
    docstrings: tuple
    solution: str

    @property
    def filename(self):
        return f"{self.number:02d}_{self.name}.py"

    @property
    def functions(self):
        """The names of the functions to write."""
        return [node.name for node in ast.parse(self.solution).body if isinstance(node, ast.FunctionDef)]

    @property
    def whole_solution(self):
        """The text of a file that is right."""
        return self.imports + self.solution

    @property
    def imports(self):
        """The lines above the functions."""
        return ("import math\n\n" if "math." in self.solution else "") + "import numpy as np\n\n\n"

    def title(self, lang):
        return self.task[lang].partition("\n")[0]

    def blank(self, lang, *, hint=True):
        """Return the text of the file that a learner gets."""
        title, _, task = self.task[lang].partition("\n")
        part, page = self.page.split("/")
        pages = say(lang, "page", page=f"{part[0]}.{int(page[:2])}", path=f"docs/book/{self.page}")
        numbers = ", ".join(f"({number})" for number in self.equations)
        pages = say(lang, "equations" if len(self.equations) > 1 else "equation", numbers=numbers, page=pages)
        head = say(lang, "exercise", number=self.number, count=len(load_all()), title=title)
        formulas = "\n".join(f"    {line}".rstrip() for line in self.formulas[lang].splitlines())
        command = say(lang, "check_it", number=self.number)
        text = f'"""{head}\n\n{task.strip()}\n\n{formulas}\n\n{pages}\n{command}\n"""\n\n'
        docstrings = self.docstrings if lang == "ko" else ()
        text += self.imports + without_bodies(self.solution, BLANK + say(lang, "your_code"), docstrings)
        if hint:
            lines = textwrap.fill(
                self.hints[0][lang], WIDTHS[lang], initial_indent="# ", subsequent_indent="# "
            )
            text += f"\n\n# region {say(lang, 'hint', number=1)}\n{lines}\n# endregion\n"
        return text


def without_bodies(source, blank, docstrings=()):
    """Return Python source in which each function has its docstring, and for a body the line `blank`.

    `docstrings` are others to put in their place, one for each function.
    """
    lines = source.splitlines()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for k, node in reversed(list(enumerate(functions))):
        docstring, first = node.body[:2]
        lines[first.lineno - 1 : node.end_lineno] = [blank]
        if docstrings:
            lines[docstring.lineno - 1 : docstring.end_lineno] = [f'    """{docstrings[k]}"""']
    return "\n".join(lines) + "\n"


def parse(filename, text):
    number, _, name = filename.removesuffix(".txt").partition("_")
    single, hints, causes = {}, [], {}
    for heading, body in sections(text):
        if heading == "hint":
            hints.append(in_languages(body))
        elif heading.startswith("cause "):
            causes[heading.removeprefix("cause ")] = in_languages(body)
        else:
            single[heading] = body
    return Exercise(
        number=int(number),
        name=name,
        page=single["page"],
        equations=tuple(single["equations"].split()),
        task={lang: single[lang] for lang in LANGUAGES},
        formulas={"en": single["formulas"], "ko": single.get("formulas ko", single["formulas"])},
        hints=tuple(hints),
        causes=causes,
        docstrings=tuple(single.get("docstrings ko", "").splitlines()),
        solution=single["solution"] + "\n",
    )


@functools.cache
def load_all():
    """Return all exercises, in order."""
    files = sorted((path for path in texts().iterdir() if path.name[0].isdigit()), key=lambda path: path.name)
    return tuple(parse(path.name, path.read_text(encoding="utf-8")) for path in files)


def find(which):
    """Return the exercise of that number or name, or raise ValueError."""
    for exercise in load_all():
        if str(which) in (str(exercise.number), f"{exercise.number:02d}", exercise.name, exercise.filename):
            return exercise
    names = ", ".join(f"{e.number} {e.name}" for e in load_all())
    raise ValueError(f"no exercise {which!r}: expected a number or a name of {names}")
