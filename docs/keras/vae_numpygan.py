"""A variational autoencoder on MNIST, written as Keras tutorials write it."""

import numpygan as keras
import matplotlib.pyplot as plt
import numpy as np
from numpygan import layers

image_shape = (28, 28, 1)
latent_dim = 2


def build_encoder():
    model = keras.Sequential(name="trunk")
    model.add(layers.Flatten(input_shape=image_shape))
    model.add(layers.Dense(256))
    model.add(layers.ReLU())
    return model


def build_decoder():
    model = keras.Sequential(name="decoder")
    model.add(layers.Dense(256, input_shape=(latent_dim,)))
    model.add(layers.ReLU())
    model.add(layers.Dense(28 * 28 * 1))
    model.add(layers.Reshape(image_shape))
    return model


def show_manifold(path, n=12):
    codes = np.linspace(-2, 2, n)
    grid = np.array([(a, b) for b in codes[::-1] for a in codes])
    images = vae.decode(grid)
    figure, axes = plt.subplots(n, n, figsize=(6, 6))
    for image, place in zip(images, axes.flat):
        place.imshow(image[:, :, 0], cmap="gray")
        place.axis("off")
    figure.savefig(path)
    plt.close(figure)


images, _ = keras.datasets.load_digits(scale=(0, 255))
test_images, _ = keras.datasets.load_digits("evaluation", scale=(0, 255))
images = images.reshape(-1, 28, 28, 1).astype("float32") / 255
test_images = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255
encoder = build_encoder()
decoder = build_decoder()
decoder.summary()
vae = keras.VAE(latent_dim, trunk=encoder, decoder=decoder, optimizer=keras.Adam(1e-3))
vae.fit(images, images, epochs=30, batch_size=100, verbose=0)
print(vae.evaluate(test_images, test_images))
codes = vae.encode(test_images)
print(codes.std(axis=0))
show_manifold("manifold.png")
