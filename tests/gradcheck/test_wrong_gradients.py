"""Deliberately wrong layers and losses: each must be caught, and named where it can be."""

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MeanSquaredError,
    ReLU,
    Sequential,
    Tanh,
    check_function,
    check_layer,
    check_loss,
)

X = np.random.default_rng(0).standard_normal((5, 4))


class ZeroBatchNorm(BatchNormalization):
    def input_gradient(self, dy):
        return np.zeros_like(dy)

    def backward(self, dy):
        self.parameter_gradients(dy)
        return self.input_gradient(dy)


class BatchFormula(BatchNormalization):
    """dx of the batch formula, whatever the forward pass used."""

    def forward(self, x, training=False):
        y = super().forward(x, training)
        self._training = True
        return y


class InferenceFormula(BatchNormalization):
    def forward(self, x, training=False):
        y = super().forward(x, training)
        self._training = False
        return y


class GammaForgotten(BatchNormalization):
    def _dx(self, rows, dbeta, dgamma):
        return super()._dx(rows, dbeta, dgamma) / self.params["gamma"]


class TransposedW(Dense):
    def parameter_gradients(self, dy):
        self.grads["W"] += (dy.T @ self._x).reshape(self.params["W"].shape)
        self.grads["b"] += dy.sum(axis=0)


class TransposedInput(Dense):
    def input_gradient(self, dy):
        return dy @ self.params["W"]


class MeanOverBatch(Dense):
    def parameter_gradients(self, dy):
        self.grads["W"] += self._x.T @ dy / len(dy)
        self.grads["b"] += dy.mean(axis=0)


class WithoutBiasGradient(Dense):
    def parameter_gradients(self, dy):
        self.grads["W"] += self._x.T @ dy


class Overwrites(Dense):
    def parameter_gradients(self, dy):
        self.grads["W"][...] = self._x.T @ dy
        self.grads["b"] += dy.sum(axis=0)


class Replaces(Dense):
    def parameter_gradients(self, dy):
        self.grads["W"] += self._x.T @ dy
        self.grads["b"] = dy.sum(axis=0)


class OtherDict(Dense):
    def parameter_gradients(self, dy):
        self.grads = {"W": self.grads["W"], "b": self.grads["b"] + dy.sum(axis=0)}
        self.grads["W"] += self._x.T @ dy


class OneWrongElement(Dense):
    def parameter_gradients(self, dy):
        super().parameter_gradients(dy)
        self.grads["W"][37, 5] += 1e-3 * self._x[:, 37] @ dy[:, 5]


class UpdatesInBackward(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.params["W"] -= 0.1 * self.grads["W"]
        return dx


class AnswersTogether(Dense):
    def input_gradient(self, dy):
        self.parameter_gradients(dy)
        return super().input_gradient(dy)

    def backward(self, dy):
        return self.input_gradient(dy)


class ForgetsB(Dense):
    """Its backward and its two questions disagree."""

    def backward(self, dy):
        self.grads["W"] += self._x.T @ dy
        return self.input_gradient(dy)


class WritesIntoDy(ReLU):
    def input_gradient(self, dy):
        dy[self._y <= 0] = 0
        return dy


class WritesIntoX(ReLU):
    def forward(self, x, training=False):
        self._y = np.maximum(x, 0, out=x)
        self._batch_size = len(x)
        return self._y


class SlopeAtZero(LeakyReLU):
    """Says -1 at x = 0, where the two slopes are 0.01 and 1."""

    def input_gradient(self, dy):
        return np.where(self._y == 0, -dy, super().input_gradient(dy))


class WrongSign(Tanh):
    def input_gradient(self, dy):
        return -super().input_gradient(dy)


class Twice(Tanh):
    def input_gradient(self, dy):
        return 2 * super().input_gradient(dy)


class NoReturn(Tanh):
    def input_gradient(self, dy):
        super().input_gradient(dy)


class Single(Tanh):
    def input_gradient(self, dy):
        return super().input_gradient(dy).astype(np.float32)


class SingleForward(Tanh):
    def forward(self, x, training=False):
        return super().forward(x).astype(np.float32)


class NotFinite(Tanh):
    def input_gradient(self, dy):
        dx = super().input_gradient(dy)
        dx[1, 2] = np.nan
        return dx


class NotFiniteForward(Tanh):
    def forward(self, x, training=False):
        y = super().forward(x)
        y[0, 0] = np.nan
        return y


class SumOverFeatures(Tanh):
    def input_gradient(self, dy):
        return super().input_gradient(dy).sum(axis=1)


class OtherGenerator(Dropout):
    """Draws its mask from a generator that the check cannot wind back."""

    source = np.random.default_rng(3)

    def forward(self, x, training=False):
        x = self._check_input(x)
        self._mask = (self.source.random(x.shape) > self.rate) / (1 - self.rate)
        return x * self._mask


class OtherMask(Dropout):
    """Draws a mask in forward, and another one in input_gradient."""

    def forward(self, x, training=False):
        x = self._check_input(x)
        return x * (self.rng.random(x.shape) >= self.rate) / (1 - self.rate)

    def input_gradient(self, dy):
        return dy * (self.rng.random(dy.shape) >= self.rate) / (1 - self.rate)


class BackwardConsumes(Tanh):
    def input_gradient(self, dy):
        self._y *= self._y
        return dy * (1 - self._y)


class WrongMeanSquare(MeanSquaredError):
    """One factor of its gradient is wrong."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def backward(self):
        return super().backward() * self.factor


@pytest.mark.parametrize(
    "layer, array, cause",
    [
        (ZeroBatchNorm(), "x", "missing"),
        (InferenceFormula(), "x", "the paths through mean and variance are missing"),
        (TransposedW(4), "W", "transposed"),
        (TransposedW(3), "W", "then reshaped from (3, 4) to (4, 3)"),
        (MeanOverBatch(3), "W", "N = 5 times too small"),
        (MeanOverBatch(3), "b", "N = 5 times too small"),
        (WithoutBiasGradient(3), "b", "missing"),
        (TransposedInput(4), "x", "20 of 20 differ"),
        (WrongSign(), "x", "wrong sign"),
        (Twice(), "x", "2 times too large"),
        (NoReturn(), "x", "None"),
        (Single(), "x", "dtype float32"),
        (NotFinite(), "x", "not finite, first at [1, 2]"),
        (SumOverFeatures(), "x", "shape (5,) where (5, 4) was expected"),
        (OtherMask(0.5), "x", "dx differs from call to call: does input_gradient draw its own mask"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value),
)
def test_wrong_gradient_is_caught_and_named(layer, array, cause):
    report = check_layer(layer, X)
    assert not report.ok and not report
    assert report[array].wrong and report[array].verdict == "WRONG"
    notes = [line for line in str(report).splitlines() if line.startswith(f"{array}: ")]
    assert any(cause in note for note in notes), str(report)
    for row in report.rows:
        if row.name != array and not isinstance(layer, MeanOverBatch):
            assert row.verified, str(report)


@pytest.mark.parametrize(
    "layer, sentence",
    [
        (Overwrites(3), "W: backward overwrites grads['W'] instead of adding"),
        (Replaces(3), "b: backward overwrites grads['b'] instead of adding"),
        (OtherDict(3), "grads['b'] is a new array that no optimiser will see"),
        (UpdatesInBackward(3), "backward changes the parameters"),
        (AnswersTogether(3), "input_gradient writes into grads['W']"),
        (ForgetsB(3), "b: parameter_gradients and backward give different gradients"),
        (WritesIntoDy(), "backward writes into dy"),
        (WritesIntoX(), "forward writes into x"),
        (OtherGenerator(0.5), "two forward passes on the same x differ"),
        (SingleForward(), "y: dtype float32"),
        (NotFiniteForward(), "y: not finite, first at [0, 0]"),
        (BackwardConsumes(), "asked twice after one forward pass, returns two different dx"),
    ],
    ids=str,
)
def test_a_broken_contract_is_caught_and_named(layer, sentence):
    report = check_layer(layer, X)
    assert not report.ok
    assert any(sentence in problem for problem in report.problems), str(report)
    assert sentence in str(report)


@pytest.mark.parametrize("seed", range(12))
def test_a_mask_that_is_seldom_another_is_noticed_too(seed):
    layer = OtherGenerator(0.05)
    layer.source = np.random.default_rng(seed)
    (problem,) = check_layer(layer, X).problems
    assert "two forward passes on the same x differ" in problem


def test_right_layers_keep_the_contract():
    for layer in (Dense(3), BatchNormalization(), ReLU(), Tanh(), Dropout(0.5), Flatten()):
        assert check_layer(layer, X).problems == []


def test_all_ones_from_above_are_blind_to_a_batch_norm_that_returns_zero():
    ones = np.ones_like(X)
    report = check_layer(ZeroBatchNorm(), X, dy=ones)
    assert report.ok
    assert "x: all 20 are 0 to within rounding noise" in str(report)
    assert not check_layer(ZeroBatchNorm(), X).ok


@pytest.mark.parametrize("shape", [(5, 4), (3, 2, 4, 3)])
def test_batch_formula_after_an_inference_pass(shape):
    x = np.random.default_rng(1).standard_normal(shape)
    assert check_layer(BatchFormula(), x, training=True).ok
    report = check_layer(BatchFormula(), x, training=False)
    assert "a batch formula after an inference pass" in report["x"].cause


def test_parameters_of_an_unbuilt_layer_are_moved_so_that_a_forgotten_gamma_shows():
    report = check_layer(GammaForgotten(), X)
    assert report["x"].wrong and report["x"].differ == 20
    built = GammaForgotten().build((4,), dtype=np.float64)  # checked where it stands, with gamma = 1
    assert check_layer(built, X).ok


def test_slope_outside_the_two_one_sided_ones():
    x = np.where(np.abs(X) > 1.2, 0, X)
    assert check_layer(LeakyReLU(), x).ok
    report = check_layer(SlopeAtZero(), x)
    zeros = np.flatnonzero(x == 0)
    assert np.ravel_multi_index(report["x"].index, x.shape) in zeros
    assert report["x"].cause == "outside the two one-sided slopes of a kink"
    assert report["x"].kinks == 0


@pytest.mark.parametrize("max_elements", [1000, 5000])
def test_one_wrong_element_in_a_big_array(max_elements):
    x = np.random.default_rng(2).standard_normal((3, 50))
    assert check_layer(Dense(60), x, max_elements=max_elements).ok
    report = check_layer(OneWrongElement(60), x, max_elements=max_elements)
    assert report["W"].index == (37, 5)
    assert report["W"].error == pytest.approx(1e-3, rel=0.01)
    if max_elements == 5000:
        assert "W: 1 of 3,000 differs" in str(report)
    else:
        assert "found by bisection" in report["W"].cause


class Cube(Layer):
    """y = x^3, with dx wrong by one per cent where |x| is small."""

    def __init__(self, small):
        super().__init__()
        self.small = small

    def forward(self, x, training=False):
        self._x = self._check_input(x)
        return self._x**3

    def input_gradient(self, dy):
        return dy * 3 * self._x**2 * np.where(np.abs(self._x) < self.small, 1.01, 1)


def test_small_wrong_element_does_not_hide_behind_large_ones():
    x = np.array([[1000.0, -300.0, 1.0], [20.0, 1e-3, -7.0], [0.5, 0.1, 30.0]])
    assert check_layer(Cube(0), x).ok
    report = check_layer(Cube(0.01), x)
    assert report["x"].index == (1, 1)
    assert report["x"].error == pytest.approx(0.01, rel=0.05)


def test_wrong_layer_in_a_network_is_named():
    network = Sequential([Dense(4), BatchFormula(), LeakyReLU(), MeanOverBatch(6), Tanh()], name="net")
    report = check_layer(network, X, training=False)
    text = str(report)
    assert report["x"].wrong and report["mean_over_batch_1.W"].wrong
    assert "On its own, BatchFormula" in text and "On its own, MeanOverBatch" in text
    assert "On its own, Dense" not in text and "On its own, LeakyReLU" not in text


@pytest.mark.parametrize(
    "factor, cause",
    [
        (0, "missing"),
        (-1, "wrong sign"),
        (1 / 5, "N = 5 times too small: is there a 1/N too many?"),
        (5, "N = 5 times too large: is a 1/N missing?"),
        (15, "y.size = 15 times too large: is a 1/y.size missing?"),
        (3, "(y.size / N) = 3 times too large"),
        (2, "2 times too large"),
        (-0.5, "2 times too small and of the wrong sign"),
    ],
)
def test_wrong_loss_is_caught_and_named(factor, cause):
    y, t = np.random.default_rng(4).standard_normal((2, 5, 3))
    report = check_loss(WrongMeanSquare(factor), y, t)
    assert not report.ok
    assert cause in report["y"].cause


class LossThatWrites(MeanSquaredError):
    def forward(self, y, target):
        y -= target
        return float(np.square(y).mean())


class LossThatDivides(MeanSquaredError):
    """Its backward divides what forward kept, so that a second one is smaller."""

    def forward(self, y, target):
        self._dy = 2 * (y - target)
        return super().forward(y, target)

    def backward(self):
        self._dy /= self._dy.size
        return self._dy


class LossWithoutGradient(MeanSquaredError):
    def backward(self):
        return None


class LossOfNaN(MeanSquaredError):
    def forward(self, y, target):
        super().forward(y, target)
        return float("nan")


@pytest.mark.parametrize(
    "loss, sentence",
    [
        (LossThatWrites(), "writes into y or target"),
        (LossThatDivides(), "returns two different dy"),
        (LossWithoutGradient(), "no gradient was returned (None)"),
        (LossOfNaN(), "the loss: not finite"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_loss_that_breaks_its_contract(loss, sentence):
    if isinstance(loss, LossThatWrites):
        loss._y = loss._t = np.zeros((5, 4))
    report = check_loss(loss, X, 0.5)
    assert not report.ok
    assert sentence in str(report)


class TransposedKernel:
    """L = sum(c * K^2) of a kernel (kh, kw, C_in, C_out), with its axes in disorder."""

    c, K = np.random.default_rng(5).standard_normal((2, 3, 3, 2, 4))

    def value(self):
        return float((self.c * self.K**2).sum())


@pytest.mark.parametrize(
    "spoil, cause",
    [
        (lambda g: g.transpose(1, 0, 2, 3), "axes in the order (1, 0, 2, 3)"),
        (lambda g: g.transpose(0, 1, 3, 2).reshape(g.shape), "order (0, 1, 3, 2), then reshaped"),
        (lambda g: g[::-1, ::-1], "flipped along axes (0, 1)"),
    ],
)
def test_kernel_with_its_axes_in_disorder(spoil, cause):
    kernel = TransposedKernel()
    right = 2 * kernel.c * kernel.K
    assert check_function(kernel.value, {"K": kernel.K}, {"K": right}).ok
    report = check_function(kernel.value, {"K": kernel.K}, {"K": np.ascontiguousarray(spoil(right))})
    assert cause in report["K"].cause


def test_gradient_where_nothing_depends_on_the_array():
    a = np.ones(3)
    report = check_function(lambda: 2.0, {"a": a}, {"a": np.ones(3)})
    assert "does not change the result" in report["a"].cause
