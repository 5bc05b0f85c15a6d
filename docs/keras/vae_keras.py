"""A variational autoencoder on MNIST, written as Keras tutorials write it."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

image_shape = (28, 28, 1)
latent_dim = 2


class Sampling(layers.Layer):
    def call(self, inputs):
        mean, log_var = inputs
        kl = 0.5 * ops.sum(ops.square(mean) + ops.exp(log_var) - 1 - log_var, axis=1)
        self.add_loss(ops.mean(kl))
        epsilon = keras.random.normal(ops.shape(mean))
        return mean + ops.exp(0.5 * log_var) * epsilon


def build_encoder():
    inputs = keras.Input(shape=image_shape)
    h = layers.Flatten()(inputs)
    h = layers.Dense(256, activation="relu")(h)
    mean = layers.Dense(latent_dim)(h)
    log_var = layers.Dense(latent_dim)(h)
    z = Sampling()([mean, log_var])
    return keras.Model(inputs, [mean, z], name="encoder")


def build_decoder():
    model = keras.Sequential(name="decoder")
    model.add(layers.Dense(256, activation="relu", input_shape=(latent_dim,)))
    model.add(layers.Dense(28 * 28 * 1, activation="sigmoid"))
    model.add(layers.Reshape(image_shape))
    return model


def reconstruction(x, y):
    each = ops.binary_crossentropy(x, y)
    return ops.mean(ops.sum(each, axis=(1, 2, 3)))


def show_manifold(path, n=12):
    codes = np.linspace(-2, 2, n)
    grid = np.array([(a, b) for b in codes[::-1] for a in codes])
    images = decoder.predict(grid, verbose=0)
    figure, axes = plt.subplots(n, n, figsize=(6, 6))
    for image, place in zip(images, axes.flat):
        place.imshow(image[:, :, 0], cmap="gray")
        place.axis("off")
    figure.savefig(path)
    plt.close(figure)


(images, _), (test_images, _) = keras.datasets.mnist.load_data()
images = images.reshape(-1, 28, 28, 1).astype("float32") / 255
test_images = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255
encoder = build_encoder()
decoder = build_decoder()
decoder.summary()
inputs = keras.Input(shape=image_shape)
vae = keras.Model(inputs, decoder(encoder(inputs)[1]))
vae.compile(optimizer=keras.optimizers.Adam(1e-3), loss=reconstruction)
vae.fit(images, images, epochs=30, batch_size=100, verbose=0)
print(vae.evaluate(test_images, test_images, verbose=0))
codes, _ = encoder.predict(test_images, verbose=0)
print(codes.std(axis=0))
show_manifold("manifold.png")
