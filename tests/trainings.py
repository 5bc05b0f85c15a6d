"""Small trainings with all that makes going on difficult, for the tests of checkpoints."""

from functools import partial

import numpy as np

from numpygan import (
    BEGAN,
    DCGAN,
    GAN,
    VAE,
    WGAN,
    Adam,
    AdversarialAutoencoder,
    Autoencoder,
    BatchNormalization,
    ConditionalGAN,
    ConditionalVAE,
    Conv2D,
    Conv2DTranspose,
    CycleGAN,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    Pix2Pix,
    Reshape,
    Residual,
    RMSprop,
    Sequential,
    Sigmoid,
    Skip,
    SpectralNormalization,
    Tanh,
)
from numpygan.training import ClassAccuracy, EarlyStopping, SampleRecorder, StopOnPlateau, TranslationRecorder

SHAPE = (4, 4, 1)


def images(n=50, low=-1, seed=7):
    return np.random.default_rng(seed).uniform(low, 1, (n, *SHAPE)).astype(np.float32)


class Training:
    """A model and one call of its `fit`, ready to be made in one go or in parts."""

    def __init__(self, model, fit, callbacks):
        self.model, self.fit, self.callbacks = model, fit, callbacks

    def run(self, *extra, **kwargs):
        return self.fit(self.model, callbacks=[*self.callbacks, *extra], progress=False, **kwargs)

    def outcome(self):
        """Return everything that two trainings must have in common, as a dict of arrays."""
        arrays = self.model.snapshot()
        for name in self.model.histories:
            arrays[name] = getattr(self.model, name).table()
        for callback in self.callbacks:
            for number, frame in getattr(callback, "frames", ()):
                arrays[f"frame {number}"] = frame
            if hasattr(callback, "curve"):
                arrays["curve"] = np.array(callback.curve)
        if hasattr(self.model, "generate"):
            arrays["samples"] = self.model.generate(4)  # shows where the random numbers are
        return arrays


def gan(iterations=40):
    """Batch norm, dropout, a nested network, and a generator of random numbers for each network."""
    G = Sequential(
        [Sequential([Dense(8), BatchNormalization()]), LeakyReLU(), Dropout(0.3), Dense(16), Tanh(), Reshape(SHAPE)],
        (3,), rng=1, name="generator",
    )  # fmt: skip
    D = Sequential(
        [Flatten(), Dense(8), Dropout(0.2), LeakyReLU(), Dense(1)], SHAPE, rng=2, name="discriminator"
    )
    model = GAN(G, D, generator_optimizer=RMSprop(1e-3), discriminator_optimizer=Adam(1e-3), rng=3)
    callbacks = [SampleRecorder(7, n=3), StopOnPlateau(window=8, tolerance=1e-9)]
    return Training(
        model,
        lambda model, **more: model.fit(images(), iterations=iterations, batch_size=8, **more),
        callbacks,
    )


def dcgan(iterations=40):
    rng = np.random.default_rng(4)
    G = Sequential(
        [Dense(8), Reshape((2, 2, 2)), BatchNormalization(), LeakyReLU(), Conv2DTranspose(1, 3, 2, "same"), Tanh()],
        (3,), rng=rng, name="generator",
    )  # fmt: skip
    D = Sequential(
        [Conv2D(2, 3, 2, "same"), LeakyReLU(), Flatten(), Dense(1)], SHAPE, rng=rng, name="discriminator"
    )
    model = DCGAN(G, D, rng=rng)
    callbacks = [SampleRecorder(10, n=3)]
    return Training(
        model,
        lambda model, **more: model.fit(images(), iterations=iterations, batch_size=8, **more),
        callbacks,
    )


def cgan(iterations=40):
    """Names for classes, the label beside every pixel, and a curve that is recorded on the way."""
    rng = np.random.default_rng(11)
    G = Sequential(
        [Dense(16), BatchNormalization(), Tanh(), Reshape(SHAPE)], (2 + 3,), rng=rng, name="generator"
    )
    layers = [Conv2D(2, 3, 2, "same"), LeakyReLU(), Flatten(), Dropout(0.2), Dense(1)]
    D = Sequential(layers, (4, 4, 1 + 3), rng=rng, name="discriminator")
    model = ConditionalGAN(G, D, classes=["a", "b", "c"], label_scale=3, rng=rng)
    labels = np.arange(50) % 3

    def brightness(drawn):
        return (drawn.mean(axis=(1, 2, 3)) > 0).astype(int)

    return Training(
        model,
        lambda model, **more: model.fit(images(), labels, iterations=iterations, batch_size=8, **more),
        [SampleRecorder(10, n=6), ClassAccuracy(8, brightness, n=30)],
    )


def wgan(iterations=30):
    """Three critic steps with a penalty at random points, dropout and spectral normalisation in the critic."""
    rng = np.random.default_rng(11)
    G = Sequential([Dense(16), Tanh(), Reshape(SHAPE)], (3,), rng=rng, name="generator")
    layers = [
        Conv2D(2, 3),
        LeakyReLU(),
        Flatten(),
        SpectralNormalization(Dense(6)),
        Dropout(0.2),
        Tanh(),
        Dense(1),
    ]
    D = Sequential(layers, SHAPE, rng=rng, name="discriminator")
    model = WGAN(G, D, n_critic=3, penalty=2.0, clip=0.5, rng=rng)
    callbacks = [SampleRecorder(10, n=3)]
    return Training(
        model,
        lambda model, **more: model.fit(images(), iterations=iterations, batch_size=6, **more),
        callbacks,
    )


def vae(epochs=6):
    rng = np.random.default_rng(5)
    trunk = Sequential([Flatten(), Dense(6), BatchNormalization(), LeakyReLU()], SHAPE, rng=rng, name="trunk")
    decoder = Sequential([Dense(16), Reshape(SHAPE)], (2,), rng=rng, name="decoder")
    model = VAE(2, trunk=trunk, decoder=decoder, beta=0.5, rng=rng)
    data, held_out = images(low=0), images(9, low=0, seed=8)
    callbacks = [SampleRecorder(6, n=3)]

    def fit(model, **more):
        return model.fit(data, epochs=epochs, batch_size=8, validation_data=held_out, **more)

    return Training(model, fit, callbacks)


def cvae(epochs=6):
    rng = np.random.default_rng(12)
    trunk = Sequential([Flatten(), Dense(6), LeakyReLU()], SHAPE, rng=rng, name="trunk")
    decoder = Sequential([Dense(16), Reshape(SHAPE)], (2 + 3,), rng=rng, name="decoder")
    model = ConditionalVAE(2, classes=3, trunk=trunk, decoder=decoder, rng=rng)
    data, labels = images(low=0), np.arange(50) % 3

    def fit(model, **more):
        return model.fit(
            data, labels, epochs=epochs, batch_size=8, validation_data=(data[:9], labels[:9]), **more
        )

    return Training(model, fit, [SampleRecorder(6, n=3)])


def autoencoder(epochs=12):
    """Stops early, after the fifth epoch or so, and goes back to the best parameters."""
    rng = np.random.default_rng(6)
    encoder = Sequential([Flatten(), Dense(6), Dropout(0.2), Dense(2)], SHAPE, rng=rng, name="encoder")
    decoder = Sequential([Dense(16), Sigmoid(), Reshape(SHAPE)], (2,), rng=rng, name="decoder")
    model = Autoencoder(encoder, decoder, optimizer=Adam(0.1), rng=rng)
    data, held_out = images(low=0), images(9, low=0, seed=8)

    def fit(model, **more):
        return model.fit(data, epochs=epochs, batch_size=8, validation_data=held_out, **more)

    return Training(model, fit, [EarlyStopping(patience=3)])


def aae(epochs=6):
    """Two optimisers on the encoder, labels, a prior that draws, and dropout in all networks."""
    rng = np.random.default_rng(13)
    encoder = Sequential([Flatten(), Dense(6), Dropout(0.2), Dense(2)], SHAPE, rng=rng, name="encoder")
    decoder = Sequential([Dense(16), Sigmoid(), Reshape(SHAPE)], (2,), rng=rng, name="decoder")
    judge = [Dense(5), LeakyReLU(), Dropout(0.2), Dense(1)]
    discriminator = Sequential(judge, (2 + 3,), rng=rng, name="discriminator")
    model = AdversarialAutoencoder(encoder, decoder, discriminator, classes=3, rng=rng)
    data, labels = images(low=0), np.arange(50) % 3

    def fit(model, **more):
        return model.fit(data, labels, epochs=epochs, batch_size=8, validation_data=data[:9], **more)

    return Training(model, fit, [SampleRecorder(6, n=3)])


def began(iterations=40):
    """A balance that moves fast, beside averaged parameters and batch norm in both networks."""
    rng = np.random.default_rng(14)
    G = Sequential([Dense(16), BatchNormalization(), Tanh(), Reshape(SHAPE)], (3,), rng=rng, name="generator")
    layers = [Flatten(), Dense(4), BatchNormalization(), LeakyReLU(), Dense(16), Tanh(), Reshape(SHAPE)]
    D = Sequential(layers, SHAPE, rng=rng, name="discriminator")
    model = BEGAN(G, D, k_rate=0.5, rng=rng)
    return Training(
        model,
        lambda model, **more: model.fit(images(), iterations=iterations, batch_size=8, **more),
        [SampleRecorder(10, n=3)],
    )


def cyclegan(iterations=40):
    """Domains of different sizes, rates that fall, buffers that are full after three iterations."""
    rng = np.random.default_rng(9)

    def translator(name):
        block = Residual([Conv2D(2, 3, padding="same"), InstanceNormalization(), Dropout(0.1)])
        layers = [Conv2D(2, 2, 2), block, LeakyReLU(), Conv2DTranspose(1, 2, 2), Tanh()]
        return Sequential(layers, SHAPE, rng=rng, name=name)

    def critic(name):
        return Sequential([Conv2D(2, 2, 2), LeakyReLU(), Conv2D(1, 2)], SHAPE, rng=rng, name=name)

    model = CycleGAN(
        translator("G"),
        translator("F"),
        critic("D_A"),
        critic("D_B"),
        identity_weight=2,
        buffer_size=12,
        rng=rng,
    )
    a, b = images(30), images(21, seed=8)
    return Training(
        model,
        lambda model, **more: model.fit(a, b, iterations=iterations, batch_size=4, **more),
        [TranslationRecorder(9, images(3, seed=10))],
    )


def pix2pix(iterations=40):
    """A U-Net with a running mean of its parameters, of its statistics and, by chance, without some units."""
    rng = np.random.default_rng(13)
    inside = [LeakyReLU(), Conv2D(2, 2, 2), Conv2DTranspose(2, 2, 2), BatchNormalization(), Dropout(0.2)]
    G = Sequential([Conv2D(2, 2, 2), Skip(inside), Conv2DTranspose(2, 2, 2), Tanh()], SHAPE, rng=rng)
    D = Sequential([Conv2D(2, 2, 2), LeakyReLU(), Conv2D(1, 2)], (4, 4, 3), rng=rng)
    a = images(30)
    b = np.concatenate([a / 2, images(30, seed=8)], axis=-1)
    return Training(
        Pix2Pix(G, D, l1_weight=3, averaging=0.9, rng=rng),
        lambda model, **more: model.fit(a, b, iterations=iterations, batch_size=4, **more),
        [TranslationRecorder(9, images(3, seed=10))],
    )


ALL = {
    "gan": gan, "dcgan": dcgan, "wgan": wgan, "cgan": cgan, "cvae": cvae, "vae": vae, "autoencoder": autoencoder,
    "cyclegan": cyclegan, "pix2pix": pix2pix, "aae": aae, "began": began,
}  # fmt: skip

# Long enough to be killed again and again.
LONG = {"gan": partial(gan, 2500), "vae": partial(vae, 360), "dcgan": partial(dcgan, 2500)}
