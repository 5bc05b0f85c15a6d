"""Diagrams of networks: layers, shapes, parameter counts and connections."""

import math

from matplotlib.patches import Rectangle

from .colours import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION
from .figure import Figure

# All lengths are in inches, so that text of a fixed size never overlaps.
ROW, WIDTH, GAP, MARGIN, HEAD, FOOT = 0.29, 4.5, 1.3, 0.3, 0.75, 1.25
BAR, SHAPES = 1.0, 2.65  # width of the bars, and where the shapes begin, from a column's left edge
INPUTS = {
    "generator": "noise z", "discriminator": "images, real or G(z)", "encoder": "data x", "trunk": "data x",
    "mean": "trunk's output", "log_var": "trunk's output", "decoder": "code z",
    "G": "images a, or F(b)", "F": "images b, or G(a)",
    "D_A": "images a, or F(b)", "D_B": "images b, or G(a)",
}  # fmt: skip
ARROWS = {  # what passes from the first column to the second, and back
    ("generator", "discriminator"): ("images G(z)", "gradient dx"),
    ("encoder", "decoder"): ("code z", "gradient dz"),
    ("trunk", "mean", "log_var", "decoder"): ("z = mean + std \u00b7 epsilon", "gradient dz"),
}
KINDS = {"weights": BLUE, "normalisation": GREEN, "activation": ORANGE, "shape only": GREY}
KINDS["nested layers"] = PURPLE


def plot_network(model) -> Figure:
    """Return a diagram of a model, or of a single network: layers, shapes, parameters, connections.

    Each row is a layer, from the input downwards: its class, the shape of its output and
    its number of parameters. The width of its bar is the logarithm of the number of
    outputs, so that a bottleneck looks like one. Solid arrows show the forward pass, dashed
    ones the gradient.

    Args:
        model: a model, such as GAN or VAE, or a built Sequential.
    """
    networks = getattr(model, "networks", None) or {model.name or "network": model}
    for network in networks.values():
        network.count_params()  # raises if it is not built yet
    columns = _columns(networks)
    rows = max(sum(_rows(networks[name]) for name in column) for column in columns)
    width = 2 * MARGIN + len(columns) * WIDTH + (len(columns) - 1) * GAP
    height = rows * ROW + HEAD + FOOT
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    shapes = [layer.output_shape for network in networks.values() for layer in _layers(network)]
    shapes += [network.input_shape for network in networks.values()]
    widest = max(2, *map(math.prod, shapes))
    ends = []
    for k, column in enumerate(columns):
        left, top = MARGIN + k * (WIDTH + GAP), height - 0.6
        y = top
        for name in column:
            y = _draw_network(axes, networks[name], name, left, y, widest)
        ends.append((left, top, y))
    if labels := ARROWS.get(tuple(networks)):
        _draw_arrows(axes, ends[0], ends[1], labels)
    _draw_caption(axes, model, networks, width, height)
    return figure


def _layers(network):
    return getattr(network, "layers", [network])


def _rows(network):
    return len(_layers(network)) + 2.6  # a title, the input, and space below


def _columns(networks):
    """Return the networks' names in columns: the parts of a VAE's encoder share one, as do G and D_B."""
    names = list(networks)
    known = {
        ("trunk", "mean", "log_var", "decoder"): [names[:3], names[3:]],
        ("G", "F", "D_A", "D_B"): [["G", "D_B"], ["F", "D_A"]],
    }
    return known.get(tuple(names), [[name] for name in names])


def _draw_network(axes, network, name, left, top, widest):
    """Draw one network below `top`; return the y at which the next may begin."""
    y = top - 0.5 * ROW
    axes.text(left, y, name, weight="bold", va="center", size=11)
    axes.text(left + WIDTH, y, f"{network.count_params():,} parameters", va="center", ha="right", size=9)
    y -= ROW
    _draw_row(axes, left, y, (INPUTS.get(name, "input"), network.input_shape, 0), widest, None)
    for layer in _layers(network):
        y -= ROW
        row = (type(layer).__name__, layer.output_shape, layer.count_params())
        _draw_row(axes, left, y, row, widest, KINDS[_kind(layer)])
    return y - 1.1 * ROW


def _draw_row(axes, left, y, row, widest, colour):
    kind, shape, count = row
    width = BAR * (0.5 + math.log(math.prod(shape))) / (0.5 + math.log(widest))
    place = (left + (BAR - width) / 2, y - 0.42 * ROW)
    dotted = {"fill": False, "edgecolor": GREY, "linestyle": ":"}
    style = {"facecolor": colour, "alpha": 0.75} if colour else dotted
    axes.add_patch(Rectangle(place, width, 0.84 * ROW, **style))
    axes.text(left + BAR + 0.12, y, kind, va="center", size=9, style="normal" if colour else "italic")
    axes.text(left + SHAPES, y, "(" + ", ".join(["N", *map(str, shape)]) + ")", va="center", size=9)
    axes.text(left + WIDTH, y, f"{count:,}" if count else "", va="center", ha="right", size=9)


def _kind(layer):
    if hasattr(layer, "layers"):
        return "nested layers"
    if "Normalization" in type(layer).__name__:
        return "normalisation"
    if layer.params:
        return "weights"
    return "shape only" if layer.keeps_values or layer.input_shape != layer.output_shape else "activation"


def _draw_arrows(axes, start, end, labels):
    """Draw the arrow from the bottom of one column to the top of another, and the gradient back."""
    left, right, middle = start[0] + WIDTH + 0.05, end[0] - 0.05, (start[0] + WIDTH + end[0]) / 2
    bottom, top, apart = start[2] + 1.1 * ROW, end[1] - 1.5 * ROW, 0.13
    x, y = middle + 0.2, bottom - apart
    forward = [(left, y), (x, y), (x, top - apart), (right, top - apart)]
    x, y = middle - 0.2, bottom + apart
    gradient = [(right, top + apart), (x, top + apart), (x, y), (left, y)]
    for path, colour, style in ((forward, BLACK, "-"), (gradient, VERMILION, "--")):
        line = {"color": colour, "linestyle": style, "linewidth": 1.6}
        axes.plot(*zip(*path[:-1]), **line)
        arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **line}
        axes.annotate("", path[-1], path[-2], arrowprops=arrow)
    place = {"rotation": 90, "va": "center", "size": 9}
    axes.text(middle + 0.28, (top + bottom) / 2, labels[0], ha="left", **place)
    axes.text(middle - 0.28, (top + bottom) / 2, labels[1], ha="right", color=VERMILION, **place)


def _draw_caption(axes, model, networks, width, height):
    """Draw the title, the caption and the legend."""
    layers = [(name, layer) for name, network in networks.items() for layer in _layers(network)]
    total = sum(layer.count_params() for _, layer in layers)
    name, largest = max(layers, key=lambda pair: pair[1].count_params())
    title = type(model).__name__ + (f", {total:,} parameters" if len(networks) > 1 else "")
    axes.text(MARGIN, height - 0.28, title, size=13, va="center")
    share = f"{largest.count_params() / total:.0%}" if total else "none"
    text = f"Look where the parameters are: {share} in one {type(largest).__name__} of the {name}."
    axes.text(MARGIN, 1.0, text, size=9, va="center")
    axes.text(MARGIN, 0.77, "Width of the bars: outputs per sample, on a log scale.", size=9, va="center")
    for k, kind in enumerate(dict.fromkeys(_kind(layer) for _, layer in layers)):
        x, y = MARGIN + 1.4 * (k % 3), 0.52 - 0.24 * (k // 3)  # three fit side by side under one column
        axes.add_patch(Rectangle((x, y - 0.07), 0.18, 0.14, facecolor=KINDS[kind], alpha=0.75))
        axes.text(x + 0.24, y, kind, size=9, va="center")
