"""The checks themselves: what they leave alone, what they refuse, kinks, noise, shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numpygan import (
    BatchNormalization,
    BinaryCrossEntropy,
    Dense,
    Dropout,
    Layer,
    LeakyReLU,
    MeanAbsoluteError,
    MeanSquaredError,
    ReLU,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    check_function,
    check_layer,
    check_loss,
)
from numpygan.gradcheck.compare import relative_error
from numpygan.gradcheck.numeric import Direction, Element, Objective, central, refine

X = np.random.default_rng(0).standard_normal((5, 4))


def blocks():
    return [Dense(6), BatchNormalization(), LeakyReLU(), Dropout(0.3), Dense(3)]


# --- what is left alone ---------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("training", [True, False])
def test_a_built_network_and_x_stay_as_they_are(dtype, training):
    network = Sequential(blocks(), input_shape=(4,), rng=1, dtype=dtype)
    x = X.astype(dtype)
    y = network.forward(x, training)
    network.backward(np.ones_like(y))
    arrays = [network.flat_params, network.flat_grads, x, *network.state.values()]
    before = [array.copy() for array in arrays]
    rng_before = network.rng.bit_generator.state
    assert check_layer(network, x, training=training).ok
    assert all(np.array_equal(array, values) for array, values in zip(arrays, before))
    assert all(array.dtype == values.dtype for array, values in zip(arrays, before))
    assert network.rng.bit_generator.state == rng_before
    assert np.array_equal(network.backward(np.ones_like(y)), network.backward(np.ones_like(y)))


def test_an_unbuilt_layer_stays_unbuilt():
    layer = Dense(3)
    assert check_layer(layer, X).ok
    assert layer.input_shape is None and not layer.params


def test_dy_stays_as_it_is():
    dy = np.random.default_rng(1).standard_normal((5, 4))
    before = dy.copy()
    assert check_layer(ReLU(), X, dy=dy).ok
    assert np.array_equal(dy, before)


def test_classes_may_be_unsigned_as_in_the_files_of_data_sets():
    assert check_loss(SoftmaxCrossEntropy(), X, np.array([0, 1, 3, 2, 0], np.uint8)).ok


def test_a_loss_and_its_arrays_stay_as_they_are():
    loss, y, t = MeanSquaredError(), X.copy(), X + 1
    loss.forward(y[:2], 0)
    before = loss.backward()
    assert check_loss(loss, y, t).ok
    assert np.array_equal(loss.backward(), before)
    assert np.array_equal(y, X) and np.array_equal(t, X + 1)


def test_check_function_puts_arrays_and_layers_back_also_after_an_error():
    network = Sequential(blocks(), input_shape=(4,), rng=1, dtype=np.float64)
    params, rng_state = network.flat_params.copy(), network.rng.bit_generator.state
    state = {key: array.copy() for key, array in network.state.items()}
    loss, calls = MeanSquaredError(), 0

    def f():
        nonlocal calls
        calls += 1
        if calls == 20:
            raise RuntimeError("in the middle")
        return loss.forward(network.forward(X, training=True), 0)

    def gradients():
        network.zero_grad()
        network.parameter_gradients(loss.backward())
        return {"network": network.flat_grads}

    with pytest.raises(RuntimeError, match="in the middle"):
        check_function(f, {"network": network.flat_params}, gradients, layers=[network])
    assert np.array_equal(network.flat_params, params)
    assert check_function(f, {"network": network.flat_params}, gradients, layers=[network]).ok
    assert np.array_equal(network.flat_params, params)
    assert all(np.array_equal(network.state[key], state[key]) for key in state)
    assert network.rng.bit_generator.state == rng_state


def test_without_its_layers_a_function_with_dropout_does_not_repeat():
    network = Sequential([Dropout(0.5), Dense(1)], input_shape=(4,), rng=1, dtype=np.float64)

    def f():
        return network.forward(X, training=True).sum()

    arrays = {"network": network.flat_params}
    report = check_function(f, arrays, arrays)
    assert not report.ok and report.rows == []
    assert "differ" in report.problems[0]


def test_the_global_random_state_is_neither_read_nor_moved():
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    first = str(check_layer(Sequential(blocks()), X))
    assert np.array_equal(np.random.get_state()[1], before)
    np.random.seed(2)
    assert str(check_layer(Sequential(blocks()), X)) == first


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: check_layer(MeanSquaredError(), X), TypeError, "check_layer expects a Layer"),
        (lambda: check_layer(Dense(3), X.astype(complex)), ValueError, "x must be an array"),
        (lambda: check_layer(Dense(3), np.where(X > 1, np.nan, X)), ValueError, "x must be finite"),
        (lambda: check_layer(Dense(3), 1.0), ValueError, r"x must be an array \(N, ...\)"),
        (lambda: check_layer(Dense(3), np.ones((5, 2, 2))), ValueError, "add Flatten"),
        (lambda: check_layer(Tanh(), X, dy=np.ones(4)), ValueError, r"got \(4,\)"),
        (lambda: check_layer(Tanh(), X, tolerance=0), ValueError, "tolerance must be"),
        (lambda: check_loss(MeanSquaredError(), X, X[:2]), ValueError, "target must be too"),
        (lambda: check_loss(MeanSquaredError(), 1.0, 1), ValueError, "y must be an array"),
        (
            lambda: check_loss(BinaryCrossEntropy(), np.zeros((3, 1)), 1),
            ValueError,
            "further inside its range",
        ),
        (lambda: check_function(lambda: 1.0, X, X), TypeError, "must be a dict"),
        (lambda: check_function(lambda: 1.0, {"a": [1.0]}, {}), TypeError, "array, got list"),
        (lambda: check_function(lambda: 1.0, {"a": X.astype("f")}, {}), TypeError, "float32"),
        (lambda: check_function(lambda: 1.0, {"a": X}, {"b": X}), ValueError, "gradients for"),
        (lambda: check_function(lambda: X, {"a": X}, {"a": X}), ValueError, "one number"),
    ],
)
def test_bad_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_report_is_true_where_all_is_well():
    assert check_layer(Tanh(), X)
    report = check_layer(Tanh(), X)
    assert report.worst == report["x"].error <= 1e-7
    assert report.checked == report["x"].checked == 20
    assert str(report).startswith("Tanh(), x (5, 4), training: ok\n")


# --- kinks ----------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [ReLU(), LeakyReLU(), LeakyReLU(0.2)], ids=str)
@pytest.mark.parametrize("zeros", [1, 3])
def test_kinks_are_counted(layer, zeros):
    x = X.copy()
    x.flat[:zeros] = 0
    report = check_layer(layer, x)
    assert report.ok and report["x"].kinks == zeros
    assert f"x: {zeros} of 20 at a kink" in str(report)


@pytest.mark.parametrize(
    "report",
    [check_layer(ReLU(), np.zeros((3, 4))), check_loss(MeanAbsoluteError(), X, X)],
    ids=["ReLU", "MeanAbsoluteError"],
)
def test_where_all_is_kinks_nothing_is_verified(report):
    assert not report.ok and not report
    assert report.verdict == "not verified" and "not verified" in str(report)
    assert not report.worst <= 1e-7


@pytest.mark.parametrize("distance", [1e-15, 1e-9, 1e-7, 1e-6, 5e-6])
def test_a_kink_close_by_is_told_from_a_wrong_gradient(distance):
    x = X.copy()
    x[1, 2], x[3, 0] = distance, -distance
    report = check_layer(LeakyReLU(0.2), x)
    assert report.ok and report.worst <= 1e-7, str(report)

    class Half(LeakyReLU):
        def input_gradient(self, dy):
            dx = super().input_gradient(dy)
            return np.where(self._y == distance, 1.5 * dx, dx)

    if distance > 1e-9:  # closer, no measurement can tell it from the kink itself
        assert check_layer(Half(0.2), x)["x"].index == (1, 2)


def test_kinks_inside_a_network():
    first = Dense(4)
    network = Sequential([first, ReLU(), Dense(3)], input_shape=(4,), rng=1, dtype=np.float64)
    first.params["b"][0] = -(X[2] @ first.params["W"][:, 0])  # one ReLU exactly at its kink
    report = check_layer(network, X)
    assert report.ok, str(report)
    assert report["dense_1.b"].kinks == 1 and report["x"].kinks == 4


# --- numeric derivatives --------------------------------------------------------------


def objective(f, *arrays):
    return Objective(f, 1.0, list(arrays), np.random.default_rng(0))


@pytest.mark.parametrize("a", [1e-3, 0.3, 30.0, 1e4])
def test_central_and_refined_derivatives_of_a_power(a):
    array = np.array([a])
    L = objective(lambda: array[0] ** 3, array)
    n, noise, _ = central(L, Element(array, 0))
    fine = refine(L, Element(array, 0))
    h = Element(array, 0).step
    assert abs(n - 3 * a**2) <= h**2 + noise  # f''' h^2 / 6
    assert not fine.kink and abs(fine.low - 3 * a**2) <= fine.noise
    assert fine.noise < 1e-7 * max(1, 3 * a**2)
    assert array[0] == a


def test_refine_sees_both_slopes_of_a_kink():
    array = np.array([0.0, 1.0])
    L = objective(lambda: max(3 * array[0], -0.5 * array[0]) + array[1], array)
    found = refine(L, Element(array, 0))
    assert found.kink
    assert found.low == pytest.approx(-0.5, abs=1e-9) and found.high == pytest.approx(3, abs=1e-9)
    assert not refine(L, Element(array, 1)).kink


def test_a_jump_is_no_kink():
    array = np.array([0.0])
    L = objective(lambda: float(array[0] > 0), array)
    assert not refine(L, Element(array, 0)).kink
    for gradient in (0.5, 0.0):
        report = check_function(lambda: float(array[0] > 0), {"a": array}, {"a": np.array([gradient])})
        assert "the forward pass jumps" in report["a"].cause


def test_outputs_that_do_not_depend_on_what_is_moved_cancel_exactly():
    x = np.array([1e12, 0.5])
    L = Objective(lambda: x * x, np.array([1.0, 1.0]), [x], np.random.default_rng(0))
    n, noise, _ = central(L, Element(x, 1))
    assert abs(n - 1) < 1e-9 and noise < 1e-9


def test_noise_is_measured_not_guessed():
    """In sin(x / 3 + 1e6 a) six digits are lost on the way, which y alone does not show."""
    x, a = np.array([0.3]), np.array([1.1])
    plain = central(objective(lambda: np.sin(x[0]), x), Element(x, 0))
    lossy = central(objective(lambda: np.sin(x[0] / 3 + 1e6 * a[0]), x, a), Element(x, 0))
    assert abs(plain[0] - np.cos(0.3)) <= plain[1] < 1e-9
    assert 1e-7 < abs(lossy[0] - np.cos(0.1 + 1e6 * 1.1) / 3) <= lossy[1] < 1e-3


def test_direction_is_the_sum_over_its_elements():
    a = np.random.default_rng(1).standard_normal((4, 5))
    L = objective(lambda: np.sum(a**2), a)
    before = a.copy()
    line = Direction(a, np.arange(20), np.random.default_rng(2))
    n, _, _ = central(L, line)
    assert np.array_equal(a, before)
    assert n == pytest.approx(line.analytic(2 * a), rel=1e-8)
    one = Direction(a, np.array([7]), np.random.default_rng(2))
    scale = max(1, 2.0 ** np.frexp(a.flat[7])[1])
    assert abs(one.analytic(2 * a)) == pytest.approx(abs(2 * a.flat[7]) * scale)


@pytest.mark.parametrize(
    "a, n, noise, error",
    [
        (1.0, 1.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (2.0, 1.0, 0.0, 0.5),
        (0.0, 1.0, 1e-12, 1.0),
        (1e-6, 0.0, 0.0, 1.0),  # small, and wrong
        (0.0, 1e-12, 1e-10, 1e-9),  # exactly 0 beside noise
        (0.0, 1e-10, 1e-10, 1e-7),  # just at the noise, just at the tolerance
    ],
)
def test_relative_error(a, n, noise, error):
    assert relative_error(np.array([a]), np.array([n]), np.array([noise]), 1e-7)[0] == pytest.approx(error)


def test_an_exact_zero_is_no_failure_and_a_wrong_one_is():
    class NoTrueZero(Dense):
        def parameter_gradients(self, dy):
            super().parameter_gradients(dy)
            self.grads["b"] += 1e-8

    assert check_layer(Sequential([Dense(6), BatchNormalization()]), X)["dense_1.b"].zero
    assert check_layer(Sequential([NoTrueZero(6, name="d"), BatchNormalization()]), X)["d.b"].wrong


# --- any shape ------------------------------------------------------------------------

sizes, seeds = st.integers(1, 4), st.integers(0, 2**31)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(1, 6), sizes, sizes, seeds)
def test_dense_of_any_shape(N, features, units, seed):
    x = np.random.default_rng(seed).standard_normal((N, features))
    report = check_layer(Dense(units), x, rng=seed)
    assert report.ok and report.worst <= 1e-7, str(report)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(2, 5), st.sampled_from([(), (1, 2), (3, 1), (2, 2)]), sizes, st.booleans(), seeds)
def test_batch_norm_of_any_shape(N, window, C, training, seed):
    shape = (N, *window, C)
    x = 3 + 2 * np.random.default_rng(seed).standard_normal(shape)
    report = check_layer(BatchNormalization(), x, training=training, rng=seed)
    assert report.ok and report.worst <= 1e-7, str(report)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(sizes, min_size=1, max_size=4), st.sampled_from([Tanh, Sigmoid, ReLU, LeakyReLU]), seeds)
def test_activations_of_any_shape(shape, kind, seed):
    x = 10 * np.random.default_rng(seed).standard_normal(shape)
    report = check_layer(kind(), x, rng=seed)
    assert report.ok and report.worst <= 1e-7, str(report)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(3, 6), sizes, seeds, st.floats(1e-6, 1), st.booleans())
def test_one_wrong_element_anywhere_is_caught(N, features, seed, size, in_x):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((N, features))
    wrong = tuple(int(rng.integers(size)) for size in (x.shape if in_x else (features, 3)))

    class Off(Dense):
        def input_gradient(self, dy):
            dx = super().input_gradient(dy)
            if in_x:
                dx[wrong] += size * np.abs(dx).max()
            return dx

        def parameter_gradients(self, dy):
            super().parameter_gradients(dy)
            if not in_x:
                self.grads["W"][wrong] += size * np.abs(dy).max()

    report = check_layer(Off(3), x, rng=seed)
    assert report["x" if in_x else "W"].index == wrong, str(report)


class Affine(Layer):
    """A layer as a learner writes it: no checks, no name, an input of one axis."""

    def create_params(self):
        self.params["w"] = np.ones(1, self.dtype)

    def forward(self, x, training=False):
        self._x = x
        return x * self.params["w"]

    def parameter_gradients(self, dy):
        self.grads["w"] += (dy * self._x).sum()

    def input_gradient(self, dy):
        return dy * self.params["w"]


def test_a_plain_layer_on_a_plain_vector():
    assert check_layer(Affine(), np.array([1, 2, 3])).ok
