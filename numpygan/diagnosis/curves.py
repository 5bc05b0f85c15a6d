"""Rules that look for trouble in the training curves of a History.

Each rule returns a Finding or None. D is the discriminator, G the generator.
"""

import math

import numpy as np

from . import thresholds
from .findings import GOOD, NOTE, TROUBLE, Finding, less_momentum
from .samples import unlike_the_data


def diverged(history):
    """A NaN or infinity ended the run; divergence.py has named the layer."""
    text = history.stopped_by or ""
    if not text.startswith("stopped in iteration"):
        return None
    return Finding(
        "diverged",
        TROUBLE,
        f"The run {text}.",
        "Reduce the learning rate tenfold; check the data for NaN.",
    )


def recent(history):
    """Return how many iterations at the end of the history are judged."""
    return max(1, min(len(history) // 4, thresholds.RECENT))


def discriminator_has_won(history, measured=None, start_gradient=None):
    """D is hardly ever wrong, and G's samples do not get closer to the data.

    With the loss -log D(G(z)) the generator's gradient need not vanish then; it may even
    grow. But it points to whatever fools an overconfident D, not to the data. Medians are
    used because a D that has won may still lose for a few iterations at a time.
    """
    n = recent(history)
    names = ("accuracy_real", "accuracy_fake", "D(G(z))")
    real, fake, d_fake = (float(np.median(history[name][-n:])) for name in names)
    if (real + fake) / 2 < thresholds.WON_ACCURACY or d_fake > thresholds.WON_D_FAKE:
        return None
    evidence = (
        f"Over the last {n:,} iterations the discriminator typically classified {real:.1%} of the real "
        f"samples and {fake:.1%} of the fakes correctly; D(G(z)) is {d_fake:.3f}."
    )
    if measured is not None and measured.gradient is not None and start_gradient:
        factor = measured.gradient / start_gradient
        change = f"grown {factor:.3g}-fold" if factor >= 1 else f"shrunk {1 / max(factor, 1e-30):.3g}-fold"
        evidence += f" The generator's gradient has {change} since the start."
    return Finding(
        "discriminator has won", TROUBLE, evidence,
        "Give it a smaller learning rate than the generator's (--discriminator-learning-rate), fewer units, "
        "or Dropout.",
    )  # fmt: skip


def oscillation(history, beta_1=None):
    """G's loss oscillates slowly: the two networks chase each other instead of converging.

    The loss is averaged over blocks of iterations and detrended, by a straight line. From
    the variance that remains, the part that is due to noise between batches is subtracted:
    the variance within a block, over its length.
    """
    values = history["g_loss"][len(history) // 2 :]
    width = len(values) // thresholds.BLOCKS
    if width < 5:
        return None
    values = values[-width * thresholds.BLOCKS :].reshape(thresholds.BLOCKS, width)
    blocks, k = values.mean(axis=1), np.arange(thresholds.BLOCKS)
    rest = blocks - np.polyval(np.polyfit(k, blocks, 1), k)
    swing = math.sqrt(max(rest.var() - values.var(axis=1).mean() / width, 0))
    turns = int(np.sum(rest[1:] * rest[:-1] < 0))
    if swing < thresholds.SWING or turns < thresholds.TURNS:
        return None
    return Finding(
        "oscillation", TROUBLE,
        f"In the second half of the run the generator's loss, averaged over {width} iterations at a time, "
        f"ranged from {blocks.min():.2f} to {blocks.max():.2f} and crossed its trend {turns} times.",
        less_momentum(beta_1),
    )  # fmt: skip


def near_equilibrium(history, diversity=None):
    """D cannot tell real from fake: both probabilities near 1/2, both losses near log 2.

    That is where a successful game ends. A D that is too weak, or has learnt too little, to
    see a difference gives the same curves. The samples decide: where they clearly differ
    from the data (`unlike_the_data`), the equilibrium is deceptive.

    Args:
        diversity: of the samples, see samples.py; None if it was not measured.
    """
    n = recent(history)
    names = ("D(x)", "D(G(z))", "d_loss", "g_loss")
    real, fake, d_loss, g_loss = (history.recent_mean(key, n) for key in names)
    half = max(abs(real - 0.5), abs(fake - 0.5)) < thresholds.NEAR_HALF
    if not half or max(abs(loss - math.log(2)) for loss in (d_loss, g_loss)) > thresholds.NEAR_LOG_2:
        return None
    balance = (
        f"D(x) is {real:.2f} and D(G(z)) is {fake:.2f}, near 1/2; the losses are {d_loss:.2f} and "
        f"{g_loss:.2f}, near log 2 = 0.69: the discriminator can hardly tell real from fake"
    )
    if diversity is not None and (difference := unlike_the_data(diversity)):
        return Finding(
            "deceptive balance", NOTE,
            f"{balance}, although the samples clearly differ from the data: {difference}.",
            "Train for longer; if nothing changes, give D more units or a larger learning rate.",
        )  # fmt: skip
    return Finding(
        "near equilibrium", GOOD, f"{balance}.",
        "Look at the samples; a stronger discriminator may still see a difference.",
    )  # fmt: skip


def flat_game(history):
    """Both losses are constant, which means that the game is balanced, not that the samples are good."""
    means = _three_means(history, ("d_loss", "g_loss"))
    if means is None or max(np.ptp(each) for each in means) > thresholds.FLAT:
        return None
    d_loss, g_loss = (each[-1] for each in means)
    return Finding(
        "flat", NOTE,
        f"The losses have stayed at {d_loss:.3f} and {g_loss:.3f}, to within {thresholds.FLAT:g}, for "
        f"{3 * _width(history):,} iterations.",
        "Stop here, or change a setting: more iterations will change little.",
    )  # fmt: skip


def discriminators_have_won(history):
    """One of a CycleGAN's discriminators recognises every translated image."""
    for domain, translator in (("a", "F"), ("b", "G")):
        found = judge_has_won(
            history, f"d_{domain}_loss", f"adversarial_{domain}", f"D_{domain.upper()}", translator
        )
        if found:
            advice = "Give the discriminators a smaller learning rate than the generators', or fewer filters."
            return found._replace(advice=advice)
    return None


def judge_has_won(history, loss, adversarial, judge="the discriminator", maker="the generator"):
    """The discriminator of translations recognises every one; the names are columns of the history."""
    n = recent(history)
    typical, opposed = (float(np.median(history[name][-n:])) for name in (loss, adversarial))
    if typical >= thresholds.WON_LOSS or opposed <= thresholds.WON_ADVERSARIAL:
        return None
    return Finding(
        "discriminator has won", TROUBLE,
        f"Over the last {n:,} iterations the loss of {judge} was typically {typical:.2g}, "
        f"and the adversarial loss of {maker} was {opposed:.2g}.",
        "Give the discriminator a smaller learning rate than the generator's, or fewer filters.",
    )  # fmt: skip


def flat_loss(history, name):
    """A loss that measures quality no longer falls: an autoencoder's, or a CycleGAN's cycle loss."""
    means = _three_means(history, (name,))
    if means is None or means[0][0] - means[0][-1] > thresholds.FLAT_SHARE * abs(means[0][0]):
        return None
    first, _, last = means[0]
    return Finding(
        "flat", NOTE,
        f"The mean of {name} went from {first:.4g} to {last:.4g} over {3 * _width(history):,} iterations.",
        "Stop here, or reduce the learning rate tenfold.",
    )  # fmt: skip


def _width(history):
    return min(len(history) // 10, thresholds.RECENT)


def _three_means(history, names):
    """Return the means of each column over the last three windows, or None if those are short."""
    width = _width(history)
    if width < thresholds.FLAT_WINDOW:
        return None
    return [history[name][-3 * width :].reshape(3, width).mean(axis=1) for name in names]


def too_early(history):
    """The curves are too short to judge."""
    if len(history) >= thresholds.EARLY:
        return None
    return Finding(
        "too early to tell", NOTE,
        f"The run has {len(history)} iterations; the curves are judged from {thresholds.EARLY} on.",
        "Train for longer.",
    )  # fmt: skip
