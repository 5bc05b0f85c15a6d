"""`numpygan train dcgan`: the convolutional GAN."""

from ...models import DCGAN
from ...models.dcgan_presets import PRESETS, preset_for
from .. import options
from ..data import require_enough
from .gan import GANSpec

OF_PRESET = "batch_size", "learning_rate", "r1", "beta_1"


class DCGANSpec(GANSpec):
    name, model = "dcgan", DCGAN
    summary = "the convolutional GAN on handwritten digits or other images"
    iterations, updates = 5_000, "separate"
    batch_size = r1 = beta_1 = None  # type: ignore[assignment]  # those of the preset
    sample_interval, diagnose_every = 250, 500
    quick = 60, 12

    def add_network_options(self, add):
        text = "small: good digits within minutes; colour: for pictures in colour; "
        text += "large-colour: for those of more than 32x32 pixels; "
        text += "book: the larger networks of the book GANs in Action. They set "
        text += "; ".join(f"{options.typed_as(key)}: {_of_each_preset(key)}" for key in OF_PRESET)
        text += " (default: colour or large-colour for pictures in colour, small for others)"
        add("--preset", str, None, text, choices=tuple(PRESETS))
        add("--learning-rate", options.rate, None, "Adam's learning rate, both networks")

    def suited(self, settings, data):
        x = data.train[0]
        name = settings.preset or preset_for(x.shape[1:])
        unset = {key: getattr(PRESETS[name], key) for key in OF_PRESET if getattr(settings, key) is None}
        require_enough(x, unset.get("batch_size"))
        return options.replaced(settings, preset=name, **unset)

    def networks(self, settings, image_shape, rng):
        preset = PRESETS[settings.preset]
        return (
            preset.generator(image_shape, latent_dim=settings.latent_dim, rng=rng),
            preset.discriminator(image_shape, rng=rng),
        )


def _of_each_preset(key):
    return ", ".join(f"{name} {getattr(preset, key):g}" for name, preset in PRESETS.items())
