"""What the autoencoder and the VAE share: two networks in a row, one loss, epochs.

The mathematics is in autoencoder.py and vae.py, the networks are in encoders.py.
"""

import math

from ..optimizers import Adam
from ..training import EpochBatches, EpochRecorder, History, train
from ..validation import integer
from .base import Model
from .data import check_batch, check_images, require_batches
from .parts import named, require_optimizers
from .shared_parameters import bind, join


class EncoderDecoder(Model):
    """Networks that are trained together on one loss, by one optimiser.

    Subclasses define `train_on_batch(x, target)` and `evaluate(x, target)`, which
    return a dict with the keys `measures`.

    Attributes:
        history: one row per iteration, of what `train_on_batch` returned.
        epoch_history: one row per epoch: means over its iterations and, given validation
            data, what `evaluate` returned for those, with "val_" before the name.
    """

    measures: tuple[str, ...] = ("loss",)
    histories = ("history", "epoch_history")
    value_range = (0.0, 1.0)
    output_range = None  # that the target must lie in, if it must

    def _set_up(self, networks, optimizer):
        """Take the networks, a dict, and move their parameters into one vector."""
        self.joined = list(networks.values())
        self.flat_params, self.flat_grads = join(self.joined)
        self.networks = named(networks)
        self.sample_shape = next(iter(networks.values())).input_shape
        self.value_range = self.output_range or self.value_range
        self.optimizer = optimizer or Adam(1e-3)
        self.optimizers = {"optimizer": self.optimizer}
        require_optimizers(self.optimizers)
        self.history, self.epoch_history = History(), History()

    def __setstate__(self, attributes):
        # A deep copy holds the networks and the vectors as strangers: join them again.
        self.__dict__.update(attributes)
        bind(self.joined, self.flat_params, self.flat_grads)

    def parameters_of(self, optimizer):
        return self.flat_params

    def _fit(self, x, target, epochs, batch_size, validation_data, callbacks, progress, checkpoint, resume):
        """Check everything, then train; see the subclasses' `fit`."""
        epochs = integer("fit", "epochs", epochs)
        x, target = self._check_pair(x, target)
        if validation_data is not None:
            if not isinstance(validation_data, tuple):
                validation_data = (validation_data, None)
            if len(validation_data) != 2:
                raise ValueError(
                    f"validation_data must be x or (x, target), got {len(validation_data)} arrays"
                )
            validation_data = self._check_pair(*validation_data, name="validation ")
        batches = EpochBatches(x, target, batch_size, self.rng)
        require_batches(self, batches)
        recorder = EpochRecorder(batches.per_epoch, validation_data)
        return train(
            self, batches, epochs * batches.per_epoch, self.history,
            callbacks=[recorder, *callbacks], progress=progress, show=self.measures,
            checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    def _check_batch(self, x, target):
        """Return one batch and its target, None meaning x itself, as arrays; see `check_batch`."""
        x = check_batch(x, self.output_range if target is None else None, drawn_by="decoder")
        self.require_batch(len(x))
        if target is None:
            return x, x
        return x, check_batch(target, self.output_range, name="target", drawn_by="decoder")

    def _check_pair(self, x, target, *, name=""):
        """Return x and target as arrays that pair up; target None means x itself."""
        alone = target is None
        takes, gives = self.sample_shape, self.decoder.output_shape
        if alone and takes != gives:
            raise ValueError(
                f"the encoder takes {takes}, the decoder returns {gives}: give fit a {name}target"
            )
        x = check_images(x, takes, self.output_range if alone else None, name=f"{name}x", drawn_by="decoder")
        if alone:
            return x, x
        target = check_images(target, gives, self.output_range, name=f"{name}target", drawn_by="decoder")
        if len(target) != len(x):
            raise ValueError(f"every {name}x needs its target: got {len(x)} and {len(target)}")
        return x, target

    @property
    def latent_dim(self):
        """How many numbers a code has."""
        return math.prod(self.decoder.input_shape)
