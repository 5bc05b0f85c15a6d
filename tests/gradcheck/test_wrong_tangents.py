"""Wrong answers to the third question: each must be caught."""

import numpy as np
import pytest

from numpygan import Conv2D, Dense, Dropout, Flatten, LeakyReLU, Residual, Sequential, Skip, Tanh, check_layer

X = np.random.default_rng(0).standard_normal((5, 4))


class WithBias(Dense):
    def tangent(self, t):
        return super().tangent(t) + self.params["b"]


class ZeroTangent(Dense):
    def tangent(self, t):
        return np.zeros((len(t), self.units))


class WrongShape(Dense):
    def tangent(self, t):
        return super().tangent(t).T


class XForT(Dense):
    """dW = x^T dy, the ordinary rule."""

    def tangent_gradients(self, t, dy):
        self.grads["W"] += self._x.T @ dy


class BiasToo(Dense):
    def tangent_gradients(self, t, dy):
        super().tangent_gradients(t, dy)
        self.grads["b"] += dy.sum(axis=0)


class NoGradient(Dense):
    def tangent_gradients(self, t, dy):
        pass


class NoCurve(Tanh):
    def tangent_gradients(self, t, dy):
        return None


class WholeSlope(LeakyReLU):
    def tangent(self, t):
        return t


class OwnMask(Dropout):
    def tangent(self, t):
        return t * (self.rng.random(t.shape) > self.rate)


class TwoPaths(Residual):
    def tangent(self, t):
        return Sequential.tangent(self, t)


class WrongPart(Skip):
    def tangent_gradients(self, t, dy):
        return Sequential.tangent_gradients(self, t, dy[..., : -self.input_shape[-1]])


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (WithBias(3), "<dy, tangent(t)> and <input_gradient(dy), t> differ"),
        (ZeroTangent(3), "differ"),
        (WrongShape(3), "tangent returns shape (3, 5)"),
        (XForT(3), "tangent_gradients"),
        (BiasToo(3), "tangent_gradients"),
        (NoGradient(3), "tangent_gradients"),
        (NoCurve(), "tangent_gradients"),
        (WholeSlope(), "differ"),
        (OwnMask(0.5), "differ"),
        (TwoPaths([Dense(4)]), "differ"),
        (WrongPart([Dense(4), Tanh()]), "tangent_gradients"),
        (Sequential([Dense(3), NoCurve(), Dense(2)]), "On its own, NoCurve"),
        (Sequential([Dense(3), XForT(2)]), "On its own, XForT"),
    ],
    ids=lambda value: getattr(value, "name", None) or type(value).__name__,
)
def test_caught(layer, said):
    report = check_layer(layer, X)
    assert not report and said in str(report)
    assert all(row.verified for row in report.rows)  # the first two questions are answered rightly


def test_the_right_ones_pass():
    for layer in (
        Dense(3),
        Tanh(),
        LeakyReLU(),
        Dropout(0.5),
        Residual([Dense(4)]),
        Skip([Dense(3), Tanh()]),
        Sequential([Dense(3), Tanh(), Dense(2)]),
    ):
        report = check_layer(layer, X)
        assert report, report
    images = np.random.default_rng(1).standard_normal((3, 4, 4, 2))
    assert check_layer(Sequential([Conv2D(2, 3), Tanh(), Flatten(), Dense(1)]), images)
