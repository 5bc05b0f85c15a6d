"""Losses: one number that says how wrong a network is, and its gradient.

- basic.py: losses of a prediction and its target.
- gan.py: the losses of a GAN's two networks, in pairs.
- vae.py: the two terms of a VAE's loss.
"""

from ..keras_words import names_of
from .basic import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    log_softmax,
)
from .gan import (
    GAN_LOSSES,
    GANLosses,
    LeastSquaresFromLogits,
    SaturatingCrossEntropyFromLogits,
    Wasserstein,
    gan_losses,
    name_of_losses,
)
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
    "Wasserstein",
    "gan_losses",
    "log_softmax",
    "name_of_losses",
]

__getattr__ = names_of(__name__)
