"""BEGAN: the discriminator is an autoencoder, and judges an image by how well it can rebuild it.

    generator      z -> G(z)   an image out of noise
    discriminator  v -> D(v)   an image that should be v again, through a code of a few numbers

What the discriminator says of an image is one number, the error of its reconstruction, a mean over
all M pixels of the batch:

    L(v) = 1/M sum |D(v) - v|    (eq. 3.61)

It learns to rebuild real images well and fakes badly; the generator learns to draw what is rebuilt well:

    descends                                                who changes
    L_D = L(x) - k L(G(z))     x real, k in [0, 1]          discriminator    (eq. 3.62)
    L_G = L(G(z))                                           generator

**Two paths.** In L(G(z)) the fake v = G(z) stands twice: it goes into D, and it is what D(v) should be.
So its gradient has two parts. With the sign of each error over M,

    s = sign(D(v) - v) / M,    dv = D's input gradient of s  -  s    (eq. 3.63)

The first part asks how v should change for D to put out something nearer to v; the second moves v itself
towards what D has put out. The same s tells D's parameters how to rebuild the fake better; it wants the
opposite, so they get -k times the answer.

**The balance.** D has two tasks, and k says how much the second one counts. Too little, and any fakes will
do; too much, and D rebuilds everything badly, which says nothing. The game is to be played where the error
of fakes is gamma times that of real images. If it is less, k rises, and D turns more against the fakes; if it
is more, k falls:

    k <- k + k_rate (gamma L(x) - L(G(z))),  kept in [0, 1]    (eq. 3.64)

A small gamma asks D to care for the real images: better pictures, of fewer kinds.

**A loss that may be read.** Both errors are of images, so the sum

    convergence = L(x) + |gamma L(x) - L(G(z))|    (eq. 3.65)

is small when D has learnt the data and the game is in balance. It does not compare fakes with data, so it
cannot see what is missing among them.

Source: Berthelot, Schumm & Metz 2017, *BEGAN: boundary equilibrium generative adversarial networks*,
sections 3.3 and 3.4.
"""

import numpy as np

from ..losses import MeanAbsoluteError
from ..optimizers import Adam
from ..training import require_finite, squared_norm
from ..validation import number
from .began_networks import autoencoding_discriminator
from .data import check_batch, check_images, image_shape_for
from .dcgan_networks import small_generator
from .gan import GAN
from .parts import require_networks


class BEGAN(GAN):
    """A generator, and an autoencoder that judges by its errors; see `GAN` for what is not said here.

        began = BEGAN(rng=0)
        began.fit(digits, iterations=5_000)
        began.history["convergence"]

    Args:
        generator: network from (N, latent_dim) to images; small_generator(image_shape, 64) if None.
        discriminator: network from images to images of the same shape; if None,
            autoencoding_discriminator(image_shape).
        gamma: how badly fakes are to be rebuilt, as a share of the error of real images, in (0, 1).
        k_rate: how fast k follows, lambda in the paper.
        generator_optimizer, discriminator_optimizer: Adam(1e-3, beta_1=0.5) and Adam(5e-4, beta_1=0.5)
            if None.
        image_shape, averaging, rng: as in `GAN`.

    The noise is uniform in `noise_range`, [-1, 1] as in the paper. k starts at 0, is saved with the model,
    and is never averaged: only the generator's parameters are, to draw with.
    """

    noise_range = (-1.0, 1.0)  # latent/planes.py reads it; models without one draw from N(0, 1)

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, gamma=0.75, k_rate=0.001,
        averaging=0.999, generator_optimizer=None, discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        self.gamma = number("BEGAN", "gamma", gamma, "(0, 1)")
        self.k_rate = number("BEGAN", "k_rate", k_rate, "[0, 1)")
        rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=generator, judges=discriminator)
        super().__init__(
            generator or small_generator(shape, 64, rng=rng),
            discriminator or autoencoding_discriminator(shape, rng=rng),
            averaging=averaging,
            generator_optimizer=generator_optimizer or Adam(1e-3, beta_1=0.5),
            discriminator_optimizer=discriminator_optimizer or Adam(5e-4, beta_1=0.5),
            rng=rng,
        )
        self.loss = self.generator_loss = MeanAbsoluteError()
        self.numbers = {"k": np.zeros(())}

    def _check_networks(self):
        """Raise ValueError unless D takes what G draws, and returns the same."""
        G, D = self.generator, self.discriminator
        if not D.input_shape == D.output_shape == G.output_shape:
            raise ValueError(
                f"the discriminator must rebuild what the generator draws, {G.output_shape}; it takes "
                f"{D.input_shape} to {D.output_shape}"
            )
        if G.dtype != D.dtype:
            raise ValueError(f"the generator computes in {G.dtype}, the discriminator in {D.dtype}")

    @property
    def k(self):
        """How much it counts for D to rebuild fakes badly, in [0, 1]; a float."""
        return float(self.numbers["k"])

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, real):
        """Play one iteration on images (N, *image_shape): both players' steps, from the same fakes, then k's.

        Returns a dict: "d_loss" and "g_loss", L_D and L_G; "real", the error L(x); "convergence"; and k.
        All are from before the step.
        """
        real = check_batch(real, self.generator.output_range, name="real")
        n, k = len(real), self.k
        self.require_batch(n)
        G, D = self.generator, self.discriminator
        error_fake = self._fake_gradients(self.noise(n))
        self.generator_optimizer.update(G.flat_params, G.flat_grads)
        error_real = self._real_gradients(real)
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        self.update_averages()
        surplus = self.gamma * error_real - error_fake
        self.numbers["k"][...] = min(max(k + self.k_rate * surplus, 0.0), 1.0)  # (eq. 3.64)
        return {
            "d_loss": error_real - k * error_fake,  # (eq. 3.62)
            "g_loss": error_fake,
            "real": error_real,
            "convergence": error_real + abs(surplus),  # (eq. 3.65)
            "k": k,
        }

    def compute_gradients(self, real, z):
        """Leave dL_D/dparams and dL_G/dparams in the players' `flat_grads`; return L(x) and L(G(z))."""
        error_fake = self._fake_gradients(z)
        return self._real_gradients(real), error_fake

    def _fake_gradients(self, z):
        """Leave the generator's gradients, and the discriminator's of -k L(G(z)); return L(G(z))."""
        G, D, loss = self.generator, self.discriminator, self.loss
        fake = G.forward(z, training=True)
        require_finite(squared_norm(fake.ravel()), [G], z)
        error = loss.forward(D.forward(fake, training=True), fake)  # (eq. 3.61)
        require_finite(error, [D], fake, loss, fake)
        G.zero_grad()
        D.zero_grad()
        s = loss.backward()
        dfake = D.backward(s)  # both questions
        dfake -= s  # the second path: the fake is the target, too (eq. 3.63)
        G.parameter_gradients(dfake)
        D.flat_grads *= D.dtype.type(-self.k)  # D is to do the opposite, k times as much (eq. 3.62)
        require_finite(squared_norm(G.flat_grads), [G], z, dy=dfake)
        return error

    def _real_gradients(self, real):
        """Add the discriminator's gradients of L(x) to those that it has; return L(x)."""
        D, loss = self.discriminator, self.loss
        error = loss.forward(D.forward(real, training=True), real)  # (eq. 3.61)
        require_finite(error, [D], real, loss, real)
        D.parameter_gradients(loss.backward())  # gradients add
        require_finite(squared_norm(D.flat_grads), [D], real, loss, real)
        return error

    # --- using it -----------------------------------------------------------------

    def fit(self, x, *, iterations=5_000, batch_size=64, **options):
        """Train as `GAN.fit` does."""
        return super().fit(x, iterations=iterations, batch_size=batch_size, **options)

    def noise(self, n, *, rng=None):
        """Return z, uniform in `noise_range`, (n, latent_dim), from `rng`, a seed, or the model's own."""
        G, rng = self.generator, self.rng if rng is None else np.random.default_rng(rng)
        low, high = self.noise_range
        z = rng.random((n, *G.input_shape), dtype=G.dtype)
        z *= high - low
        z += low
        return z

    def reconstruct(self, x):
        """Return what the discriminator makes of images x (N, *image_shape)."""
        return self.discriminator.predict(check_images(x, self.sample_shape, None))

    def discriminate(self, x):
        """Return minus the error of each image, (N,), for x (N, *image_shape): larger for real ones."""
        y = self.reconstruct(x)
        return -np.abs(y - x).reshape(len(y), -1).mean(axis=1)

    def evaluate(self, x):
        """Return {"real": L(x), "fake": L of as many fakes}, without learning from them."""
        both = {"real": x, "fake": self.generate(len(x), rng=0)}
        return {name: float(-self.discriminate(v).mean(dtype=np.float64)) for name, v in both.items()}

    def config(self):
        return {"gamma": self.gamma, "k_rate": self.k_rate, "averaging": self.averaging}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        return cls(**networks, **optimizers, **config, rng=rng)
