"""The generative adversarial network: two networks, two losses, one game.

    generator      z -> G(z)   an image out of noise
    discriminator  x -> D(x)   the probability that image x is real

The discriminator is trained to tell real images from generated ones, the generator
to make images that the discriminator takes for real. One iteration:

                                  goes in           target   who changes
    1. discriminator, real        batch of data     1        discriminator
    2. discriminator, fake        G(z), fresh z     0        discriminator
    3. generator, through it      fresh z           1        generator

In step 3 the discriminator is asked only its second question, "what shall I tell
the layer below?", which here is the generator. It answers in images: which way
should every pixel move to look more real? Its own parameters and gradients are not
touched, so nothing has to be frozen.

Step 3 descends -log D(G(z)), not the log(1 - D(G(z))) of the game's definition.
Both push D(G(z)) up, but while the fakes are bad, D(G(z)) is near 0, and there the
second is flat: with the logit l, its slope is -D(G(z)), nearly zero, where the
first one's is D(G(z)) - 1, nearly -1.

Source: Goodfellow et al. 2014, algorithm 1 and section 3.
"""

import math

import numpy as np

from ..layers import Dense, Flatten, LeakyReLU, Reshape, Tanh, sigmoid
from ..layers.sequential import Sequential
from ..losses.gan import gan_losses, name_of_losses
from ..optimizers import Adam
from ..training import SampleRecorder
from ..training.batches import Batches
from ..training.divergence import require_finite, squared_norm
from ..training.history import History
from ..training.loop import train
from ..validation import integer
from .base import Model, check_images, image_shape_for, named, require_networks, require_optimizers


def dense_generator(image_shape=(28, 28, 1), latent_dim=100, hidden=128, *, rng=None):
    """Return a network from noise (N, latent_dim) to images (N, *image_shape) in [-1, 1]."""
    layers = [
        Dense(hidden),
        LeakyReLU(0.01),
        Dense(math.prod(image_shape)),
        Tanh(),
        Reshape(image_shape),
    ]
    return Sequential(layers, input_shape=(latent_dim,), rng=rng, name="generator")


def dense_discriminator(image_shape=(28, 28, 1), hidden=128, *, rng=None):
    """Return a network from images (N, *image_shape) to logits (N, 1)."""
    layers = [Flatten(), Dense(hidden), LeakyReLU(0.01), Dense(1)]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="discriminator")


class GAN(Model):
    """A generator and a discriminator, trained against each other.

    Args:
        generator: network from (N, latent_dim) to images; if None, dense_generator(image_shape).
        discriminator: network from images to one logit, (N, 1); if None,
            dense_discriminator(image_shape).
        image_shape: (H, W, C), for the networks that are not given; if None, that of the
            one that is, or (28, 28, 1).
        loss: "non-saturating", "saturating" or "least-squares", or a GANLosses of your own;
            see losses/gan.py.
        generator_optimizer, discriminator_optimizer: Adam(2e-3, beta_1=0) if None.
        rng: numpy Generator, or a seed for one. It draws the initial parameters, the
            noise and the order of the data: the same seed gives the same run.

    Adam's beta_1 is 0 here, no memory of past gradients, where 0.9 is usual: the
    discriminator turns the generator's gradient around as fast as the generator
    moves, so that old directions mislead. On the bundled digits, after 20,000
    iterations with seed 0, `numpygan evaluate` takes 7% of the drawn digits for a 0; with
    a learning rate of 1e-3 and beta_1 = 0.9 it is 1%, with DCGAN's 0.5 2%. By the Frechet
    distance the three are alike, 76 to 80.

    The networks' last layers matter: a generator that ends in Tanh needs images in
    [-1, 1], and the discriminator must not end in a Sigmoid, because the loss works
    on logits.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        *,
        image_shape=None,
        loss="non-saturating",
        generator_optimizer=None,
        discriminator_optimizer=None,
        rng=None,
    ):
        require_networks(generator=generator, discriminator=discriminator)
        losses = gan_losses(loss)
        self.rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=generator, judges=discriminator)
        self.generator = generator or dense_generator(shape, rng=self.rng)
        self.discriminator = discriminator or dense_discriminator(shape, rng=self.rng)
        self._check_networks()
        self.sample_shape = self.generator.output_shape
        self.value_range = self.generator.output_range or (-1.0, 1.0)
        self.generator_optimizer = generator_optimizer or Adam(2e-3, beta_1=0)
        self.discriminator_optimizer = discriminator_optimizer or Adam(2e-3, beta_1=0)
        if self.generator_optimizer is self.discriminator_optimizer:
            raise ValueError("generator and discriminator each need an optimizer of their own")
        self.networks = named({"generator": self.generator, "discriminator": self.discriminator})
        self.optimizers = {
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        require_optimizers(self.optimizers)
        self.loss, self.generator_loss = losses  # the discriminator's, the generator's
        self.history = History()

    def _check_networks(self):
        G, D = self.generator, self.discriminator
        if D.input_shape != G.output_shape:
            raise ValueError(
                f"the generator draws {G.output_shape}, the discriminator expects {D.input_shape}"
            )
        if D.output_shape != (1,):
            raise ValueError(
                f"the discriminator must return one logit per image, (N, 1), not {D.output_shape}"
            )
        if D.output_range is not None:
            raise ValueError(
                f"the discriminator must return a logit, any real number, but {D.layers[-1]} keeps it in "
                f"{D.output_range}: leave that layer out"
            )
        if G.dtype != D.dtype:
            raise ValueError(f"the generator computes in {G.dtype}, the discriminator in {D.dtype}")

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, real):
        """Play one iteration of the game; `real` is (N, *image_shape).

        Returns a dict: the losses, `d_loss` being the mean of the discriminator's
        two; its accuracy on the real and on the fake images, before it learnt from
        them; and the mean of D(x) and of D(G(z)), its belief that they are real.
        """
        n = len(real)
        self.require_batch(n)
        loss_real, logits_real = self._update_discriminator(real, 1)  # (eq. 3.23)
        z = self.noise(n)
        fake = self.generator.forward(z, training=True)
        require_finite(squared_norm(fake.ravel()), [self.generator], z)
        loss_fake, logits_fake = self._update_discriminator(fake, 0)
        g_loss = self._update_generator(self.noise(n))
        return {
            "d_loss": (loss_real + loss_fake) / 2,
            "g_loss": g_loss,
            "accuracy_real": float(np.mean(logits_real > 0)),
            "accuracy_fake": float(np.mean(logits_fake <= 0)),
            "D(x)": float(sigmoid(logits_real).mean()),
            "D(G(z))": float(sigmoid(logits_fake).mean()),
        }

    def _update_discriminator(self, x, target):
        """Teach D that images x are real (target 1) or fake (0); return loss and logits."""
        D = self.discriminator
        logits = D.forward(x, training=True)
        loss = self.loss.forward(logits, target)
        require_finite(loss, [D], x, self.loss, target)
        D.zero_grad()
        D.parameter_gradients(self.loss.backward())
        require_finite(squared_norm(D.flat_grads), [D], x, self.loss, target)
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        return loss, logits

    def _update_generator(self, z):
        """Teach G to turn noise z into images that D takes for real; return the loss."""
        G, D = self.generator, self.discriminator
        fake = G.forward(z, training=True)
        loss = self.generator_loss.forward(D.forward(fake, training=True), 1)  # (eq. 3.24)
        require_finite(loss, [G, D], z, self.generator_loss, 1)
        G.zero_grad()
        dfake = D.input_gradient(self.generator_loss.backward())  # the second question only (eq. 3.26)
        G.parameter_gradients(dfake)
        require_finite(squared_norm(G.flat_grads), [G, D], z, self.generator_loss, 1)
        self.generator_optimizer.update(G.flat_params, G.flat_grads)
        return loss

    # --- a whole training ---------------------------------------------------------

    def fit(
        self, x, *, iterations=20_000, batch_size=128, sample_interval=None, callbacks=(), progress=True,
        checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train on images x (N, *image_shape) for a number of iterations.

        Called again, it goes on where it stopped. Ctrl-C stops it and keeps what was
        learnt; a loss that becomes NaN raises DivergenceError.

        Args:
            sample_interval: if given, keep a grid of samples from fixed noise every
                so many iterations, in `self.samples` as (iteration, images).
            callbacks: see training/callback.py.
            progress: whether to show a progress bar.
            checkpoint: a path, or a numpygan.checkpoint.Checkpoint, to write the whole
                training to at times, so that nothing is lost if it is cut off.
            resume: path of such a file: finish the call of `fit` that wrote it, which
                must have had the same arguments.

        Returns:
            the History, with what `train_on_batch` returns for every iteration.
        """
        x = check_images(x, self.sample_shape, self.generator.output_range)
        batches = Batches(x, batch_size, self.rng)
        callbacks = list(callbacks)
        if sample_interval is not None:
            recorder = SampleRecorder(sample_interval)
            self.samples = recorder.frames
            callbacks.append(recorder)
        return train(
            self, batches, iterations, self.history,
            callbacks=callbacks, progress=progress, show=("d_loss", "g_loss"),
            checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    @property
    def loss_name(self):
        """The name of the losses that the players descend, or None if they are of your own making."""
        return name_of_losses((self.loss, self.generator_loss))

    def config(self):
        return {"loss": self.loss_name}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        loss = config.get("loss") or "non-saturating"  # None: your own, which no file holds; set it again
        return super().from_parts(networks, optimizers, {"loss": loss}, rng)

    # --- using it -----------------------------------------------------------------

    @property
    def latent_dim(self):
        """How many numbers of noise make an image."""
        return math.prod(self.generator.input_shape)

    def noise(self, n, *, rng=None):
        """Return z ~ N(0, 1), (n, latent_dim), from `rng`, a seed, or the model's own."""
        G, rng = self.generator, self.rng if rng is None else np.random.default_rng(rng)
        return rng.standard_normal((n, *G.input_shape), dtype=G.dtype)

    def generate(self, n, *, rng=None):
        """Return n new images, (n, *image_shape); `rng` is a Generator or a seed."""
        return self.generate_from(self.noise(integer("generate", "n", n), rng=rng))

    def generate_from(self, z):
        """Return the images G(z) for noise z (N, latent_dim)."""
        return self.generator.predict(z)

    def discriminate(self, x):
        """Return the probability that each image is real, (N,), for x (N, *image_shape)."""
        return sigmoid(self.discriminator.predict(x))[:, 0]
