"""What the curves of a training show: rules that read a History and nothing else.

Each rule returns a Finding or None. D is the discriminator, G the generator.
"""

import math

import numpy as np

from .findings import GOOD, NOTE, TROUBLE, Finding
from .samples import unlike_the_data
from .thresholds import (
    BLOCKS,
    EARLY,
    FLAT,
    FLAT_SHARE,
    FLAT_WINDOW,
    NEAR_HALF,
    NEAR_LOG_2,
    RECENT,
    SWING,
    TURNS,
    WON_ACCURACY,
    WON_ADVERSARIAL,
    WON_BELIEF,
    WON_LOSS,
)  # fmt: skip


def diverged(history):
    """A loss or gradient that is no number ended the run; divergence.py has named the layer."""
    text = history.stopped_by or ""
    if not text.startswith("stopped in iteration"):
        return None
    return Finding(
        "diverged", TROUBLE, f"The run {text}.",
        "A learning rate a tenth as large; are there NaN in the data?",
    )


def recent(history):
    """Return how many iterations at the end of the history are judged."""
    return max(1, min(len(history) // 4, RECENT))


def discriminator_has_won(history, seen=None, start_gradient=None):
    """It is hardly ever wrong, and G's samples do not come nearer.

    With the loss -log D(G(z)) the generator's gradient need not vanish then; it may even
    grow. But it leads to whatever unsettles a D that is sure of itself, not to the data.
    Medians, because a D that has won may still stumble for a few iterations at a time.
    """
    n = recent(history)
    names = ("accuracy_real", "accuracy_fake", "D(G(z))")
    real, fake, belief = (float(np.median(history[name][-n:])) for name in names)
    if (real + fake) / 2 < WON_ACCURACY or belief > WON_BELIEF:
        return None
    evidence = (
        f"In the last {n:,} iterations the discriminator typically told {real:.1%} of the real samples "
        f"right and {fake:.1%} of the fakes; D(G(z)) is {belief:.3f}."
    )
    if seen is not None and seen.gradient is not None and start_gradient:
        factor = seen.gradient / start_gradient
        lower = 1 / max(factor, 1e-30)
        change = f"{factor:.3g} times" if factor >= 1 else f"down by a factor of {lower:.3g} from"
        evidence += f" The generator's gradient is {change} what it was at the start."
    return Finding(
        "discriminator has won", TROUBLE, evidence,
        "Give it a smaller learning rate than the generator's, or fewer units, or Dropout.",
    )  # fmt: skip


def oscillation(history):
    """G's loss swings slowly to and fro: the two chase each other instead of meeting.

    The loss is averaged over blocks of iterations, and the straight line through the
    averages, the progress, is taken off. Of the variance that remains, what differs from
    batch to batch would account for the variance within a block over its length.
    """
    values = history["g_loss"][len(history) // 2 :]
    width = len(values) // BLOCKS
    if width < 5:
        return None
    values = values[-width * BLOCKS :].reshape(BLOCKS, width)
    blocks, k = values.mean(axis=1), np.arange(BLOCKS)
    rest = blocks - np.polyval(np.polyfit(k, blocks, 1), k)
    swing = math.sqrt(max(rest.var() - values.var(axis=1).mean() / width, 0))
    turns = int(np.sum(rest[1:] * rest[:-1] < 0))
    if swing < SWING or turns < TURNS:
        return None
    return Finding(
        "oscillation", TROUBLE,
        f"In the second half of the run the generator's loss, averaged over {width} iterations at a time, "
        f"went from {blocks.min():.2f} to {blocks.max():.2f} and crossed its trend {turns} times.",
        "Less momentum: Adam with beta_1=0.5 or 0 in place of 0.9. Then a smaller learning rate.",
    )  # fmt: skip


def near_equilibrium(history, variety=None):
    """D cannot tell: both beliefs near 1/2, both losses near log 2.

    That is where a game ends that went well. It is also how a D looks that is too weak, or
    has learnt too little, to see a difference, and the curves are the same. The samples
    decide: where they plainly differ from the data (`unlike_the_data`), it is no good news.

    Args:
        variety: of the samples, see samples.py; None if they have not been looked at.
    """
    n = recent(history)
    names = ("D(x)", "D(G(z))", "d_loss", "g_loss")
    real, fake, d_loss, g_loss = (history.recent_mean(key, n) for key in names)
    half = max(abs(real - 0.5), abs(fake - 0.5)) < NEAR_HALF
    if not half or max(abs(loss - math.log(2)) for loss in (d_loss, g_loss)) > NEAR_LOG_2:
        return None
    balance = (
        f"D(x) is {real:.2f} and D(G(z)) {fake:.2f}, near 1/2; the losses are {d_loss:.2f} and "
        f"{g_loss:.2f}, near log 2 = 0.69: the discriminator can hardly tell"
    )
    if variety is not None and (difference := unlike_the_data(variety)):
        return Finding(
            "deceptive balance", NOTE,
            f"{balance}, though the samples plainly differ from the data: {difference}.",
            "Train on; if it stays so, give the discriminator more units or a larger learning rate.",
        )  # fmt: skip
    return Finding(
        "near equilibrium", GOOD, f"{balance}.",
        "Look at the samples; a stronger discriminator may still see what this one does not.",
    )  # fmt: skip


def flat_game(history):
    """Both losses stand still, which says that the game is balanced, not that it is won."""
    means = _three_means(history, ("d_loss", "g_loss"))
    if means is None or max(np.ptp(each) for each in means) > FLAT:
        return None
    d_loss, g_loss = (each[-1] for each in means)
    return Finding(
        "flat", NOTE,
        f"The losses have stood at {d_loss:.3f} and {g_loss:.3f}, to within {FLAT:g}, for "
        f"{3 * _width(history):,} iterations.",
        "Stop here, or change a setting: more iterations of the same will change little.",
    )  # fmt: skip


def discriminators_have_won(history):
    """A CycleGAN's discriminator tells every translation from a real image."""
    n = recent(history)
    for domain, maker in (("a", "F"), ("b", "G")):
        loss = float(np.median(history[f"d_{domain}_loss"][-n:]))
        adversarial = float(np.median(history[f"adversarial_{domain}"][-n:]))
        if loss < WON_LOSS and adversarial > WON_ADVERSARIAL:
            return Finding(
                "discriminator has won", TROUBLE,
                f"In the last {n:,} iterations the loss of D_{domain.upper()} was typically {loss:.2g}, "
                f"and that of {maker} against it {adversarial:.2g}.",
                "Give the discriminators a smaller learning rate than the generators', or fewer filters.",
            )  # fmt: skip
    return None


def flat_loss(history, name):
    """A loss that measures quality no longer falls: an autoencoder's, or a CycleGAN's cycle loss."""
    means = _three_means(history, (name,))
    if means is None or means[0][0] - means[0][-1] > FLAT_SHARE * abs(means[0][0]):
        return None
    first, _, last = means[0]
    return Finding(
        "flat", NOTE,
        f"The mean of {name} went from {first:.4g} to {last:.4g} in {3 * _width(history):,} iterations.",
        "Stop here, or try a learning rate a tenth as large.",
    )  # fmt: skip


def _width(history):
    return min(len(history) // 10, RECENT)


def _three_means(history, names):
    """Return the means of each column over the last three windows, or None if those are short."""
    width = _width(history)
    if width < FLAT_WINDOW:
        return None
    return [history[name][-3 * width :].reshape(3, width).mean(axis=1) for name in names]


def too_early(history):
    """There is not enough of the curves to judge."""
    if len(history) >= EARLY:
        return None
    return Finding(
        "too early to tell", NOTE,
        f"There are {len(history)} iterations; the curves are judged from {EARLY} on.",
        "Train for longer.",
    )  # fmt: skip
