"""The autoencoder: squeeze the data through a bottleneck and learn to open it again.

    encoder  x -> z     an image to a code of a few numbers
    decoder  z -> y     the code to an image, which should be x again

What does not fit through the bottleneck is lost, so the two networks must find the
few numbers that say most about the data. No labels are needed: the target of x is x
itself, or a cleaner, richer version of it (denoising, colourising).

One iteration:

    forward    x -> z -> y,   loss L(y, target)
    backward   dy = dL/dy     what should the image have been?
               dz             the decoder's input gradient: what should the code have been?
               the encoder's parameters learn from dz

There is one loss, and both networks descend it together: the decoder's error reaches
the encoder through the code. That is where a GAN differs. Its two networks have one
loss each and pull in opposite directions, so neither loss says how good the images
are; here a lower loss is a better picture, and one may stop when it no longer falls.

Source: Rumelhart, Hinton & Williams 1986, section 5 (the encoder problem); Hinton &
Salakhutdinov 2006.
"""

import numpy as np

from .. import losses
from ..layers import Sigmoid
from ..losses import BinaryCrossEntropyFromLogits, MeanSquaredError
from ..saving.architecture import find_class
from ..training import require_finite, squared_norm
from .data import check_images, image_shape_for
from .encoder_decoder import EncoderDecoder
from .encoders import dense_encoder, mirror
from .parts import require_loss, require_networks
from .shared_parameters import require_bound


class Autoencoder(EncoderDecoder):
    """An encoder and a decoder, trained in a row on one loss.

    Args:
        encoder: network from samples to codes (N, latent_dim); if None, dense_encoder(image_shape).
        decoder: network from codes to samples; if None, mirror(encoder, output=Sigmoid()),
            for pixels in [0, 1].
        image_shape: (H, W, C), for the encoder if it is not given; (28, 28, 1) if None.
        loss: how y is judged, MeanSquaredError if None. It must work on pixels as the
            decoder draws them, so not on logits.
        optimizer: Adam(1e-3) if None. One serves both networks.
        rng: numpy Generator, or a seed for one: initial parameters, order of the data.

    After training, small changes of x leave z nearly unchanged only along the ways in
    which the data itself varies; nothing says how the codes are spread out. Noise put
    through the decoder may therefore fall where no code ever was: see the VAE.
    """

    def __init__(self, encoder=None, decoder=None, *, image_shape=None, loss=None, optimizer=None, rng=None):
        require_networks(encoder=encoder, decoder=decoder)
        self.rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=None if encoder else decoder, judges=encoder)
        self.encoder = encoder or dense_encoder(shape, rng=self.rng)
        self.decoder = decoder or mirror(self.encoder, output=Sigmoid(), rng=self.rng)
        if self.decoder.input_shape != self.encoder.output_shape:
            raise ValueError(
                f"the encoder returns codes {self.encoder.output_shape}, the decoder expects "
                f"{self.decoder.input_shape}"
            )
        self.loss = MeanSquaredError() if loss is None else loss
        require_loss("Autoencoder", "loss", self.loss)
        if isinstance(self.loss, BinaryCrossEntropyFromLogits):
            raise ValueError(
                "the decoder's output is the picture itself, not a logit: end it in Sigmoid() and take "
                "BinaryCrossEntropy"
            )
        self.output_range = self.decoder.output_range
        self._set_up({"encoder": self.encoder, "decoder": self.decoder}, optimizer)

    def train_on_batch(self, x, target=None):
        """Take one step towards target (N, ...), or x itself; return {"loss": float}."""
        measured = self.compute_gradients(x, target)
        self.optimizer.update(self.flat_params, self.flat_grads)
        return measured

    def compute_gradients(self, x, target=None):
        """Go forwards and backwards, leaving dL/dparams in `flat_grads`; see train_on_batch."""
        require_bound(self.joined, self.flat_params)
        x, target = self._check_batch(x, target)
        E, D = self.encoder, self.decoder
        z = E.forward(x, training=True)  # (eq. 3.4)
        y = D.forward(z, training=True)
        loss = self.loss.forward(y, target)
        require_finite(loss, [E, D], x, self.loss, target)
        self.flat_grads.fill(0)
        dz = D.backward(self.loss.backward())
        E.parameter_gradients(dz)  # (eq. 3.5)
        require_finite(squared_norm(self.flat_grads), [E, D], x, self.loss, target)
        return {"loss": loss}

    def fit(
        self, x, target=None, *, epochs=20, batch_size=100, validation_data=None, callbacks=(),
        progress=True, checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train for a number of passes over x (N, ...), towards `target` or x itself.

        Called again, it continues where it stopped. Ctrl-C stops it and keeps what was
        learnt; a loss that becomes NaN raises DivergenceError.

        Args:
            target: (N, ...) in the shape that the decoder returns; None means x.
            validation_data: x, or (x, target), to measure after every epoch.
            callbacks: see training/callback.py; EarlyStopping needs validation_data.
            progress: whether to show a progress bar.
            checkpoint: a path, or a numpygan.checkpoint.Checkpoint, to write the whole
                training to at times, so that nothing is lost if it is cut off.
            resume: path of such a file: finish the call of `fit` that wrote it, which
                must have had the same arguments.

        Returns:
            the History, with the loss of every iteration. `epoch_history` holds one row per
            epoch: "loss", the mean over it, and "val_loss" after it.
        """
        return self._fit(
            x, target, epochs, batch_size, validation_data, callbacks, progress, checkpoint, resume
        )

    def evaluate(self, x, target=None):
        """Return {"loss": mean over the samples}, without learning from them."""
        return {"loss": float(self.reconstruction_error(x, target).mean(dtype=np.float64))}

    def config(self):
        return {"loss": type(self.loss).__name__}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        return cls(**networks, **optimizers, loss=cls.loss_from(config), rng=rng)

    @staticmethod
    def loss_from(config):
        """Return a loss of the kind that `config()` names."""
        return find_class(config["loss"], losses.Loss, vars(losses))()

    # --- using it -----------------------------------------------------------------

    def encode(self, x):
        """Return the codes z (N, latent_dim) of samples x."""
        return self.encoder.predict(check_images(x, self.encoder.input_shape, None))

    def decode(self, z):
        """Return the samples that the decoder makes of codes z (N, latent_dim)."""
        return self.decoder.predict(z)

    def reconstruct(self, x):
        """Return decode(encode(x))."""
        return self.decode(self.encode(x))

    def reconstruction_error(self, x, target=None):
        """Return the loss of each sample, a mean over its elements, (N,)."""
        x, target = self._check_pair(x, target)
        y = self.reconstruct(x)
        return self.loss.values(y, target.astype(y.dtype, copy=False)).reshape(len(y), -1).mean(axis=1)
