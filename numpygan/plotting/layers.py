"""Inside a network: activations and gradients by layer, and the kernels of a convolution."""

import math
from contextlib import contextmanager

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ..layers import Conv2D
from ..tracing.calls import trace_calls
from .colours import BLUE, ORANGE, VERMILION

BINS = 60
COLOURS = LinearSegmentedColormap.from_list("signed", [BLUE, "white", VERMILION])
SIGNED = COLOURS.with_extremes(bad="#b0b0b0")  # NaN separates the kernels
CAPTION = (
    "Left: the output of the layer. Look for a spike at 0 (inactive units) or at both ends (saturation).\n"
    "Right: the gradient with respect to it. Look for a drift to the left from the bottom row upwards,\n"
    "the vanishing gradient: each unit on the axis is a factor of ten."
)


def plot_histograms(model, *batch, networks=None) -> Figure:
    """Return a figure of the activations y and gradients dy of every layer, for one batch.

    The model trains for one iteration and is then restored. For a layer that is used
    several times the last pass is shown: for both networks of a GAN that is the generator's
    step. A layer that gets no gradient has an empty panel.

    Args:
        model: GAN, VAE or any other model.
        batch: the arguments of its `train_on_batch`.
        networks: names of the networks to show; all if None.
    """
    chosen = list(model.networks) if networks is None else list(networks)
    if unknown := set(chosen) - set(model.networks):
        known, others = ", ".join(model.networks), ", ".join(sorted(unknown))
        raise ValueError(f"networks must be among {known}, got {others}")
    layers = [(name, layer) for name in chosen for layer in model.networks[name].layers]
    latest = {}  # (id of a layer, "y" or "dy") -> a copy of the latest array

    def record(layer, method, arguments, result):
        kind, array = ("y", result) if method == "forward" else ("dy", arguments[0])
        latest[id(layer), kind] = np.array(array, copy=True).ravel()

    methods = ("forward", "backward", "parameter_gradients", "input_gradient")
    with _restored(model), trace_calls([layer for _, layer in layers], methods, record):
        model.train_on_batch(*batch)
    return _draw_histograms(layers, latest, model)


@contextmanager
def _restored(model):
    """Restore a model, its gradients and its random generators after the block."""
    owners = [model, *(layer for network in model.networks.values() for layer in network.layers)]
    generators = {id(owner.rng): owner.rng for owner in owners}.values()
    arrays, states = model.snapshot(), [rng.bit_generator.state for rng in generators]
    grads = {name: network.flat_grads.copy() for name, network in model.networks.items()}
    try:
        yield
    finally:
        model.restore(arrays)
        for rng, state in zip(generators, states):
            rng.bit_generator.state = state
        for name, network in model.networks.items():
            network.flat_grads[:] = grads[name]


def _draw_histograms(layers, latest, model):
    figure = Figure(figsize=(8.5, 1.3 + 0.85 * len(layers)), layout="constrained")
    rows = figure.subplots(len(layers), 2, squeeze=False)
    for axes in rows[1:, 1]:
        axes.sharex(rows[0, 1])
    for (name, layer), (left, right) in zip(layers, rows):
        y, dy = latest[id(layer), "y"], latest.get((id(layer), "dy"), np.zeros(0))
        left.stairs(*np.histogram(y, BINS), fill=True, color=BLUE)
        _note(left, f"std {y.std():.2g}{_zeros(y)}")
        sizes = np.log10(np.abs(dy[dy != 0], dtype=np.float64))
        if len(sizes):
            right.stairs(*np.histogram(sizes, BINS), fill=True, color=ORANGE)
        _note(right, f"median {np.median(sizes):.1f}{_zeros(dy)}" if len(sizes) else "no gradient")
        left.set_ylabel(f"{name}\n{layer.name}", rotation=0, ha="right", va="center", fontsize=8)
    for axes in rows.ravel():
        axes.set_yticks([])
        axes.tick_params(labelsize=7)
        axes.margins(y=0.45)
    for axes in rows[:-1, 1]:
        axes.tick_params(labelbottom=False)
    rows[-1, 0].set_xlabel("activation y (separate scale for each row)", fontsize=9)
    rows[-1, 1].set_xlabel("log10 of |dy|", fontsize=9)
    figure.suptitle(f"{type(model).__name__}, one batch: activations and gradients", fontsize=11)
    figure.supxlabel(CAPTION, fontsize=9, ha="left", x=0.02)
    return figure


def _zeros(array):
    share = np.mean(array == 0)
    return f", {share:.0%} are 0" if share else ""


def _note(axes, text):
    axes.text(0.99, 0.93, text, transform=axes.transAxes, ha="right", va="top", fontsize=8)


def plot_kernels(network, *, most=48) -> Figure:
    """Return a figure of the kernels of the first Conv2D of a network or of a model.

    A kernel responds most to the patch that resembles it, so a learnt kernel shows what it
    detects: an edge, a stroke, the end of one.

    Args:
        network: a Sequential with a Conv2D in it, or a model with such a network.
        most: tiles to show; a kernel for images of C channels takes C of them, in a column.
    """
    networks = getattr(network, "networks", None) or {network.name or "the network": network}
    pairs = [(name, layer) for name, part in networks.items() for layer in _within(part)]
    name, layer = next((pair for pair in pairs if isinstance(pair[1], Conv2D)), (None, None))
    if layer is None:
        raise ValueError(f"plot_kernels needs a Conv2D, but the {type(network).__name__} has none")
    W = layer.params["W"]  # (kh, kw, C_in, C_out)
    C_in, C_out = W.shape[2:]
    count = min(C_out, max(1, most // C_in))
    columns = math.ceil(math.sqrt(2 * count)) if C_in == 1 else count
    picture = _side_by_side(W.transpose(2, 3, 0, 1)[:, :count].reshape(-1, *W.shape[:2]), columns)
    height, width = picture.shape
    figure = Figure(figsize=(max(5.5, 1.4 + 0.13 * width), 1.3 + 0.13 * height), layout="constrained")
    axes = figure.add_subplot()
    limit = float(np.abs(W).max()) or 1.0
    shown = axes.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    axes.set_axis_off()
    figure.colorbar(shown, ax=axes, label="weight", shrink=0.9, aspect=15)
    figure.suptitle(f"{count} of the {C_out} kernels of {layer.name}, {name}", fontsize=11)
    caption = "Look for edges and strokes: orange responds to light, blue to dark."
    figure.supxlabel(caption + ("" if C_in == 1 else " One row per input channel."), fontsize=9)
    return figure


def _within(layer):
    """Yield a layer and, if it is a chain of layers, all layers inside it."""
    yield layer
    for inner in getattr(layer, "layers", ()):
        yield from _within(inner)


def _side_by_side(kernels, columns):
    """Return kernels (K, kh, kw) as one picture, in rows, with NaN between them."""
    K, kh, kw = kernels.shape
    picture = np.full((math.ceil(K / columns) * (kh + 1) + 1, columns * (kw + 1) + 1), np.nan)
    for k, kernel in enumerate(kernels):
        top, left = (k // columns) * (kh + 1) + 1, (k % columns) * (kw + 1) + 1
        picture[top : top + kh, left : left + kw] = kernel
    return picture
