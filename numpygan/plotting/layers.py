"""What goes on inside: the numbers that pass each layer, and what a convolution looks for."""

import math
from contextlib import contextmanager

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ..layers import Conv2D
from ..tracing.calls import trace_calls
from .colours import BLUE, ORANGE, VERMILION

BINS = 60
SIGNED = LinearSegmentedColormap.from_list("signed", [BLUE, "white", VERMILION])
SIGNED = SIGNED.with_extremes(bad="#b0b0b0")  # NaN is what lies between the kernels
CAPTION = (
    "Left: what the layer returns. Look for a spike at 0 (units are off) or at both ends (saturated).\n"
    "Right: the gradient that comes back to it. Look for a drift to the left from the bottom row upwards:\n"
    "every step of 1 is a factor of ten less to learn from."
)


def plot_histograms(model, *batch, networks=None):
    """Return a figure of the activations y and gradients dy of every layer, for one batch.

    The model plays one iteration and is put back as it was, so nothing is learnt. Of a
    layer that is passed several times the last pass is shown: for both networks of a GAN
    that is the generator's step. A layer that hears no gradient has an empty panel.

    Args:
        model: GAN, VAE or any other model.
        batch: what its `train_on_batch` takes.
        networks: names of those to show; all if None.
    """
    chosen = list(model.networks) if networks is None else list(networks)
    if unknown := set(chosen) - set(model.networks):
        known, others = ", ".join(model.networks), ", ".join(sorted(unknown))
        raise ValueError(f"networks must be among {known}, got {others}")
    layers = [(name, layer) for name in chosen for layer in model.networks[name].layers]
    seen = {}  # (id of a layer, "y" or "dy") -> a copy of the latest array

    def tell(layer, method, arguments, result):
        forward = method == "forward"
        array = result if forward else arguments[0]
        seen[id(layer), "y" if forward else "dy"] = np.array(array, copy=True).ravel()

    methods = ("forward", "backward", "parameter_gradients", "input_gradient")
    with _put_back(model), trace_calls([layer for _, layer in layers], methods, tell):
        model.train_on_batch(*batch)
    return _draw_histograms(layers, seen, model)


@contextmanager
def _put_back(model):
    """Undo afterwards whatever an iteration does to a model and to its random numbers."""
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


def _draw_histograms(layers, seen, model):
    figure = Figure(figsize=(8.5, 1.3 + 0.85 * len(layers)), layout="constrained")
    rows = figure.subplots(len(layers), 2, squeeze=False)
    for axes in rows[1:, 1]:
        axes.sharex(rows[0, 1])
    for (name, layer), (left, right) in zip(layers, rows):
        y, dy = seen[id(layer), "y"], seen.get((id(layer), "dy"), np.zeros(0))
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
    rows[-1, 0].set_xlabel("activation y (each row with its own scale)", fontsize=9)
    rows[-1, 1].set_xlabel("log10 of |dy|", fontsize=9)
    figure.suptitle(f"{type(model).__name__}, one batch: how many numbers of which size", fontsize=11)
    figure.supxlabel(CAPTION, fontsize=9, ha="left", x=0.02)
    return figure


def _zeros(array):
    share = np.mean(array == 0)
    return f", {share:.0%} are 0" if share else ""


def _note(axes, text):
    axes.text(0.99, 0.93, text, transform=axes.transAxes, ha="right", va="top", fontsize=8)


def plot_kernels(network, *, most=48):
    """Return a figure of the kernels of the first Conv2D of a network or of a model.

    A kernel answers most to the patch that looks like it, so a learnt one shows what it
    looks for: an edge, a stroke, an end.

    Args:
        network: a Sequential with a Conv2D in it, or a model with such a network.
        most: pictures to show; a kernel for images of C channels takes C, one above the other.
    """
    networks = getattr(network, "networks", None) or {network.name or "the network": network}
    pairs = [(name, layer) for name, part in networks.items() for layer in _within(part)]
    name, layer = next((pair for pair in pairs if isinstance(pair[1], Conv2D)), (None, None))
    if layer is None:
        raise ValueError(f"plot_kernels needs a Conv2D, and the {type(network).__name__} has none")
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
    channels = "" if C_in == 1 else " A row for each channel of the input."
    figure.supxlabel(f"Look for edges and strokes: orange wants light, blue dark.{channels}", fontsize=9)
    return figure


def _within(layer):
    """Yield a layer and, of a Sequential or a Residual, all that are in it."""
    yield layer
    for inner in getattr(layer, "layers", ()):
        yield from _within(inner)


def _side_by_side(kernels, columns):
    """Return kernels (K, kh, kw) in one array, in rows, with NaN between them."""
    K, kh, kw = kernels.shape
    picture = np.full((math.ceil(K / columns) * (kh + 1) + 1, columns * (kw + 1) + 1), np.nan)
    for k, kernel in enumerate(kernels):
        top, left = (k // columns) * (kh + 1) + 1, (k % columns) * (kw + 1) + 1
        picture[top : top + kh, left : left + kw] = kernel
    return picture
