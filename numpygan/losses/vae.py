"""The two terms of a VAE's loss: the reconstruction and the KL divergence of the code.

Both are measured in nats per sample: summed over all elements of a sample, then
averaged over the N samples of a batch,

    forward(y, x)  returns  1/N sum over n of c_n,     c_n = sum over elements of c(y, x)
    backward()     returns  1/N c'(y, x)

like the losses in basic.py, but with 1/N in place of 1/M. The sum matters: with a mean
over 784 pixels beside a sum over two latents, the second term would weigh 784 times too
much, and the codes would collapse.
"""

import math

import numpy as np

from ..layers.activations import sigmoid
from ..validation import number
from .basic import BinaryCrossEntropyFromLogits, Loss, MeanSquaredError


class NegativeLogLikelihood(Loss):
    """-log p(x | z) in nats, where the decoder's output y for z is the parameter of p.

    `value_range` is the interval in which x must lie, or None.
    """

    value_range: tuple[float, float] | None = None

    def forward(self, y, target):
        """Return the mean over the batch as a float. y and target are (N, ...)."""
        mean = super().forward(y, target)
        return mean * (self._y.size / len(self._y))

    def divisor(self, y):
        return len(y)

    def per_sample(self, y, target):
        """Return -log p of each sample, (N,); y and target are as in `forward`."""
        y, t = self.validate(y, target)
        return self.values(y, t).reshape(len(y), -1).sum(axis=1)

    def config(self):
        """Return the constructor's arguments, as JSON can hold them."""
        return {}

    def expectation(self, y):
        """Return the mean of p, which is the image to show, in the shape of y."""
        return y


class Bernoulli(NegativeLogLikelihood, BinaryCrossEntropyFromLogits):
    """Every pixel is black or white, white with probability p = sigmoid(y).

        -log p(x | z) = sum over pixels of  -x log p - (1 - x) log(1 - p)
        d/dy          = p - x    (eq. 3.16)

    A grey pixel x in (0, 1) counts as the probability of white: the expression is then
    the mean over images in which each pixel was drawn black or white with that
    probability. It no longer reaches 0 (at p = x the entropy of x remains), so values
    are comparable only between models that treat grey in the same way.
    """

    value_range = (0, 1)

    def expectation(self, y):
        return sigmoid(y)


class Gaussian(NegativeLogLikelihood, MeanSquaredError):
    """Every element is y plus normal noise of a fixed standard deviation.

        -log p(x | z) = sum over elements of  (y - x)^2 / (2 stddev^2) + log(stddev sqrt(2 pi))
        d/dy          = (y - x) / stddev^2    (eq. 3.17)

    Args:
        stddev: the standard deviation of x around y. The smaller it is, the more the
            reconstruction error weighs against the KL term.
    """

    def __init__(self, stddev=1.0):
        super().__init__()
        self.stddev = number("Gaussian", "stddev", stddev, "(0, inf)")

    def config(self):
        return {"stddev": self.stddev}

    def values(self, y, t):
        out = np.square(y - t)
        out *= 0.5 / self.stddev**2
        out += math.log(self.stddev * math.sqrt(2 * math.pi))
        return out

    def derivatives(self, y, t):
        dy = y - t
        dy *= 1 / self.stddev**2
        return dy


class GaussianKL:
    """KL(q || p) of q = N(mean, exp(log_var)) from p = N(0, 1), in nats.

    For one latent, with s = exp(log_var) the variance and z drawn from q,

        KL = E[log q(z) - log p(z)]
           = E[-1/2 (log_var + (z - mean)^2 / s) + 1/2 z^2]
           = 1/2 (mean^2 + s - 1 - log_var)            as E[(z - mean)^2] = s, E[z^2] = mean^2 + s

    which is 0 where q is p. Latents are independent, so their KLs add up. Averaged
    over the N samples of a batch, the gradients are

        dmean    = mean / N
        dlog_var = (exp(log_var) - 1) / (2 N)    (eq. 3.20)

    Source: Kingma & Welling 2014, appendix B.
    """

    def __init__(self):
        self._mean = self._log_var = None  # arguments of the latest forward pass, (N, latent_dim)

    def forward(self, mean, log_var):
        """Return the mean over the batch as a float; mean and log_var are (N, latent_dim)."""
        kl = self.per_sample(mean, log_var)
        self._mean, self._log_var = mean, log_var
        return float(kl.mean())

    def per_sample(self, mean, log_var):
        """Return the KL of each sample, (N,); what `backward` needs stays as `forward` left it."""
        if mean.shape != log_var.shape or mean.ndim != 2:
            raise ValueError(
                f"mean and log_var must both be (N, latent_dim), got {mean.shape} and {log_var.shape}"
            )
        return 0.5 * (np.square(mean) + np.exp(log_var) - 1 - log_var).sum(axis=1)  # (eq. 3.19)

    def backward(self):
        """Return dmean and dlog_var for the latest forward pass."""
        if self._mean is None:
            raise ValueError("GaussianKL: call forward(mean, log_var) before backward()")
        n = len(self._mean)
        return self._mean / n, (np.exp(self._log_var) - 1) / (2 * n)
