"""Pix2Pix: from a doodle to a picture, learnt from pairs of both.

    generator      a -> G(a)      a picture for the doodle a
    discriminator  a, b -> D(a, b)  is b, patch by patch, the true picture of a?

With pairs (a, b) there is a right answer, so why not simply descend |G(a) - b|? Where several pictures
are possible, its lowest value is at their median, number by number, and the median of red, green and blue is
black. The discriminator never sees such a picture among the true ones. So G's loss has two terms,

    L_G = v * adversarial  +  w * |G(a) - b|         (eq. 3.54)

the first for looking real, the second, a mean over all M numbers of the batch, for being right. D sees
the *pair*, so that a good picture of another doodle is a fake as well. The pair is joined along the
channels, and the gradient that D returns for it is cut again:

    dG(a) = v * (dpair without the channels of a)  +  w * sign(G(a) - b) / M    (eq. 3.55)

The part for a says how the doodle should change to fit the picture, and is not needed. One iteration:

                                  goes in       target   who changes
    1. generator, through D       a, G(a)       1        generator
    2. discriminator, fake        a, G(a)       0        discriminator
    3. discriminator, real        a, b          1        discriminator

1 and 2 ask D about the same pair. It remembers its latest forward pass, so one pass serves both.

Source: Isola, Zhu, Zhou & Efros 2017, *Image-to-image translation with conditional adversarial
networks*, eqs. 1 to 4. There is no noise here: the paper's generator learnt to ignore it (section 3.1).
"""

import numpy as np

from ..losses import MeanAbsoluteError, gan_losses, name_of_losses
from ..optimizers import Adam
from ..training import History, LabelledBatches, require_finite, squared_norm, train
from ..validation import number
from .averaging import averages_of
from .base import Model
from .data import check_batch, check_images, image_shape_for
from .parts import named, player_optimizers, require_networks
from .pix2pix_networks import check_networks, pair_discriminator, unet_generator


class Pix2Pix(Model):
    """A generator that translates images, and a discriminator of pairs.

        a, b = load_doodles("digits")
        model = Pix2Pix(rng=0)
        model.fit(a, b)
        pictures = model.translate(a[:8])

    Args:
        generator: network from images a (N, H, W, C) to images of the same height and width;
            unet_generator(image_shape, channels) if None.
        discriminator: network from pairs, (N, H, W, C + channels), to logits, one for a pair or
            one for each patch of it, (N, ...); pair_discriminator() if None.
        image_shape: (H, W, C) of the images a, if no generator is given; (32, 32, 1) if None.
        channels: of the images b, if no generator is given.
        adversarial_weight: v above. With 0, G learns from the error alone.
        l1_weight: w above. With 0, G learns from D alone.
        loss: as in `GAN`.
        averaging: decay of the running mean of the generator's parameters, with which it
            translates; 0 for none. See averaging.py.
        generator_optimizer, discriminator_optimizer: Adam(2e-3, beta_1=0.5) if None.
        rng: numpy Generator, or a seed: initial parameters, order of the data.

    The defaults were chosen on doodles of digits, after 1,000 iterations, by the error and the Frechet
    distance that `numpygan evaluate` reports (examples/51_pix2pix.py has the other weights):

        l1_weight    learning rate    error    distance
        100          2e-3             0.066    0.049
        100          1e-3             0.069    0.079
        10           2e-3             0.071    0.054
    """

    def __init__(
        self, generator=None, discriminator=None, *, image_shape=None, channels=3, adversarial_weight=1.0,
        l1_weight=100.0, loss="non-saturating", averaging=0.99, generator_optimizer=None,
        discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(generator=generator, discriminator=discriminator)
        losses = gan_losses(loss)
        self.adversarial_weight = number("Pix2Pix", "adversarial_weight", adversarial_weight, "[0, inf)")
        self.l1_weight = number("Pix2Pix", "l1_weight", l1_weight, "[0, inf)")
        self.averaging = number("Pix2Pix", "averaging", averaging, "[0, 1)")
        self.rng = rng = np.random.default_rng(rng)
        shape = _shape_for(image_shape, generator)
        self.generator = generator or unet_generator(shape, channels, rng=rng)
        channels = self.generator.output_shape[-1]
        self.discriminator = discriminator or pair_discriminator(shape, channels, rng=rng)
        check_networks(self.generator, self.discriminator)
        self.sample_shape = self.generator.input_shape
        self.value_range = self.generator.output_range or (-1.0, 1.0)
        self.networks = named({"generator": self.generator, "discriminator": self.discriminator})
        self.optimizers = player_optimizers(
            generator_optimizer, discriminator_optimizer, default=lambda: Adam(2e-3, beta_1=0.5)
        )
        self.generator_optimizer, self.discriminator_optimizer = self.optimizers.values()
        self.loss, self.generator_loss = losses  # the discriminator's, the generator's
        self.l1_loss = MeanAbsoluteError()
        self.averages = averages_of(self.networks, ["generator"], averaging)
        self.history = History()

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, a, b):
        """Take one step with each network; b (N, *shape of b) are the pictures of a (N, *shape of a).

        Returns a dict: "g_loss", the generator's L; its two terms without their weights;
        "d_loss", and how often the discriminator is right about the patches of real and of fake pairs.
        """
        a = check_batch(a, self.value_range, name="a")
        b = check_batch(b, self.generator.output_range, name="b")
        measured, logits = self.compute_generator_gradients(a, b)
        self.generator_optimizer.update(self.generator.flat_params, self.generator.flat_grads)
        measured |= self.compute_discriminator_gradients(a, b, logits)
        self.discriminator_optimizer.update(self.discriminator.flat_params, self.discriminator.flat_grads)
        self.update_averages()
        return measured

    def compute_gradients(self, a, b):
        """Leave the gradients of both losses in the networks' `grads`; return what `train_on_batch` does."""
        measured, logits = self.compute_generator_gradients(a, b)
        return measured | self.compute_discriminator_gradients(a, b, logits)

    def compute_generator_gradients(self, a, b):
        """Leave dL_G/dparams in the generator's `grads`; return the losses, and D's logits of (a, G(a))."""
        G, D = self.generator, self.discriminator
        self.require_batch(len(a))
        fake = G.forward(a, training=True)
        l1 = self.l1_loss.forward(fake, b)
        require_finite(l1, [G], a, self.l1_loss, b)
        pair = joined(a, fake)
        logits = D.forward(pair, training=True)
        adversarial = self.generator_loss.forward(logits, 1)
        require_finite(adversarial, [D], pair, self.generator_loss, 1)

        dpair = D.input_gradient(self.generator_loss.backward())  # the second question only
        dl1 = self.l1_weight * self.l1_loss.backward()  # w sign(G(a) - b) / M
        dfake = self.adversarial_weight * without_a(dpair, a) + dl1  # (eq. 3.55)
        G.zero_grad()
        G.parameter_gradients(dfake)
        require_finite(squared_norm(G.flat_grads), [G], a, dy=dfake)
        total = self.adversarial_weight * adversarial + self.l1_weight * l1  # (eq. 3.54)
        return {"g_loss": total, "adversarial": adversarial, "l1": l1}, logits

    def compute_discriminator_gradients(self, a, b, fake_logits):
        """Leave the gradient of D's loss in its `grads`; return the loss and two accuracies.

        The logits of the fakes are those of D's latest forward pass, which it still remembers.
        """
        D, loss = self.discriminator, self.loss
        D.zero_grad()
        loss_fake = loss.forward(fake_logits, 0)
        D.parameter_gradients(0.5 * loss.backward())
        pair = joined(a, b)
        logits = D.forward(pair, training=True)
        loss_real = loss.forward(logits, 1)
        require_finite(loss_fake + loss_real, [D], pair, loss, 1)
        D.parameter_gradients(0.5 * loss.backward())  # gradients add
        require_finite(squared_norm(D.flat_grads), [D], pair, loss, 1)
        return {
            "d_loss": (loss_real + loss_fake) / 2,
            "accuracy_real": float(np.mean(logits > 0)),
            "accuracy_fake": float(np.mean(fake_logits <= 0)),
        }

    # --- a whole training ---------------------------------------------------------

    def fit(
        self, a, b, *, iterations=3000, batch_size=16, callbacks=(), progress=True, checkpoint=None,
        resume=None,
    ):  # fmt: skip
        """Train on pairs: b[n] (N, *shape of b) is the picture of a[n] (N, *shape of a).

        Called again, it continues where it stopped. Ctrl-C stops it and keeps what was
        learnt; a loss that becomes NaN raises DivergenceError.

        Args:
            iterations, batch_size, callbacks, progress, checkpoint, resume: as for `GAN.fit`.

        Returns:
            the History, with what `train_on_batch` returns for every iteration.
        """
        batches = LabelledBatches(*self._check_pairs(a, b), batch_size, self.rng)
        return train(
            self, batches, iterations, self.history, callbacks=callbacks, progress=progress,
            show=("l1", "d_loss"), checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    def _check_pairs(self, a, b):
        """Return both as float arrays, or raise an error that says what is wrong with them."""
        a = check_images(a, self.generator.input_shape, self.value_range, name="a")
        b = check_images(b, self.generator.output_shape, self.generator.output_range, name="b")
        if len(a) != len(b):
            raise ValueError(f"every a needs the b that it should become: got {len(a)} and {len(b)}")
        return a, b

    def config(self):
        return {
            "adversarial_weight": self.adversarial_weight,
            "l1_weight": self.l1_weight,
            "loss": self.loss_name,
            "averaging": self.averaging,
        }

    @property
    def loss_name(self):
        """The name of the losses that the players descend, or None if they are of your own making."""
        return name_of_losses((self.loss, self.generator_loss))

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        loss = config["loss"] or "non-saturating"  # None: your own, which no file holds; set it again
        return super().from_parts(networks, optimizers, {**config, "loss": loss}, rng)

    # --- using it -----------------------------------------------------------------

    def translate(self, a, *, averaged=True):
        """Return G(a), pictures (N, *shape of b), for images a (N, *shape of a).

        `averaged` chooses the generator with averaged parameters, or the one that learns.
        """
        a = check_images(a, self.generator.input_shape, self.value_range, name="a")
        return self.network_for_drawing("generator", averaged).predict(a)

    def discriminate(self, a, b):
        """Return D's logits (N, ...) of pairs, positive where it takes b for the true picture of a."""
        a, b = self._check_pairs(a, b)
        return self.discriminator.predict(joined(a, b))

    def evaluate(self, a, b):
        """Return the mean of `errors`, as a dict {"error_b": float}."""
        return {"error_b": float(self.errors(a, b).mean())}

    def errors(self, a, b):
        """Return the mean absolute error |G(a) - b| of each pair, (N,), in the units of the pixels."""
        a, b = self._check_pairs(a, b)
        return np.abs(self.translate(a) - b).mean(axis=(1, 2, 3), dtype=np.float64)


def joined(a, b):
    """Return images side by side along the channels, (N, H, W, channels of a + channels of b)."""
    return np.concatenate([np.asarray(a), np.asarray(b)], axis=-1)


def without_a(dpair, a):
    """Return the gradient of `joined(a, b)` with respect to b alone."""
    return dpair[..., np.shape(a)[-1] :]


def _shape_for(image_shape, generator):
    """Return the shape of the images a, of the generator or as asked for."""
    if image_shape is None and generator is None:
        return (32, 32, 1)
    return image_shape_for(image_shape, judges=generator)
