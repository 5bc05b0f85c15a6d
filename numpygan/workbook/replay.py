"""Finding what explains an answer that was not foreseen: the solution is called as the answer was.

First with one slip after the other (slips.py); then the numbers are looked for among
products of the arguments (made_of.py).
"""

import ast
import collections
import copy
import functools
import pickle
import time
import types

import numpy as np

from .made_of import made_of
from .slips import slips

TOLERANCE = 1e-6
CALLS = 6  # that are remembered
SECONDS = 1.2  # for all slips, on a machine that is busy


class Recorder:
    """Remembers the latest calls of the functions of an answer: their arguments, and what came of it."""

    def __init__(self):
        self._calls = collections.deque(maxlen=CALLS)

    def watch(self, answer, names):
        """Return the functions of an answer, which tell the recorder when they are called."""
        return types.SimpleNamespace(**{name: self._recorded(name, getattr(answer, name)) for name in names})

    def _recorded(self, name, function):
        def recorded(*arguments):
            before = [_frozen(argument) for argument in arguments]
            try:
                result = function(*arguments)
            except Exception as error:
                self._calls.append((name, before, error))
                raise
            self._calls.append((name, before, _outcome(result, arguments)))
            return result

        return functools.update_wrapper(recorded, function)

    def explain(self, solution):
        """Return (cause, values) for what explains the latest wrong call; (None, {}) if nothing does."""
        module = {}
        exec(solution, module)
        for name, arguments, got in reversed(self._calls):
            true = _outcome_of(module[name], arguments)
            if isinstance(true, Exception):
                continue  # with what an earlier function of the answer has returned, nothing works
            if isinstance(got, Exception) or not _agree(got, true):
                node = next(each for each in ast.parse(solution).body if getattr(each, "name", None) == name)
                text = ast.get_source_segment(solution, node)
                cause, values = _explain(dict(module), name, text, arguments, got, true)
                return cause, {"array": name, **values}
        return None, {}


def _explain(module, name, text, arguments, got, true):
    parameters = [each.arg for each in ast.parse(text).body[0].args.args]
    named = dict(zip(parameters, arguments))
    sorts = {key: _sort(value) for key, value in named.items() if _sort(value)}
    found = _slip(module, name, slips(text, sorts), arguments, got, true)
    if found[0] or isinstance(got, Exception):
        return found
    arrays = {key: value for key, value in named.items() if isinstance(value, np.ndarray)}
    wrong = [a for a, b in zip(got, true) if not _same(a, b) and np.shape(a) == np.shape(b)]
    part = made_of(wrong[0], arrays, _same) if wrong else None
    return ("made_of", {"part": part}) if part else (None, {})


def _sort(value):
    """Return what an argument is if it is neither a number nor an array of them."""
    if isinstance(value, bytes):
        return "network"
    return "function" if callable(value) else None if isinstance(value, (np.ndarray, float, int)) else "other"


def _slip(module, name, candidates, arguments, got, true):
    """Return (cause, values) of the slip that gives all that the call gave, or else its first wrong array."""
    in_part, seen, end = (None, {}), set(), time.monotonic() + SECONDS
    for cause, values, changed in candidates:
        if changed in seen or time.monotonic() > end:
            continue
        seen.add(changed)
        try:
            exec(changed, module)
        except SyntaxError:
            continue
        outcome = _outcome_of(module[name], arguments)
        if isinstance(got, Exception):
            if isinstance(got, ValueError) and type(outcome) is type(got) and str(outcome) == str(got):
                return cause, values
        elif not isinstance(outcome, Exception):
            if _agree(outcome, got):
                return cause, values
            if in_part[0] is None and _explains_first(outcome, got, true):
                in_part = cause, values
    return in_part


def _explains_first(outcome, got, true):
    """Return True if an outcome has the first array that is wrong; there may be another mistake in others."""
    if not len(outcome) == len(got) == len(true):
        return False
    changed = [k for k in range(len(true)) if not _same(outcome[k], true[k])]
    wrong = [k for k in range(len(true)) if not _same(got[k], true[k])]
    return bool(wrong) and wrong[0] in changed and all(_same(outcome[k], got[k]) for k in changed)


def _frozen(argument):
    """Return a copy of an argument; a network as bytes, of which copies are made three times as fast."""
    return pickle.dumps(argument) if hasattr(argument, "flat_params") else copy.deepcopy(argument)


def _copied(frozen):
    return pickle.loads(frozen) if isinstance(frozen, bytes) else copy.deepcopy(frozen)


def _outcome_of(function, arguments):
    """Call a function with copies of the arguments; return what it gives, or the error."""
    arguments = [_copied(argument) for argument in arguments]
    try:
        return _outcome(function(*arguments), arguments)
    except Exception as error:
        return error


def _outcome(result, arguments):
    """Return all that a call gives: its results, and what it has made of arrays and networks."""
    found = list(result) if isinstance(result, (tuple, list)) else [result]
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            found.append(argument)
        elif hasattr(argument, "flat_params"):
            found += [argument.flat_params, argument.flat_grads]
    return copy.deepcopy(found)


def _agree(these, those):
    return len(these) == len(those) and all(map(_same, these, those))


def _same(a, b):
    """Return True for nearly the same numbers."""
    if a is None or b is None:
        return a is b
    try:
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= TOLERANCE * np.abs(b) + 1e-10))
