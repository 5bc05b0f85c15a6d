"""Conditions: how a network is told the class that it should draw, or judge.

A label of K classes becomes a one-hot code of K numbers, 1 in its place and 0 elsewhere. There are
two ways to tell it to a network, both from outside, so that a layer stays what it is, a
function of one array.

**Before it.** The code stands beside the input, along the last axis: after the noise of a
sample, beside the channels of every pixel of an image. From dx it is cut off again:

    join   z (N, Z), code (N, K)          -> (N, Z + K)
           x (N, H, W, C), code (N, K)    -> (N, H, W, C + K)
    cut    dx (N, ..., C + K)             -> (N, ..., C)           (eq. 3.52)

Joining copies x, so its derivative copies the same part of dx back. The other K columns say
how the label should change, which is of no use: it was asked for.

How large should the 1 be? A unit of the first layer adds up z . w + code . v, with weights w
and v that start alike. Noise of 100 numbers has length 10 and moves the unit by 10 standard
deviations of a weight, a code of length 1 by one: the label is a whisper. Multiplied by a
`scale` near the length of what it stands beside, it is as loud, and may drown the noise.

**After it.** The network returns K logits, one for each class, and the code picks the one
that was asked for, by a dot product. Backwards, only that one is answerable:

    logit = <D(x), code>          (N, 1)
    dy    = dlogit * code         (N, K)                           (eq. 3.53)

Here no label can be overheard: each class has a last layer of its own, on features shared by all.

Sources: Mirza & Osindero 2014, *Conditional generative adversarial nets*, section 3.2;
Miyato & Koyama 2018, *cGANs with projection discriminator*, eq. 3, with <y, V phi> and psi in
one layer: column c of its weights is v_c plus the weights of psi.
"""

import math

import numpy as np


def join(x, code):
    """Return x (N, ..., C) with code (N, K) beside it: (N, ..., C + K)."""
    code = code.reshape(len(code), *[1] * (x.ndim - 2), code.shape[-1])
    beside = np.broadcast_to(code, (*x.shape[:-1], code.shape[-1]))
    return np.concatenate([x, beside], axis=-1)


def cut(dx, classes):
    """Return dx (N, ..., C + K) without what belongs to the code of K classes: (N, ..., C)."""
    return dx[..., :-classes]


class JudgeToldBefore:
    """A discriminator that sees the label: (N, H, W, C + K), or flat (N, H * W * C + K), to one logit.

    It is used like a network with two inputs, of which `input_gradient` returns that of x.
    """

    def __init__(self, network, classes, scale):
        self.network, self.classes, self.scale = network, classes, scale
        self.given = self._shape = None  # of the latest forward pass: what the network was given, x.shape

    def forward(self, x, code, training=False):
        self.given, self._shape = self._joined(x, code), np.shape(x)
        return self.network.forward(self.given, training=training)

    def predict(self, x, code):
        return self.network.predict(self._joined(x, code))

    def _joined(self, x, code):
        x = np.asarray(x)
        if len(self.network.input_shape) == 1:
            x = x.reshape(len(x), -1)  # (N, H, W, C) -> (N, H * W * C)
        return join(x, self.scale * code)

    def output_gradient(self, dlogit):
        """Return dy, the gradient of what the network itself returned."""
        return dlogit

    def input_gradient(self, dlogit):
        dx = self.network.input_gradient(dlogit)  # of image and label
        return cut(dx, self.classes).reshape(self._shape)  # (eq. 3.52)


class JudgeToldAfter:
    """A discriminator that has a logit for each class, (N, H, W, C) to (N, K), of which the label picks one.

    It is used like a network with two inputs, of which `input_gradient` returns that of x.
    """

    def __init__(self, network):
        self.network = network
        self.given = self._code = None  # of the latest forward pass

    def forward(self, x, code, training=False):
        self.given, self._code = x, code
        return _dot(self.network.forward(x, training=training), code)

    def predict(self, x, code):
        return _dot(self.network.predict(x), code)

    def output_gradient(self, dlogit):
        """Return dy, the gradient of what the network itself returned."""
        return dlogit * self._code  # (N, 1) -> (N, K)  (eq. 3.53)

    def input_gradient(self, dlogit):
        return self.network.input_gradient(self.output_gradient(dlogit))


def _dot(logits, code):
    return (logits * code).sum(axis=1, keepdims=True)  # (N, K) -> (N, 1)  (eq. 3.53)


def judge_for(D, image_shape, classes, scale):
    """Return the judge that a discriminator's shapes make of it, or raise ValueError."""
    *inner, C = image_shape
    beside, flat = (*inner, C + classes), (math.prod(image_shape) + classes,)
    if D.input_shape == tuple(image_shape) and D.output_shape == (classes,):
        return JudgeToldAfter(D)
    if D.input_shape in (beside, flat) and D.output_shape == (1,):
        return JudgeToldBefore(D, classes, scale)
    raise ValueError(
        f"the discriminator must take images {tuple(image_shape)} to {classes} logits, one for each class, "
        f"or images with a label beside them, {beside} or {flat}, to one: not {D.input_shape} to "
        f"{D.output_shape}"
    )
