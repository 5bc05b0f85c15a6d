"""Losses: values by hand, logits of a thousand, and targets that do not fit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from numpygan import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    MeanAbsoluteError,
    MeanSquaredError,
    Sigmoid,
)
from numpygan.losses import Loss

EVERY = [MeanSquaredError, MeanAbsoluteError, BinaryCrossEntropyFromLogits, BinaryCrossEntropy]
DTYPES = [np.float32, np.float64]


def run(loss, y, target, dtype=np.float64):
    """Return L and dy."""
    return loss.forward(np.array(y, dtype), target), loss.backward()


def test_mean_squared_error_by_hand():
    # y - t = [[1, 0], [-2, 0]]:  L = (1 + 4) / 4,  dy = 2 (y - t) / 4
    L, dy = run(MeanSquaredError(), [[1, 2], [3, 4]], [[0, 2], [5, 4]])
    assert L == 1.25
    np.testing.assert_array_equal(dy, [[0.5, 0], [-1, 0]])


def test_mean_absolute_error_by_hand():
    # the same differences:  L = (1 + 2) / 4,  dy = sign(y - t) / 4, and 0 where y = t
    L, dy = run(MeanAbsoluteError(), [[1, 2], [3, 4]], [[0, 2], [5, 4]])
    assert L == 0.75
    np.testing.assert_array_equal(dy, [[0.25, 0], [-0.25, 0]])


def test_binary_cross_entropy_by_hand():
    # p = 3/4, t = 1: -log(3/4);   p = 1/4, t = 0: -log(3/4);   p = 1/2: log 2, whatever t is
    L, dy = run(BinaryCrossEntropy(), [[0.75], [0.25], [0.5]], [[1], [0], [0.3]])
    assert L == pytest.approx((2 * math.log(4 / 3) + math.log(2)) / 3, rel=1e-14)
    # (p - t) / (p (1 - p)) / 3:  -1/4 / (3/16) = -4/3;  4/3;  0.2 / 0.25 = 0.8
    np.testing.assert_allclose(dy, [[-4 / 9], [4 / 9], [0.8 / 3]], rtol=1e-14)


def test_binary_cross_entropy_from_logits_by_hand():
    # sigmoid(log 3) = 3/4, so these are the probabilities of the test above.
    L, dy = run(BinaryCrossEntropyFromLogits(), [[math.log(3)], [-math.log(3)], [0]], [[1], [0], [0.3]])
    assert L == pytest.approx((2 * math.log(4 / 3) + math.log(2)) / 3, rel=1e-14)
    # (p - t) / 3
    np.testing.assert_allclose(dy, [[-0.25 / 3], [0.25 / 3], [0.2 / 3]], rtol=1e-14)


@pytest.mark.parametrize("dtype", DTYPES)
def test_logits_of_a_thousand(dtype):
    # Utterly sure and right: L = 0, dy = 0. Utterly sure and wrong: L = |z|, dy = -+1/N.
    z = [[1000], [-1000], [1000], [-1000]]
    L, dy = run(BinaryCrossEntropyFromLogits(), z, [[1], [0], [0], [1]], dtype)
    assert L == (0 + 0 + 1000 + 1000) / 4
    np.testing.assert_array_equal(dy, [[0], [0], [0.25], [-0.25]])


@pytest.mark.parametrize("dtype", DTYPES)
def test_sigmoid_then_cross_entropy_at_a_thousand_stays_finite_but_learns_nothing(dtype):
    sigmoid = Sigmoid().build((1,), dtype=dtype)
    loss = BinaryCrossEntropy()
    p = sigmoid.forward([[1000], [-1000]])
    L, dy = run(loss, p, [[0], [1]], dtype)  # both wrong
    assert L == pytest.approx(-math.log(1e-7), rel=0.02)  # the clip, 16.1, instead of 1000
    assert np.isfinite(dy).all() and dy[0, 0] > 0 > dy[1, 0]
    np.testing.assert_array_equal(sigmoid.input_gradient(dy), [[0], [0]])


@pytest.mark.parametrize("dtype, limit, rtol", [(np.float32, 4, 2e-5), (np.float64, 10, 1e-11)])
def test_both_forms_of_cross_entropy_agree_for_moderate_logits(dtype, limit, rtol):
    rng = np.random.default_rng(0)
    z = rng.uniform(-limit, limit, (50, 2)).astype(dtype)
    t = rng.random((50, 2)).astype(dtype)
    fused, dz = run(BinaryCrossEntropyFromLogits(), z, t, dtype)
    sigmoid = Sigmoid().build((2,), dtype=dtype)
    apart, dp = run(BinaryCrossEntropy(), sigmoid.forward(z), t, dtype)
    assert fused == pytest.approx(apart, rel=rtol)
    np.testing.assert_allclose(sigmoid.input_gradient(dp), dz, rtol=rtol, atol=rtol * 0.01)


def test_probabilities_of_zero_and_one():
    L, dy = run(BinaryCrossEntropy(), [[0], [1]], [[0], [1]])
    assert 0 < L < 2e-7
    L, dy = run(BinaryCrossEntropy(), [[0], [1]], [[1], [0]])
    assert L == pytest.approx(-math.log(1e-7), rel=1e-6)
    np.testing.assert_allclose(dy, [[-0.5e7], [0.5e7]], rtol=1e-6)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("dtype", DTYPES)
def test_one_number_is_a_target_for_all(kind, dtype):
    y = np.random.default_rng(1).uniform(0.1, 0.9, (4, 3)).astype(dtype)
    one, many = kind(), kind()
    for target in (1, 0.0, 0.9, True, np.float64(0.3)):
        assert one.forward(y, target) == pytest.approx(many.forward(y, np.full(y.shape, target)), rel=1e-6)
        dy = one.backward()
        np.testing.assert_allclose(dy, many.backward(), rtol=1e-5)
        assert dy.dtype == dtype and dy.shape == y.shape


@pytest.mark.parametrize("kind", EVERY)
def test_a_mean_does_not_grow_with_the_batch_and_its_gradient_shrinks(kind):
    y, t = np.random.default_rng(2).uniform(0.1, 0.9, (2, 4, 3))
    L, dy = run(kind(), y, t)
    L2, dy2 = run(kind(), np.concatenate([y, y]), np.concatenate([t, t]))
    assert L2 == pytest.approx(L, rel=1e-14)
    np.testing.assert_allclose(dy2, np.concatenate([dy, dy]) / 2, rtol=1e-14)


@pytest.mark.parametrize("kind", EVERY)
def test_the_callers_arrays_are_left_alone(kind):
    y, t = np.random.default_rng(3).uniform(0.1, 0.9, (2, 4, 3))
    y.flags.writeable = t.flags.writeable = False
    loss = kind()
    loss.forward(y, t)
    dy = loss.backward()
    again = loss.backward()
    np.testing.assert_array_equal(dy, again)
    assert not np.shares_memory(dy, y) and not np.shares_memory(dy, t) and not np.shares_memory(dy, again)


ARRAYS = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)


def pairs(low, high):
    """Two arrays of one shape with values between low and high."""
    return ARRAYS.flatmap(
        lambda shape: st.tuples(*[hnp.arrays(np.float64, shape, elements=st.floats(low, high))] * 2)
    )


@pytest.mark.parametrize("kind", [MeanSquaredError, MeanAbsoluteError])
@given(pair=pairs(-1e6, 1e6))
def test_distances_are_symmetric_and_zero_only_at_home(kind, pair):
    y, t = pair
    L = kind().forward(y, t)
    assert L >= 0 and L == kind().forward(t, y)
    assert kind().forward(y, y) == 0
    # (squares below 1e-160 vanish)
    assert L > 0 or np.abs(y - t).max() < 1e-150


@given(pair=pairs(-1, 1))
def test_cross_entropy_is_symmetric_and_at_least_the_targets_entropy(pair):
    z, t = 50 * pair[0], np.abs(pair[1])
    loss = BinaryCrossEntropyFromLogits()
    L, dy = run(loss, z, t)
    mirrored, dy_mirrored = run(loss, -z, 1 - t)
    assert L == pytest.approx(mirrored, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(dy_mirrored, -dy, rtol=1e-12, atol=1e-16)
    # -t log t - (1 - t) log(1 - t) is the least any prediction can reach.
    s = np.clip(t, 1e-300, 1 - 1e-16)
    entropy = (-s * np.log(s) - (1 - s) * np.log1p(-s)).mean()
    assert L >= 0 and L >= entropy - 1e-12


@given(pair=pairs(0, 1))
def test_cross_entropy_of_probabilities_is_not_negative(pair):
    p, t = pair
    loss = BinaryCrossEntropy()
    L, dy = run(loss, p, t)
    assert L >= 0 and np.isfinite(L) and np.isfinite(dy).all()
    mirrored, _ = run(loss, 1 - p, 1 - t)
    assert L == pytest.approx(mirrored, rel=1e-6, abs=1e-12)


def test_real_and_fake_are_minus_log_of_d():
    z = np.random.default_rng(4).standard_normal((6, 1))
    D = 1 / (1 + np.exp(-z))
    loss = BinaryCrossEntropyFromLogits()
    assert loss.forward(z, 1) == pytest.approx(-np.log(D).mean(), rel=1e-13)
    assert loss.forward(z, 0) == pytest.approx(-np.log(1 - D).mean(), rel=1e-13)


@pytest.mark.parametrize("kind", EVERY)
def test_a_loss_is_a_python_float_and_nan_shows(kind):
    assert type(kind().forward(np.full((3, 1), 0.5, np.float32), 1)) is float
    assert math.isnan(kind().forward(np.array([[0.5], [np.nan]]), 1))


@pytest.mark.parametrize("kind", EVERY)
def test_labels_without_the_second_axis_are_refused(kind):
    # (4, 1) - (4,) would broadcast to (4, 4).
    loss = kind()
    with pytest.raises(ValueError) as error:
        loss.forward(np.full((4, 1), 0.5), np.ones(4))
    assert str(error.value) == (
        f"{kind.__name__}: prediction is (4, 1), so target must be too, or one number; got (4,)"
    )
    with pytest.raises(ValueError, match=r"call forward\(y, target\) before backward"):
        loss.backward()


@pytest.mark.parametrize("kind", EVERY)
def test_a_refused_target_leaves_the_last_forward_pass_in_place(kind):
    loss = kind()
    y = np.full((4, 1), 0.25)
    loss.forward(y, 1)
    dy = loss.backward()
    with pytest.raises(ValueError):
        loss.forward(np.full((2, 1), 0.5), np.ones(3))
    np.testing.assert_array_equal(loss.backward(), dy)
    if issubclass(kind, (BinaryCrossEntropy, BinaryCrossEntropyFromLogits)):
        with pytest.raises(ValueError):
            loss.forward(np.full((2, 1), 0.5), 2)
        np.testing.assert_array_equal(loss.backward(), dy)


@pytest.mark.parametrize("kind", EVERY)
def test_predictions_and_targets_of_a_wrong_type(kind):
    y = np.full((4, 1), 0.5)
    for bad, got in (
        (np.ones((4, 1), int), "int"),
        (np.ones((4, 1), bool), "bool"),
        (y + 0j, "complex128"),
    ):
        with pytest.raises(
            TypeError, match=f"{kind.__name__} expects a prediction of floats, got dtype {got}"
        ):
            kind().forward(bad, 1)
    for bad, got in ((None, "object"), ("real", "<U4"), (1j, "complex128")):
        with pytest.raises(
            TypeError, match=f"{kind.__name__} expects a target of real numbers, got dtype {got}"
        ):
            kind().forward(y, bad)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("shape", [(), (0,), (0, 3)])
def test_predictions_without_a_sample(kind, shape):
    with pytest.raises(ValueError) as error:
        kind().forward(np.zeros(shape), 1)
    assert str(error.value) == (
        f"{kind.__name__} expects a prediction (N, ...) of at least one sample, got {shape}"
    )


@pytest.mark.parametrize("kind", [BinaryCrossEntropyFromLogits, BinaryCrossEntropy])
def test_targets_outside_the_unit_interval(kind):
    with pytest.raises(ValueError) as error:
        kind().forward(np.full((2, 1), 0.5), [[-1], [1]])
    assert str(error.value) == f"{kind.__name__} expects a target in [0, 1], got values from -1 to 1"
    with pytest.raises(ValueError, match=f"{kind.__name__}: the target has NaN in it"):
        kind().forward(np.full((2, 1), 0.5), [[np.nan], [1]])


def test_logits_are_no_probabilities():
    with pytest.raises(ValueError) as error:
        BinaryCrossEntropy().forward(np.array([[0.5], [3.0]]), 1)
    assert str(error.value) == "BinaryCrossEntropy expects a prediction in [0, 1], got values from 0.5 to 3"


def test_a_loss_of_ones_own():
    class MeanFourthPower(Loss):
        def values(self, y, t):
            return (y - t) ** 4

        def derivatives(self, y, t):
            return 4 * (y - t) ** 3

    L, dy = run(MeanFourthPower(), [[1], [-2]], 0)
    assert L == (1 + 16) / 2
    np.testing.assert_array_equal(dy, [[2], [-16]])
    with pytest.raises(TypeError, match=r"Loss must define values\(y, t\)"):
        Loss().forward(np.ones(2), 1)
