"""The layers: the mathematics of the library, forward beside backward."""

from ..keras_words import names_of
from .activations import LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from .base import Layer
from .batch_normalization import BatchNormalization
from .conv import Conv2D, Conv2DTranspose
from .conv_loop import conv2d_loop, conv2d_transpose_loop
from .conv_products import conv2d_im2col
from .cropping import Cropping2D, ZeroPadding2D
from .dense import Dense
from .dropout import Dropout
from .initializers import GlorotNormal, GlorotUniform, HeNormal, HeUniform, Initializer, Normal
from .instance_normalization import InstanceNormalization
from .minibatch_stddev import MinibatchStddev
from .padding import ReflectionPadding2D
from .pooling import AveragePooling2D, MaxPooling2D
from .reshape import Flatten, Reshape
from .residual import Residual
from .sequential import Sequential
from .skip import Skip
from .spectral_normalization import SpectralNormalization
from .upsampling import UpSampling2D
from .windows import col2im, im2col

__all__ = [
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "InstanceNormalization",
    "Layer",
    "LeakyReLU",
    "MaxPooling2D",
    "MinibatchStddev",
    "Normal",
    "ReLU",
    "ReflectionPadding2D",
    "Reshape",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Skip",
    "SpectralNormalization",
    "Tanh",
    "UpSampling2D",
    "ZeroPadding2D",
    "col2im",
    "conv2d_im2col",
    "conv2d_loop",
    "conv2d_transpose_loop",
    "im2col",
    "sigmoid",
]

__getattr__ = names_of(__name__)
