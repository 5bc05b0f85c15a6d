"""The adversarial autoencoder: an autoencoder whose codes play a GAN's game.

    encoder        x -> E(x)   an image to a code of a few numbers
    decoder        z -> y      the code to an image, which should be x again
    discriminator  z -> D(z)   the probability that the code was drawn from the prior

An autoencoder scatters its codes as it likes, so nobody knows where to draw new ones. A VAE adds a
term to its loss that holds the cloud of each image near N(0, 1). Here a discriminator compares codes with
draws from a prior p(z), and the encoder learns to deceive it, until the codes of all images together look
like draws. Nothing of the prior is needed but draws, so it may be any distribution; see priors.py.
To generate is then to draw z and decode it. One iteration makes three updates:

                        goes in          descends                              who changes
    1. reconstruct      x                L(decoder(E(x)), x)                   encoder, decoder
    2. discriminator    z ~ p(z)         -log D(z)                             discriminator
                        E(x)             -log(1 - D(E(x)))    (eq. 3.58)
    3. encoder          E(x)             -log D(E(x))         (eq. 3.59)       encoder

Updates 2 and 3 are a GAN's: the encoder is the generator, the images are its noise, and the codes are what it
draws. In update 3 the discriminator is asked only its second question. It answers in codes:
which way should each of them move to look more like a draw? With the logit's gradient, as in `GAN`,

    dlogit = (D(E(x)) - 1) / N,   dz = D's input gradient of it        (N, latent_dim)

and the encoder's parameters learn from this dz as they do from the decoder's dz in update 1.

The encoder descends two losses, with an optimiser for each. What each counts is set by the learning
rates and not by a weight, because Adam's steps stay the same if the gradient is multiplied by a number.

With labels, D sees the class beside the code, and the draw that it is compared with comes from the
mode of that class. So the codes of each class fill a mode of their own.

Source: Makhzani et al. 2016, *Adversarial autoencoders*, sections 2, 2.1 and 2.3.
"""

import numpy as np

from ..layers import sigmoid
from ..losses import BinaryCrossEntropyFromLogits
from ..optimizers import Adam
from ..training import require_finite, squared_norm
from ..validation import integer
from .autoencoder import Autoencoder
from .base import Model
from .classes import Classes
from .conditions import join
from .data import image_shape_for
from .encoders import dense_encoder
from .gan_networks import check_logits
from .parts import named, require_networks, require_optimizers
from .priors import NormalPrior, RingPrior, check_prior, prior_from
from .toy_networks import mlp


class AdversarialAutoencoder(Autoencoder):
    """An encoder, a decoder, and a discriminator that holds the codes to a prior.

        model = AdversarialAutoencoder(rng=0)
        model.fit(digits, epochs=40)
        new = model.generate(64)

    Args:
        encoder: network from samples to codes (N, latent_dim); dense_encoder(image_shape, 8) if None.
        decoder: as in `Autoencoder`.
        discriminator: network from codes (N, latent_dim) to a logit (N, 1), or, with `classes`, from
            codes with the label's code of K numbers beside them, (N, latent_dim + K). If None, a dense
            one with two hidden layers of 128.
        prior: what the codes are held to: NormalPrior() if None, or RingPrior(modes).
        classes: how many classes the labels of the data have, or a list of their names, for a prior
            with a mode for each: RingPrior(K) if `prior` is None. None for data without labels.
        optimizer: that of update 1, Adam(2e-3) if None.
        discriminator_optimizer, encoder_optimizer: those of updates 2 and 3; if None, Adam(1e-3, beta_1=0.5),
            and for codes of two latents Adam(2e-3, beta_1=0): see below.
        image_shape, loss, rng: as in `Autoencoder`.

    With `classes`, `fit`, `train_on_batch` and `evaluate` take the labels where an `Autoencoder` takes a
    target. The decoder is not told the label: it can see in z which mode it is in.

    If the encoder is slow in the game, the discriminator gets far ahead and codes leave the prior; if it is
    fast, its images are blurred. Rates of the three updates (tests/benchmarks/adversarial_rates.py):

        1       2       3       Frechet distance of drawn digits    error of unseen ones    D(E(x))
        1e-3    1e-3    1e-3     92                                 0.0424                  0.41
        1e-3    1e-3    2e-4    128                                 0.0233                  0.01
        1e-3    2e-4    5e-4     81                                 0.0260                  0.18
        1e-3    2e-3    4e-4     82                                 0.0301                  0.19
        2e-3    1e-3    1e-3     69                                 0.0280                  0.25

    That is with 8 latents and beta_1 = 0.5. In a plane the whole cloud of codes then swings to and fro about
    its place, so there the game is played without memory of past gradients.

    No parameters are averaged. Encoder and decoder descend one loss together and have no circle for
    a mean to be the centre of, and each must fit the other as it is now.
    """

    def __init__(
        self, encoder=None, decoder=None, discriminator=None, *, image_shape=None, prior=None, classes=None,
        loss=None, optimizer=None, discriminator_optimizer=None, encoder_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(encoder=encoder, decoder=decoder, discriminator=discriminator)
        self.labels = None if classes is None else Classes("AdversarialAutoencoder", classes)
        rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=None if encoder else decoder, judges=encoder)
        codes = decoder.input_shape[-1] if decoder else 2 if _needs_plane(prior, classes) else 8
        encoder = encoder or dense_encoder(shape, codes, rng=rng)
        K = 0 if self.labels is None else len(self.labels)
        self.prior = prior or (RingPrior(K) if K else NormalPrior())
        check_prior(self.prior, encoder.output_shape, self.labels)
        inputs = encoder.output_shape[0] + K
        self.discriminator = discriminator or mlp(inputs, 1, 128, rng=rng, name="discriminator")
        _check_discriminator(self.discriminator, encoder, inputs)
        super().__init__(encoder, decoder, loss=loss, optimizer=optimizer or Adam(2e-3), rng=rng)
        self.game_loss = BinaryCrossEntropyFromLogits()
        rate, beta_1 = (2e-3, 0) if self.latent_dim == 2 else (1e-3, 0.5)
        self.discriminator_optimizer = discriminator_optimizer or Adam(rate, beta_1=beta_1)
        self.encoder_optimizer = encoder_optimizer or Adam(rate, beta_1=beta_1)
        self.networks = named({**self.networks, "discriminator": self.discriminator})
        self.optimizers = {
            "optimizer": self.optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            "encoder_optimizer": self.encoder_optimizer,
        }
        require_optimizers(self.optimizers)
        if len(set(map(id, self.optimizers.values()))) < 3:
            raise ValueError("each of the three updates needs an optimizer of its own")

    def parameters_of(self, optimizer):
        return self.flat_params if optimizer == "optimizer" else Model.parameters_of(self, optimizer)

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, x, target=None):
        """Make the three updates; x is (N, ...), `target` as in `fit`.

        Returns a dict: "loss", the reconstruction error; "d_loss", the mean of the discriminator's two
        losses; "e_loss", the encoder's in the game; and the discriminator's mean belief that draws, "D(z)",
        and codes, "D(E(x))", are draws. Each is from before the update that it is used in.
        """
        n, labels = len(x), None
        if self.labels is not None:
            labels, target = self.labels.check(target, n), None

        measured = self.compute_gradients(x, target)  # 1. reconstruct
        self.optimizer.update(self.flat_params, self.flat_grads)

        z = self.encoder.forward(x, training=True)
        require_finite(squared_norm(z.ravel()), [self.encoder], x)
        drawn, z = (self.beside(each, labels) for each in (self.noise(n, labels), z))
        d_loss, beliefs = self._update_discriminator(drawn, z)  # 2. tell codes from draws
        e_loss = self._update_encoder(x, z)  # 3. deceive
        return {**measured, "d_loss": d_loss, "e_loss": e_loss, "D(z)": beliefs[0], "D(E(x))": beliefs[1]}

    def beside(self, z, labels):
        """Return codes z (N, latent_dim), with those of the labels beside them if there are any."""
        return z if labels is None else join(z, self.labels.code(labels, z.dtype))

    def _update_discriminator(self, drawn, z):
        """Teach D to tell draws from codes z, both (N, latent_dim + K); return its loss, and its beliefs."""
        D, loss, losses, beliefs = self.discriminator, self.game_loss, [], []
        D.zero_grad()
        for codes, target in ((drawn, 1), (z, 0)):
            logits = D.forward(codes, training=True)
            losses.append(loss.forward(logits, target))  # (eq. 3.58)
            beliefs.append(float(sigmoid(logits).mean()))
            require_finite(losses[-1], [D], codes, loss, target)
            D.parameter_gradients(loss.backward())  # gradients add
            require_finite(squared_norm(D.flat_grads), [D], codes, loss, target)
        self.discriminator_optimizer.update(D.flat_params, D.flat_grads)
        return sum(losses) / 2, beliefs

    def _update_encoder(self, x, z):
        """Teach E, whose latest pass was x -> z, to make codes that D takes for draws; return the loss."""
        E, D = self.encoder, self.discriminator
        loss = self.game_loss.forward(D.forward(z, training=True), 1)  # (eq. 3.59)
        require_finite(loss, [D], z, self.game_loss, 1)
        E.zero_grad()
        dz = D.input_gradient(self.game_loss.backward())  # the second question only
        dz = dz[:, : self.latent_dim]  # without the label's part, see conditions.py
        E.parameter_gradients(dz)
        require_finite(squared_norm(E.flat_grads), [E], x, dy=dz)
        self.encoder_optimizer.update(E.flat_params, E.flat_grads)
        return loss

    # --- a whole training ---------------------------------------------------------

    def fit(self, x, target=None, *, epochs=40, batch_size=100, **options):
        """Train as `Autoencoder.fit` does; `target` is the labels (N,) if the model was made for classes.

        `epoch_history` has the reconstruction error only.
        """
        if self.labels is not None:
            target = self.labels.check(target, len(x))
        return super().fit(x, target, epochs=epochs, batch_size=batch_size, **options)

    def _check_pair(self, x, target, *, name=""):
        if self.labels is None or target is None:
            return super()._check_pair(x, target, name=name)
        x, _ = super()._check_pair(x, None, name=name)
        return x, self.labels.check(target, len(x))

    def evaluate(self, x, target=None):
        """Return {"loss": mean reconstruction error of the samples}; `target` as in `fit`."""
        return super().evaluate(x, target if self.labels is None else None)

    def config(self):
        classes = None if self.labels is None else self.labels.config()
        prior = {"kind": type(self.prior).__name__, **self.prior.config()}
        return {**super().config(), "prior": prior, "classes": classes}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        made = {"prior": prior_from(config["prior"]), "loss": cls.loss_from(config)}
        return cls(**networks, **optimizers, **made, classes=config["classes"], rng=rng)

    # --- using it -----------------------------------------------------------------

    def noise(self, n, labels=None, *, rng=None):
        """Return n codes z drawn from the prior, (n, latent_dim); `labels` and `rng` as in `generate`."""
        rng = self.rng if rng is None else np.random.default_rng(rng)
        if labels is not None:
            if self.labels is None:
                raise ValueError("labels: this model was made without classes, so it takes none")
            labels = self.labels.labels_for(n, labels)
        return self.prior.draw(n, self.latent_dim, rng, self.decoder.dtype, labels)

    def generate(self, n, labels=None, *, rng=None):
        """Return n new images, decoded from draws of the prior.

        Args:
            labels: for a model with classes, the class of all images, a number or a name, or one
                for each, (n,); None for classes at random.
            rng: a Generator or a seed.
        """
        return self.decode(self.noise(integer("generate", "n", n), labels, rng=rng))

    def generate_from(self, z):
        """Return the images that codes z (N, latent_dim) decode to: the name that SampleRecorder knows."""
        return self.decode(z)

    def discriminate(self, z, labels=None):
        """Return the probability that each of the codes z (N, latent_dim) is a draw, (N,)."""
        labels = None if self.labels is None else self.labels.labels_for(len(z), labels)
        return sigmoid(self.discriminator.predict(self.beside(z, labels)))[:, 0]


def _needs_plane(prior, classes):
    return isinstance(prior, RingPrior) or (prior is None and classes is not None)


def _check_discriminator(D, E, inputs):
    """Raise ValueError unless D judges codes of E, with those of labels beside them if there are any."""
    if D.input_shape != (inputs,) or D.output_shape != (1,):
        beside = inputs - E.output_shape[0]
        raise ValueError(
            f"the discriminator must take codes{f' with labels of {beside} beside them' if beside else ''}, "
            f"(N, {inputs}), to one logit, (N, 1); it takes {D.input_shape} to {D.output_shape}"
        )
    check_logits(E, D)
