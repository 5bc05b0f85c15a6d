"""The conditional GAN: draws the class that it is asked for.

    generator      z, c -> G(z, c)   an image of class c out of noise
    discriminator  x, c -> D(x, c)   the probability that x is real *and* of class c

The discriminator sees real images only with their true labels. So a beautiful 3 that was to
be a 7 is easily recognised as a fake, and the generator has to heed its label.

                                  goes in             target   who changes
    1. discriminator, real        x, c                1        discriminator
    2. discriminator, fake        G(z, c), c          0        discriminator
    3. generator, through it      G(z, c), c          1        generator

The labels of the fakes are those of the batch, so that classes are as frequent as in the data.

The generator is told the label before its first layer, beside the noise; the discriminator
before its first layer, beside the image, or after its last one, by choosing one of K logits.
conditions.py has both ways, and their gradients. Which of them it is follows from the
discriminator's shapes. How often the classifier sees the digit that was asked for:

    discriminator told    label_scale    dense, 2,000 iterations    convolutional, 1,000
    before                1              12%                        87%
    before                8              58%                        91%
    after                 1              79%                        97%

The dense ones learn here with Adam(2e-3, beta_1=0), with which they are fast and, after some 3,000
iterations, collapse. So the default is slower: 1e-3 and 0.5, with 92% after 8,000.

Sources: Mirza & Osindero 2014, *Conditional generative adversarial nets*, eq. 2; Miyato &
Koyama 2018, *cGANs with projection discriminator*.
"""

import numpy as np

from ..layers import sigmoid
from ..optimizers import Adam
from ..training import LabelledBatches, SampleRecorder, require_finite, squared_norm, train
from ..validation import integer, number
from .classes import Classes
from .conditions import join, judge_for
from .data import check_batch, check_images, image_shape_for
from .dcgan_networks import small_discriminator, small_generator
from .gan import GAN
from .gan_networks import check_logits, dense_discriminator, dense_generator
from .parts import require_networks

ROW = 8  # samples of each class in a grid


class ConditionalGAN(GAN):
    """A GAN that is told which class to draw and to judge.

        gan = ConditionalGAN(classes=10, rng=0)
        gan.fit(digits, labels, iterations=20_000)
        sevens = gan.generate(64, labels=7)

    The default networks are dense; `ConditionalGAN.convolutional()` has a DCGAN's.

    Args:
        generator: network from noise and code, (N, latent_dim + K), to images; dense if None.
        discriminator: network from images to a logit for each class, (N, K); or from images
            with the code beside them, (N, H, W, C + K) or flat (N, H * W * C + K), to one,
            (N, 1). If None, dense and of the first kind.
        classes: how many there are, K, or a list of their names.
        label_scale: what the code is multiplied by where it stands beside something. Too much, and
            the noise is no longer heard: with 8 the convolutional networks draw, after 3,000
            iterations, a single image of each digit.
        generator_optimizer, discriminator_optimizer: Adam(1e-3, beta_1=0.5) if None.
        image_shape, loss, discriminator_updates, averaging, rng: as in `GAN`.

    Attributes:
        classes: the `Classes`; `classes.names` are their names.
        judge: the discriminator with its label, see conditions.py.
    """

    def __init__(
        self, generator=None, discriminator=None, *, classes=10, label_scale=1.0, image_shape=None, rng=None,
        **more,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        self.classes = Classes("ConditionalGAN", classes)
        self.label_scale = number("ConditionalGAN", "label_scale", label_scale, "(0, inf)")
        rng, K = np.random.default_rng(rng), len(self.classes)
        shape = image_shape_for(image_shape, draws=generator)
        generator = generator or dense_generator(shape, 100 + K, rng=rng)
        discriminator = discriminator or dense_discriminator(shape, outputs=K, rng=rng)
        if more.get("r1"):
            raise ValueError(
                "ConditionalGAN: r1 must be 0: its penalty is for discriminators without a label"
            )
        for player in ("generator", "discriminator"):
            more[f"{player}_optimizer"] = more.get(f"{player}_optimizer") or Adam(1e-3, beta_1=0.5)
        super().__init__(generator, discriminator, rng=rng, **more)

    @classmethod
    def convolutional(cls, *, classes=10, image_shape=(28, 28, 1), latent_dim=100, rng=None, **more):
        """Return one with the small networks of `DCGAN`."""
        rng, K = np.random.default_rng(rng), len(Classes("ConditionalGAN", classes))
        generator = small_generator(image_shape, latent_dim + K, rng=rng)
        discriminator = small_discriminator(image_shape, outputs=K, rng=rng)
        return cls(generator, discriminator, classes=classes, rng=rng, **more)

    def _check_networks(self):
        """Raise ValueError unless the networks fit each other and have room for the code."""
        G, K = self.generator, len(self.classes)
        if len(G.input_shape) != 1 or G.input_shape[0] <= K:
            raise ValueError(
                f"the generator must take noise and a code of {K} classes, (N, latent_dim + {K}), not "
                f"{G.input_shape}"
            )
        check_logits(G, self.discriminator)
        self.judge = judge_for(self.discriminator, G.output_shape, K, self.label_scale)

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, real, labels):
        """Play one iteration of the game on images (N, *image_shape) and their labels (N,).

        Returns a dict as `GAN.train_on_batch` does.
        """
        real = check_batch(real, self.generator.output_range, name="real")
        n = len(real)
        self.require_batch(n)
        code = self.code(self.classes.check(labels, n))
        if self.discriminator_updates == "summed":
            judged = self._update_discriminator(code, (real, 1), (self._draw(code), 0))
        else:
            judged = self._update_discriminator(code, (real, 1))
            judged += self._update_discriminator(code, (self._draw(code), 0))
        g_loss = self._update_generator(self.noise(n), code)
        return self._end_iteration(judged, g_loss)

    def _draw(self, code):
        """Return fakes for the discriminator to learn from, one of each code."""
        return self._draw_from(self.generator_input(self.noise(len(code)), code))

    def _update_discriminator(self, code, *batches):
        """Take one step on the sum of the losses of batches (x, target), all of the same labels.

        Returns a list of (loss, logits), one for each batch.
        """
        D, judge, judged = self.discriminator, self.judge, []
        D.zero_grad()
        for x, target in batches:
            logits = judge.forward(x, code, training=True)
            loss = self.loss.forward(logits, target)
            require_finite(loss, [D], judge.given)
            dy = judge.output_gradient(self.loss.backward())
            D.parameter_gradients(dy)  # gradients add
            require_finite(squared_norm(D.flat_grads), [D], judge.given, dy=dy)
            judged.append((loss, logits))
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        return judged

    def _update_generator(self, z, code):
        """Teach G to turn noise z and code into images that D takes for real ones of that class."""
        G, judge = self.generator, self.judge
        z = self.generator_input(z, code)
        fake = G.forward(z, training=True)
        require_finite(squared_norm(fake.ravel()), [G], z)
        loss = self.generator_loss.forward(judge.forward(fake, code, training=True), 1)
        require_finite(loss, [self.discriminator], judge.given)
        G.zero_grad()
        dfake = judge.input_gradient(self.generator_loss.backward())  # without the label's part (eq. 3.52)
        G.parameter_gradients(dfake)
        require_finite(squared_norm(G.flat_grads), [G], z, dy=dfake)
        self.generator_optimizer.update(G.flat_params, G.flat_grads)
        return loss

    def code(self, labels):
        """Return the codes (n, K) of integers (n,): 1 in the place of the class, 0 elsewhere."""
        return self.classes.code(labels, self.generator.dtype)

    # --- a whole training ---------------------------------------------------------

    def fit(
        self, x, labels, *, iterations=20_000, batch_size=128, sample_interval=None, callbacks=(),
        progress=True, checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train on images x (N, *image_shape) and their labels (N,) for a number of iterations.

        Args:
            labels: integers, or names of classes.
            sample_interval: as in `GAN.fit`; in the grid there is one class a row.
            iterations, batch_size, callbacks, progress, checkpoint, resume: as in `GAN.fit`.
        """
        x = check_images(x, self.sample_shape, self.generator.output_range)
        batches = LabelledBatches(x, self.classes.check(labels, len(x)), batch_size, self.rng)
        callbacks = list(callbacks)
        if sample_interval is not None:
            recorder = SampleRecorder(sample_interval, n=ROW * len(self.classes))
            self.samples = recorder.frames
            callbacks.append(recorder)
        return train(
            self, batches, iterations, self.history,
            callbacks=callbacks, progress=progress, show=("d_loss", "g_loss"),
            checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    def config(self):
        return {**super().config(), "classes": self.classes.config(), "label_scale": self.label_scale}

    # --- using it -----------------------------------------------------------------

    @property
    def latent_dim(self):
        """How many numbers of noise make an image, the code not counted."""
        return self.generator.input_shape[0] - len(self.classes)

    def noise(self, n, *, rng=None):
        """Return z ~ N(0, 1), (n, latent_dim), from `rng`, a seed, or the model's own."""
        rng = self.rng if rng is None else np.random.default_rng(rng)
        return rng.standard_normal((n, self.latent_dim), dtype=self.generator.dtype)

    def generate(self, n, labels=None, *, averaged=True, rng=None):
        """Return n new images, (n, *image_shape).

        Args:
            labels: the class of all of them, a number or a name; or one for each, (n,); or
                None for every class equally often, class by class.
            averaged, rng: as in `GAN.generate`.
        """
        labels = self.classes.labels_for(integer("generate", "n", n), labels)
        return self.generate_from(self.noise(n, rng=rng), labels, averaged=averaged)

    def generate_from(self, z, labels=None, *, averaged=True):
        """Return the images G(z, c) for noise z (N, latent_dim); `labels` as in `generate`."""
        return self.generate_from_code(
            z, self.code(self.classes.labels_for(len(z), labels)), averaged=averaged
        )

    def generate_from_code(self, z, code, *, averaged=True):
        """Return the images for noise z (N, latent_dim) and codes (N, K), perhaps between two classes."""
        network = self.network_for_drawing("generator", averaged)
        return network.predict(self.generator_input(z, code))

    def generator_input(self, z, code):
        """Return noise and code side by side, (N, latent_dim + K), the code as loud as `label_scale`."""
        return join(z, self.label_scale * code)

    def discriminate(self, x, labels):
        """Return the probability that each image is real and of its class, (N,).

        `labels` are as in `generate`.
        """
        code = self.code(self.classes.labels_for(len(x), labels))
        return sigmoid(self.judge.predict(x, code))[:, 0]
