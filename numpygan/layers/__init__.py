"""The layers: the mathematics of the library, forward beside backward."""

from .activations import LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from .base import Layer
from .conv import Conv2D, Conv2DTranspose
from .conv_loop import conv2d_loop, conv2d_transpose_loop
from .dense import Dense
from .dropout import Dropout
from .im2col import col2im, im2col
from .instance_normalization import InstanceNormalization
from .normalization import BatchNormalization
from .padding import ReflectionPadding2D
from .pooling import AveragePooling2D, MaxPooling2D, UpSampling2D
from .reshape import Flatten, Reshape

__all__ = [
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "Dense",
    "Dropout",
    "Flatten",
    "InstanceNormalization",
    "Layer",
    "LeakyReLU",
    "MaxPooling2D",
    "ReLU",
    "ReflectionPadding2D",
    "Reshape",
    "Sigmoid",
    "Tanh",
    "UpSampling2D",
    "col2im",
    "conv2d_loop",
    "conv2d_transpose_loop",
    "im2col",
    "sigmoid",
]
