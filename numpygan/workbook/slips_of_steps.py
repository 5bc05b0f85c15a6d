"""Slips in statements: a loop that is too short, a step that is missing, done twice or too early."""

import ast
import itertools

SYMBOLS = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}
TURNED = {ast.Add: "-=", ast.Sub: "+=", ast.Mult: "/=", ast.Div: "*="}
STEPS = (ast.Assign, ast.AugAssign, ast.Expr, ast.For, ast.If)
PARTS_OF_A_LOOP = {
    "last_left_out": "[:-1]",
    "first_left_out": "[1:]",
    "only_last": "[-1:]",
    "only_first": "[:1]",
    "loop_reversed": "[::-1]",
}


def in_loop(source):
    """Yield slips in what a loop runs through, in one loop and in all that run through the same."""
    loops = [node for node in source.nodes if isinstance(node, ast.For)]
    for cause, part in PARTS_OF_A_LOOP.items():
        for loop in loops:
            same = [each for each in loops if source.of(each.iter) == source.of(loop.iter)]
            for some in [[loop], same] if len(same) > 1 else [[loop]]:
                yield cause, {}, [(each.iter, f"list({source.of(each.iter)}){part}") for each in some]


def in_step(source):
    """Yield slips in a single statement."""
    for node in source.nodes:
        if isinstance(node, STEPS):
            name = _name(source, node)
            yield "step_missing", {"step": name}, [(node, "pass")]
            if isinstance(node, (ast.AugAssign, ast.Expr)):
                yield "step_twice", {"step": name}, [(node, f"{source.of(node)}; {source.of(node)}")]
        if isinstance(node, ast.AugAssign):
            target, value = source.of(node.target), source.of(node.value)
            whole = target if isinstance(node.target, ast.Subscript) else f"{target}[...]"
            yield "not_added", {"part": target.partition("[")[0]}, [(node, f"{whole} = {value}")]
            if type(node.op) in TURNED:
                name = {"part": _names_in(source, node.value)}
                yield "term_sign", name, [(node, f"{target} {TURNED[type(node.op)]} {value}")]


def in_order(source):
    """Yield slips with a step that is taken before those that should come first."""
    for block in [source.tree.body[1:], *(node.body for node in source.nodes if isinstance(node, ast.For))]:
        for first, later in itertools.combinations(range(len(block)), 2):
            step = block[later]
            if isinstance(step, STEPS):
                moved = [step, *block[first:later]]
                changes = [(old, source.of(new)) for old, new in zip(block[first : later + 1], moved)]
                names = {"step": _name(source, step), "other": _name(source, block[first])}
                yield "too_early", names, changes


def _name(source, node):
    """Return what a step is called: the call, or the variable that it sets."""
    if isinstance(node, ast.Expr):
        return source.of(node)
    if isinstance(node, ast.If):
        return f"if {source.of(node.test)}"
    if isinstance(node, ast.For):
        return _name(source, node.body[-1])
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    symbol = SYMBOLS.get(type(getattr(node, "op", None)), "=")
    return f"{source.of(target).partition('[')[0]} {symbol} ..."


def _names_in(source, node):
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id != "np"]
    return source.of(node) if len(source.of(node)) < 20 else ", ".join(dict.fromkeys(names))
