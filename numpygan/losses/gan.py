"""What the two players of a GAN descend: three games that end alike.

With the discriminator's logit l and its belief D = sigmoid(l), per sample:

    game             discriminator: real, fake        generator        its slope in l
    non-saturating   -log D(x), -log(1 - D(G(z)))     -log D(G(z))     D - 1
    saturating       the same                         log(1 - D(G(z))) -D
    least squares    (s(x) - 1)^2, s(G(z))^2          (s(G(z)) - 1)^2  s - 1

where s = (l + 1) / 2. A generator that begins finds D near 0. The slope of the second
is then near 0 too, so that it learns slowest when it is worst; the first one's is -1.
Least squares also pulls on fakes that D already takes for real, if they lie far from the
boundary. Once the fakes are as good as the data, l = 0 and D = 1/2 is the best that D can
do, in all three.

Source: Goodfellow et al. 2014, sections 3 and 4; Mao et al. 2017, *Least squares
generative adversarial networks*, eq. 9.
"""

from typing import NamedTuple

from .basic import BinaryCrossEntropyFromLogits, Loss


class SaturatingCrossEntropyFromLogits(BinaryCrossEntropyFromLogits):
    """The logarithm of being wrong: minus the cross-entropy towards the opposite target.

        l  = t log(1 - p) + (1 - t) log p,    p = sigmoid(z)
        l' = (1 - t) - p

    With t = 1 it is log(1 - D(G(z))), what the generator descends in the game's definition (eq. 3.28).
    """

    def values(self, y, t):
        return -super().values(y, 1 - t)

    def derivatives(self, y, t):
        return -super().derivatives(y, 1 - t)


class LeastSquaresFromLogits(Loss):
    """Squared error of the score s = (z + 1) / 2 of a logit z.

        l  = (s - t)^2
        l' = s - t

    The score is 1/2 where the logit is 0, so that a positive logit says "real", as it does
    for the cross-entropy.
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


class GANLosses(NamedTuple):
    """The losses of the two players, each given logits and the target 1 or 0."""

    discriminator: Loss
    generator: Loss


def non_saturating():
    """Return the game in which the generator descends -log D."""
    bce = BinaryCrossEntropyFromLogits()
    return GANLosses(bce, bce)


def saturating():
    """Return the game as it is defined: the generator descends log(1 - D)."""
    return GANLosses(BinaryCrossEntropyFromLogits(), SaturatingCrossEntropyFromLogits())


def least_squares():
    """Return the game in which both descend squared errors."""
    loss = LeastSquaresFromLogits()
    return GANLosses(loss, loss)


GAN_LOSSES = {"non-saturating": non_saturating, "saturating": saturating, "least-squares": least_squares}


def gan_losses(loss):
    """Return a GANLosses: the one of that name, or the object itself."""
    if isinstance(loss, GANLosses):
        return loss
    if not isinstance(loss, str):
        names = ", ".join(GAN_LOSSES)
        raise TypeError(f"loss must be one of {names}, or a GANLosses, got {type(loss).__name__}")
    if loss not in GAN_LOSSES:
        raise ValueError(f"no GAN loss {loss!r}: expected one of {', '.join(GAN_LOSSES)}")
    return GAN_LOSSES[loss]()


def name_of_losses(losses):
    """Return the name under which `gan_losses` knows a pair of losses, or None for losses of your own."""
    kinds = [type(each) for each in losses]
    return next((name for name, make in GAN_LOSSES.items() if [*map(type, make())] == kinds), None)
