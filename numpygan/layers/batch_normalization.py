"""Batch normalisation: each channel gets mean 0 and variance 1 over the batch."""

import math

import numpy as np

from ..validation import number
from .base import Layer
from .channel_sums import channel_sum, channel_sum_of_product


class BatchNormalization(Layer):
    """y = gamma * xhat + beta, with xhat the normalised x, channel by channel (eq. 2.18).

    x is (N, C) or (N, H, W, C); gamma and beta are (C,). Below, m is the number of
    values per channel, N or N*H*W, and sums run over those m values.

    Training:

        mean = sum(x) / m
        var  = sum((x - mean)^2) / m
        xhat = (x - mean) / std,   std = sqrt(var + epsilon)    (eq. 2.17)

    For a loss L and dy = dL/dy:

        dbeta  = sum(dy)
        dgamma = sum(dy * xhat)    (eq. 2.19)
        dx     = gamma / std * (dy - dbeta / m - xhat * dgamma / m)    (eq. 2.24)

    The last line has three terms because x reaches y by three paths: directly,
    through the mean, and through the variance. It makes dx sum to zero over the
    batch, and also sum(dx * xhat), up to epsilon: moving or stretching all of x
    changes nothing.

    Inference: mean and var are the running averages collected while training, so
    they are constants, the two extra paths are gone, and dx = gamma / std * dy (eq. 2.27).

    Args:
        momentum: how much of a running average remains at each step; 0.99 averages
            over about the last hundred batches (eq. 2.26). As in Keras; PyTorch's is 1 - momentum.
        epsilon: keeps std away from zero.

    The running variance averages the batch's, with 1/m as above, as in Keras. In a discriminator the
    averages also count the fakes of the generator's step, as in PyTorch; a Keras discriminator with
    trainable = False runs in inference mode there, and its averages stay.

    Source: Ioffe & Szegedy 2015, algorithm 1 and the equations of section 3.
    """

    no_tangent = (
        "it mixes the samples of a batch, and a penalty needs the gradient of each sample's output with "
        "respect to that sample alone. Leave batch normalisation out of the discriminator"
    )

    def __init__(self, *, momentum=0.99, epsilon=1e-3, name=None):
        super().__init__(name=name)
        self.momentum = number(self, "momentum", momentum, "[0, 1)")
        self.epsilon = number(self, "epsilon", epsilon, "(0, 0.1)")
        self._xhat = None  # normalised input of the latest forward pass, shape of x
        self._std = None  # what it was divided by, (C,)
        self._training = False  # whether mean and std came from the batch itself

    def compute_output_shape(self, input_shape):
        if len(input_shape) not in (1, 3):
            raise ValueError(f"{self} expects (N, C) or (N, H, W, C), got samples of {input_shape}")
        return input_shape

    def create_params(self):
        C = self.input_shape[-1]
        self.params["gamma"] = np.ones(C, self.dtype)
        self.params["beta"] = np.zeros(C, self.dtype)
        self.state["moving_mean"] = np.zeros(C, self.dtype)
        self.state["moving_variance"] = np.ones(C, self.dtype)

    def require_batch(self, n):
        if n * math.prod(self.input_shape[:-1]) < 2:
            self._batch_size = None  # no output, so no gradient either
            raise ValueError(f"{self} needs at least 2 values per channel to train, got a batch of {n}")

    def forward(self, x, training=False):
        x = self._check_input(x)
        if training:
            self.require_batch(len(x))
            xhat, var = self._batch_statistics(x)
        else:
            xhat, var = x - self.state["moving_mean"], self.state["moving_variance"]
        self._training = training
        self._std = np.sqrt(var + self.dtype.type(self.epsilon))
        xhat /= self._std
        self._xhat = xhat
        y = xhat * self.params["gamma"]
        y += self.params["beta"]
        return y

    def _batch_statistics(self, x):
        """Return x - mean, shape of x, and the variance (C,), and update the running averages."""
        m = x.size // x.shape[-1]
        mean = self._all_reduce_mean(channel_sum(x) / m)
        centred = x - mean
        var = self._all_reduce_mean(channel_sum_of_product(centred, centred) / m)
        for key, now in (("moving_mean", mean), ("moving_variance", var)):
            self.state[key] *= self.dtype.type(self.momentum)
            self.state[key] += self.dtype.type(1 - self.momentum) * now
        return centred, var

    def _all_reduce_mean(self, mean):
        """Return the mean over the whole batch, given that over the samples here: normally the same.

        In data-parallel training each replica has a part of the batch; see models/data_parallel.py.
        """
        return mean

    def _sums(self, dy):
        """Return dbeta and dgamma, each (C,)."""
        return channel_sum(dy), channel_sum_of_product(dy, self._xhat)

    def parameter_gradients(self, dy):
        self._add(*self._sums(self._check_gradient(dy)))

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        return self._dx(dy, *self._sums(dy))

    def backward(self, dy):
        dy = self._check_gradient(dy)
        dbeta, dgamma = self._sums(dy)  # both answers need these two sums
        self._add(dbeta, dgamma)
        return self._dx(dy, dbeta, dgamma)

    def _add(self, dbeta, dgamma):
        self.grads["beta"] += dbeta
        self.grads["gamma"] += dgamma

    def _dx(self, dy, dbeta, dgamma):
        scale = self.params["gamma"] / self._std
        if not self._training:
            return dy * scale
        m = dy.size // dy.shape[-1]
        mean_dy, mean_dy_xhat = self._all_reduce_mean(np.stack((dbeta, dgamma)) / m)
        dx = self._xhat * -mean_dy_xhat
        dx += dy
        dx -= mean_dy
        dx *= scale
        return dx

    def config(self):
        return {"momentum": self.momentum, "epsilon": self.epsilon}
