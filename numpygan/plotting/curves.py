"""Learning curves."""

import math

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .colours import BLUE, GREY, ORANGE, VERMILION
from .figure import Figure

UNITS = {  # by the name of the losses; those of custom losses are unknown
    "non-saturating": "loss (nats)", "saturating": "loss (nats)", "least-squares": "loss (squared score)",
}  # fmt: skip
GAN_CAPTION = (
    "Curves near the dashed lines are undecided, for good or bad: look at the samples. A discriminator\n"
    "whose loss goes to 0 recognises every fake; losses that keep oscillating: the two chase each other."
)
WGAN_CAPTION = (
    "Look for a distance that falls and a penalty that stays small beside it; the scores may drift."
)
BEGAN_CAPTION = (
    "Look for a convergence measure that falls, and a k that stays between 0 and 1:\n"
    "the error of fakes is then gamma times that of real images. At k = 0 or 1 the balance is lost."
)
ADVERSARIAL_AUTOENCODER_CAPTION = (
    "Look for a reconstruction error that falls. At the dashed lines the discriminator can only guess:\n"
    "the codes are where the prior is."
)
CYCLEGAN_CAPTION = "Look for a cycle loss that falls while the adversarial losses stay near equilibrium."
PIX2PIX_CAPTION = (
    "Look for an error that falls while the discriminator is right less than always: then both terms teach."
)
EPOCHS_CAPTION = "Look for a validation curve that rises while the training curve still falls: overfitting."


def quantile(values, shares):
    """Return quantiles of the finite values, zeros if there are none, for the limits of axes.

    A history may hold a NaN where nothing was measured, or what a stranger wrote into its file.
    """
    finite = np.clip(values[np.isfinite(values)], -1e100, 1e100)
    return np.quantile(finite if len(finite) else np.zeros(1), shares)


def plot_gan_history(history) -> Figure:
    """Return a figure of a GAN's losses, accuracies and probabilities over the iterations.

    Dots in the background are single iterations, lines a running mean. The dashed lines
    are the equilibrium, at which the discriminator can only guess: each loss at log 2 (for
    the cross-entropy; other losses have other equilibria) and each probability at 1/2.
    """
    losses = [("d_loss", "discriminator", BLUE), ("g_loss", "generator", ORANGE)]
    accuracies = [("accuracy_real", "real", BLUE), ("accuracy_fake", "fake", ORANGE)]
    probabilities = [("D(x)", "D(x)", BLUE), ("D(G(z))", "D(G(z))", ORANGE)]
    panels = [
        ("loss", losses, math.log(2)),
        ("accuracy of the discriminator", accuracies, 0.5),
        ("mean probability of being real", probabilities, 0.5),
    ]
    figure = Figure(figsize=(7, 8.4), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns, equilibrium) in zip(all_axes, panels):
        _draw_panel(axes, history, label, columns, equilibrium)
    for axes in all_axes[1:]:
        axes.set(ylim=(0, 1.15), yticks=np.linspace(0, 1, 5))
    low, high = quantile(np.concatenate([history["d_loss"], history["g_loss"]]), (0.005, 0.995))
    all_axes[0].set_ylim(1.3 * min(low, 0), 1.3 * max(high, 1))  # log(1 - D(G(z))) is below 0
    _count_iterations(all_axes[-1])
    figure.supxlabel(GAN_CAPTION, fontsize=9)
    return figure


def plot_class_accuracy(curve, *, classes=10) -> Figure:
    """Return a figure of how often a conditional model draws the class it was asked for.

    Args:
        curve: list of (iteration, accuracy), as `ClassAccuracy` records it.
        classes: how many there are; the dashed line at 1 / classes is chance.
    """
    iterations, accuracies = zip(*curve, strict=True)
    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    axes.axhline(1 / classes, color=GREY, linestyle="--", linewidth=1)
    axes.plot(iterations, accuracies, "o-", color=BLUE, markersize=3)
    axes.set(xlabel="iteration", ylabel="class accuracy", ylim=(0, 1))
    axes.grid(alpha=0.25)
    return figure


def plot_wgan_history(history) -> Figure:
    """Return a figure of a WGAN's distance, its critic's penalty and its generator's loss."""
    panels = [
        ("distance", [("distance", "critic's score, real less fake", BLUE)]),
        ("penalty", [("penalty", "weight times penalty", VERMILION)]),
        ("generator's loss", [("g_loss", "minus the fakes' mean score", ORANGE)]),
    ]
    figure = Figure(figsize=(7, 7.6), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns) in zip(all_axes, panels):
        _draw_panel(axes, history, label, columns, None)
    for axes, key in zip(all_axes, ("distance", "penalty")):
        low, high = quantile(history[key], (0.005, 0.98))
        axes.set_ylim(1.3 * min(low, 0), 1.5 * high or 1)
    _count_iterations(all_axes[-1])
    figure.supxlabel(WGAN_CAPTION, fontsize=9)
    return figure


def plot_began_history(history) -> Figure:
    """Return a figure of a BEGAN's convergence measure, its two errors and its balance k."""
    errors = [("real", "real images", BLUE), ("g_loss", "fakes", ORANGE)]
    panels = [
        ("convergence", [("convergence", "L(x) + |gamma L(x) - L(G(z))|", BLUE)]),
        ("mean absolute error", errors),
        ("balance", [("k", "k", VERMILION)]),
    ]
    figure = Figure(figsize=(7, 7.6), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns) in zip(all_axes, panels):
        _draw_panel(axes, history, label, columns, None)
        axes.set_ylim(0, 1.4 * quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98) or 1)
    _count_iterations(all_axes[-1])
    figure.supxlabel(BEGAN_CAPTION, fontsize=9)
    return figure


def plot_adversarial_autoencoder_history(history) -> Figure:
    """Return a figure of an adversarial autoencoder's reconstruction error and of the game on its codes."""
    losses = [("d_loss", "discriminator", BLUE), ("e_loss", "encoder", ORANGE)]
    beliefs = [("D(z)", "of draws", BLUE), ("D(E(x))", "of codes", ORANGE)]
    panels = [
        ("reconstruction error", [("loss", "of the batch", BLUE)], None),
        ("loss in the game (nats)", losses, math.log(2)),
        ("mean probability of being a draw", beliefs, 0.5),
    ]
    figure = Figure(figsize=(7, 7.6), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns, equilibrium) in zip(all_axes, panels):
        _draw_panel(axes, history, label, columns, equilibrium)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, max(1.4 * top, 1.3 * (equilibrium or 0)) or 1)
    all_axes[2].set_ylim(0, 1.15)
    _count_iterations(all_axes[-1])
    figure.supxlabel(ADVERSARIAL_AUTOENCODER_CAPTION, fontsize=9)
    return figure


def plot_cyclegan_history(history, *, equilibrium=None) -> Figure:
    """Return a figure of a CycleGAN's losses over the iterations.

    Args:
        equilibrium: adversarial and discriminator losses when the discriminators can only
            guess: 1/4 for least squares, log 2 for cross-entropy. A dashed line, if given.
    """
    adversarial = [("adversarial_b", "G, against D_B", BLUE), ("adversarial_a", "F, against D_A", ORANGE)]
    panels = [
        ("adversarial loss", adversarial),
        ("discriminator loss", [("d_b_loss", "D_B", BLUE), ("d_a_loss", "D_A", ORANGE)]),
        ("cycle loss", [("cycle_a", "|F(G(a)) - a|", BLUE), ("cycle_b", "|G(F(b)) - b|", ORANGE)]),
        ("identity loss", [("identity_b", "|G(b) - b|", BLUE), ("identity_a", "|F(a) - a|", ORANGE)]),
    ]
    panels = [panel for panel in panels if panel[1][0][0] in history]  # a model may have no identity loss
    figure = Figure(figsize=(7, 2.4 * len(panels) + 0.8), layout="constrained")
    all_axes = figure.subplots(len(panels), 1, sharex=True)
    for axes, (label, columns) in zip(all_axes, panels):
        adversarial_panel = label in ("adversarial loss", "discriminator loss")
        _draw_panel(axes, history, label, columns, equilibrium if adversarial_panel else None)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, 1.6 * top or 1)
    _count_iterations(all_axes[-1])
    figure.supxlabel(CYCLEGAN_CAPTION, fontsize=9)
    return figure


def plot_pix2pix_history(history) -> Figure:
    """Return a figure of a Pix2Pix's error, losses and its discriminator's accuracy over the iterations."""
    both = [("adversarial", "generator, adversarial", ORANGE), ("d_loss", "discriminator", BLUE)]
    accuracies = [("accuracy_real", "true pairs", BLUE), ("accuracy_fake", "fake pairs", ORANGE)]
    panels = [
        ("|G(a) - b|", [("l1", "mean error per pixel", VERMILION)]),
        ("loss", both),
        ("accuracy, patch by patch", accuracies),
    ]
    figure = Figure(figsize=(7, 7.6), layout="constrained")
    all_axes = figure.subplots(3, 1, sharex=True)
    for axes, (label, columns) in zip(all_axes, panels):
        _draw_panel(axes, history, label, columns, 0.5 if "accuracy" in label else None)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, 1.15 if "accuracy" in label else 1.6 * top or 1)
    _count_iterations(all_axes[-1])
    figure.supxlabel(PIX2PIX_CAPTION, fontsize=9)
    return figure


def plot_epochs(epochs, *, unit="") -> Figure:
    """Return a figure of every metric of an autoencoder or VAE over the epochs.

    Args:
        epochs: the model's `epoch_history`. One panel per metric: its mean over the epoch's
            iterations and, if there is one, its value on validation data after the epoch.
        unit: of the metrics, such as "nats per image".
    """
    metrics = [name for name in epochs.columns if not name.startswith("val_")]
    figure = Figure(figsize=(7, 1.0 + 2.4 * len(metrics)), layout="constrained")
    all_axes = figure.subplots(len(metrics), 1, sharex=True, squeeze=False)[:, 0]
    numbers = np.arange(1, len(epochs) + 1)
    for axes, metric in zip(all_axes, metrics):
        training = {"color": BLUE, "label": "training, mean over the epoch"}
        axes.plot(numbers, epochs[metric], "o-", markersize=3.5, **training)
        if f"val_{metric}" in epochs:
            validation = {"color": ORANGE, "label": "validation, after the epoch"}
            axes.plot(numbers, epochs[f"val_{metric}"], "s--", markersize=3.5, **validation)
        axes.set_ylabel(f"{metric}\n({unit})" if unit else metric)
        axes.grid(alpha=0.25)
    all_axes[0].legend(fontsize=9)
    all_axes[-1].set_xlabel("epoch")
    all_axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.supxlabel(EPOCHS_CAPTION, fontsize=9)
    return figure


def _draw_panel(axes, history, label, columns, equilibrium):
    for key, name, colour in columns:
        draw_curve(axes, history[key], name, colour)
    if equilibrium is not None:
        _draw_equilibrium(axes, equilibrium)
    axes.set_ylabel(label)
    axes.legend(loc="upper right", fontsize=8, ncols=3)
    axes.grid(alpha=0.25)


def _draw_equilibrium(axes, value):
    names = {math.log(2): "log 2", -math.log(2): "-log 2", 0.25: "1/4", 0.5: "1/2"}
    name = next((name for known, name in names.items() if abs(known - value) < 1e-9), f"{value:.3g}")
    axes.axhline(value, color=GREY, linestyle="--", linewidth=1.2, label=f"equilibrium, {name}")


def _count_iterations(axes):
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
        _draw_equilibrium(losses, value)
    _draw_equilibrium(probabilities, 0.5)
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
