"""Slips in an expression: (source, node) -> (cause, what its sentence has in braces, the text instead)."""

import ast
import itertools

PARTS_OF_A_SUM = {
    "last_left_out": ":-1",
    "first_left_out": "1:",
    "only_last": "-1:",
    "only_first": ":1",
}
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


def in_sum(source, node):
    """Yield slips in a sum or a mean, which a product of matrices is as well."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        a, b = f"({source.of(node.left)})", f"({source.of(node.right)})"
        for cause, part in PARTS_OF_A_SUM.items():
            yield cause, {}, f"{a}[..., {part}] @ {b}[{part}]"
        yield "mean_for_sum", {}, f"{a} @ {b} / len({b})"
    found = _reduction(source, node)
    if not found:
        return
    name, array, axis, keep = found
    whole = f"np.{name}({array}, {axis}{keep})"
    other = {"sum": "mean", "mean": "sum"}.get(name)
    if other:
        yield f"{other}_for_{name}", {}, f"np.{other}({array}, {axis}{keep})"
    comma = ":, " if axis == "1" else ""
    for cause, part in PARTS_OF_A_SUM.items():
        some = f"({array})[{comma}{part}]"
        yield cause, {}, f"np.{name}({some}, {axis}{keep})"
        if name == "mean":
            yield cause, {}, f"np.mean({some}, {axis}{keep}) * {some}.size / np.size({array})"
    for wrong in ("0", "1", "None", "-1", "(0, 1)", "(1, 2)"):
        for kept in ("", ", keepdims=True"):
            if (wrong, kept) != (axis, keep):
                yield "wrong_sum_axis", {}, whole.replace(f"{axis}{keep})", f"{wrong}{kept})")
    yield "not_summed", {"part": _called(source, node)}, array


def _reduction(source, node):
    """Return (name, array, axis, keepdims), as text, for a sum, a mean or a variance; else None."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    name, holder = node.func.attr, source.of(node.func.value)
    if name not in ("sum", "mean", "var"):
        return None
    array = source.of(node.args[0]) if holder == "np" else holder
    keywords = {each.arg: source.of(each.value) for each in node.keywords}
    return name, array, keywords.get("axis", "None"), ", keepdims=True" if "keepdims" in keywords else ""


def in_chain(source, node):
    """Yield slips in a sum of terms or a product of factors: missing, twice, of the wrong kind or sign."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, (ast.Add, ast.Sub)):
        terms, join, times = _chain(node, (ast.Add, ast.Sub)), _sum, "term"
    elif isinstance(node.op, (ast.Mult, ast.Div)):
        terms, join, times = _chain(node, (ast.Mult, ast.Div)), _product, "factor"
    else:
        return
    terms = [(up, source.of(each)) for up, each in terms]
    for size in (1, 2):
        for some in itertools.combinations(range(len(terms)), size):
            name = {"part": _short(", ".join(terms[k][1] for k in some))}
            kept = [term for k, term in enumerate(terms) if k not in some]
            turned = [(up != (k in some), text) for k, (up, text) in enumerate(terms)]
            if kept:
                yield f"{times}_missing", name, join(kept)
            yield ("term_sign" if times == "term" else "factor_inverted"), name, join(turned)
    for term in terms:
        yield f"{times}_extra", {"part": _short(term[1])}, join([*terms, term])


def _chain(node, kinds):
    """Return [(True for + and *, False for - and /, node)] for the parts of a sum or a product."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, kinds)):
        return [(True, node)]
    return [*_chain(node.left, kinds), (isinstance(node.op, kinds[0]), node.right)]


def _sum(terms):
    return " ".join(f"{'+' if up else '-'} ({text})" for up, text in terms).removeprefix("+ ")


def _product(factors):
    return "1.0 " + " ".join(f"{'*' if up else '/'} ({text})" for up, text in factors)


def in_product(source, node):
    """Yield what becomes of a product or a quotient if parentheses are missing."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.Pow))):
        return
    op, left, right = _sign(node.op), source.of(node.left), source.of(node.right)
    for inner, text in ((node.left, "{} {} {} " + op + " " + right), (node.right, left + " " + op + " {} {} {}")):
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
            parts = source.of(inner.left), _sign(inner.op), source.of(inner.right)
            yield "no_parentheses", {"part": _short(source.of(inner))}, text.format(*parts)
    if isinstance(node.op, ast.Div):
        yield "upside_down_part", {"part": _short(source.of(node))}, f"({right}) / ({left})"


def _sign(op):
    return {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}[type(op)]


def in_power(source, node):
    """Yield slips in a power, and in a number that should or should not be squared."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, exponent = source.of(node.left), source.of(node.right)
        yield "power_missing", {"part": f"{base}**{exponent}"}, base
        yield "wrong_name", {"used": f"|{base}|", "right": f"({base})**{exponent}"}, f"np.abs({base})"
        yield "power_as_product", {"part": f"{base}**{exponent}"}, f"({base}) * ({exponent})"
        if isinstance(node.left, ast.BinOp):
            a, b = source.of(node.left.left), source.of(node.left.right)
            yield "power_inside", {"part": f"({base})**{exponent}"}, f"({a})**{exponent} - ({b})**{exponent}"
    if isinstance(node, ast.Name) and _is_number(source, node):
        yield "squared_part", {"part": node.id}, f"{node.id} * {node.id}"


def in_call(source, node):
    """Yield slips in a call, a comparison, or a transpose."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in ROUND:
        left, right = source.of(node.left), source.of(node.comparators[0])
        yield "comparison_reversed", {}, f"{left} {ROUND[type(node.ops[0])]} {right}"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        array = source.of(node.value)
        yield "not_transposed_part", {"part": _short(array)}, array
        yield "reshape_for_transpose", {"part": _short(array)}, f"({array}).reshape(({array}).T.shape)"
    if not isinstance(node, ast.Call):
        return
    name, arguments = source.of(node.func), [source.of(each) for each in node.args]
    rest = [source.of(each) for each in node.keywords]
    if name == "np.where":
        condition, yes, no = arguments
        yield "branches_swapped", {}, f"np.where({condition}, {no}, {yes})"
        yield "one_branch", {"part": _short(yes)}, f"{yes} + 0 * ({no})"
        yield "one_branch", {"part": _short(no)}, f"{no} + 0 * ({yes})"
    if name.endswith(".reshape"):
        yield "reshape_for_transpose", {"part": name[:-8]}, f"{name}({', '.join(arguments[::-1])}).T"
    for argument in arguments:
        yield "call_missing", {"part": name.removeprefix("np."), "used": _short(argument)}, argument
    for group in OTHERS:
        right = next((each for each in group if name == each or name.endswith(each) and each[0] == "."), None)
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
        values = {"used": _short(arguments[k]), "right": _short(arguments[j])}
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
    elif isinstance(node, ast.Name) and _is_number(source, node):
        others = ["0", "1", f"{node.id} + 1", f"{node.id} - 1", f"2 * {node.id}", f"{node.id} / 2", f"1 - {node.id}"]
    for other in others:
        yield "wrong_name", {"used": other, "right": right}, other


def in_sign(source, node):
    """Yield expressions with the other sign, or without theirs."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign_of", {"part": _called(source, node.operand)}, source.of(node.operand)
        yield "absolute_of", {"part": _called(source, node.operand)}, f"np.abs({source.of(node.operand)})"
    elif _is_number(source, node):
        yield "sign_of", {"part": _called(source, node)}, f"-({source.of(node)})"
        yield "absolute_of", {"part": _called(source, node)}, f"np.abs({source.of(node)})"


def to_one_number(source, node):
    """Yield expressions in which numbers are mixed that should stay apart."""
    if not _is_number(source, node):
        return
    name, text = {"part": _called(source, node)}, f"({source.of(node)})"
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
    if not _is_number(source, node):
        return
    text, name = source.of(node), _called(source, node)
    for function in ("np.sqrt", "np.sign", "np.exp", "np.log", "np.tanh"):
        yield "call_extra", {"part": name, "used": function[3:]}, f"{function}({text})"
    yield "call_extra", {"part": name, "used": "max(..., 0)"}, f"np.maximum({text}, 0)"
    yield "factor_extra", {"part": f"1 - {name}"}, f"({text}) * (1 - ({text}))"


def _is_number(source, node):
    """Return True for what may be an array or a number."""
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Load) and node.id in source.variables and node.id not in source.sorts
    return isinstance(node, (ast.BinOp, ast.Call))


def _called(source, node):
    """Return what an expression is called in a sentence."""
    return _short(source.of(node))


def _short(text):
    """Return an expression as equations have it, or the first of it if it is long."""
    text = " ".join(text.replace("np.", "").split())
    return text if len(text) <= 40 else text[:37] + "..."
