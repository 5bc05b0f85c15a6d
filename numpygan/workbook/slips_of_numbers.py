"""Slips in calls, in constants, and in what is done to a number: as in slips_of_terms.py."""

import ast
import itertools

from .shortened import short

OTHERS = (  # what is easily taken for each other
    ("np.maximum", "np.minimum", "np.max", "np.min"),
    ("max", "min", "sum"),
    ("np.log1p", "np.log"),
    ("np.exp", "np.log", "np.sqrt", "np.tanh", "np.abs"),
    ("np.sqrt", "np.square", "np.exp", "np.abs"),
    ("np.sign", "np.abs", "np.sqrt"),
    (".parameter_gradients", ".input_gradient", ".backward"),
    (".var", ".std"),
)
ROUND = {ast.Gt: "<", ast.GtE: "<", ast.Lt: ">", ast.LtE: ">"}


def in_call(source, node):
    """Yield slips in a call, a comparison, or a transpose."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in ROUND:
        left, right = source.of(node.left), source.of(node.comparators[0])
        yield "comparison_reversed", {}, f"{left} {ROUND[type(node.ops[0])]} {right}"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        array = source.of(node.value)
        yield "not_transposed_part", {"part": short(array)}, array
        yield "reshape_for_transpose", {"part": short(array)}, f"({array}).reshape(({array}).T.shape)"
    if not isinstance(node, ast.Call):
        return
    name, arguments = source.of(node.func), [source.of(each) for each in node.args]
    rest = [source.of(each) for each in node.keywords]
    if name == "np.where":
        condition, yes, no = arguments
        yield "branches_swapped", {}, f"np.where({condition}, {no}, {yes})"
        yield "one_branch", {"part": short(yes)}, f"{yes} + 0 * ({no})"
        yield "one_branch", {"part": short(no)}, f"{no} + 0 * ({yes})"
    if name.endswith(".reshape"):
        yield "reshape_for_transpose", {"part": name[:-8]}, f"{name}({', '.join(arguments[::-1])}).T"
    for argument in arguments:
        yield "call_missing", {"part": name.removeprefix("np."), "used": short(argument)}, argument
    for group in OTHERS:
        right = next((each for each in group if name == each or (each[0] == "." and name.endswith(each))), "")
        for other in group if right else ():
            if other != right:
                wrong = name.removesuffix(right) + other
                values = {"used": wrong.removeprefix("np."), "right": name.removeprefix("np.")}
                yield "wrong_name", values, f"{wrong}({', '.join([*arguments, *rest])})"
    if len(arguments) == 1 and name.startswith("np."):
        yield "call_twice", {"part": name.removeprefix("np.")}, f"{name}({source.of(node)})"
    for k, keyword in enumerate(rest):
        left = ", ".join([*arguments, *rest[:k], *rest[k + 1 :]])
        yield "argument_missing", {"part": keyword}, f"{name}({left})"
    for j, k in itertools.combinations(range(len(arguments)), 2):
        swapped = list(arguments)
        swapped[j], swapped[k] = swapped[k], swapped[j]
        values = {"used": short(arguments[k]), "right": short(arguments[j])}
        yield "names_swapped", values, f"{name}({', '.join([*swapped, *rest])})"


def in_constant(source, node):
    """Yield slips in a number, and in how many elements there are."""
    right = source.of(node)
    others = []
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
        others = [str(other) for other in (0, 1, 2, 0.5, -value, value + 1, value - 1) if other != value]
    elif isinstance(node, ast.Call) and source.of(node.func) == "len":
        array = source.of(node.args[0])
        others = ["1", f"{array}.size", f"{array}.shape[-1]", f"len({array}) - 1", f"len({array}) + 1"]
    elif isinstance(node, ast.Attribute) and node.attr == "size":
        array = source.of(node.value)
        others = ["1", f"len({array})", f"{array}.shape[-1]", f"{array}.size - 1"]
    elif isinstance(node, ast.Name) and source.is_number(node):
        changed = ("0", "1", "{} + 1", "{} - 1", "2 * {}", "{} / 2", "1 - {}")
        others = [each.format(node.id) for each in changed]
    for other in others:
        yield "wrong_name", {"used": other, "right": right}, other


def in_sign(source, node):
    """Yield expressions with the other sign, or without theirs."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign_of", {"part": source.named(node.operand)}, source.of(node.operand)
        yield "absolute_of", {"part": source.named(node.operand)}, f"np.abs({source.of(node.operand)})"
    elif source.is_number(node):
        yield "sign_of", {"part": source.named(node)}, f"-({source.of(node)})"
        yield "absolute_of", {"part": source.named(node)}, f"np.abs({source.of(node)})"


def to_one_number(source, node):
    """Yield expressions in which numbers are mixed that should stay apart."""
    if not source.is_number(node):
        return
    name, text = {"part": source.named(node)}, f"({source.of(node)})"
    for function in ("np.sum", "np.mean", "np.linalg.norm", "np.max"):
        yield "one_number", name, f"{function}{text}"
    yield "one_number", name, f"np.linalg.norm{text} ** 2"
    for function in ("sum", "mean"):
        for axis in (0, 1):
            values = {**name, "axis": str(axis)}
            yield "mixed_along", values, f"{text}.{function}(axis={axis}, keepdims=True)"
    for part in ("[:1]", "[-1:]", "[0]", "[-1]"):
        yield "one_row", name, f"{text}{part}"
    for part in ("[::-1]", "[:, ::-1]", "[::-1, ::-1]"):
        yield "reversed_part", name, f"{text}{part}"
    for axes in ("0, 1", "1, 2"):
        yield "axes_swapped", name, f"{text}.swapaxes({axes})"


def in_function(source, node):
    """Yield expressions to which a function is applied that does not belong there."""
    if not source.is_number(node):
        return
    text, name = source.of(node), source.named(node)
    for function in ("np.sqrt", "np.sign", "np.exp", "np.log", "np.tanh"):
        yield "call_extra", {"part": name, "used": function[3:]}, f"{function}({text})"
    yield "call_extra", {"part": name, "used": "max(..., 0)"}, f"np.maximum({text}, 0)"
    yield "factor_extra", {"part": f"1 - {name}"}, f"({text}) * (1 - ({text}))"
