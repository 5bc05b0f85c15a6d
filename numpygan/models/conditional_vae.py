"""The conditional VAE: a VAE whose decoder is told the class.

    encoder  x -> q(z|x)
    decoder  z, c -> p(x|z, c)     the one-hot code c of the label beside z, see conditions.py

For images of class c, -L is then a lower bound of log p(x|c). What the label says, z need not
say any more. The KL term charges z for every nat that it tells, so the codes keep what the
label leaves open: slant, width, the thickness of the pen. And to draw a 7 one gives the decoder the
label 7, and z ~ N(0, 1) as ever.

The encoder is not told the label, because it can see it in x. One thing changes in the
gradients: of dz, only the part of z is passed on to the encoder.

Source: Kingma et al. 2014, *Semi-supervised learning with deep generative models*, section 2, M2;
Sohn, Lee & Yan 2015, *Learning structured output representation using deep conditional
generative models*.
"""

import numpy as np

from ..validation import integer, number
from .classes import Classes
from .conditions import join
from .data import check_images, image_shape_for
from .elbo import elbo_bounds
from .encoders import dense_decoder
from .vae import VAE


class ConditionalVAE(VAE):
    """A VAE that draws the class it is asked for.

        vae = ConditionalVAE(2, classes=10, rng=0)
        vae.fit(digits, labels, epochs=30)
        sevens = vae.generate(64, labels=7)

    Args:
        latent_dim: how many numbers z has, the code not counted.
        classes: how many there are, K, or a list of their names.
        label_scale: what the code is multiplied by beside z.
        decoder: network from z and code, (N, latent_dim + K), to the parameters of p(x|z, c);
            dense_decoder(image_shape, latent_dim + K) if None.
        image_shape, trunk, likelihood, beta, optimizer, rng: as in `VAE`.

    `fit`, `train_on_batch`, `evaluate` and so on take the labels where a `VAE` takes a target.
    """

    def __init__(
        self, latent_dim=2, *, classes=10, label_scale=1.0, image_shape=None, trunk=None, decoder=None,
        rng=None, **more,
    ):  # fmt: skip
        self.classes = Classes("ConditionalVAE", classes)
        self.label_scale = number("ConditionalVAE", "label_scale", label_scale, "(0, inf)")
        rng = np.random.default_rng(rng)
        if decoder is None:
            shape = image_shape_for(image_shape, judges=trunk)
            inputs = self._decoder_inputs(integer("ConditionalVAE", "latent_dim", latent_dim))
            decoder = dense_decoder(shape, inputs, rng=rng)
        super().__init__(latent_dim, image_shape=image_shape, trunk=trunk, decoder=decoder, rng=rng, **more)

    def _decoder_inputs(self, latent_dim):
        return latent_dim + len(self.classes)

    @property
    def latent_dim(self):
        """How many numbers z has."""
        return self.mean.output_shape[0]

    def config(self):
        return {**super().config(), "classes": self.classes.config(), "label_scale": self.label_scale}

    def code(self, labels):
        """Return the codes (n, K) of integers (n,), `label_scale` in the place of the class, 0 elsewhere."""
        return self.classes.code(labels, self.decoder.dtype) * self.decoder.dtype.type(self.label_scale)

    def decoder_input(self, z, labels):
        """Return z (N, latent_dim) with the codes of the labels beside it; `labels` as in `generate`."""
        return join(np.asarray(z), self.code(self.classes.labels_for(len(z), labels)))

    # --- training -----------------------------------------------------------------

    def compute_gradients(self, x, labels, *, epsilon=None):
        """Go forwards and backwards, leaving dL/dparams in `flat_grads`; labels are (N,)."""
        code = self.code(self.classes.check(labels, len(x)))
        return super().compute_gradients(x, epsilon=epsilon, code=code)

    def _check_pair(self, x, labels, *, name=""):
        x = check_images(x, self.sample_shape, self.output_range, name=f"{name}x", drawn_by="decoder")
        return x, self.classes.check(labels, len(x))

    def evaluate(self, x, labels):
        """Return loss, reconstruction and kl as `VAE.evaluate` does, given the labels of x."""
        x, labels = self._check_pair(x, labels)
        return self._evaluate(x, x, self.code(labels))

    # --- using it -----------------------------------------------------------------

    def decode(self, z, labels=None):
        """Return the mean of p(x|z, c) for z (N, latent_dim); `labels` as in `generate`."""
        return super().decode(self.decoder_input(z, labels))

    def reconstruct(self, x, labels):
        """Return the images decoded from the means of q(z|x), with the labels of x or others."""
        return self.decode(self.encode(x), labels)

    def generate(self, n, labels=None, *, rng=None):
        """Return n new images, decoded from z ~ N(0, 1).

        Args:
            labels: the class of all of them, a number or a name; or one for each, (n,); or
                None for every class equally often, class by class.
            rng: a Generator or a seed.
        """
        labels = self.classes.labels_for(integer("generate", "n", n), labels)
        return self.decode(self.noise(n, rng=rng), labels)

    generate_from = decode  # the name that SampleRecorder knows

    def elbo(self, x, labels, n=1, *, rng=None):
        """Estimate bounds of log p(x|c), in nats, as `VAE.elbo` does those of log p(x)."""
        return elbo_bounds(self, x, n, code=self.code(self.classes.check(labels, len(x))), rng=rng)
