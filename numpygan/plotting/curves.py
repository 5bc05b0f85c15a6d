"""Learning curves."""

import math

import numpy as np
from matplotlib.ticker import MaxNLocator

from .colours import BLUE, GREY, ORANGE, VERMILION
from .figure import Figure
from .panels import count_iterations, draw_panel, quantile

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
        draw_panel(axes, history, label, columns, equilibrium)
    for axes in all_axes[1:]:
        axes.set(ylim=(0, 1.15), yticks=np.linspace(0, 1, 5))
    low, high = quantile(np.concatenate([history["d_loss"], history["g_loss"]]), (0.005, 0.995))
    all_axes[0].set_ylim(1.3 * min(low, 0), 1.3 * max(high, 1))  # log(1 - D(G(z))) is below 0
    count_iterations(all_axes[-1])
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
        draw_panel(axes, history, label, columns, None)
    for axes, key in zip(all_axes, ("distance", "penalty")):
        low, high = quantile(history[key], (0.005, 0.98))
        axes.set_ylim(1.3 * min(low, 0), 1.5 * high or 1)
    count_iterations(all_axes[-1])
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
        draw_panel(axes, history, label, columns, None)
        axes.set_ylim(0, 1.4 * quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98) or 1)
    count_iterations(all_axes[-1])
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
        draw_panel(axes, history, label, columns, equilibrium)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, max(1.4 * top, 1.3 * (equilibrium or 0)) or 1)
    all_axes[2].set_ylim(0, 1.15)
    count_iterations(all_axes[-1])
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
        draw_panel(axes, history, label, columns, equilibrium if adversarial_panel else None)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, 1.6 * top or 1)
    count_iterations(all_axes[-1])
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
        draw_panel(axes, history, label, columns, 0.5 if "accuracy" in label else None)
        top = quantile(np.concatenate([history[key] for key, _, _ in columns]), 0.98)
        axes.set_ylim(0, 1.15 if "accuracy" in label else 1.6 * top or 1)
    count_iterations(all_axes[-1])
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
