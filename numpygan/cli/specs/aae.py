"""`numpygan train aae`: the adversarial autoencoder."""

import numpy as np

from ...diagnosis import Diagnosis
from ...metrics.yardstick import reconstruction
from ...models import AdversarialAutoencoder, NormalPrior, RingPrior, dense_encoder
from ...optimizers import Adam
from ...training import SampleRecorder
from .. import options
from .autoencoder import SHOWN, AutoencoderSpec
from .base import Spec, plot_last, rescaled, saver

PRIORS = {"normal": NormalPrior, "ring": RingPrior}


class AAESpec(AutoencoderSpec):
    name, model = "aae", AdversarialAutoencoder
    summary = "the adversarial autoencoder on handwritten digits or other images"
    writes = "samples, reconstructions, the latent plane if there are 2 latents"
    epochs, latent_dim = 40, None  # type: ignore[assignment]  # that of the prior
    learning_rate, diagnose_every = 2e-3, 1000
    changeable = (*AutoencoderSpec.changeable, "game_learning_rate", "diagnose_every")

    def add_options(self, parser):
        super().add_options(parser)
        add = options.adder(parser)
        text = "what the codes are held to: N(0, 1), or a ring of ten Gaussians in the plane. It sets "
        add("--prior", str, "normal", f"{text}--latent-dim: normal 8, ring 2", choices=tuple(PRIORS))
        text = "Adam's learning rate in the game, of the discriminator and of the encoder's step through it"
        text += " (default: 2e-3 for 2 latents, else 1e-3)"
        add("--game-learning-rate", options.rate, None, text)
        options.add_diagnosis(parser, every=self.diagnose_every)

    def resolve(self, settings):
        latent_dim = settings.latent_dim or {"normal": 8, "ring": 2}[settings.prior]
        rate = settings.game_learning_rate or (2e-3 if latent_dim == 2 else 1e-3)
        return super().resolve(options.replaced(settings, latent_dim=latent_dim, game_learning_rate=rate))

    def build(self, settings, data):
        rng, beta_1 = np.random.default_rng(settings.seed), 0 if settings.latent_dim == 2 else 0.5
        encoder = dense_encoder(data.train[0].shape[1:], settings.latent_dim, hidden=settings.hidden, rng=rng)
        return AdversarialAutoencoder(
            encoder,
            prior=PRIORS[settings.prior](),
            optimizer=Adam(settings.learning_rate),
            discriminator_optimizer=Adam(settings.game_learning_rate, beta_1=beta_1),
            encoder_optimizer=Adam(settings.game_learning_rate, beta_1=beta_1),
            rng=rng,
        )

    def learning_rates(self, settings):
        game = dict.fromkeys(("discriminator_optimizer", "encoder_optimizer"), settings.game_learning_rate)
        return super().learning_rates(settings) | game

    def frames(self, every, images, show):
        return SampleRecorder(every, n=SHOWN, show=show)

    def callbacks(self, model, data, settings, show):
        callbacks = super().callbacks(model, data, settings, show)
        x = data.train[0]
        callbacks["diagnosis"] = Diagnosis(x, every=settings.diagnose_every, show=options.say)
        return callbacks

    def curves(self, model):
        from ...plotting import plot_adversarial_autoencoder_history

        return plot_adversarial_autoencoder_history(model.history) if len(model.history) else None

    def pictures(self, run):
        model = run.model
        n, figure = plot_last(run.callbacks["frames"].frames, model.value_range)
        yield "samples.png", f"{n} {run.data.noun} decoded from draws of the prior", saver(figure)
        if model.latent_dim == 2 and isinstance(model.prior, NormalPrior):
            from ...plotting import plot_manifold

            yield "manifold.png", "the latent plane, decoded", saver(plot_manifold(model.decode))
        yield from super().pictures(run)

    def measure(self, model, yardstick, n, seed, trained):
        subject = Spec.measure(self, model, yardstick, n, seed, trained)  # drawn, not reconstructed
        x = rescaled(yardstick.held_out[:n], (-1, 1), model.value_range)
        return subject._replace(figures=subject.figures | reconstruction(model, x))
