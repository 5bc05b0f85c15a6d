"""Running one answer in this process and judging it.

For functions of one's own, as in a notebook; files of others are run by supervise.py, in a
process of their own.
"""

import ast
import builtins
import contextlib
import io
import linecache
import re
import traceback
import types
import warnings

import numpy as np

from .checks import CHECKS
from .exercises import find
from .judge import Wrong
from .replay import Recorder
from .sandbox import NotAllowed
from .verdict import Verdict

KEPT = 300  # characters of what an answer prints
LIBRARIES = {"numpygan", "torch", "tensorflow", "jax", "keras", "autograd", "cupy", "scipy", "sklearn"}
VAGUE = {None, "raises", "factor", "some_signs", "imprecise"}  # a slip may say more
MACHINERY = {"importlib", "ctypes", "gc", "multiprocessing", "subprocess", "pickle"}


class Refused(Exception):
    """An answer does what no exercise needs; the cause says what."""

    def __init__(self, cause, **values):
        super().__init__(cause)
        self.cause, self.values = cause, values


class Printed(io.TextIOBase):
    """Keeps the first characters of what is printed, and forgets the rest."""

    def __init__(self):
        super().__init__()
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[: max(0, KEPT - len(self.text))]
        return len(text)


def examine_source(name, source, *, filename="answer.py", lang="en"):
    """Run the text of an answer's file and return a Verdict."""
    exercise = find(name)
    if is_blank(exercise, source):
        return Verdict(name, "untouched", "untouched_cause", lang=lang)

    def functions():
        module = types.ModuleType(exercise.name)
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
        exec(compile(source, filename, "exec"), module.__dict__)
        return module

    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    return _examine(exercise, functions, filename, lang)


def examine_functions(name, functions, *, lang="en"):
    """Judge functions that are there already; `functions` is one, or a dict or namespace of several."""
    exercise = find(name)
    if isinstance(functions, dict):
        functions = types.SimpleNamespace(**functions)
    elif callable(functions):
        if len(exercise.functions) > 1:
            raise ValueError(
                f"{name} has several functions: pass a dict such as "
                f"{{{', '.join(f'{each!r}: {each}' for each in exercise.functions)}}}"
            )
        functions = types.SimpleNamespace(**{exercise.functions[0]: functions})
    return _examine(exercise, lambda: functions, None, lang)


def _examine(exercise, functions, filename, lang):
    printed = Printed()
    verdict = Verdict(exercise.name, "done", lang=lang)
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        _judge(exercise, functions, filename, verdict)
    verdict.printed = printed.text
    return verdict


def _judge(exercise, functions, filename, verdict):
    """Run the check and write what comes out into the verdict."""
    recorder = Recorder()
    try:
        answer = functions()
        for each in exercise.functions:
            if not callable(getattr(answer, each, None)):
                raise Refused("missing", function=each)
        CHECKS[exercise.name](recorder.watch(answer, exercise.functions))
    except Wrong as wrong:
        verdict.status, verdict.cause, verdict.values = "wrong", wrong.cause, wrong.values
        verdict.array, verdict.index = wrong.array, wrong.index
        verdict.got, verdict.expected = wrong.got, wrong.expected
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit is one, too
        verdict.status, verdict.line = "broken", _line(error, filename)
        verdict.cause, verdict.values = explain(error)
    if verdict.status in ("wrong", "broken") and verdict.cause in VAGUE:
        cause, values = recorder.explain(exercise.whole_solution)
        if cause:
            verdict.cause, verdict.values = cause, {**values, **verdict.values}


def explain(error):
    """Return the cause and the values for an error that an answer raised."""
    if isinstance(error, Refused):
        return error.cause, error.values
    if isinstance(error, NotAllowed):
        return "not_allowed", {"event": str(error)}
    if isinstance(error, SyntaxError):
        return "syntax", {"line": error.lineno, "error": error.msg}
    if isinstance(error, (SystemExit, GeneratorExit)):
        return "exits", {}
    if isinstance(error, MemoryError):
        return "memory", {}
    if isinstance(error, RecursionError):
        return "recursion", {}
    kind, text = type(error).__name__, str(error)
    if isinstance(error, ValueError) and re.search("matmul|aligned|broadcast|operands|reshape", text):
        return "do_not_fit", {"error": text}
    return "raises", {"error": f"{kind}: {text}"}


def _line(error, filename):
    """Return (number, text) of the innermost line of the answer that led to an error."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if filename and f.filename == filename]
    return (frames[-1].lineno, frames[-1].line) if frames else None


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """Import for an answer: not what would do the work for it."""
    top = name.partition(".")[0]
    if top in LIBRARIES:
        raise Refused("library", module=top)
    if top in MACHINERY:
        raise Refused("machinery", module=top)
    return __import__(name, globals, locals, fromlist, level)


def is_blank(exercise, source):
    """Return True if no function of the answer has a body yet."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name in exercise.functions]
    return len(found) == len(exercise.functions) and all(_has_no_body(node) for node in found)


def _has_no_body(function):
    """Return True if there is nothing but the docstring and `...` or `pass`."""
    for node in function.body:
        constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not constant and not isinstance(node, ast.Pass):
            return False
    return True
