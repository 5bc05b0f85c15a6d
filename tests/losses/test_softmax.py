"""Softmax cross-entropy: values by hand, logits of a thousand, and targets that do not fit."""

import math

import numpy as np
import pytest

from numpygan import BinaryCrossEntropyFromLogits, SoftmaxCrossEntropy, check_loss
from numpygan.losses import log_softmax


def run(y, target, dtype=np.float64):
    """Return L and dy."""
    loss = SoftmaxCrossEntropy()
    return loss.forward(np.array(y, dtype), target), loss.backward()


def test_by_hand():
    # exp of the logits: (1, 2, 1) and (3, 3, 4), so p = (1/4, 1/2, 1/4) and (3/10, 3/10, 4/10)
    L, dy = run(np.log([[1, 2, 1], [3, 3, 4]]), [1, 2])
    assert L == pytest.approx((math.log(2) + math.log(10 / 4)) / 2, rel=1e-14)
    np.testing.assert_allclose(dy, [[1 / 8, -1 / 4, 1 / 8], [3 / 20, 3 / 20, -6 / 20]], rtol=1e-13)


def test_two_classes_are_the_binary_cross_entropy_of_the_difference():
    rng = np.random.default_rng(0)
    y, t = rng.standard_normal((7, 2)), rng.integers(0, 2, 7)
    L, dy = run(y, t)
    binary = BinaryCrossEntropyFromLogits()
    assert L == pytest.approx(binary.forward(y[:, 1:] - y[:, :1], t[:, np.newaxis]), rel=1e-13)
    np.testing.assert_allclose(dy[:, 1:], binary.backward(), rtol=1e-12)


def test_one_number_more_for_all_changes_nothing_and_gradients_add_up_to_nothing():
    rng = np.random.default_rng(1)
    y, t = rng.standard_normal((5, 4)), rng.integers(0, 4, 5)
    (L, dy), (L2, dy2) = run(y, t), run(y + 30, t)
    assert L == pytest.approx(L2, rel=1e-12)
    np.testing.assert_allclose(dy, dy2, atol=1e-14)
    np.testing.assert_allclose(dy.sum(axis=1), 0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_a_thousand(dtype):
    L, dy = run([[1000, -1000, 0], [-1000, 1000, 0]], [0, 0], dtype)  # right, and wrong
    assert L == 1000  # (0 + 2000) / 2
    np.testing.assert_array_equal(dy, [[0, 0, 0], [-0.5, 0.5, 0]])
    assert dy.dtype == dtype


def test_equal_logits_are_worth_log_k():
    for dtype in (np.int8, np.uint8, np.int64):
        L, _ = run(np.full((3, 10), 7), np.array([0, 4, 9], dtype))
        assert L == pytest.approx(math.log(10), rel=1e-14)


def test_log_softmax_is_the_logarithm_of_shares_that_add_up_to_one():
    x = 50 * np.random.default_rng(2).standard_normal((6, 2, 5))
    np.testing.assert_allclose(np.exp(log_softmax(x)).sum(axis=-1), 1, rtol=1e-13)
    np.testing.assert_allclose(np.diff(log_softmax(x)), np.diff(x), rtol=1e-9)


def test_the_checker_catches_a_gradient_without_the_one_hot():
    class Forgetful(SoftmaxCrossEntropy):
        def backward(self):
            return np.exp(self._y) / len(self._y)

    y, t = np.random.default_rng(3).standard_normal((4, 3)), np.array([0, 2, 1, 1])
    assert check_loss(SoftmaxCrossEntropy(), y, t).ok
    assert not check_loss(Forgetful(), y, t).ok


def test_the_callers_arrays_are_left_alone():
    y, t = np.random.default_rng(4).standard_normal((4, 3)), np.array([0, 2, 1, 1])
    y.flags.writeable = t.flags.writeable = False
    loss = SoftmaxCrossEntropy()
    loss.forward(y, t)
    np.testing.assert_array_equal(loss.backward(), loss.backward())
    assert math.isnan(loss.forward(np.where(y > 0, y, np.nan), t))


@pytest.mark.parametrize(
    ("y", "target", "error", "message"),
    [
        (
            np.zeros((3, 4)),
            np.eye(4)[:3],
            TypeError,
            "float logits and integer classes, got float64 and float64",
        ),
        (np.zeros((3, 4), int), [0, 1, 2], TypeError, "float logits and integer classes"),
        (np.zeros((3, 4)), np.zeros((3, 4), int), ValueError, r"classes \(N,\), got \(3, 4\) and \(3, 4\)"),
        (np.zeros((3, 4)), 1, ValueError, r"got \(3, 4\) and \(\)"),
        (np.zeros((0, 4)), np.zeros(0, int), ValueError, r"got \(0, 4\)"),
        (np.zeros((3, 4)), [0, 1, 4], ValueError, "classes must be from 0 to 3, got 0 to 4"),
        (np.zeros((3, 4)), [0, 1, -1], ValueError, "got -1 to 1"),
    ],
)
def test_a_refused_target_leaves_the_last_forward_pass_in_place(y, target, error, message):
    loss = SoftmaxCrossEntropy()
    with pytest.raises(ValueError, match="before backward"):
        loss.backward()
    loss.forward(np.eye(3), [0, 1, 2])
    dy = loss.backward()
    with pytest.raises(error, match=message):
        loss.forward(y, target)
    np.testing.assert_array_equal(loss.backward(), dy)
