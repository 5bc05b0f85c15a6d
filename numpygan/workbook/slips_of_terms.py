"""Slips in sums, products and powers.

Each function takes (source, node) and yields (cause, what its sentence has in braces, the text instead).
"""

import ast
import itertools

from .shortened import short

PARTS_OF_A_SUM = {
    "last_left_out": ":-1",
    "first_left_out": "1:",
    "only_last": "-1:",
    "only_first": ":1",
}


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
    yield "not_summed", {"part": source.named(node)}, array


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
            name = {"part": short(", ".join(terms[k][1] for k in some))}
            kept = [term for k, term in enumerate(terms) if k not in some]
            turned = [(up != (k in some), text) for k, (up, text) in enumerate(terms)]
            if kept:
                yield f"{times}_missing", name, join(kept)
            yield ("term_sign" if times == "term" else "factor_inverted"), name, join(turned)
    for term in terms:
        yield f"{times}_extra", {"part": short(term[1])}, join([*terms, term])


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
    op, left, right = _symbol(node.op), source.of(node.left), source.of(node.right)
    bare = (node.left, "{} {} {} " + f"{op} {right}"), (node.right, f"{left} {op} " + "{} {} {}")
    for inner, text in bare:
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
            parts = source.of(inner.left), _symbol(inner.op), source.of(inner.right)
            yield "no_parentheses", {"part": short(source.of(inner))}, text.format(*parts)
    if isinstance(node.op, ast.Div):
        yield "upside_down_part", {"part": short(source.of(node))}, f"({right}) / ({left})"


def _symbol(op):
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
    if isinstance(node, ast.Name) and source.is_number(node):
        yield "squared_part", {"part": node.id}, f"{node.id} * {node.id}"
