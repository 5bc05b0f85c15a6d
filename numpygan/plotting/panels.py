"""The parts of a figure of curves: a curve with its running mean, a panel, the two panels of a game."""

import math

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .colours import BLUE, GREY, VERMILION

UNITS = {  # by the name of the losses; those of custom losses are unknown
    "non-saturating": "loss (nats)", "saturating": "loss (nats)", "least-squares": "loss (squared score)",
}  # fmt: skip


def quantile(values, shares):
    """Return quantiles of the finite values, zeros if there are none, for the limits of axes.

    A history may hold a NaN where nothing was measured, or what a stranger wrote into its file.
    """
    finite = np.clip(values[np.isfinite(values)], -1e100, 1e100)
    return np.quantile(finite if len(finite) else np.zeros(1), shares)


def draw_panel(axes, history, label, columns, equilibrium):
    for key, name, colour in columns:
        draw_curve(axes, history[key], name, colour)
    if equilibrium is not None:
        draw_equilibrium(axes, equilibrium)
    axes.set_ylabel(label)
    axes.legend(loc="upper right", fontsize=8, ncols=3)
    axes.grid(alpha=0.25)


def draw_equilibrium(axes, value):
    names = {math.log(2): "log 2", -math.log(2): "-log 2", 0.25: "1/4", 0.5: "1/2"}
    name = next((name for known, name in names.items() if abs(known - value) < 1e-9), f"{value:.3g}")
    axes.axhline(value, color=GREY, linestyle="--", linewidth=1.2, label=f"equilibrium, {name}")


def count_iterations(axes):
    """Label the axis of iterations, with ticks at integers however few there are."""
    axes.set_xlabel("iteration")
    axes.set_xlim(left=min(axes.get_xlim()[0], 0))  # a single iteration leaves room for one tick only
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def draw_curve(axes, values, name, colour):
    """Draw values, one per iteration, as dots with a running mean over them."""
    iterations = np.arange(1, len(values) + 1)
    thin = max(1, len(values) // 3000)
    dots = {"markersize": 1.5, "alpha": 0.25, "color": colour, "rasterized": True}
    axes.plot(iterations[::thin], values[::thin], ".", **dots)
    window = max(1, len(values) // 100)
    smooth = np.convolve(values, np.ones(window) / window, mode="valid")
    marker = "o" if len(smooth) < 10 else ""  # a line needs two points
    line = {"marker": marker, "markersize": 3, "color": colour, "linewidth": 1.8, "label": name}
    axes.plot(iterations[window - 1 :], smooth, **line)


def draw_game(losses, probabilities, gan, iterations):
    """Draw a GAN's losses into one axes and D(x), D(G(z)) into another, over so many iterations.

    The dashed lines are the equilibrium of the GAN's own losses.
    """
    history = gan.history
    panels = [
        (losses, [("d_loss", "discriminator", BLUE), ("g_loss", "generator", VERMILION)]),
        (probabilities, [("D(x)", "D(x), data", BLUE), ("D(G(z))", "D(G(z)), fakes", VERMILION)]),
    ]
    for axes, columns in panels:
        for key, name, colour in columns if len(history) else ():
            draw_curve(axes, history[key], name, colour)
        axes.grid(alpha=0.25)
    equilibria = {_equilibrium(gan.loss), _equilibrium(gan.generator_loss)}
    for value in equilibria:
        draw_equilibrium(losses, value)
    draw_equilibrium(probabilities, 0.5)
    values = np.concatenate([history["d_loss"], history["g_loss"]]) if len(history) else np.zeros(1)
    low, high = min(0, *equilibria, quantile(values, 0.01)), max(1, quantile(values, 0.99))
    losses.set(xlim=(0, iterations), ylim=(1.1 * low, low + 1.35 * (high - low)))
    losses.set_ylabel(UNITS.get(gan.loss_name, "loss"))
    probabilities.set(ylim=(0, 1.2), yticks=np.linspace(0, 1, 5))
    probabilities.set(xlabel="iteration", ylabel="mean probability of being real")
    probabilities.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    probabilities.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    losses.tick_params(labelbottom=False)
    for axes in (losses, probabilities):
        crowded = axes is losses and len(equilibria) > 1
        narrow = {"columnspacing": 1.0, "handlelength": 1.5}  # three columns fit into half a window
        axes.legend(loc="upper right", fontsize=8, ncols=2 if crowded else 3, **narrow)


def _equilibrium(loss):
    """Return the loss when D can only guess: its value at the logit 0, for the target 1."""
    return float(loss.forward(np.zeros((1, 1)), 1))
