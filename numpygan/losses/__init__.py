"""Losses: one number that says how wrong a network is, and its gradient.

- basic.py: the ones that judge a prediction by a target.
- gan.py: the pairs of losses that the two players of a GAN descend.
- vae.py: the two terms of a VAE's loss.
"""

from .basic import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    log_softmax,
)
from .gan import GAN_LOSSES, GANLosses, LeastSquaresFromLogits, SaturatingCrossEntropyFromLogits, gan_losses
from .vae import Bernoulli, Gaussian, GaussianKL, NegativeLogLikelihood

__all__ = [
    "GAN_LOSSES",
    "Bernoulli",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyFromLogits",
    "GANLosses",
    "Gaussian",
    "GaussianKL",
    "LeastSquaresFromLogits",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "NegativeLogLikelihood",
    "SaturatingCrossEntropyFromLogits",
    "SoftmaxCrossEntropy",
    "gan_losses",
    "log_softmax",
]
