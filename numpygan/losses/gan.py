"""The losses of a GAN's discriminator and generator: three pairs with the same equilibrium.

With the discriminator's logit l and its probability D = sigmoid(l), per sample:

    losses           discriminator: real, fake        generator        its derivative by l
    non-saturating   -log D(x), -log(1 - D(G(z)))     -log D(G(z))     D - 1
    saturating       the same                         log(1 - D(G(z))) -D
    least squares    (s(x) - 1)^2, s(G(z))^2          (s(G(z)) - 1)^2  s - 1

where s = (l + 1) / 2. At the start of training D is near 0 on fakes. The saturating
derivative is then near 0 too, so that the generator learns slowest when it is worst;
the non-saturating one is -1. Least squares also pulls on fakes that D already takes for
real, if they lie far from the boundary. Once the fakes are as good as the data, the best
that D can do is l = 0 and D = 1/2, with all three.

Source: Goodfellow et al. 2014, sections 3 and 4; Mao et al. 2017, *Least squares
generative adversarial networks*, eq. 9.
"""

from typing import NamedTuple

import numpy as np

from .basic import BinaryCrossEntropyFromLogits, Loss


class SaturatingCrossEntropyFromLogits(BinaryCrossEntropyFromLogits):
    """Minus the cross-entropy with the opposite target: the log-probability of being wrong.

        c  = t log(1 - p) + (1 - t) log p,    p = sigmoid(l)
        c' = (1 - t) - p

    With t = 1 it is log(1 - D(G(z))), what the generator descends in the game's definition (eq. 3.28).
    """

    def values(self, y, t):
        return -super().values(y, 1 - t)

    def derivatives(self, y, t):
        return -super().derivatives(y, 1 - t)


class LeastSquaresFromLogits(Loss):
    """Squared error of the score s = (l + 1) / 2 of a logit l.

        c  = (s - t)^2
        c' = s - t

    The score is 1/2 where the logit is 0, so that a positive logit means "real", as with
    the cross-entropy.
    """

    def values(self, y, t):
        error = self.derivatives(y, t)
        error *= error
        return error

    def derivatives(self, y, t):
        error = y * 0.5
        error += 0.5
        error -= t
        return error


class Wasserstein(Loss):
    """A critic's score y: to be raised where the target is 1, lowered where it is 0.

        c  = (1 - 2t) y      -y for t = 1, y for t = 0
        c' = 1 - 2t

    It has no lowest value: the critic must be kept from being too steep, see models/wgan.py. Hence it
    is no game of its own in GAN_LOSSES.

    Source: Arjovsky, Chintala & Bottou 2017, *Wasserstein GAN*, algorithm 1.
    """

    def values(self, y, t):
        return (1 - 2 * t) * y

    def derivatives(self, y, t):
        return np.broadcast_to(1 - 2 * t, y.shape).copy()


class GANLosses(NamedTuple):
    """The losses of discriminator and generator, each given logits and the target 1 or 0."""

    discriminator: Loss
    generator: Loss


def non_saturating():
    """Return the losses with which the generator minimises -log D."""
    bce = BinaryCrossEntropyFromLogits()
    return GANLosses(bce, bce)


def saturating():
    """Return the losses of the original minimax game: the generator minimises log(1 - D)."""
    return GANLosses(BinaryCrossEntropyFromLogits(), SaturatingCrossEntropyFromLogits())


def least_squares():
    """Return the losses with which both minimise squared errors."""
    loss = LeastSquaresFromLogits()
    return GANLosses(loss, loss)


GAN_LOSSES = {"non-saturating": non_saturating, "saturating": saturating, "least-squares": least_squares}


def gan_losses(loss):
    """Return a GANLosses, given one or the name of one in GAN_LOSSES."""
    if isinstance(loss, GANLosses):
        return loss
    if not isinstance(loss, str):
        names = ", ".join(GAN_LOSSES)
        raise TypeError(f"loss must be one of {names}, or a GANLosses, got {type(loss).__name__}")
    if loss not in GAN_LOSSES:
        raise ValueError(f"no GAN loss {loss!r}: expected one of {', '.join(GAN_LOSSES)}")
    return GAN_LOSSES[loss]()


def name_of_losses(losses):
    """Return the name of a pair of losses in GAN_LOSSES, or None for losses of your own."""
    kinds = [type(each) for each in losses]
    return next((name for name, make in GAN_LOSSES.items() if [*map(type, make())] == kinds), None)
