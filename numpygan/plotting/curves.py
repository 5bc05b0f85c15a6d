"""Curves of what a training run measured."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .colours import BLUE, GREY, ORANGE, VERMILION

UNITS = {  # by game; of losses of one's own nobody can tell
    "non-saturating": "loss (nats)", "saturating": "loss (nats)", "least-squares": "loss (squared score)",
}  # fmt: skip
GAN_CAPTION = (
    "Look for curves that stay near the dashed lines. A discriminator whose loss goes to 0 tells\n"
    "every fake from the data; losses that swing mean a game that goes round in circles."
)
CYCLEGAN_CAPTION = "Look for a cycle loss that falls while the adversarial game stays undecided."
EPOCHS_CAPTION = (
    "Look for a validation curve that turns up while the training goes on falling: learnt by heart."
)


def plot_gan_history(history):
    """Return a figure of a GAN's losses, accuracies and beliefs over the iterations.

    Dots in the background are single iterations, lines a running mean. The dashed
    lines are where a perfect game ends: each loss at log 2 (of the cross-entropy; other
    losses have other ends) and each probability at 1/2, when the discriminator can do no
    better than to toss a coin.
    """
    losses = [("d_loss", "discriminator", BLUE), ("g_loss", "generator", ORANGE)]
    accuracies = [("accuracy_real", "real", BLUE), ("accuracy_fake", "fake", ORANGE)]
    beliefs = [("D(x)", "D(x)", BLUE), ("D(G(z))", "D(G(z))", ORANGE)]
    panels = [
        ("loss", losses, math.log(2), "log 2"),
        ("accuracy of the discriminator", accuracies, 0.5, "1/2"),
        ("mean probability of being real", beliefs, 0.5, "1/2"),
    ]
    figure = Figure(figsize=(7, 8.4), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns, ideal, ideal_name) in zip(all_axes, panels):
        for key, name, colour in columns:
            draw_curve(axes, history[key], name, colour)
        axes.axhline(ideal, color=GREY, linestyle="--", linewidth=1, label=f"equilibrium, {ideal_name}")
        axes.set_ylabel(label)
        axes.legend(loc="upper right", fontsize=8, ncols=3)
        axes.grid(alpha=0.25)
        if label != "loss":
            axes.set_ylim(0, 1.15)
            axes.set_yticks(np.linspace(0, 1, 5))
    low, top = np.quantile(np.concatenate([history["d_loss"], history["g_loss"]]), (0.005, 0.995))
    all_axes[0].set_ylim(1.3 * min(low, 0), 1.3 * max(top, 1))  # log(1 - D(G(z))) is below 0
    _count_iterations(all_axes[-1])
    figure.supxlabel(GAN_CAPTION, fontsize=9)
    return figure


def plot_cyclegan_history(history, *, equilibrium=None):
    """Return a figure of a CycleGAN's losses over the iterations.

    Args:
        equilibrium: what adversarial and discriminators' losses are, if no discriminator
            can do better than to say 1/2: 1/4 for least squares, log 2 for cross-entropy.
            A dashed line, if given.
    """
    adversarial = [("adversarial_b", "G, before D_B", BLUE), ("adversarial_a", "F, before D_A", ORANGE)]
    panels = [
        ("adversarial loss", adversarial),
        ("discriminator's loss", [("d_b_loss", "D_B", BLUE), ("d_a_loss", "D_A", ORANGE)]),
        ("cycle loss", [("cycle_a", "|F(G(a)) - a|", BLUE), ("cycle_b", "|G(F(b)) - b|", ORANGE)]),
        ("identity loss", [("identity_b", "|G(b) - b|", BLUE), ("identity_a", "|F(a) - a|", ORANGE)]),
    ]
    panels = [panel for panel in panels if panel[1][0][0] in history]  # a model may do without the last
    figure = Figure(figsize=(7, 2.4 * len(panels) + 0.8), layout="constrained")
    all_axes = figure.subplots(len(panels), 1, sharex=True)
    for axes, (label, columns) in zip(all_axes, panels):
        for key, name, colour in columns:
            draw_curve(axes, history[key], name, colour)
        if equilibrium is not None and label in ("adversarial loss", "discriminator's loss"):
            draw = f"a draw, {equilibrium:.3g}"
            axes.axhline(equilibrium, color=GREY, linestyle="--", linewidth=1, label=draw)
        top = np.quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, 1.6 * top)
        axes.set_ylabel(label)
        axes.legend(loc="upper right", fontsize=8, ncols=3)
        axes.grid(alpha=0.25)
    _count_iterations(all_axes[-1])
    figure.supxlabel(CYCLEGAN_CAPTION, fontsize=9)
    return figure


def plot_epochs(epochs, *, unit=""):
    """Return a figure of every measure of an autoencoder or VAE over the epochs.

    Args:
        epochs: the model's `epochs`. One panel per measure: its mean over the training
            data while learning and, if there is one, its value on validation data.
        unit: of the measures, such as "nats per image".
    """
    measures = [name for name in epochs.columns if not name.startswith("val_")]
    figure = Figure(figsize=(7, 1.0 + 2.4 * len(measures)), layout="constrained")
    all_axes = figure.subplots(len(measures), 1, sharex=True, squeeze=False)[:, 0]
    numbers = np.arange(1, len(epochs) + 1)
    for axes, measure in zip(all_axes, measures):
        training = {"color": BLUE, "label": "training, mean over the epoch"}
        axes.plot(numbers, epochs[measure], "o-", markersize=3.5, **training)
        if f"val_{measure}" in epochs:
            validation = {"color": ORANGE, "label": "validation, after it"}
            axes.plot(numbers, epochs[f"val_{measure}"], "s--", markersize=3.5, **validation)
        axes.set_ylabel(f"{measure}\n({unit})" if unit else measure)
        axes.grid(alpha=0.25)
    all_axes[0].legend(fontsize=9)
    all_axes[-1].set_xlabel("epoch")
    all_axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.supxlabel(EPOCHS_CAPTION, fontsize=9)
    return figure


def _count_iterations(axes):
    """Label the axis of iterations, with ticks at integers however few there are."""
    axes.set_xlabel("iteration")
    axes.set_xlim(left=min(axes.get_xlim()[0], 0))  # around a single iteration there is but one
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
    marker = "o" if len(smooth) < 10 else ""  # a line through a single point shows nothing
    line = {"marker": marker, "markersize": 3, "color": colour, "linewidth": 1.8, "label": name}
    axes.plot(iterations[window - 1 :], smooth, **line)


def draw_game(losses, beliefs, gan, iterations):
    """Draw a GAN's losses into one axes and its beliefs into another, from 0 to so many iterations.

    The dashed lines are where the game ends, of whichever losses it is played with.
    """
    history = gan.history
    panels = [
        (losses, [("d_loss", "discriminator", BLUE), ("g_loss", "generator", VERMILION)]),
        (beliefs, [("D(x)", "D(x), data", BLUE), ("D(G(z))", "D(G(z)), fakes", VERMILION)]),
    ]
    for axes, columns in panels:
        for key, name, colour in columns if len(history) else ():
            draw_curve(axes, history[key], name, colour)
        axes.grid(alpha=0.25)
    ends = {_equilibrium(gan.loss), _equilibrium(gan.generator_loss)}
    for end in ends:
        losses.axhline(end, color=GREY, linestyle="--", linewidth=1.2, label=f"equilibrium, {_name(end)}")
    beliefs.axhline(0.5, color=GREY, linestyle="--", linewidth=1.2, label="equilibrium, 1/2")
    values = np.concatenate([history["d_loss"], history["g_loss"]]) if len(history) else np.zeros(1)
    low, high = min(0, *ends, np.quantile(values, 0.01)), max(1, np.quantile(values, 0.99))
    losses.set(xlim=(0, iterations), ylim=(1.1 * low, low + 1.35 * (high - low)))
    losses.set_ylabel(UNITS.get(gan.loss_name, "loss"))
    beliefs.set(ylim=(0, 1.2), yticks=np.linspace(0, 1, 5))
    beliefs.set(xlabel="iteration", ylabel="mean belief (probability)")
    beliefs.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    beliefs.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    losses.tick_params(labelbottom=False)
    for axes in (losses, beliefs):
        axes.legend(loc="upper right", fontsize=8, ncols=3 if len(ends) == 1 or axes is beliefs else 2)


def _equilibrium(loss):
    """Return the loss of a player once D can only toss a coin: its value at the logit 0."""
    return float(loss.forward(np.zeros((1, 1)), 1))


def _name(value):
    names = {math.log(2): "log 2", -math.log(2): "-log 2", 0.25: "1/4"}
    return next((name for known, name in names.items() if abs(known - value) < 1e-9), f"{value:.3g}")
