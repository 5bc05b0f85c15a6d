"""A DCGAN on MNIST, written as Keras tutorials write it."""

import numpygan as keras
import matplotlib.pyplot as plt
import numpy as np
from numpygan import layers

image_shape = (28, 28, 1)
z_dim = 100


def build_generator():
    model = keras.Sequential(name="generator")
    model.add(layers.Dense(64 * 7 * 7, input_shape=(z_dim,)))
    model.add(layers.Reshape((7, 7, 64)))
    model.add(layers.Conv2DTranspose(32, kernel_size=3, strides=2, padding="same"))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Conv2DTranspose(16, kernel_size=3, strides=1, padding="same"))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Conv2DTranspose(1, kernel_size=3, strides=2, padding="same"))
    model.add(layers.Tanh())
    return model


def build_discriminator():
    model = keras.Sequential(name="discriminator")
    model.add(layers.Conv2D(16, 3, strides=2, padding="same", input_shape=image_shape))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Conv2D(32, 3, strides=2, padding="same"))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Conv2D(64, 3, strides=2, padding="same"))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    return model


def noise(n):
    return np.random.normal(0, 1, (n, z_dim))


def show(generator, path, rows=4, columns=4):
    images = generator.predict(noise(rows * columns), verbose=0)
    images = 0.5 * images + 0.5
    figure, axes = plt.subplots(rows, columns, figsize=(4, 4))
    for image, place in zip(images, axes.flat):
        place.imshow(image[:, :, 0], cmap="gray")
        place.axis("off")
    figure.savefig(path)
    plt.close(figure)


def train(iterations, batch_size, every):
    images, _ = keras.datasets.load_digits(scale=(0, 255))
    images = images.reshape(-1, 28, 28, 1) / 127.5 - 1.0
    for iteration in range(1, iterations + 1):
        real = images[np.random.randint(0, len(images), batch_size)]
        loss = gan.train_on_batch(real)
        if iteration % every == 0:
            print(f"{iteration}: D {loss['d_loss']:.3f}, G {loss['g_loss']:.3f}")
            show(generator, f"dcgan_{iteration:05d}.png")


discriminator = build_discriminator()
generator = build_generator()
generator.summary()
gan = keras.DCGAN(
    generator, discriminator, averaging=0,
    generator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
    discriminator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
)
train(iterations=20_000, batch_size=128, every=1000)
