"""Slips that are made in any code: a solution with one of them at one place, at every place.

A slip is a cause, what its sentence has in braces, and the function as it then reads. They
explain what no exercise has foreseen (replay.py). The kinds are in order: the first that
gives the learner's numbers is named, so what is more specific comes first.
"""

import ast
import itertools

from .shortened import short
from .slips_of_numbers import in_call, in_constant, in_function, in_sign, to_one_number
from .slips_of_steps import in_loop, in_order, in_step
from .slips_of_terms import in_chain, in_power, in_product, in_sum

SHOWN = {  # what the equations call a variable of a solution
    "rows": "dy",
    "length": "|g|",
    "height": "H",
    "width": "W",
    "H_out": "H'",
    "W_out": "W'",
    "error": "y - x",
}
SPECIFIC = (in_sum, in_power, in_call, in_product, in_chain)
FURTHER = (in_constant, in_sign, to_one_number, in_function)
STEPS = (in_loop, in_step, in_order)


class Source:
    """The text of one function, in which parts can be replaced."""

    def __init__(self, text, sorts):
        self.text = text
        self.sorts = sorts
        self.tree = ast.parse(text).body[0]
        self.starts = [0, *itertools.accumulate(len(line) for line in text.splitlines(True))]
        body = self.tree.body[1:]  # after the docstring
        self.nodes = [node for statement in body for node in ast.walk(statement)]
        self.expressions = [node for node in self.nodes if isinstance(node, ast.expr)]
        stored = [n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.variables = list(dict.fromkeys([*(each.arg for each in self.tree.args.args), *stored]))
        self.uses = [
            node
            for node in self.expressions
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self.variables
        ]

    def place(self, node):
        """Return where the text of a node begins and ends."""
        begin = self.starts[node.lineno - 1] + node.col_offset
        return begin, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node):
        begin, end = self.place(node)
        return self.text[begin:end]

    def named(self, node):
        """Return what an expression is called in a sentence."""
        return short(self.of(node))

    def is_number(self, node):
        """Return True for what may be an array or a number."""
        if isinstance(node, ast.Name):
            loaded = isinstance(node.ctx, ast.Load)
            return loaded and node.id in self.variables and node.id not in self.sorts
        return isinstance(node, (ast.BinOp, ast.Call))

    def replaced(self, changes):
        """Return the text with others in the place of some nodes; `changes` are (node, text)."""
        text = self.text
        for node, new in sorted(changes, key=lambda change: self.place(change[0]), reverse=True):
            begin, end = self.place(node)
            text = text[:begin] + new + text[end:]
        return text


def slips(text, sorts):
    """Yield (cause, values, changed text) for each slip in a function that has a docstring.

    Args:
        sorts: dict from the arguments that are not numbers to what they are, such as "network".
    """
    source = Source(text, sorts)
    for kind in STEPS:
        for cause, values, changes in kind(source):
            yield cause, _shown(values), source.replaced(changes)
    yield from _in_expressions(source, SPECIFIC)
    yield from _names(source)
    yield from _in_expressions(source, FURTHER)
    yield from _further_factors(source)


def _in_expressions(source, kinds):
    """Yield slips in an expression, and the same slip in all that read the same."""
    for kind, node in itertools.product(kinds, source.expressions):
        for cause, values, new in kind(source, node):
            changes = [(each, f"({new})") for each in _alike(source, node)]
            yield cause, _shown(values), source.replaced([(node, f"({new})")])
            if len(changes) > 1:
                yield cause, _shown(values), source.replaced(changes)


def _alike(source, node):
    """Return the nodes with the same text; none is a part of another."""
    text = source.of(node)
    return [each for each in source.expressions if type(each) is type(node) and source.of(each) == text]


def _shown(values):
    return {key: SHOWN.get(value, value) for key, value in values.items()}


def _names(source):
    """Yield slips with one variable in the place of another: once, everywhere, or both exchanged."""
    for node, other in itertools.product(source.uses, source.variables):
        if other != node.id and source.sorts.get(other) == source.sorts.get(node.id):
            yield "wrong_name", _shown({"used": other, "right": node.id}), source.replaced([(node, other)])
    for name, other in itertools.permutations(source.variables, 2):
        here = [(node, other) for node in source.uses if node.id == name]
        there = [(node, name) for node in source.uses if node.id == other]
        values = _shown({"used": other, "right": name})
        if source.sorts.get(name) != source.sorts.get(other):
            continue
        if len(here) > 1:
            yield "wrong_name", values, source.replaced(here)
        if name < other and here and there:
            yield "names_swapped", values, source.replaced(here + there)


def _further_factors(source):
    """Yield slips with a variable multiplied or divided by another."""
    numbers = [name for name in source.variables if name not in source.sorts]
    for node, other in itertools.product(source.uses, numbers):
        if node.id in numbers:
            values = _shown({"part": other})
            yield "factor_extra", values, source.replaced([(node, f"({node.id} * {other})")])
            yield "divided_extra", values, source.replaced([(node, f"({node.id} / {other})")])
