"""How likely is x under a VAE? Bounds of log p(x), with codes drawn where they explain x.

p(x) is the mean of p(x|z) over all z ~ N(0, 1), of which nearly none would give x. So codes
z_k are drawn from q(z|x) instead, which says where to look, and weighed to make up for that:

    w_k = p(x|z_k) p(z_k) / q(z_k|x)     mean of w_k = integral of p(x|z) p(z) dz = p(x)

The logarithm of a mean is at least the mean of the logarithms, hence for K draws

    mean of log w_k  <=  mean of log(1/K sum over k of w_k)  <=  log p(x)

The first is the ELBO, minus a VAE's loss with beta = 1; a part of it, the KL, is known without
draws. The second comes closer to log p(x) as K grows; for K = 1 it estimates the ELBO, too.

Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", eq. 8.
"""

import numpy as np

from ..validation import integer
from .conditions import join


def elbo_bounds(vae, x, n, *, code=None, rng=None):
    """Return the dict of arrays (N,) that `VAE.elbo` describes; `code` (N, K) is given beside z, if any."""
    n = integer("elbo", "n", n)
    rng = vae.rng if rng is None else np.random.default_rng(rng)
    mean, log_var = vae.encode_distribution(x)
    x = np.asarray(x)
    std = np.exp(0.5 * log_var)
    nll = np.empty((n, len(x)))  # -log p(x|z_k)
    log_w = np.empty((n, len(x)))
    for k in range(n):
        epsilon = vae.noise(len(x), rng=rng)
        z = mean + std * epsilon
        nll[k] = reconstruction_nll(vae, z if code is None else join(z, code), x)
        # log p(z) - log q(z|x): the -1/2 log(2 pi) of both cancel
        log_w[k] = 0.5 * (epsilon**2 + log_var - z**2).sum(axis=1) - nll[k]
    top = log_w.max(axis=0)  # taken out of the exponentials, which would underflow
    reconstruction, kl = nll.mean(axis=0), vae.kl.per_sample(mean, log_var)
    return {
        "reconstruction": reconstruction,
        "kl": kl,
        "elbo": -reconstruction - kl,
        "importance_weighted": top + np.log(np.exp(log_w - top).mean(axis=0)),
    }


def reconstruction_nll(vae, z, x, batch_size=256):
    """Return -log p(x|z) of each sample, (N,), some at a time."""
    out = np.empty(len(x), vae.decoder.dtype)
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        y = vae.decoder.forward(z[part])
        out[part] = vae.likelihood.per_sample(y, x[part])
    return out
