"""The ten plain lines of a numeric gradient against derivatives by hand and the fast form."""

import numpy as np

from numpygan import BinaryCrossEntropyFromLogits, Dense
from numpygan.gradcheck import numeric_gradient
from numpygan.gradcheck.numeric import Element, Objective, central


def test_by_hand():
    # f = x0^2 x1 + 3 x2 at (2, -1, 5):  df = (2 x0 x1, x0^2, 3)
    x = np.array([2, -1, 5])
    np.testing.assert_allclose(
        numeric_gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[2], x), [-4, 4, 3], rtol=1e-9
    )
    assert x.tolist() == [2, -1, 5]


def test_it_equals_central_and_the_analytic_gradient():
    rng = np.random.default_rng(0)
    layer, loss = Dense(2).build((4,), rng=rng, dtype=np.float64), BinaryCrossEntropyFromLogits()
    x = rng.standard_normal((3, 4))

    def f(x):
        return loss.forward(layer.forward(x), 1)

    plain = numeric_gradient(f, x)
    moved = x.copy()
    objective = Objective(lambda: f(moved), np.ones(()), [moved], rng)
    fast = [central(objective, Element(moved, i))[0] for i in range(x.size)]
    np.testing.assert_allclose(plain.ravel(), fast, rtol=1e-7, atol=1e-10)
    f(x)
    np.testing.assert_allclose(plain, layer.input_gradient(loss.backward()), rtol=1e-7, atol=1e-10)
