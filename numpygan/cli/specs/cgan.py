"""`numpygan train cgan`: the conditional GAN, which draws the class it is asked for."""

from typing import NamedTuple

import numpy as np

from ...diagnosis import Diagnosis
from ...models import (
    ConditionalGAN,
    dense_discriminator,
    dense_generator,
    small_discriminator,
    small_generator,
)
from ...models.classes import Classes
from ...training import ClassAccuracy, SampleRecorder
from .. import options
from .base import saver
from .gan import PLAYERS, GANSpec
from .labelled import ROW, Labelled, classes_of, classifier_of_digits


class Preset(NamedTuple):
    """Networks that go together, and the settings at which they were tried."""

    generator: object
    discriminator: object
    iterations: int
    batch_size: int
    learning_rate: float
    beta_1: float


PRESETS = {
    "conv": Preset(small_generator, small_discriminator, 3_000, 64, 1e-3, 0.5),
    "dense": Preset(dense_generator, dense_discriminator, 12_000, 128, 1e-3, 0.5),
}
OF_PRESET = "iterations", "batch_size", "learning_rate", "beta_1"


class CGANSpec(Labelled, GANSpec):
    name, model = "cgan", ConditionalGAN
    summary = "the conditional GAN on handwritten digits or other images with labels"
    writes = "sample grids with one class a row"
    iterations = batch_size = beta_1 = None  # those of the preset
    quick = 60, 12

    def add_network_options(self, add):
        text = "conv: the small networks of the DCGAN; dense: those of the GAN. They set "
        text += "; ".join(f"--{_option(key)}: {_of_each_preset(key)}" for key in OF_PRESET)
        add("--preset", str, "conv", text, choices=tuple(PRESETS))
        add("--learning-rate", options.rate, None, "Adam's learning rate, both networks")
        add("--label-scale", options.rate, 1.0, "how loud the label is beside the noise")

    def resolve(self, settings):
        preset = PRESETS[settings.preset]
        unset = {key: getattr(preset, key) for key in OF_PRESET if getattr(settings, key) is None}
        return super().resolve(options.replaced(settings, **unset))

    def build(self, settings, data):
        rng, preset = np.random.default_rng(settings.seed), PRESETS[settings.preset]
        shape, classes = data.train[0].shape[1:], classes_of(data)
        K = len(Classes("ConditionalGAN", classes))
        return ConditionalGAN(
            preset.generator(shape, settings.latent_dim + K, rng=rng),
            preset.discriminator(shape, outputs=K, rng=rng),
            classes=classes,
            label_scale=settings.label_scale,
            **{f"{player}_optimizer": self.optimizer(settings, player) for player in PLAYERS},
            **self.game(settings),
            averaging=settings.averaging,
            rng=rng,
        )

    def callbacks(self, model, data, settings, show):
        every, (x, labels) = settings.sample_interval, data.train
        callbacks = super().callbacks(model, data._replace(train=(x,)), settings, show)
        callbacks["frames"] = SampleRecorder(every, n=ROW * len(model.classes), show=show)
        callbacks["diagnosis"] = Diagnosis(x, target=labels, every=settings.diagnose_every, show=options.say)
        if settings.data in ("digits", "mnist"):
            callbacks["accuracy"] = ClassAccuracy(every, classifier_of_digits(model))
        return callbacks

    def pictures(self, run):
        if "accuracy" in run.callbacks:
            from ...plotting import plot_class_accuracy

            figure = plot_class_accuracy(run.callbacks["accuracy"].curve, classes=len(run.model.classes))
            yield "accuracy.png", "how often the class asked for is drawn", saver(figure)
        yield from super().pictures(run)

    def plot_stages(self, frames, value_range):
        from ...plotting import plot_stages

        return plot_stages(frames, n=len(frames[-1][1]), columns=ROW, value_range=value_range)

    def conclusion(self, run):
        if "accuracy" not in run.callbacks:
            return ""
        accuracy = run.callbacks["accuracy"]
        return (
            f"The classifier sees the digit asked for in {accuracy.curve[-1][1]:.1%} of {accuracy.n} images."
        )


def _of_each_preset(key):
    return ", ".join(f"{name} {getattr(preset, key):g}" for name, preset in PRESETS.items())


def _option(key):
    return key.replace("_", "-")
