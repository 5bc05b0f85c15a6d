"""A GAN of dense layers on MNIST, written as Keras tutorials write it."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

image_shape = (28, 28, 1)
z_dim = 100


def build_generator():
    model = keras.Sequential(name="generator")
    model.add(layers.Dense(128, input_shape=(z_dim,)))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Dense(28 * 28 * 1, activation="tanh"))
    model.add(layers.Reshape(image_shape))
    return model


def build_discriminator():
    model = keras.Sequential(name="discriminator")
    model.add(layers.Flatten(input_shape=image_shape))
    model.add(layers.Dense(128))
    model.add(layers.LeakyReLU(negative_slope=0.01))
    model.add(layers.Dense(1, activation="sigmoid"))
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
    (images, _), _ = keras.datasets.mnist.load_data()
    images = images.reshape(-1, 28, 28, 1) / 127.5 - 1.0
    for iteration in range(1, iterations + 1):
        real = images[np.random.randint(0, len(images), batch_size)]
        fake = generator.predict(noise(batch_size), verbose=0)
        discriminator.trainable = True
        d_real, _ = discriminator.train_on_batch(real, np.ones((batch_size, 1)))
        d_fake, _ = discriminator.train_on_batch(fake, np.zeros((batch_size, 1)))
        discriminator.trainable = False
        g_loss = gan.train_on_batch(noise(batch_size), np.ones((batch_size, 1)))
        if iteration % every == 0:
            print(f"{iteration}: D {(d_real + d_fake) / 2:.3f}, G {g_loss:.3f}")
            show(generator, f"gan_{iteration:05d}.png")


discriminator = build_discriminator()
discriminator.compile(keras.optimizers.Adam(), "binary_crossentropy", metrics=["accuracy"])
generator = build_generator()
generator.summary()
gan = keras.Sequential([generator, discriminator])
gan.compile(keras.optimizers.Adam(), "binary_crossentropy")
train(iterations=20_000, batch_size=128, every=1000)
