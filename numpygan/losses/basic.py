"""Loss functions: one number that says how wrong a prediction is, and its gradient.

Every loss is a mean over all elements of the prediction y and its target t. With
M = y.size,

    forward(y, t)  returns  L = 1/M sum c(y, t)
    backward()     returns  dL/dy = 1/M c'(y, t), in the shape of y

The 1/M enters here, once, and every gradient carries it from here down. A target may be
a single number if all elements share it, such as 1 for "real". The exception is
`SoftmaxCrossEntropy`: its target is a class for each sample, and its mean is over samples.
"""

import math

import numpy as np

from ..keras_words import AnswersKeras
from ..layers.activations import sigmoid
from ..validation import plain_array


class Loss(AnswersKeras):
    """A function of prediction and target; subclasses give an element's cost c and its derivative c'."""

    def __init__(self):
        self._y = self._t = None  # prediction and target of the latest forward pass

    def forward(self, y, target):
        """Return the loss as a float.

        y is (N, ...), of floats; the target has its shape or is one number, and is
        converted to y's dtype. Anything else raises TypeError or ValueError.
        """
        self._y, self._t = y, t = self.validate(y, target)
        return float(self.values(y, t).mean())  # (eq. 1.18)

    def validate(self, y, target):
        """Return prediction and target as arrays that `values` can take; errors as in `forward`."""
        kind = type(self).__name__
        y, t = plain_array(kind, "prediction", y), plain_array(kind, "target", target)
        if y.dtype.kind != "f":
            raise TypeError(f"{kind} expects a prediction of floats, got dtype {y.dtype}")
        if t.dtype.kind not in "fiub":
            raise TypeError(f"{kind} expects a target of real numbers, got dtype {t.dtype}")
        if y.ndim == 0 or y.size == 0:
            raise ValueError(f"{kind} expects a prediction (N, ...) of at least one sample, got {y.shape}")
        if t.shape not in ((), y.shape):
            raise ValueError(
                f"{kind}: prediction is {y.shape}, so target must be too, or one number; got {t.shape}"
            )
        t = t.astype(y.dtype, copy=False)
        self.check_values(y, t)
        return y, t

    def backward(self):
        """Return dL/dy for the latest forward pass, in y's shape and dtype."""
        if self._y is None:
            raise ValueError(f"{type(self).__name__}: call forward(y, target) before backward()")
        dy = self.derivatives(self._y, self._t)
        dy /= dy.dtype.type(self.divisor(dy))  # (eq. 1.19)
        return dy

    def divisor(self, y):
        """Return what the sum of c over all elements is divided by: M."""
        return y.size

    def check_values(self, y, t):
        """Raise ValueError for values for which the loss is not defined."""

    def values(self, y, t):
        """Return c(y, t), element by element."""
        raise TypeError(f"{type(self).__name__} must define values(y, t)")

    def derivatives(self, y, t):
        """Return c'(y, t) = dc/dy, element by element, in a new array."""
        raise TypeError(f"{type(self).__name__} must define derivatives(y, t)")


class MeanSquaredError(Loss):
    """c = (y - t)^2,  c' = 2 (y - t)."""

    def values(self, y, t):
        return np.square(y - t)

    def derivatives(self, y, t):
        dy = y - t
        dy *= 2
        return dy


class MeanAbsoluteError(Loss):
    """c = |y - t|,  c' = sign(y - t), and 0 where y = t, between the two slopes."""

    def values(self, y, t):
        return np.abs(y - t)

    def derivatives(self, y, t):
        return np.sign(y - t)


class BinaryCrossEntropyFromLogits(Loss):
    """Binary cross-entropy on a logit l, whose probability is p = sigmoid(l).

        c  = -t log p - (1 - t) log(1 - p)
           = max(l, 0) - t l + log(1 + exp(-|l|))
        c' = p - t

    The second line is the first rewritten so that nothing overflows and no log(0)
    occurs. The gradient could not be simpler: what the network believed minus what was
    true. It does not vanish however wrong the network is, whereas a sigmoid followed by
    a loss on p would multiply it by p (1 - p) = 0.

    Under l -> -l and t -> 1 - t the loss is the same. With t = 1 it is -log D(x), the
    loss of a discriminator on real images and of a generator on its fakes.

    Source: Goodfellow, Bengio & Courville 2016, section 6.2.2.2.
    """

    def check_values(self, y, t):
        _check_unit_interval(self, "target", t)

    def values(self, y, t):
        out = np.log1p(np.exp(-np.abs(y)))  # (eq. 1.24), last term first
        out += np.maximum(y, 0)
        out -= t * y
        return out

    def derivatives(self, y, t):
        dy = sigmoid(y)
        dy -= t  # (eq. 1.23)
        return dy


class BinaryCrossEntropy(Loss):
    """Binary cross-entropy on a probability p, such as a Sigmoid's output.

        c  = -t log p - (1 - t) log(1 - p)
        c' = (p - t) / (p (1 - p))

    p is first clipped to [1e-7, 1 - 1e-7], so that both stay finite at 0 and 1. After
    a saturated sigmoid the gradient is lost all the same: prefer
    `BinaryCrossEntropyFromLogits` wherever the logit is available.
    """

    epsilon = 1e-7

    def check_values(self, y, t):
        _check_unit_interval(self, "prediction", y)
        _check_unit_interval(self, "target", t)

    def values(self, y, t):
        p = self._clip(y)
        return -t * np.log(p) - (1 - t) * np.log1p(-p)  # (eq. 1.20)

    def derivatives(self, y, t):
        p = self._clip(y)
        return (p - t) / (p * (1 - p))  # (eq. 1.21)

    def _clip(self, y):
        return np.clip(y, y.dtype.type(self.epsilon), y.dtype.type(1 - self.epsilon))


def log_softmax(x):
    """Return log p for p = softmax(x), over the last axis, without overflow.

        log p[k] = x[k] - log(sum over j of exp(x[j]))

    Adding the same number to all x[j] changes nothing, so the largest is first made 0.
    """
    x = x - x.max(axis=-1, keepdims=True)
    x -= np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return x


class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of K classes on logits x (N, K), with p = softmax(x).

    For sample n of class t[n], counted from 0,

        L = -1/N sum over n of log p[n, t[n]],    log p[n, k] = x[n, k] - log(sum_j exp(x[n, j]))

    The derivative of log p[n, t] by x[n, k] is 1 where k = t, minus p[n, k] from the
    logarithm of the sum. With onehot[n, k] = 1 where k = t[n], else 0,

        dy = (p - onehot) / N

    which is what the network believed minus what was true, as for two classes.

    The target is the classes as integers (N,), the form in which data sets contain them,
    and not the array onehot, which says the same in K times the space and can be wrong
    in ways that integers cannot.

    Source: Goodfellow, Bengio & Courville 2016, section 6.2.2.3.
    """

    def forward(self, y, target):
        """Return the mean over the samples as a float; y is (N, K), target (N,) integers."""
        y, t = np.asarray(y), np.asarray(target)
        if y.dtype.kind != "f" or t.dtype.kind not in "iu":
            raise TypeError(
                f"SoftmaxCrossEntropy expects float logits and integer classes, got {y.dtype} and {t.dtype}"
            )
        if y.ndim != 2 or y.size == 0 or t.shape != y.shape[:1]:
            raise ValueError(
                f"SoftmaxCrossEntropy expects logits (N, K) and classes (N,), got {y.shape} and {t.shape}"
            )
        if t.min() < 0 or t.max() >= y.shape[1]:
            raise ValueError(
                f"SoftmaxCrossEntropy: classes must be from 0 to {y.shape[1] - 1}, got {t.min()} to {t.max()}"
            )
        self._y, self._t = log_softmax(y), t
        return float(-self._y[np.arange(len(t)), t].mean())

    def backward(self):
        """Return dL/dy for the latest forward pass, (N, K)."""
        if self._y is None:
            raise ValueError("SoftmaxCrossEntropy: call forward(y, target) before backward()")
        dy = np.exp(self._y)  # p
        n = len(dy)
        dy[np.arange(n), self._t] -= 1
        dy /= dy.dtype.type(n)
        return dy


def _check_unit_interval(loss, what, values):
    low, high = (values.min(), values.max()) if values.ndim else (values, values)
    if low < 0 or high > 1:
        raise ValueError(
            f"{type(loss).__name__} expects a {what} in [0, 1], got values from {low:g} to {high:g}"
        )
    if math.isnan(low) and what == "target":
        raise ValueError(f"{type(loss).__name__}: the target has NaN in it")
