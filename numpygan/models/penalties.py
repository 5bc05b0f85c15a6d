"""Gradient penalties: a discriminator is kept from being too steep.

D's slope at a sample is the gradient of its logit, g_n = dD(x_n)/dx_n, an array like x_n. A penalty P is a
number made of these slopes. To descend it, one needs the gradient of a gradient:

    dP/dparams = d<u, g>/dparams    with u = dP/dg held fixed    (eq. 3.41)

and <u, g> is how fast D changes when x moves along u, which is what `tangent` tells. So, in four lines,

    D.forward(x)                        the forward pass
    g = D.input_gradient(ones)          a backward pass that begins with ones
    P, u = unit_slopes(g)               the penalty and its gradient with respect to g
    D.tangent_gradients(u, ones)        u is sent up; each layer with weights adds t^T dy

where t is what u has become on its way up to the layer, and dy what the ones have become on their
way down to it. Biases get nothing: they move D everywhere alike.

Source: Gulrajani et al. 2017, *Improved training of Wasserstein GANs*, eq. 3 (`unit_slopes`);
Mescheder et al. 2018, *Which training methods for GANs do actually converge?*, eq. 9 (`squared_slopes`).
"""

import numpy as np


def unit_slopes(g):
    """Return P = mean over n of (|g_n| - 1)^2, and u = dP/dg, for slopes g (N, ...).

        u_n = 2/N (|g_n| - 1) g_n / |g_n|    (eq. 3.43)

    |g_n| is the length of sample n's slope, over all its pixels and channels. Where it is 0 it has no
    derivative, and u_n = 0.
    """
    lengths = _lengths(g)
    P = float(np.square(lengths - 1).mean())
    scale = (lengths - 1) / np.maximum(lengths, np.finfo(g.dtype).tiny)
    return P, g * _per_sample(scale * (2 / len(g)), g)


def squared_slopes(g):
    """Return P = 1/2 mean over n of |g_n|^2, and u = dP/dg = g / N, for slopes g (N, ...) (eq. 3.47)."""
    return 0.5 * float(np.square(_lengths(g)).mean()), g / g.dtype.type(len(g))


def add_penalty(D, n, penalty, weight):
    """Add the gradient of weight * P to D's, and return weight * P.

    D has just had a forward pass of n samples, whose slopes are penalised.

    Args:
        penalty: `unit_slopes` or `squared_slopes`.
    """
    ones = np.ones((n, 1), D.dtype)
    P, u = penalty(D.input_gradient(ones))
    u *= u.dtype.type(weight)
    D.tangent_gradients(u, ones)  # (eq. 3.41)
    return weight * P


def between(real, fake, rng):
    """Return one point on the straight line between each real sample and its fake, (N, ...).

    Its place on the line is uniform in [0, 1), the same for all pixels of an image.
    """
    share = rng.random((len(real),) + (1,) * (real.ndim - 1), dtype=fake.dtype)
    return fake + share * (real - fake)


def require_tangent(D):
    """Raise ValueError if D's slope cannot be penalised."""
    if D.no_tangent:
        raise ValueError(f"a gradient penalty cannot be computed with {D.no_tangent}")


def _lengths(g):
    """Return |g_n| for each sample, (N,)."""
    rows = g.reshape(len(g), -1)
    return np.sqrt(np.einsum("nk,nk->n", rows, rows))


def _per_sample(values, like):
    """Return values (N,) in a shape that multiplies each sample of `like`."""
    return values.astype(like.dtype, copy=False).reshape(-1, *(1,) * (like.ndim - 1))
