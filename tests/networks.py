"""A network with every layer in it, and a way to train it, for the tests of whole networks."""

import numpy as np

from numpygan import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    MaxPooling2D,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Residual,
    Sequential,
    Sigmoid,
    Skip,
    Tanh,
    UpSampling2D,
)


def every_layer(seed=0, dtype=np.float32):
    """A network with every layer in it, from images (4, 4, 2) to one probability."""
    images = [
        Residual([ReflectionPadding2D(), Conv2D(2, 3), InstanceNormalization()]),
        Skip([Conv2D(1, 1)]),
        UpSampling2D(),
        Conv2D(3, 3, padding="same"),
        MaxPooling2D(),
        Conv2DTranspose(2, 2, strides=2),
        AveragePooling2D(),
    ]
    layers = [
        BatchNormalization(),
        Sequential(images, name="images"),
        Flatten(),
        Dense(12),
        LeakyReLU(),
        Dropout(0.3),
        Reshape((2, 3, 2)),
        ReLU(),
        Sequential([Flatten(), Dense(8), BatchNormalization(), Tanh()], name="inner"),
        Dense(1),
        Sigmoid(),
    ]
    return Sequential(layers, input_shape=(4, 4, 2), rng=seed, dtype=dtype)


def batch(N=6, seed=1, dtype=np.float32):
    return np.random.default_rng(seed).standard_normal((N, 4, 4, 2)).astype(dtype)


def train(network, loss, optimizer, x, target, steps=3):
    for _ in range(steps):
        network.zero_grad()
        loss.forward(network.forward(x, training=True), target)
        network.backward(loss.backward())
        optimizer.update(network.flat_params, network.flat_grads)
