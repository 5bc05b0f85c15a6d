"""Eight ways to make a training fail, and the one line that mends each.

Used by 30_failures.py. Every failure is a function of a seed that trains a small model
and returns it with its data. With `wrong=False` the same function trains the same model
with the one line put right.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from numpygan import DCGAN, GAN, VAE, Adam, Autoencoder, Dense, LeakyReLU, Sequential
from numpygan.datasets import load_digits
from numpygan.initializers import HeUniform
from numpygan.models import dense_discriminator, dense_generator, small_discriminator, small_generator
from numpygan.training import Batches, train

RATE, BATCH, LATENT = 2e-3, 32, 32


class Trained(NamedTuple):
    model: object
    x: np.ndarray  # what it was trained on


def fit(model, x, iterations):
    """Train as `fit` does, but on any data: GAN.fit refuses pixels that G cannot draw."""
    train(model, Batches(x, BATCH, model.rng), iterations, model.history, progress=False)
    return Trained(model, x)


# --- the models -----------------------------------------------------------------------


@cache
def digits():
    return load_digits()[0]


def dense_gan(seed, *, generator_rate=RATE, rate=RATE):
    rng = np.random.default_rng(seed)
    return GAN(
        dense_generator(latent_dim=LATENT, hidden=64, rng=rng),
        dense_discriminator(hidden=64, rng=rng),
        generator_optimizer=Adam(generator_rate, beta_1=0),
        discriminator_optimizer=Adam(rate, beta_1=0),
        rng=rng,
    )


@cache
def sound_dense_gan(seed, share):
    """Return what four of the failures come to once they are mended, trained only once."""
    return fit(dense_gan(seed), digits(), int(share * 800))


def conv_gan(seed, *, kind=DCGAN, rate=1e-3, beta_1=0.5):
    rng = np.random.default_rng(seed)
    return kind(
        small_generator(latent_dim=LATENT, hidden=64, filters=(16, 8), rng=rng),
        small_discriminator(hidden=32, filters=(8, 16), rng=rng),
        generator_optimizer=Adam(rate, beta_1=beta_1),
        discriminator_optimizer=Adam(1.5 * rate, beta_1=beta_1),
        rng=rng,
    )


def ring(seed, n=4000, peaks=6):
    """Return points (n, 2) around six places on a circle of radius 2."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * rng.integers(peaks, size=n) / peaks
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (centres + 0.2 * rng.standard_normal((n, 2))).astype(np.float32)


def point_gan(seed, *, kind=GAN):
    """A GAN whose samples are points in the plane."""
    rng = np.random.default_rng(seed)

    def network(inputs, outputs, name):
        layers = []
        for _ in range(2):
            layers += [Dense(64, initializer=HeUniform()), LeakyReLU(0.2)]
        return Sequential([*layers, Dense(outputs)], (inputs,), rng=rng, name=name)

    return kind(
        network(8, 2, "generator"),
        network(2, 1, "discriminator"),
        generator_optimizer=Adam(3e-3, beta_1=0.5),
        discriminator_optimizer=Adam(3e-3, beta_1=0.5),
        rng=rng,
    )


# --- the failures ---------------------------------------------------------------------


class Hasty(GAN):
    """Its generator takes fifty steps against a discriminator that stands still."""

    def _update_generator(self, z):
        for _ in range(49):
            super()._update_generator(self.noise(len(z)))
        return super()._update_generator(z)


def hasty_generator(seed, wrong=True, share=1.0):
    model = point_gan(seed, kind=Hasty if wrong else GAN)
    return fit(model, ring(seed), int(share * (250 if wrong else 3000)))


def strong_discriminator(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    return fit(dense_gan(seed, generator_rate=RATE / 100), digits(), int(share * 800))


class Saturating(DCGAN):
    """Its generator descends log(1 - D(G(z))), as in the definition of the game."""

    def _update_generator(self, z):
        G, D = self.generator, self.discriminator
        fake = G.forward(z, training=True)
        loss = -self.loss.forward(D.forward(fake, training=True), 0)  # of -log(1 - D), hence the minus
        G.zero_grad()
        G.parameter_gradients(D.input_gradient(-self.loss.backward()))
        self.generator_optimizer.update(G.flat_params, G.flat_grads)
        return loss


def saturating_loss(seed, wrong=True, share=1.0):
    model = conv_gan(seed, kind=Saturating if wrong else DCGAN)
    return fit(model, digits(), int(share * 300))


def high_rate(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    return fit(dense_gan(seed, generator_rate=50 * RATE, rate=50 * RATE), digits(), int(share * 800))


def long_memory(seed, wrong=True, share=1.0):
    return fit(conv_gan(seed, rate=2e-3, beta_1=0.9 if wrong else 0.5), digits(), int(share * 600))


class Uncorrected(Adam):
    """Adam without the two divisions by 1 - beta^t."""

    def _step(self, p, g, M, V, work):
        M += (1 - self.beta_1) * (g - M)
        V += (1 - self.beta_2) * (g * g - V)
        p -= self.learning_rate * M / (np.sqrt(V) + self.epsilon)


def uncorrected_adam(seed, wrong=True, share=1.0):
    rule = Uncorrected if wrong else Adam
    x = (digits()[:4000] + 1) / 2  # an autoencoder's pixels lie in [0, 1]
    model = Autoencoder(optimizer=rule(3e-3), rng=seed)
    model.fit(x[: max(1000, int(share * 4000))], epochs=4, progress=False)
    return Trained(model, x)


def zero_weights(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    model = dense_gan(seed)
    for network in model.networks.values():
        network.flat_params[:] = 0
    return fit(model, digits(), int(share * 800))


def unscaled_pixels(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    x = 127.5 * (digits() + 1)  # as they are in a file, from 0 to 255
    return fit(dense_gan(seed), x, int(share * 800))


class Failure(NamedTuple):
    """What is done wrong, what mends it, what the diagnosis must say, and how to train it."""

    title: str
    fix: str
    finding: str
    run: object


FAILURES = (
    Failure("50 generator steps\nfor each of D", "one step each", "mode collapse", hasty_generator),
    Failure("D learns 100 times\nas fast as G", "2e-3 in place of 2e-5", "discriminator has won", strong_discriminator),
    Failure("G descends\nlog(1 - D(G(z)))", "-log D(G(z)) instead", "loss saturated", saturating_loss),
    Failure("learning rate 0.1", "2e-3 in place of 0.1", "steps too large", high_rate),
    Failure("DCGAN with Adam's\nbeta_1 = 0.9", "beta_1=0.5", "oscillation", long_memory),
    Failure("Adam without\nbias correction", "the library's Adam", "no bias correction", uncorrected_adam),
    Failure("all weights zero", "Glorot's initial weights", "units all alike", zero_weights),
    Failure("pixels from\n0 to 255", "x / 127.5 - 1", "data out of range", unscaled_pixels),
)


# --- what must not be accused ---------------------------------------------------------


def healthy_dense(seed):
    return fit(dense_gan(seed), digits(), 1500)


def healthy_convolutional(seed):
    return fit(conv_gan(seed), digits(), 600)


def healthy_vae(seed):
    x = (digits()[:4000] + 1) / 2
    model = VAE(rng=seed)
    model.fit(x, epochs=4, progress=False)
    return Trained(model, x)


HEALTHY = {
    "dense GAN": healthy_dense,
    "DCGAN": healthy_convolutional,
    "VAE": healthy_vae,
}
