"""Spectral normalisation: a layer whose weights stretch nothing by more than a factor of one."""

import contextlib

import numpy as np

from .base import Layer
from .sequential import Sequential

AT_START = 30  # power iterations when the layer is built: enough for sigma to two or three digits


class SpectralNormalization(Sequential):
    """A Dense or convolutional layer that computes with W / s, s being the largest singular value of W.

    W stands for its matrix (in, out), of a convolution (kh*kw*C_in, C_out). With its first
    singular vectors, u (in,) and v (out,) of length one,

        s = u^T W v                      by how much W stretches what it stretches most    (eq. 3.48)
        y = f(x; W / s, b)

    s depends on every weight: ds/dW = u v^T. With G = dL/d(W / s), the gradient that the layer
    computes by itself, the quotient rule gives

        dW = (G - <G, W / s> u v^T) / s    (eq. 3.49)

    Taken for a constant, s would leave G / s. The second term removes from G what would only make W
    larger, which changes nothing.

    u and v follow W by one power iteration, v <- W^T u and u <- W v, each scaled to length one, at the
    end of each forward pass of training. So s is that of the vectors as they were before it; W moves
    little in one step. They are saved with the network, in `state`.

    The s of a convolution's matrix is not exactly by how much the convolution stretches an image,
    but bounds it up to a factor that depends on kernel and stride alone.

    Args:
        layer: the layer, which must have weights "W" (and may have a bias, which is left alone).
        input_shape, rng, dtype: as for `Sequential`.

    Source: Miyato et al. 2018, eqs. 8 to 12 and algorithm 1.
    """

    def __init__(self, layer, input_shape=None, *, rng=None, dtype=np.float32, name=None):
        layers = [layer] if isinstance(layer, Layer) else layer
        if isinstance(layers, (list, tuple)) and len(layers) != 1:
            raise ValueError(f"{type(self).__name__} wraps one layer, got {len(layers)}")
        self._u = self._v = self._s = None  # of the latest forward pass: the gradients need them
        super().__init__(layers, input_shape, rng=rng, dtype=dtype, name=name)

    def add(self, layer):
        raise ValueError(f"{type(self).__name__} wraps one layer, and cannot take {layer} as well")

    @property
    def layer(self):
        """The layer that is wrapped."""
        return self.layers[0]

    @property
    def _key(self):
        return f"{self.layer.name}.W"

    def create_params(self):
        super().create_params()
        if "W" not in self.layer.params:
            raise ValueError(
                f"{self} wraps a layer with weights, such as Dense or Conv2D; {self.layer} has none"
            )
        W = self._matrix()
        v = _unit(self.rng.standard_normal(W.shape[1:], dtype=self.dtype))
        self.state["u"], self.state["v"] = _iterate(W, _unit(W @ v), v, AT_START)

    def _matrix(self):
        W = self.params[self._key]
        return W.reshape(-1, W.shape[-1])

    @contextlib.contextmanager
    def _normalised(self):
        """Within this context, the layer's W is W / s."""
        params = self.layer.params
        self.layer.params = {**params, "W": self.params[self._key] / self._s}
        try:
            yield self.layer
        finally:
            self.layer.params = params

    def forward(self, x, training=False):
        x, W = self._check_input(x), self._matrix()
        u, v = self.state["u"].copy(), self.state["v"].copy()
        Wv = W @ v
        # Either W was replaced (one training step never moves it that far), or u and v are not unit
        # vectors but means of such, as in averaging.py.
        if u @ Wv < 0.5 * np.linalg.norm(Wv) or min(u @ u, v @ v) < 0.999:
            u, v = _iterate(W, u, v, AT_START)
            Wv = W @ v
        self._u, self._v = u, v
        self._s = max(u @ Wv, np.finfo(self.dtype).tiny)  # (eq. 3.48)
        if training:
            self.state["u"][...], self.state["v"][...] = _iterate(W, u, v)
        with self._normalised() as layer:
            return layer.forward(x, training)

    def backward(self, dy):
        self.parameter_gradients(dy)
        return self.input_gradient(dy)

    def input_gradient(self, dy):
        with self._normalised() as layer:
            return layer.input_gradient(dy)

    def parameter_gradients(self, dy):
        self._add_gradients(self.layer.parameter_gradients, dy)

    def tangent(self, t):
        with self._normalised() as layer:
            return layer.tangent(t)

    def tangent_gradients(self, t, dy):
        self._add_gradients(self.layer.tangent_gradients, t, dy)

    def _add_gradients(self, question, *arrays):
        """Ask the layer for G = dL/d(W / s), in place of its dW, and add dW."""
        grads, dW = self.layer.grads, self.layer.grads["W"]
        G = np.zeros_like(dW)
        self.layer.grads = {**grads, "W": G}
        try:
            question(*arrays)
        finally:
            self.layer.grads = grads
        along = np.vdot(G, self.params[self._key]) / self._s  # <G, W / s>
        G -= along * np.outer(self._u, self._v).reshape(G.shape)
        G /= self._s
        dW += G  # (eq. 3.49)


def _iterate(W, u, v, times=1):
    """Return u and v after so many power iterations."""
    for _ in range(times):
        v = _unit(u @ W)  # W^T u
        u = _unit(W @ v)
    return u, v


def _unit(vector):
    """Return a vector scaled to length one; zeros stay zeros."""
    return vector / max(np.linalg.norm(vector), np.finfo(vector.dtype).tiny)
