"""`numpygan train gan`: the dense GAN, and what all GANs have in common."""

import numpy as np

from ...diagnosis import Diagnosis
from ...models import GAN, dense_discriminator, dense_generator
from ...models.gan import UPDATES
from ...optimizers import Adam
from ...training import SampleRecorder, StopOnPlateau
from .. import options
from ..data import add_data_options, load
from .base import Spec, plot_last, saver

PLAYERS = "generator", "discriminator"


class GANSpec(Spec):
    name = "gan"
    model: type = GAN
    summary, writes = "the dense GAN on handwritten digits or other images", "sample grids"
    iterations, batch_size, beta_1, updates = 10_000, 128, 0.0, "summed"
    latent_dim, r1 = 100, 0.0
    sample_interval, diagnose_every = 500, 1000
    quick = 300, 60
    changeable = (
        *Spec.changeable,
        *(f"{player}_learning_rate" for player in PLAYERS),
        "diagnose_every",
        "stop_on_plateau",
    )
    legend = "D(x), D(G(z)): the discriminator's mean probability that real samples, and fakes, are real."

    def add_options(self, parser):
        add = options.adder(parser)
        add("--iterations", options.count, self.iterations, "training iterations")
        add("--batch-size", options.count, self.batch_size, "images in a mini-batch")
        self.add_network_options(add)
        add("--beta-1", options.decay, self.beta_1, "Adam's decay rate for past gradients, both networks")
        for player in PLAYERS:
            text = f"that of the {player}, if it should differ"
            add(f"--{player}-learning-rate", options.rate, None, text, metavar="RATE")
        self.add_game_options(add)
        text = "decay of the running mean of the generator's parameters, used to draw; 0: none"
        add("--averaging", options.decay, 0.999, text)
        add("--latent-dim", options.count, self.latent_dim, "size of the noise vector behind each image")
        add_data_options(parser)
        options.add_diagnosis(parser, every=self.diagnose_every)
        text = "stop early once the generator's loss stays flat"
        parser.add_argument("--stop-on-plateau", action="store_true", help=text)

    def add_network_options(self, add):
        """Add the options that differ between GANs of different networks."""
        add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, both networks")
        add("--hidden", options.count, 128, "units in the hidden layer of each network")

    def add_game_options(self, add):
        """Add the options that differ between GANs of different games."""
        text = "a discriminator step on real and one on fake images, or one on the sum of both losses"
        add("--discriminator-updates", str, self.updates, text, choices=UPDATES)
        text = "weight of a penalty on the discriminator's slope at real images; 0: none"
        add("--r1", options.weight, self.r1, text)

    def game(self, settings):
        """Return what `add_game_options` adds, as the model takes it."""
        return {"discriminator_updates": settings.discriminator_updates, "r1": settings.r1}

    def resolve(self, settings):
        settings = super().resolve(settings)
        if settings.diagnose_every == self.diagnose_every:  # a short run is looked at before its end
            return options.capped(settings, {"diagnose_every": max(50, settings.iterations // 4)})
        return settings

    def load(self, settings):
        return load(settings, (-1, 1))

    def build(self, settings, data):
        rng = np.random.default_rng(settings.seed)
        generator, discriminator = self.networks(settings, data.train[0].shape[1:], rng)
        return self.model(
            generator,
            discriminator,
            **{f"{player}_optimizer": self.optimizer(settings, player) for player in PLAYERS},
            **self.game(settings),
            averaging=settings.averaging,
            rng=rng,
        )

    def optimizer(self, settings, player):
        rate = vars(settings)[f"{player}_learning_rate"] or settings.learning_rate
        return Adam(rate, beta_1=settings.beta_1)

    def learning_rates(self, settings):
        return {f"{player}_optimizer": self.optimizer(settings, player).learning_rate for player in PLAYERS}

    def networks(self, settings, image_shape, rng):
        """Return generator and discriminator for images of that shape (H, W, C)."""
        size = {"hidden": settings.hidden, "rng": rng}
        return (
            dense_generator(image_shape, latent_dim=settings.latent_dim, **size),
            dense_discriminator(image_shape, **size),
        )

    def callbacks(self, model, data, settings, show):
        stopping = {"plateau": StopOnPlateau()} if settings.stop_on_plateau else {}
        return {
            **stopping,
            "frames": SampleRecorder(settings.sample_interval, show=show),
            "diagnosis": Diagnosis(*data.train, every=settings.diagnose_every, show=options.say),
        }

    def curves(self, model):
        from ...plotting import plot_gan_history

        return plot_gan_history(model.history) if len(model.history) else None

    def pictures(self, run):
        frames, value_range = run.callbacks["frames"].frames, run.model.value_range
        n, figure = plot_last(frames, value_range)
        yield "samples.png", f"{n} generated {run.data.noun}", saver(figure, 150, bbox_inches="tight")
        stages = self.plot_stages(frames, value_range)
        yield "stages.png", "the same noise at four moments", saver(stages, 110, bbox_inches="tight")
        yield from super().pictures(run)

    def plot_stages(self, frames, value_range):
        """Return a figure of the same noise at several moments."""
        from ...plotting import plot_stages

        return plot_stages(frames, value_range=value_range)
