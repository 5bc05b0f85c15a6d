"""The variational autoencoder: the code of an image is a distribution, not a point.

    encoder  x -> mean, log_var    q(z|x) = N(mean, exp(log_var)), each latent by itself
    sample   z = mean + std * epsilon,   std = exp(log_var / 2),   epsilon ~ N(0, 1)
    decoder  z -> y                p(x|z), for black-and-white pixels sigmoid(y)

An autoencoder may scatter its codes as it likes, and noise between them decodes to nothing. Here
every code is a cloud, so neighbouring points must decode to similar images, and all clouds together
are held near N(0, 1), so one knows where to draw new ones. The loss, in nats per image, averaged
over the batch, is

    L = -log p(x|z)                summed over pixels: how well z explains x
      + beta * KL(q(z|x) || N(0, 1))   summed over latents: how much z tells about x

With beta = 1, -L is on average a lower bound of log p(x), the ELBO.

Backwards there is one obstacle: a random draw has no derivative. The trick is to draw epsilon, which
depends on no parameter, and to move it: z = mean + std * epsilon. With epsilon fixed, z is an
ordinary function of mean and log_var,

    dz/dmean    = 1
    dz/dlog_var = d exp(log_var / 2)/dlog_var * epsilon = std / 2 * epsilon

so with dz, the decoder's input gradient,

    dmean    = dz                      + the KL's dmean
    dlog_var = dz * epsilon * std / 2  + the KL's dlog_var

(std is exp(log_var / 2), not exp(log_var), which is the variance. Code that mixes them up in both
directions passes every gradient check and gets clouds of the wrong size.)

Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", sections 2.3, 2.4 and appendix B;
beta: Higgins et al. 2017.
"""

import math

import numpy as np

from ..losses import Bernoulli, Gaussian, GaussianKL
from ..losses.vae import NegativeLogLikelihood
from ..training import require_finite, squared_norm
from ..validation import integer, number
from .conditions import cut, join
from .data import check_images, image_shape_for
from .elbo import elbo_bounds, reconstruction_nll
from .encoder_decoder import EncoderDecoder
from .encoders import check_decoder, check_latent_dim, dense_decoder, dense_trunk, head
from .parts import require_loss, require_networks
from .shared_parameters import require_bound

LIKELIHOODS = {"Bernoulli": Bernoulli, "Gaussian": Gaussian}


class VAE(EncoderDecoder):
    """An encoder to a normal distribution over codes, and a decoder.

    Args:
        latent_dim: how many numbers a code has.
        image_shape: (H, W, C), for the networks that are not given; if None, that of the
            one that is, or (28, 28, 1).
        trunk: network from samples to features (N, F), the encoder without its last step;
            dense_trunk(image_shape) if None. Two Dense layers follow it, to mean and to log_var.
        decoder: network from codes (N, latent_dim) to the parameters of p(x|z), for
            pixels their logits; dense_decoder(image_shape, latent_dim) if None.
        likelihood: p(x|z); Bernoulli() if None, for pixels in [0, 1], where grey counts
            as the probability of white. Gaussian(stddev) for any real numbers.
        beta: weight of the KL term. 1 gives the bound; more makes the codes say less.
        optimizer: Adam(1e-3) if None. One serves all networks.
        rng: numpy Generator, or a seed for one: initial parameters, epsilon, order of the data.
    """

    measures = ("loss", "reconstruction", "kl")

    def __init__(
        self, latent_dim=2, *, image_shape=None, trunk=None, decoder=None, likelihood=None, beta=1.0,
        optimizer=None, rng=None,
    ):  # fmt: skip
        check_latent_dim(latent_dim)
        require_networks(trunk=trunk, decoder=decoder)
        self.beta = number("VAE", "beta", beta, "[0, inf)")
        self.rng = np.random.default_rng(rng)
        shape = image_shape_for(image_shape, draws=None if trunk else decoder, judges=trunk)
        self.trunk = T = trunk or dense_trunk(shape, rng=self.rng)
        self.mean = head(T, latent_dim, name="mean", rng=self.rng)
        self.log_var = head(T, latent_dim, name="log_var", rng=self.rng)
        self.decoder = decoder or dense_decoder(T.input_shape, latent_dim, rng=self.rng)
        self.likelihood = Bernoulli() if likelihood is None else likelihood
        require_loss("VAE", "likelihood", self.likelihood, NegativeLogLikelihood)
        self.kl = GaussianKL()
        self.output_range = self.likelihood.value_range
        check_decoder(self.decoder, T, self._decoder_inputs(latent_dim), self.likelihood)
        networks = {"trunk": T, "mean": self.mean, "log_var": self.log_var, "decoder": self.decoder}
        self._set_up(networks, optimizer)

    def _decoder_inputs(self, latent_dim):
        """Return how many numbers the decoder is given."""
        return latent_dim

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, x, target=None, *, epsilon=None):
        """Take one step; return a dict: "loss", and its terms "reconstruction" and "kl".

        Args:
            x: (N, ...), the data.
            target: what z should explain; None means x.
            epsilon: the noise (N, latent_dim), drawn from N(0, 1) if None.
        """
        measured = self.compute_gradients(x, target, epsilon=epsilon)
        self.optimizer.update(self.flat_params, self.flat_grads)
        return measured

    def compute_gradients(self, x, target=None, *, epsilon=None, code=None):
        """Go forwards and backwards, leaving dL/dparams in `flat_grads`; see train_on_batch.

        `code` is what a ConditionalVAE's decoder is given beside z, (N, K).
        """
        require_bound(self.networks.values(), self.flat_params)
        x, target = self._check_batch(x, target)
        T, D = self.trunk, self.decoder
        code_shape = (len(x), *self.mean.output_shape)
        if epsilon is not None and np.shape(epsilon) != code_shape:
            raise ValueError(f"epsilon must be (N, latent_dim), here {code_shape}, got {np.shape(epsilon)}")

        h = T.forward(x, training=True)
        mean = self.mean.forward(h, training=True)
        log_var = self.log_var.forward(h, training=True)
        epsilon = self.noise(len(x)) if epsilon is None else np.asarray(epsilon, mean.dtype)
        std = np.exp(0.5 * log_var)  # (eq. 3.10)
        z = mean + std * epsilon  # (N, latent_dim) (eq. 3.8)
        z = z if code is None else join(z, code)
        y = D.forward(z, training=True)
        kl = self.kl.forward(mean, log_var)
        require_finite(squared_norm(mean.ravel()), [T, self.mean], x)
        require_finite(kl, [T, self.log_var], x)
        reconstruction = self.likelihood.forward(y, target)  # (eq. 3.15)
        require_finite(reconstruction, [D], z, self.likelihood, target)

        self.flat_grads.fill(0)
        dz = D.backward(self.likelihood.backward())
        dz = dz if code is None else cut(dz, code.shape[1])  # (eq. 3.52)
        dmean, dlog_var = (self.beta * gradient for gradient in self.kl.backward())
        dmean += dz
        dlog_var += dz * epsilon * std * 0.5  # (eq. 3.11)
        dh = self.mean.backward(dmean)
        dh += self.log_var.backward(dlog_var)  # h was used twice and collects both gradients
        T.parameter_gradients(dh)
        if not math.isfinite(squared_norm(self.flat_grads)):
            require_finite(squared_norm(D.flat_grads), [D], z, self.likelihood, target)
            require_finite(math.nan, [T], x, dy=dh)
        return {"loss": reconstruction + self.beta * kl, "reconstruction": reconstruction, "kl": kl}

    # --- a whole training ---------------------------------------------------------

    def fit(
        self, x, target=None, *, epochs=30, batch_size=100, validation_data=None, callbacks=(),
        progress=True, checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train for a number of passes over x (N, ...), to explain `target` or x itself.

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
            the History, with loss, reconstruction and kl of every iteration. `epoch_history` holds one
            row per epoch: their means over it, and as "val_loss" and so on those of the validation data.
        """
        return self._fit(
            x, target, epochs, batch_size, validation_data, callbacks, progress, checkpoint, resume
        )

    def evaluate(self, x, target=None):
        """Return the means of loss, reconstruction and kl over x, with the same draws of z at every call."""
        return self._evaluate(*self._check_pair(x, target))

    def _evaluate(self, x, target, code=None):
        mean, log_var = self.encode_distribution(x)
        z = self.sample_latent(mean, log_var, rng=0)
        z = z if code is None else join(z, code)
        reconstruction = reconstruction_nll(self, z, target).mean(dtype=np.float64)
        kl = self.kl.per_sample(mean, log_var).mean(dtype=np.float64)
        loss = reconstruction + self.beta * kl
        return {"loss": float(loss), "reconstruction": float(reconstruction), "kl": float(kl)}

    def config(self):
        likelihood = {"kind": type(self.likelihood).__name__, **self.likelihood.config()}
        return {"latent_dim": self.latent_dim, "beta": self.beta, "likelihood": likelihood}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        more = {key: value for key, value in config.items() if key not in ("latent_dim", "likelihood")}
        likelihood = dict(config["likelihood"])
        kind = LIKELIHOODS.get(name := likelihood.pop("kind"))
        if kind is None:
            raise ValueError(f"it uses {name!r}, which is not a known likelihood")
        parts = {"trunk": networks["trunk"], "decoder": networks["decoder"]}  # the heads follow from them
        return cls(
            config["latent_dim"], **parts, **more, likelihood=kind(**likelihood), **optimizers, rng=rng,
        )  # fmt: skip

    # --- using it -----------------------------------------------------------------

    def encode(self, x):
        """Return the codes z of samples x, (N, latent_dim): the means of q(z|x)."""
        return self.encode_distribution(x)[0]

    def encode_distribution(self, x):
        """Return mean and log_var of q(z|x), each (N, latent_dim), for samples x."""
        x = check_images(x, self.sample_shape, self.output_range, drawn_by="decoder")
        h = self.trunk.predict(x)
        return self.mean.predict(h), self.log_var.predict(h)

    def sample_latent(self, mean, log_var, *, rng=None):
        """Return codes z drawn from N(mean, exp(log_var)), in the shape of mean."""
        return mean + np.exp(0.5 * log_var) * self.noise(len(mean), rng=rng)  # (eqs. 3.8 and 3.10)

    def noise(self, n, *, rng=None):
        """Return epsilon ~ N(0, 1), (n, latent_dim), from `rng`, a seed, or the model's own."""
        rng = self.rng if rng is None else np.random.default_rng(rng)
        return rng.standard_normal((n, self.latent_dim), dtype=self.decoder.dtype)

    def decode(self, z):
        """Return the mean of p(x|z) for codes z (N, latent_dim): the images to look at."""
        return self.likelihood.expectation(self.decoder.predict(z))

    def reconstruct(self, x):
        """Return the images decoded from the means of q(z|x)."""
        return self.decode(self.encode(x))

    def generate(self, n, *, rng=None):
        """Return n new images, decoded from z ~ N(0, 1); `rng` is a Generator or a seed."""
        return self.decode(self.noise(integer("generate", "n", n), rng=rng))

    generate_from = decode  # the name that SampleRecorder knows

    def elbo(self, x, n=1, *, rng=None):
        """Estimate bounds of log p(x), in nats, from n draws of z per sample; see elbo.py.

        Returns a dict of arrays (N,), for q = q(z|x), p(z) = N(0, 1) and K = n draws z_k:

            "reconstruction"       -1/K sum over k of log p(x|z_k)
            "kl"                   KL(q || p(z)), in closed form
            "elbo"                 -reconstruction - kl, whatever beta is    (eq. 3.14)
            "importance_weighted"  log 1/K sum over k of w_k, which is tighter for K > 1
        """
        return elbo_bounds(self, x, n, rng=rng)
