"""The generative adversarial network: two networks, two losses, one game.

    generator      z -> G(z)    draws an image from noise
    discriminator  x -> D(x)    the logit of "x is a real image"

One iteration of `train_on_batch`:

    discriminator, real images    target 1   asked both questions, updated
    discriminator, fake images    target 0   asked both questions, updated
    generator, through D          target 1   D is asked only the second question

Read `_update_discriminator` and `_update_generator` below: they are the algorithm.

Source: Goodfellow et al. 2014, algorithm 1, with the generator's loss -log D(G(z))
that section 3 recommends in place of log(1 - D(G(z))).
"""

import math

import numpy as np

from ..layers import Dense, Flatten, LeakyReLU, Reshape, Tanh, sigmoid
from ..losses import BinaryCrossEntropyFromLogits
from ..network import Sequential
from ..optimizers import Adam


def dense_generator(image_shape=(28, 28, 1), latent_dim=100, hidden=128, *, rng=None):
    """Return z (N, latent_dim) -> Dense -> LeakyReLU -> Dense -> tanh -> image in [-1, 1]."""
    layers = [
        Dense(hidden),
        LeakyReLU(0.01),
        Dense(math.prod(image_shape)),
        Tanh(),
        Reshape(image_shape),
    ]
    return Sequential(layers, input_shape=(latent_dim,), rng=rng, name="generator")


def dense_discriminator(image_shape=(28, 28, 1), hidden=128, *, rng=None):
    """Return image -> Flatten -> Dense -> LeakyReLU -> Dense 1, a logit."""
    layers = [Flatten(), Dense(hidden), LeakyReLU(0.01), Dense(1)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


class GAN:
    def __init__(self, generator=None, discriminator=None, *, generator_optimizer=None,
                 discriminator_optimizer=None, rng=None):
        self.rng = np.random.default_rng(rng)
        self.generator = generator or dense_generator(rng=self.rng)
        self.discriminator = discriminator or dense_discriminator(rng=self.rng)
        self.loss = BinaryCrossEntropyFromLogits()
        self.generator_optimizer = generator_optimizer or Adam(1e-3, beta_1=0.5)
        self.discriminator_optimizer = discriminator_optimizer or Adam(1e-3, beta_1=0.5)

    def noise(self, n):
        return self.rng.standard_normal((n, *self.generator.input_shape), dtype=np.float32)

    def train_on_batch(self, real):
        n = len(real)
        loss_real, logits_real = self._update_discriminator(real, 1)
        fake = self.generator.forward(self.noise(n), training=True)
        loss_fake, logits_fake = self._update_discriminator(fake, 0)
        g_loss = self._update_generator(n)
        return {
            "d_loss": (loss_real + loss_fake) / 2,
            "g_loss": g_loss,
            "accuracy_real": float((logits_real > 0).mean()),
            "accuracy_fake": float((logits_fake <= 0).mean()),
            "D(x)": float(sigmoid(logits_real).mean()),
            "D(G(z))": float(sigmoid(logits_fake).mean()),
        }

    def _update_discriminator(self, x, target):
        D = self.discriminator
        D.zero_grad()
        logits = D.forward(x, training=True)
        loss = self.loss.forward(logits, target)
        D.parameter_gradients(self.loss.backward())
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        return loss, logits

    def _update_generator(self, n):
        G, D = self.generator, self.discriminator
        G.zero_grad()
        fake = G.forward(self.noise(n), training=True)
        loss = self.loss.forward(D.forward(fake, training=True), 1)
        dfake = D.input_gradient(self.loss.backward())
        G.parameter_gradients(dfake)
        self.generator_optimizer.update(G.flat_params, G.flat_grads)
        return loss
