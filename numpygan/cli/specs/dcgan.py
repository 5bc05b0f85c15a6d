"""`numpygan train dcgan`: the convolutional GAN."""

from ...models import DCGAN
from ...models.dcgan import PRESETS
from .. import options
from .gan import GANSpec


class DCGANSpec(GANSpec):
    name, model = "dcgan", DCGAN
    summary = "the convolutional GAN on handwritten digits or other images"
    iterations, batch_size, beta_1, updates = 5_000, 64, 0.5, "separate"
    sample_interval, diagnose_every = 250, 500
    quick = 60, 12

    def add_network_options(self, add):
        text = "small: good digits within minutes; book: the larger networks of the book GANs in Action"
        add("--preset", str, "small", text, choices=tuple(PRESETS))
        small, book = PRESETS["small"].learning_rate, PRESETS["book"].learning_rate
        text = f"Adam's learning rate, both networks (default: {small:g}, with --preset book {book:g})"
        add("--learning-rate", options.rate, None, text)

    def resolve(self, settings):
        rate = settings.learning_rate or PRESETS[settings.preset].learning_rate
        return super().resolve(options.replaced(settings, learning_rate=rate))

    def networks(self, settings, image_shape, rng):
        preset = PRESETS[settings.preset]
        return (
            preset.generator(image_shape, latent_dim=settings.latent_dim, rng=rng),
            preset.discriminator(image_shape, rng=rng),
        )
