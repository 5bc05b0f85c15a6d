"""Minibatch standard deviation: the discriminator is told how much the samples of a batch differ."""

import numpy as np

from ..validation import number
from .base import Layer


class MinibatchStddev(Layer):
    """One more feature, the same for all samples of the batch: their mean standard deviation.

    x is (N, F) or (N, H, W, C), of K numbers a sample; the sums run over the N samples, separately for
    each of the K places:

        mean = sum(x) / N
        std  = sqrt(sum((x - mean)^2) / N + epsilon)      (K,)
        m    = the mean of std over the K places          one number
        y    = [x, m]                                     (N, F + 1) or (N, H, W, C + 1)    (eq. 3.50)

    A generator that draws the same image again and again can be recognised from any single
    one of them only if that image is bad. From m it is recognised at once.

    For a loss L and dy = dL/dy, let dm be the sum of dy over the added feature. x reaches
    y directly and through m, and since the x - mean of a place sum to zero,

        dx = dy without the added feature  +  dm / (K N) (x - mean) / std    (eq. 3.51)

    Training and inference are the same function, in which D(x) depends on the whole batch: judge
    batches of the size trained with, all real or all fake.

    Args:
        epsilon: keeps std away from zero, where its derivative does not exist.

    Source: Karras et al. 2018, section 3, with the whole batch as one group.
    """

    no_tangent = (
        "it mixes the samples of a batch, and a penalty needs the gradient of each sample's output with "
        "respect to that sample alone. Leave it out of the discriminator"
    )

    def __init__(self, *, epsilon=1e-8, name=None):
        super().__init__(name=name)
        self.epsilon = number(self, "epsilon", epsilon, "(0, 0.1)")
        self._centred = self._std = None  # x - mean and std of the latest forward pass

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def forward(self, x, training=False):
        x = self._check_input(x)
        self._centred = x - x.mean(axis=0)
        variance = np.square(self._centred).mean(axis=0)
        self._std = np.sqrt(variance + self.dtype.type(self.epsilon))
        y = np.empty((len(x), *self.output_shape), self.dtype)
        y[..., :-1] = x
        y[..., -1] = self._std.mean()
        return y

    def input_gradient(self, dy):
        dy = self._check_gradient(dy)
        share = dy[..., -1].sum() / self.dtype.type(self._centred.size)  # dm / (K N)
        dx = self._centred * (share / self._std)
        dx += dy[..., :-1]
        return dx

    def config(self):
        return {"epsilon": self.epsilon}
