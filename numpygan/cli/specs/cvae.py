"""`numpygan train cvae`: the conditional VAE."""

import numpy as np

from ...models import ConditionalVAE, dense_decoder, dense_trunk
from ...models.classes import Classes
from ...optimizers import Adam
from ...training import SampleRecorder
from .labelled import ROW, Labelled, classes_of
from .vae import VAESpec


class CVAESpec(Labelled, VAESpec):
    name, model = "cvae", ConditionalVAE
    summary = "the conditional VAE, which draws the class it is asked for"
    writes = "samples with one class a row, reconstructions, the latent plane if --latent-dim is 2"
    latent_dim = 8

    def build(self, settings, data):
        rng = np.random.default_rng(settings.seed)
        shape, classes = data.train[0].shape[1:], classes_of(data)
        K = len(Classes("ConditionalVAE", classes))
        return ConditionalVAE(
            settings.latent_dim,
            classes=classes,
            trunk=dense_trunk(shape, hidden=settings.hidden, rng=rng),
            decoder=dense_decoder(shape, settings.latent_dim + K, hidden=settings.hidden, rng=rng),
            beta=settings.beta,
            optimizer=Adam(settings.learning_rate),
            rng=rng,
        )

    def validation_data(self, data):
        return data.held_out

    def reconstruct(self, model, data, n):
        return model.reconstruct(*(each[:n] for each in data.held_out))

    def callbacks(self, model, data, settings, show):
        callbacks = super().callbacks(model, data, settings, show)
        callbacks["frames"] = SampleRecorder(settings.sample_interval, n=ROW * len(model.classes), show=show)
        return callbacks
