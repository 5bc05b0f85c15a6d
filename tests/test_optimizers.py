"""Optimisers against tables worked by hand, closed forms, and their own pieces."""

import inspect
import json
import math

import numpy as np
import pytest

import numpygan.optimizers as optimizers
from numpygan import SGD, Adam, RMSprop

EVERY = [
    lambda: SGD(0.1),
    lambda: SGD(0.1, momentum=0.9),
    lambda: RMSprop(0.01),
    lambda: Adam(0.01),
    lambda: Adam(0.01, beta_1=0.5),
]


def steps(optimizer, start, gradients, dtype=np.float64):
    """Return the parameters after each of the given gradients."""
    p, path = np.array(start, dtype), []
    for gradient in gradients:
        optimizer.update(p, np.array(gradient, dtype))
        path.append(p.copy())
    return path


def test_plain_sgd_by_hand():
    # p <- p - 0.1 g:  1 - 0.2 = 0.8, 0.8 + 0.5 = 1.3;  -2 - 0 = -2, -2 - 0.3 = -2.3
    path = steps(SGD(0.1), [1, -2], [[2, 0], [-5, 3]])
    np.testing.assert_allclose(path, [[0.8, -2], [1.3, -2.3]], rtol=1e-15)


def test_sgd_with_momentum_by_hand():
    # g   v <- 0.5 v - 0.1 g          p <- p + v
    # 2   -0.2                        1 - 0.2   = 0.8
    # 1   -0.1 - 0.1 = -0.2           0.8 - 0.2 = 0.6
    # 0   -0.1                        0.6 - 0.1 = 0.5    it rolls on without a gradient
    # -4  -0.05 + 0.4 = 0.35          0.5 + 0.35 = 0.85
    path = steps(SGD(0.1, momentum=0.5), [1], [[2], [1], [0], [-4]])
    np.testing.assert_allclose(path, [[0.8], [0.6], [0.5], [0.85]], rtol=1e-14)


def test_sgd_with_momentum_reaches_the_speed_of_a_longer_step():
    # v -> -learning_rate g / (1 - momentum) for a constant gradient
    path = steps(SGD(0.01, momentum=0.9), [0], [[3]] * 300)
    np.testing.assert_allclose(path[-1] - path[-2], -0.01 * 3 / (1 - 0.9), rtol=1e-12)


def test_rmsprop_by_hand():
    # rho 0.75, learning rate 0.1
    # g   s <- 0.75 s + 0.25 g^2      p <- p - 0.1 g / (sqrt(s) + 1e-7)
    # 2   1                           1   - 0.2 / 1.0000001
    # 0   0.75                        the same
    # 2   0.5625 + 1 = 1.25^2         ... - 0.2 / 1.2500001
    path = steps(RMSprop(0.1, rho=0.75), [1], [[2], [0], [2]])
    first = 1 - 0.2 / 1.0000001
    np.testing.assert_allclose(path, [[first], [first], [first - 0.2 / 1.2500001]], rtol=1e-14)


# Kingma & Ba 2015, algorithm 1, with learning rate 0.1, beta_1 0.9, beta_2 0.999 and
# epsilon 1e-7. m and v are exact, and as easy to follow by hand as
#     t = 2, first parameter:  m = 0.9 * 0.4 + 0.1 * 2 = 0.56
#                              v = 0.999 * 0.016 + 0.001 * 4 = 0.019984
#                              mhat = 0.56 / (1 - 0.81) = 2.947368421...
#                              vhat = 0.019984 / (1 - 0.998001) = 9.996998499...
#                              p = 0.9000000025 - 0.1 * 2.947368421 / 3.161803...
# (p was worked out with 50 decimal digits.)
ADAM = [
    # g       m                 v                             p
    ([4, -1], [0.4, -0.1], [0.016, 0.001], [0.900000002500000, -1.900000009999999]),
    ([2, 1], [0.56, 0.01], [0.019984, 0.001999], [0.806782041567112, -1.905263167368420]),
    ([-1, 3], [0.404, 0.309], [0.020964016, 0.010997001], [0.750415906044002, -1.964787629193322]),
    ([0, -2], [0.3636, 0.0781], [0.020943051984, 0.014986003999], [0.704244197866587, -1.976511746664271]),
    (
        [-3, 0.5],
        [0.02724, 0.12029],
        [0.029922108932016, 0.015221017995001],
        [0.701527776223909, -1.993330501757592],
    ),
]


def test_adam_against_a_table_worked_by_hand():
    adam = Adam(0.1)
    p = np.array([1.0, -2.0])
    for t, (g, m, v, expected) in enumerate(ADAM, start=1):
        adam.update(p, np.array(g, float))
        assert adam.t == t
        # Adam remembers M = m / (1 - beta_1) and V = v / (1 - beta_2).
        np.testing.assert_allclose(adam.memory["M"] * 0.1, m, rtol=1e-13)
        np.testing.assert_allclose(adam.memory["V"] * 0.001, v, rtol=1e-12)
        np.testing.assert_allclose(p, expected, rtol=0, atol=2e-15)


def test_adam_in_float32_follows_the_table():
    path = steps(Adam(0.1), [1, -2], [row[0] for row in ADAM], np.float32)
    np.testing.assert_allclose(path, [row[3] for row in ADAM], rtol=1e-6)


@pytest.mark.parametrize("beta_1, beta_2", [(0.5, 0.999), (0.9, 0.9), (0, 0.99)])
def test_adam_follows_the_formulas_of_the_paper(beta_1, beta_2):
    rng = np.random.default_rng(0)
    gradients = rng.standard_normal(40) * 10.0 ** rng.integers(-9, 3, 40)  # epsilon matters to some
    settings = {"learning_rate": 0.02, "beta_1": beta_1, "beta_2": beta_2, "epsilon": 1e-3}
    path = steps(Adam(**settings), [1], gradients[:, None])
    p, m, v = np.ones(1), np.zeros(1), np.zeros(1)
    for t, g in enumerate(gradients, start=1):
        optimizers.adam_step(p, g, m, v, t, **settings)
        np.testing.assert_allclose(path[t - 1], p, rtol=1e-13)


def test_the_plain_adam_starts_from_the_same_settings_and_follows_the_table():
    parameters = inspect.signature(optimizers.adam_step).parameters
    assert {name: parameters[name].default for name in Adam().config()} == Adam().config()
    p, m, v = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    for t, (g, *expected) in enumerate(ADAM, start=1):
        optimizers.adam_step(p, np.array(g, float), m, v, t, learning_rate=0.1)
        for got, wanted in zip((m, v, p), expected):
            np.testing.assert_allclose(got, wanted, rtol=0, atol=2e-15)


@pytest.mark.parametrize("g", [1e-3, -7.0])
def test_adam_takes_equal_steps_under_a_constant_gradient(g):
    # With the power of t in both corrections mhat = g and vhat = g^2 at every t, so
    # each step is learning_rate * g / (|g| + epsilon). Without it only the first is.
    path = steps(Adam(0.1, beta_1=0.5), [0], [[g]] * 50)
    np.testing.assert_allclose(np.diff(path, axis=0), -0.1 * g / (abs(g) + 1e-7), rtol=1e-9)


@pytest.mark.parametrize("make", EVERY)
def test_pieces_make_no_difference(make):
    # A vector that ends in a short third piece, beside a few of its elements each
    # with an optimiser of its own.
    piece = optimizers.PIECE
    size = 2 * piece + 5
    watched = [0, piece - 1, piece, 2 * piece, size - 1]
    rng = np.random.default_rng(1)
    p = rng.standard_normal(size, dtype=np.float32)
    alone = [p[k : k + 1].copy() for k in watched]
    whole, single = make(), [make() for _ in watched]
    for _ in range(3):
        g = rng.standard_normal(size, dtype=np.float32)
        whole.update(p, g)
        for k, q, optimizer in zip(watched, alone, single, strict=True):
            optimizer.update(q, g[k : k + 1].copy())
    np.testing.assert_array_equal(p[watched], np.concatenate(alone))


@pytest.mark.parametrize("make", EVERY)
def test_config_holds_the_constructors_arguments(make):
    optimizer = make()
    twin = type(optimizer)(**json.loads(json.dumps(optimizer.config())))
    assert twin.config() == optimizer.config()
    gradients = np.random.default_rng(3).standard_normal((4, 2))
    np.testing.assert_array_equal(steps(twin, [1, 2], gradients), steps(optimizer, [1, 2], gradients))


def test_an_optimiser_shows_its_settings():
    assert repr(Adam(2e-3, beta_1=0)) == "Adam(learning_rate=0.002, beta_1=0.0, beta_2=0.999, epsilon=1e-07)"


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), lambda: RMSprop(0.1), lambda: Adam(0.1)])
def test_memory_of_a_gradient_that_stays_zero_fades_without_denormal_numbers(make):
    # They would make every later step several times slower.
    optimizer, p = make(), np.ones(3, np.float32)
    optimizer.update(p, np.array([1, -1e-3, 1e-9], np.float32))
    tiny = np.finfo(np.float32).tiny
    for _ in range(1500):
        optimizer.update(p, np.zeros(3, np.float32))
        fading = np.abs(np.concatenate(list(optimizer.memory.values())))
        assert (fading[fading > 0] >= tiny).all()
    fastest = optimizer.memory["M" if isinstance(optimizer, Adam) else optimizer.slots[0]]
    assert not fastest.any()


def test_small_gradients_are_remembered():
    adam, p = Adam(0.1), np.ones(2, np.float32)
    for _ in range(200):
        adam.update(p, np.array([1e-14, -1e-14], np.float32))
    # M tends to g / (1 - beta_1), V to g^2 (1 - beta_2^t) / (1 - beta_2)
    np.testing.assert_allclose(adam.memory["M"], [1e-13, -1e-13], rtol=1e-5)
    np.testing.assert_allclose(adam.memory["V"], 1e-28 * (1 - 0.999**200) / 0.001, rtol=1e-4)


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_has_the_dtype_and_size_of_the_parameters(make, dtype):
    optimizer, p = make(), np.ones(7, dtype)
    optimizer.update(p, np.ones(7, dtype))
    assert p.dtype == dtype
    assert {(array.shape, array.dtype) for array in optimizer.memory.values()} == {((7,), np.dtype(dtype))}


@pytest.mark.parametrize("make", EVERY)
def test_gradients_are_left_alone(make):
    p, g = np.ones(5), np.array([1.0, -2.0, 0.0, 3.0, 4.0])
    make().update(p, g)
    np.testing.assert_array_equal(g, [1, -2, 0, 3, 4])
    assert (p[[0, 3, 4]] < 1).all() and p[1] > 1 and p[2] == 1  # downhill, each of them


@pytest.mark.parametrize("make", EVERY)
def test_every_rule_finds_the_bottom_of_a_bowl(make):
    # L = (p0 - 1)^2 + 10 (p1 + 2)^2, from a distance of a few hundred steps
    optimizer, p = make(), np.array([0.0, 0.0])
    optimizer.learning_rate = 0.01
    for _ in range(2000):
        optimizer.update(p, np.array([2 * (p[0] - 1), 20 * (p[1] + 2)]))
    np.testing.assert_allclose(p, [1, -2], atol=0.02)


def test_extreme_gradients_stay_finite():
    for make in (lambda: RMSprop(0.1), lambda: Adam(0.1)):
        path = steps(make(), [1, 1, 1], [[1e15, -1e15, 1e-15], [0, 0, 0]], np.float32)
        assert np.isfinite(path).all()


@pytest.mark.parametrize("make", EVERY)
def test_the_learning_rate_may_change_and_stays_a_plain_float(make):
    optimizer = make()
    optimizer.learning_rate = np.float64(0.5)  # as a schedule made with NumPy gives it
    assert type(optimizer.learning_rate) is float and optimizer.learning_rate == 0.5
    with pytest.raises(ValueError, match=r"learning_rate must be in \(0, inf\), got nan"):
        optimizer.learning_rate = math.nan
    assert optimizer.learning_rate == 0.5


def test_a_new_learning_rate_is_used():
    sgd, p = SGD(0.1), np.array([1.0])
    sgd.learning_rate = 0.5
    sgd.update(p, np.array([1.0]))
    assert p[0] == 0.5


def test_another_network_needs_another_optimiser():
    adam = Adam()
    adam.update(np.ones(3, np.float32), np.ones(3, np.float32))
    memory = {slot: array.copy() for slot, array in adam.memory.items()}
    for p in (np.ones(4, np.float32), np.ones(3)):
        with pytest.raises(ValueError) as error:
            adam.update(p, np.ones_like(p))
        assert str(error.value) == (
            f"this Adam has been updating 3 float32 parameters and got {p.size} of {p.dtype}: "
            "each network needs its own optimiser"
        )
        assert (p == 1).all() and adam.t == 1
    for slot, array in memory.items():
        np.testing.assert_array_equal(adam.memory[slot], array)


def test_memory_put_back_continues_as_if_nothing_had_happened():
    rng = np.random.default_rng(2)
    gradients = rng.standard_normal((6, 4))
    p = np.ones(4)
    first = Adam(0.1)
    for g in gradients[:3]:
        first.update(p, g)
    second = Adam(0.1)
    second.t, second.memory = first.t, {slot: array.copy() for slot, array in first.memory.items()}
    for g in gradients[3:]:
        second.update(p, g)
    np.testing.assert_array_equal(p, steps(Adam(0.1), np.ones(4), gradients)[-1])


@pytest.mark.parametrize(
    "params, grads",
    [
        (np.ones(3), np.ones(4)),
        (np.ones(3), np.ones(3, np.float32)),
        (np.ones((3, 1)), np.ones((3, 1))),
    ],
)
def test_vectors_that_do_not_fit(params, grads):
    optimizer = SGD()
    with pytest.raises(ValueError) as error:
        optimizer.update(params, grads)
    assert str(error.value) == (
        "SGD expects params and grads to be vectors of the same length and dtype, got "
        f"{params.dtype} {params.shape} and {grads.dtype} {grads.shape}"
    )
    assert optimizer.t == 0 and (params == 1).all()


@pytest.mark.parametrize("bad, got", [(None, "NoneType"), ([1.0], "list"), (np.ones(1, int), "int")])
def test_vectors_of_a_wrong_type(bad, got):
    with pytest.raises(
        TypeError, match=f"RMSprop: params must be an array of float32 or float64, .* got {got}"
    ):
        RMSprop().update(bad, np.ones(1))
    with pytest.raises(
        TypeError, match=f"RMSprop: grads must be an array of float32 or float64, .* got {got}"
    ):
        RMSprop().update(np.ones(1), bad)


@pytest.mark.parametrize("kind", [SGD, RMSprop, Adam])
@pytest.mark.parametrize(
    "rate, error",
    [(0, ValueError), (-0.1, ValueError), (math.nan, ValueError), (math.inf, ValueError)]
    + [(None, TypeError), ("0.1", TypeError), (True, TypeError)],
)
def test_learning_rates_that_are_none(kind, rate, error):
    with pytest.raises(error, match=rf"{kind.__name__}: learning_rate must be .*\(0, inf\), got"):
        kind(rate)


@pytest.mark.parametrize(
    "kind, argument, interval",
    [
        (SGD, "momentum", "[0, 1)"),
        (RMSprop, "rho", "[0, 1)"),
        (RMSprop, "epsilon", "(0, 1)"),
        (Adam, "beta_1", "[0, 1)"),
        (Adam, "beta_2", "[0, 1)"),
        (Adam, "epsilon", "(0, 1)"),
    ],
)
def test_other_arguments_out_of_range(kind, argument, interval):
    below = 0 if interval[0] == "(" else -0.1
    for value in (below, 1, math.nan):
        with pytest.raises(ValueError) as error:
            kind(0.1, **{argument: value})
        assert str(error.value) == f"{kind.__name__}: {argument} must be in {interval}, got {value}"
    with pytest.raises(TypeError) as error:
        kind(0.1, **{argument: None})
    assert str(error.value) == f"{kind.__name__}: {argument} must be a number in {interval}, got None"


def test_a_rule_without_a_step_says_so():
    class Nothing(optimizers.Optimizer):
        pass

    with pytest.raises(TypeError, match="Nothing must define _step"):
        Nothing(0.1).update(np.ones(2), np.ones(2))
