"""The Wasserstein GAN: the discriminator becomes a critic, and its loss a distance.

A discriminator that is never wrong is of no use to the generator: its probability is flat
wherever the fakes are. A critic gives no probability, but a score, any number. It makes the
real images' mean score as much larger than the fakes' as it can,

    distance = mean of D(x) - mean of D(G(z))    (eq. 3.45)

without being steeper than 1 anywhere: from one image to another, the score may differ by no more
than the images do. The best such critic's `distance` is the Wasserstein distance of the fakes from
the data: how far, on average, each fake would have to be moved to make the fakes into the data. It has a
slope however far that is, and it can be read as a curve: the lower, the better.

                              goes in                      descends                         who changes
    n_critic times: critic    real x, G(z), points between -distance + weight * penalty     discriminator
    once: generator           G(z) through it              -mean of D(G(z))                 generator

The critic's slope is limited in one of three ways:

    a penalty on slopes other than 1, at points between real and fake images (penalties.py)
    clipping of all its parameters after each step: simple, and poor, see page 3.16 of the book
    spectral normalisation of its layers (layers/spectral_normalization.py)

Source: Arjovsky, Chintala & Bottou 2017, *Wasserstein GAN*, algorithm 1; Gulrajani et al.
2017, *Improved training of Wasserstein GANs*, algorithm 1.
"""

import numpy as np

from ..losses.gan import GANLosses, Wasserstein
from ..optimizers import Adam
from ..training import require_finite, squared_norm
from ..validation import integer, number
from .data import check_batch
from .gan import GAN
from .penalties import add_penalty, between, require_tangent, unit_slopes


class WGAN(GAN):
    """A generator and a critic, trained against each other; see `GAN` for what is not said here.

        wgan = WGAN(rng=0)
        wgan.fit(digits, iterations=5000, batch_size=64)
        wgan.history["distance"]

    Args:
        generator, discriminator: as in `GAN`; the discriminator is the critic. With a penalty it
            must be without batch normalisation.
        n_critic: the critic's steps for each of the generator's.
        penalty: weight of the gradient penalty, lambda in the paper; 0 for none.
        clip: the largest size that a parameter of the critic may have after a step; 0 for any.
        generator_optimizer, discriminator_optimizer: Adam(5e-4, beta_1=0, beta_2=0.9) if None.
        image_shape, averaging, rng: as in `GAN`.

    The paper takes five critic steps and a rate of 1e-4; on the digits, with these networks,
    two steps and 5e-4 are faster. No memory of past gradients, beta_1 = 0, for the reason given in `GAN`.
    """

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, n_critic=2, penalty=10.0, clip=0.0,
        averaging=0.999, generator_optimizer=None, discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        self.n_critic = integer("WGAN", "n_critic", n_critic)
        self.penalty = number("WGAN", "penalty", penalty, "[0, inf)")
        self.clip = number("WGAN", "clip", clip, "[0, inf)")
        super().__init__(
            generator,
            discriminator,
            image_shape=image_shape,
            loss=GANLosses(Wasserstein(), Wasserstein()),
            averaging=averaging,
            generator_optimizer=generator_optimizer or Adam(5e-4, beta_1=0, beta_2=0.9),
            discriminator_optimizer=discriminator_optimizer or Adam(5e-4, beta_1=0, beta_2=0.9),
            rng=rng,
        )
        if self.penalty:
            require_tangent(self.discriminator)

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, real):
        """Play one iteration; `real` (N, *image_shape) is divided among the critic's steps.

        Returns a dict: the losses of critic and generator, and the two parts of the
        critic's, in its last step: `distance`, and the penalty times its weight.
        """
        real = check_batch(real, self.generator.output_range, name="real")
        if len(real) < self.n_critic:
            raise ValueError(
                f"a batch must have an image for each of {self.n_critic} critic steps, got {len(real)}"
            )
        parts = np.array_split(real, self.n_critic)
        self.require_batch(len(parts[-1]))  # the smallest
        for part in parts:
            distance, penalty = self._update_critic(part, self._draw(len(part)))
        g_loss = self._update_generator(self.noise(len(parts[0])))
        self.update_averages()
        return {"d_loss": penalty - distance, "g_loss": g_loss, "distance": distance, "penalty": penalty}

    def _update_critic(self, real, fake):
        """Take one step of the critic; return the distance and the weighted penalty before it."""
        D = self.discriminator
        D.zero_grad()
        distance, penalty = self.critic_gradients(real, fake)
        require_finite(squared_norm(D.flat_grads), [D], real, self.loss, 1)
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        if self.clip:
            np.clip(D.flat_params, -self.clip, self.clip, out=D.flat_params)
        return distance, penalty

    def critic_gradients(self, real, fake):
        """Add the gradients of the critic's loss to its own; return the distance and the weighted penalty."""
        D, distance, penalty = self.discriminator, 0.0, 0.0
        for x, target in ((real, 1), (fake, 0)):
            loss = self.loss.forward(D.forward(x, training=True), target)  # -D(x), then D(G(z)) (eq. 3.45)
            require_finite(loss, [D], x, self.loss, target)
            D.parameter_gradients(self.loss.backward())  # gradients add
            distance -= loss
        if self.penalty:
            D.forward(between(real, fake, self.rng), training=True)
            penalty = add_penalty(D, len(real), unit_slopes, self.penalty)
        return distance, penalty

    # --- using it -----------------------------------------------------------------

    def fit(self, x, *, iterations=5_000, batch_size=64, **options):
        """Train as `GAN.fit` does; an iteration takes `batch_size` images for each critic step."""
        batch_size = self.n_critic * integer("fit", "batch_size", batch_size)
        if batch_size > len(x):
            raise ValueError(
                f"fit: an iteration of {self.n_critic} critic steps takes {batch_size} images, "
                f"but x has {len(x)}: choose a smaller batch_size"
            )
        return super().fit(x, iterations=iterations, batch_size=batch_size, **options)

    def discriminate(self, x):
        """Return the critic's score of each image, (N,), for x (N, *image_shape): larger for real ones."""
        return self.discriminator.predict(x)[:, 0]

    def config(self):
        return {
            "n_critic": self.n_critic,
            "penalty": self.penalty,
            "clip": self.clip,
            "averaging": self.averaging,
        }

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        return cls(**networks, **optimizers, **config, rng=rng)
