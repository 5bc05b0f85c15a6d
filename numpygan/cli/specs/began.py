"""`numpygan train began`: the GAN whose discriminator is an autoencoder."""

from ...models import BEGAN, autoencoding_discriminator, small_generator
from ...optimizers import Adam
from .. import options
from .gan import GANSpec


class BEGANSpec(GANSpec):
    name, model = "began", BEGAN
    summary = "the boundary equilibrium GAN on handwritten digits or other images"
    iterations, batch_size, beta_1, latent_dim = 5_000, 64, 0.5, 64
    sample_interval, diagnose_every = 250, 500
    quick = 60, 12
    legend = "real: the discriminator's error on real samples; convergence: that, plus how far off balance."

    def add_network_options(self, add):
        text = "the generator's Adam's learning rate; the discriminator's is half of it"
        add("--learning-rate", options.rate, 1e-3, text)
        add("--code", options.count, 64, "size of the discriminator's code")
        add("--filters", options.count, 16, "channels of the discriminator's convolution")

    def add_game_options(self, add):
        text = "how badly the discriminator should rebuild fakes, as a share of its error on real images"
        add("--gamma", options.fraction, 0.75, text)
        add("--k-rate", options.decay, 1e-3, "how fast the balance k follows")

    def game(self, settings):
        return {"gamma": settings.gamma, "k_rate": settings.k_rate}

    def optimizer(self, settings, player):
        share = {"generator": 1, "discriminator": 0.5}[player]
        rate = vars(settings)[f"{player}_learning_rate"] or share * settings.learning_rate
        return Adam(rate, beta_1=settings.beta_1)

    def networks(self, settings, image_shape, rng):
        return (
            small_generator(image_shape, settings.latent_dim, rng=rng),
            autoencoding_discriminator(image_shape, settings.code, filters=settings.filters, rng=rng),
        )

    def curves(self, model):
        from ...plotting import plot_began_history

        return plot_began_history(model.history) if len(model.history) else None
