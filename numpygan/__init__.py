"""numpygan: generative models in plain NumPy, every gradient written by hand."""

__version__ = "0.1.0"

from . import ctrl_c

ctrl_c.end_quietly_while_loading()  # before NumPy, which takes its time

from importlib import import_module as _import_module

import numpy as _numpy

from .gradcheck import check_function, check_layer, check_loss
from .layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Sigmoid,
    Tanh,
    UpSampling2D,
)
from .losses import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    MeanAbsoluteError,
    MeanSquaredError,
    SoftmaxCrossEntropy,
)
from .models import DCGAN, GAN, VAE, Autoencoder, CycleGAN
from .network import Sequential
from .optimizers import SGD, Adam, RMSprop
from .residual import Residual

__all__ = [
    "DCGAN",
    "GAN",
    "SGD",
    "VAE",
    "Adam",
    "Autoencoder",
    "AveragePooling2D",
    "BatchNormalization",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyFromLogits",
    "Conv2D",
    "Conv2DTranspose",
    "CycleGAN",
    "Dense",
    "Dropout",
    "Flatten",
    "InstanceNormalization",
    "Layer",
    "LeakyReLU",
    "MaxPooling2D",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "RMSprop",
    "ReLU",
    "ReflectionPadding2D",
    "Reshape",
    "Residual",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "check_function",
    "check_layer",
    "check_loss",
    "UpSampling2D",
]

_LATER = {"checkpoint", "datasets", "diagnosis", "metrics", "plotting"}  # imported when first asked for


def __getattr__(name):
    if name in _LATER:
        return _import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# glibc gives arrays over 128 kB back to the system as soon as they are freed, and each
# new one then costs page faults. The first large one that is freed makes it keep them.
_numpy.empty(24 << 20, _numpy.uint8)
