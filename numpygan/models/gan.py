"""The generative adversarial network: two networks, two losses, one game.

    generator      z -> G(z)   an image out of noise
    discriminator  x -> D(x)   the probability that image x is real

The discriminator is trained to tell real images from generated ones, the generator
to make images that the discriminator takes for real. One iteration:

                                  goes in           target   who changes
    1. discriminator, real        batch of data     1        discriminator
    2. discriminator, fake        G(z), fresh z     0        discriminator
    3. generator, through it      fresh z           1        generator

Steps 1 and 2 are two steps of the discriminator's optimiser ("separate"), or one on the
sum of both gradients ("summed").

In step 3 the discriminator is asked only its second question, "what shall I tell the layer
below?", which here is the generator. It answers in images: which way should every pixel move to
look more real? Its own parameters and gradients are not touched, so nothing has to be frozen.

Step 3 descends -log D(G(z)), not the log(1 - D(G(z))) of the game's definition. Both push D(G(z))
up, but while the fakes are bad, D(G(z)) is near 0, and there the second is flat: with the logit l,
its slope is -D(G(z)), nearly zero, where the first one's is D(G(z)) - 1, nearly -1.

Source: Goodfellow et al. 2014, algorithm 1 and section 3.
"""

import math

import numpy as np

from ..layers import sigmoid
from ..losses import gan_losses, name_of_losses
from ..optimizers import Adam
from ..training import Batches, History, SampleRecorder, require_finite, squared_norm, train
from ..validation import integer, number, one_of
from .averaging import averages_of
from .base import Model
from .data import check_batch, check_images, image_shape_for
from .gan_networks import check_networks, dense_discriminator, dense_generator
from .parts import named, player_optimizers, require_networks
from .penalties import add_penalty, require_tangent, squared_slopes

UPDATES = ("separate", "summed")


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
        discriminator_updates: "summed", one step on the sum of the losses of real and fake
            images, as in algorithm 1 of the paper, or "separate", a step on the real images,
            then one on the fake ones, as most code has it.
        r1: weight gamma of a penalty on the discriminator's slope at real images, which keeps the
            players from circling; 0 for none. See penalties.py.
        averaging: decay of the running mean of the generator's parameters, with which it
            draws; 0 for none. See averaging.py.
        generator_optimizer, discriminator_optimizer: Adam(2e-3, beta_1=0) if None.
        rng: numpy Generator, or a seed: the initial parameters, the noise, the order of the data.

    Adam's beta_1 is 0 here, no memory of past gradients, where 0.9 is usual: the discriminator turns
    the generator's gradient around as fast as the generator moves, so that old directions mislead.

    The two ways of the discriminator's step and averaging were compared on the bundled digits, over
    five seeds and by two classifiers (docs/metrics.md). With averaging, the summed step is far ahead
    early and reaches its best after about 10,000 iterations; two separate steps need 20,000 to be a
    little better.

    The networks' last layers matter: a generator that ends in Tanh needs images in [-1, 1], and the
    discriminator must not end in a Sigmoid, because the loss works on logits.
    """

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, loss="non-saturating",
        discriminator_updates="summed", r1=0.0, averaging=0.999, generator_optimizer=None,
        discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        losses = gan_losses(loss)
        self.discriminator_updates = one_of("GAN", "discriminator_updates", discriminator_updates, UPDATES)
        self.r1 = number("GAN", "r1", r1, "[0, inf)")
        self.averaging = number("GAN", "averaging", averaging, "[0, 1)")
        self.rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=generator, judges=discriminator)
        self.generator = generator or dense_generator(shape, rng=self.rng)
        self.discriminator = discriminator or dense_discriminator(shape, rng=self.rng)
        self._check_networks()
        if self.r1:
            require_tangent(self.discriminator)
        self.sample_shape = self.generator.output_shape
        self.value_range = self.generator.output_range or (-1.0, 1.0)
        self.networks = named({"generator": self.generator, "discriminator": self.discriminator})
        self.optimizers = player_optimizers(
            generator_optimizer, discriminator_optimizer, default=lambda: Adam(2e-3, beta_1=0)
        )
        self.generator_optimizer, self.discriminator_optimizer = self.optimizers.values()
        self.loss, self.generator_loss = losses  # the discriminator's, the generator's
        self.averages = averages_of(self.networks, ["generator"], averaging)
        self.history = History()

    def _check_networks(self):
        check_networks(self.generator, self.discriminator)

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, real):
        """Play one iteration of the game; `real` is (N, *image_shape).

        Returns a dict: the losses, `d_loss` being the mean of the discriminator's two, R1 included; its
        accuracy on the real and on the fake images, before it learnt from them; and the mean of D(x) and
        of D(G(z)), its belief that they are real.
        """
        real = check_batch(real, self.generator.output_range, name="real")
        n = len(real)
        self.require_batch(n)
        if self.discriminator_updates == "summed":
            judged = self._update_discriminator((real, 1), (self._draw(n), 0))
        else:
            judged = self._update_discriminator((real, 1)) + self._update_discriminator((self._draw(n), 0))
        return self._end_iteration(judged, g_loss=self._update_generator(self.noise(n)))

    def _end_iteration(self, judged, g_loss):
        """Update the averages; return what `train_on_batch` returns."""
        self.update_averages()
        (loss_real, logits_real), (loss_fake, logits_fake) = judged
        return {
            "d_loss": (loss_real + loss_fake) / 2,
            "g_loss": g_loss,
            "accuracy_real": float(np.mean(logits_real > 0)),
            "accuracy_fake": float(np.mean(logits_fake <= 0)),
            "D(x)": float(sigmoid(logits_real).mean()),
            "D(G(z))": float(sigmoid(logits_fake).mean()),
        }

    def _draw(self, n):
        """Return n fakes for the discriminator to learn from."""
        return self._draw_from(self.noise(n))

    def _draw_from(self, z):
        fake = self.generator.forward(z, training=True)
        require_finite(squared_norm(fake.ravel()), [self.generator], z)
        return fake

    def _update_discriminator(self, *batches):
        """Take one step on the sum of the losses of batches (x, target), target being 1 for real images.

        Returns a list of (loss, logits), one for each batch.
        """
        D, judged = self.discriminator, []
        D.zero_grad()
        for x, target in batches:
            logits = D.forward(x, training=True)
            loss = self.loss.forward(logits, target)  # (eq. 3.23)
            require_finite(loss, [D], x, self.loss, target)
            D.parameter_gradients(self.loss.backward())  # gradients add
            if self.r1 and target == 1:
                loss += add_penalty(D, len(x), squared_slopes, self.r1)  # (eq. 3.47)
            require_finite(squared_norm(D.flat_grads), [D], x, self.loss, target)
            judged.append((loss, logits))
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        return judged

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
        self, x, *, iterations=10_000, batch_size=128, sample_interval=None, callbacks=(), progress=True,
        checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train on images x (N, *image_shape) for a number of iterations.

        Called again, it continues where it stopped. Ctrl-C stops it and keeps what was
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
        if sample_interval is not None:
            recorder = SampleRecorder(sample_interval)
            self.samples = recorder.frames
            callbacks = [*callbacks, recorder]
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
        settings = {"discriminator_updates": self.discriminator_updates, "r1": self.r1}
        return {"loss": self.loss_name, **settings, "averaging": self.averaging}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        loss = config["loss"] or "non-saturating"  # None: your own, which no file holds; set it again
        return super().from_parts(networks, optimizers, {**config, "loss": loss}, rng)

    # --- using it -----------------------------------------------------------------

    @property
    def latent_dim(self):
        """How many numbers of noise make an image."""
        return math.prod(self.generator.input_shape)

    def noise(self, n, *, rng=None):
        """Return z ~ N(0, 1), (n, latent_dim), from `rng`, a seed, or the model's own."""
        G, rng = self.generator, self.rng if rng is None else np.random.default_rng(rng)
        return rng.standard_normal((n, *G.input_shape), dtype=G.dtype)

    def generate(self, n, *, averaged=True, rng=None):
        """Return n new images, (n, *image_shape); `rng` is a Generator or a seed.

        `averaged` chooses the generator with averaged parameters, or the one that learns.
        """
        return self.generate_from(self.noise(integer("generate", "n", n), rng=rng), averaged=averaged)

    def generate_from(self, z, *, averaged=True):
        """Return the images G(z) for noise z (N, latent_dim)."""
        return self.network_for_drawing("generator", averaged).predict(z)

    def discriminate(self, x):
        """Return the probability that each image is real, (N,), for x (N, *image_shape)."""
        return sigmoid(self.discriminator.predict(x))[:, 0]
