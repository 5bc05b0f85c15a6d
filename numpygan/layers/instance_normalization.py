"""Instance normalisation: each channel of each image gets mean 0 and variance 1."""

import numpy as np

from ..validation import number
from .base import Layer
from .channel_sums import channel_sum, channel_sum_of_product


class InstanceNormalization(Layer):
    """y = gamma * xhat + beta, with xhat the x of one sample and channel, normalised.

    x is (N, H, W, C); gamma and beta are (C,). Below, m = H*W is the number of pixels,
    "sum" runs over those of one sample and channel, and mean, var and std are (N, C):

        mean = sum(x) / m
        var  = sum((x - mean)^2) / m
        xhat = (x - mean) / std,   std = sqrt(var + epsilon)    (eq. 2.36)

    For a loss L and dy = dL/dy, first the gradient with respect to xhat, g = gamma * dy.
    x[k] reaches xhat[j] by three paths, directly, through the mean and through std:

        dxhat[j] / dx[k] = (1[j = k] - 1/m - xhat[j] xhat[k] / m) / std

    Summed over j, with g[j] for dL/dxhat[j],

        dx     = (g - sum(g) / m - xhat * sum(g * xhat) / m) / std    (eq. 2.37)
        dgamma = sum over n as well of dy * xhat        (C,)    (eq. 2.38)
        dbeta  = sum over n as well of dy               (C,)

    which is the formula of `BatchNormalization` with one image in place of the batch.
    No sample depends on another, so training and inference are the same function, there
    are no running averages, and a batch of one is enough. What is lost is the overall
    brightness and contrast of an image, which a change of style may ignore.

    Args:
        epsilon: keeps std away from zero where a channel is the same all over the image.

    Source: Ulyanov, Vedaldi & Lempitsky 2017, "Improved Texture Networks", eq. 8; the
    backward pass is that of Ioffe & Szegedy 2015, section 3.
    """

    def __init__(self, *, epsilon=1e-3, name=None):
        super().__init__(name=name)
        self.epsilon = number(self, "epsilon", epsilon, "(0, 0.1)")
        self._xhat = None  # normalised input of the latest forward pass, (N, H, W, C)
        self._std = None  # what it was divided by, (N, 1, 1, C)

    def compute_output_shape(self, input_shape):
        if len(input_shape) != 3 or input_shape[0] * input_shape[1] < 2:
            raise ValueError(f"{self} expects samples (H, W, C) of at least 2 pixels, got {input_shape}")
        return input_shape

    def create_params(self):
        C = self.input_shape[-1]
        self.params["gamma"] = np.ones(C, self.dtype)
        self.params["beta"] = np.zeros(C, self.dtype)

    def forward(self, x, training=False):
        x = self._check_input(x)
        m = self.dtype.type(self.input_shape[0] * self.input_shape[1])
        xhat = x - _pixel_sum(x) / m
        var = _pixel_sum_of_product(xhat, xhat) / m
        self._std = np.sqrt(var + self.dtype.type(self.epsilon))
        xhat /= self._std
        self._xhat = xhat
        y = xhat * self.params["gamma"]
        y += self.params["beta"]
        return y

    def parameter_gradients(self, dy):
        dy = self._check_gradient(dy)
        self.grads["beta"] += channel_sum(dy)
        self.grads["gamma"] += channel_sum_of_product(dy, self._xhat)

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        return self._dx(dy, _pixel_sum(dy), _pixel_sum_of_product(dy, self._xhat))

    def backward(self, dy):
        dy = self._check_gradient(dy)
        # Both answers need these two sums, dx over the pixels, the parameters over the samples too.
        dbeta, dgamma = _pixel_sum(dy), _pixel_sum_of_product(dy, self._xhat)  # (N, 1, 1, C)
        self.grads["beta"] += channel_sum(dbeta)
        self.grads["gamma"] += channel_sum(dgamma)
        return self._dx(dy, dbeta, dgamma)

    def _dx(self, dy, dy_sum, product_sum):
        """Return dx, given sum(dy) and sum(dy * xhat): gamma, the same for all pixels, comes last."""
        m = self.dtype.type(self.input_shape[0] * self.input_shape[1])
        dx = self._xhat * (product_sum / -m)
        dx += dy
        dx -= dy_sum / m
        dx *= self.params["gamma"] / self._std
        return dx

    def config(self):
        return {"epsilon": self.epsilon}


def _pixel_sum(a):
    """Return the sum of a (N, H, W, C) over each sample's pixels, (N, 1, 1, C)."""
    return a.sum(axis=1, keepdims=True).sum(axis=2, keepdims=True)  # two short sums, see channel_sums.py


def _pixel_sum_of_product(a, b):
    """Return _pixel_sum(a * b) without allocating a * b."""
    return np.einsum("nhwc,nhwc->nwc", a, b)[:, np.newaxis].sum(axis=2, keepdims=True)
