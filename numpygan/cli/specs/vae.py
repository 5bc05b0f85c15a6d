"""`numpygan train vae`: the variational autoencoder."""

import numpy as np

from ...metrics.yardstick import elbo_with_intervals
from ...models import VAE, dense_decoder, dense_trunk
from ...optimizers import Adam
from ...training import SampleRecorder
from .. import options
from .autoencoder import SHOWN, AutoencoderSpec
from .base import Spec, plot_last, rescaled, saver


class VAESpec(AutoencoderSpec):
    name, model = "vae", VAE
    summary = "the variational autoencoder on handwritten digits or other images"
    writes = "samples, reconstructions, the latent plane if --latent-dim is 2"
    epochs, latent_dim = 30, 2
    unit = "nats per image"

    def add_options(self, parser):
        super().add_options(parser)
        options.adder(parser)("--beta", options.weight, 1.0, "weight of the KL term")

    def build(self, settings, data):
        rng = np.random.default_rng(settings.seed)
        image_shape, latent_dim = data.train[0].shape[1:], settings.latent_dim
        return VAE(
            latent_dim,
            trunk=dense_trunk(image_shape, hidden=settings.hidden, rng=rng),
            decoder=dense_decoder(image_shape, latent_dim, hidden=settings.hidden, rng=rng),
            beta=settings.beta,
            optimizer=Adam(settings.learning_rate),
            rng=rng,
        )

    def frames(self, every, images, show):
        return SampleRecorder(every, n=SHOWN, show=show)

    def pictures(self, run):
        from ...plotting import plot_manifold

        model = run.model
        n, figure = plot_last(run.callbacks["frames"].frames, model.value_range)
        yield "samples.png", f"{n} {run.data.noun} decoded from noise", saver(figure)
        if model.latent_dim == 2 and not hasattr(model, "classes"):  # which has a plane for each of them
            yield "manifold.png", "the latent plane, decoded", saver(plot_manifold(model.decode))
        yield from super().pictures(run)

    def measure(self, model, yardstick, n, seed, trained):
        subject = Spec.measure(self, model, yardstick, n, seed, trained)  # drawn, not reconstructed
        elbo = elbo_with_intervals(model, rescaled(yardstick.held_out, (-1, 1), model.value_range))
        return subject._replace(figures=subject.figures | elbo)
