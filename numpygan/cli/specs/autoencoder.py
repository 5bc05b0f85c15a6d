"""`numpygan train ae`: the autoencoder, and what it has in common with the VAE."""

import numpy as np

from ...metrics.yardstick import reconstruction
from ...models import Autoencoder, dense_encoder
from ...optimizers import Adam
from ...training import CodeRecorder, EarlyStopping, ReconstructionRecorder
from .. import options
from ..data import FEWEST, add_data_options, load
from .base import Spec, Subject, rescaled, saver

QUICK_IMAGES = 2000
SHOWN = 40  # images in a frame of the animation
ENCODED = 1000  # codes in a frame of the latent plane


class AutoencoderSpec(Spec):
    name = "ae"
    model: type = Autoencoder
    summary = "the autoencoder on handwritten digits or other images"
    writes = "reconstructions, the latent plane if --latent-dim is 2"
    epochs, latent_dim = 20, 32
    length = "epochs"
    sample_interval = 100
    quick = 5, 20
    learning_rate = 1e-3
    unit = "squared error per pixel"
    changeable = (*Spec.changeable, "patience")

    def add_options(self, parser):
        add = options.adder(parser)
        add("--epochs", options.count, self.epochs, "passes over the training images")
        add("--batch-size", options.count, 100, "images in a mini-batch")
        add("--learning-rate", options.rate, self.learning_rate, "Adam's learning rate")
        add("--latent-dim", options.count, self.latent_dim, "size of a code")
        add("--hidden", options.count, 256, "units in the hidden layer of each network")
        text = (
            "stop after this many epochs without a lower validation loss and keep the best epoch's "
            "parameters (default: train for all epochs)"
        )
        add("--patience", options.count, None, text)
        add_data_options(parser)

    def load(self, settings):
        most = max(QUICK_IMAGES, settings.batch_size) if settings.quick else None
        data = load(settings, (0, 1), most=most)
        if not data.held_out:
            cure = f"at least {FEWEST} are needed" if settings.hold_out else "give --hold-out a share above 0"
            raise ValueError(
                f"{settings.data} has {len(data.train[0])} images, of which --hold-out {settings.hold_out:g} "
                f"leaves none to validate with: {cure}"
            )
        return data

    def build(self, settings, data):
        rng = np.random.default_rng(settings.seed)
        image_shape = data.train[0].shape[1:]
        encoder = dense_encoder(image_shape, settings.latent_dim, hidden=settings.hidden, rng=rng)
        return Autoencoder(encoder, optimizer=Adam(settings.learning_rate), rng=rng)

    def count_iterations(self, settings, data):
        return settings.epochs * -(-len(data.train[0]) // settings.batch_size)

    def fit_options(self, settings, data):
        return {"epochs": settings.epochs, "validation_data": self.validation_data(data)}

    def validation_data(self, data):
        return data.held_out[0]

    def reconstruct(self, model, data, n):
        """Return reconstructions of the first n images that are held out."""
        return model.reconstruct(data.held_out[0][:n])

    def callbacks(self, model, data, settings, show):
        callbacks = {"stopping": EarlyStopping(patience=settings.patience)} if settings.patience else {}
        callbacks["frames"] = self.frames(settings.sample_interval, data.held_out[0][:SHOWN], show)
        if model.latent_dim == 2 and data.labels is not None:
            callbacks["plane"] = CodeRecorder(settings.sample_interval, data.held_out[0][:ENCODED])
        return callbacks

    def frames(self, every, images, show):
        """Return the callback that records the frames of the animation."""
        return ReconstructionRecorder(every, images, show=show)

    def curves(self, model):
        from ...plotting import plot_epochs

        return plot_epochs(model.epoch_history, unit=self.unit) if len(model.epoch_history) else None

    def pictures(self, run):
        from ... import interactive, plotting

        model, (x, *_), labels, noun = run.model, run.data.held_out, run.data.labels, run.data.noun
        rows = {"original": x[:12], "reconstruction": self.reconstruct(model, run.data, 12)}
        yield "reconstructions.png", f"{noun} beside their reconstructions", saver(plotting.plot_rows(rows))
        if "plane" in run.callbacks:
            figure = plotting.plot_latent_plane(model.encode(x), labels, title=f"codes of {noun}")
            yield "plane.png", f"the codes of the evaluation {noun}", saver(figure)
            frames, title = run.callbacks["plane"].frames, "The latent plane during training"
            film = interactive.film_latent_plane(frames, labels[:ENCODED], title=title)
            yield "plane.html", "how the classes separate, to step through in a browser", film.write_page
        yield from super().pictures(run)

    def conclusion(self, run):
        if not np.isfinite(run.model.flat_params).all():
            return ""
        x, *_ = run.data.held_out
        measured = run.model.evaluate(*run.data.held_out)
        values = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
        return f"On {len(x):,} {run.data.noun} not trained on: {values} ({self.unit})."

    def measure(self, model, yardstick, n, seed, trained):
        x = rescaled(yardstick.held_out[:n], (-1, 1), model.value_range)
        images = rescaled(model.reconstruct(x), model.value_range)
        figures = yardstick.measure_held_out(images) | reconstruction(model, x)
        return Subject(f"reconstructed {self.measured_noun(trained)}", images, figures)
