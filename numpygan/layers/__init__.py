"""The layers: the mathematics of the library, forward beside backward."""

from .activations import LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from .base import Layer
from .dense import Dense
from .dropout import Dropout
from .normalization import BatchNormalization
from .reshape import Flatten, Reshape

__all__ = [
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "ReLU",
    "Reshape",
    "Sigmoid",
    "Tanh",
    "sigmoid",
]
