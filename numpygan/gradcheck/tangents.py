"""Is the answer to the third question right: if x moves by t, how does y move?

Three checks, with a random t and a random dy:

1. Against the second question: <dy, tangent(t)> = <input_gradient(dy), t> (eq. 3.40). Both are dy^T J t,
   one multiplied from the right, the other from the left, so they agree to the last bits.
2. Against differences: <dy, tangent(t)> is the derivative of <dy, f(x + h t)> with respect to h.
3. `tangent_gradients` against differences of <dy, tangent(t)>, moving x and each parameter in
   random directions.

The last two have no answer at a kink, where a tangent jumps.
"""

import numpy as np

ROUNDING = 1e-11  # of the sum of the absolute products
TOLERANCE = 1e-5
STEPS = 2.0 ** -np.array([17, 24, 31])  # several: a long step may reach across a kink
DIRECTIONS = 3


def check_adjoint(layer, forward, x, dy, rng):
    """Return problems if the second and third answer are not products with one Jacobian (eq. 3.40)."""
    t = rng.standard_normal(x.shape)
    forward(x.copy())
    moved, dx = np.array(layer.tangent(t.copy())), layer.input_gradient(dy.copy())
    if moved.shape != dy.shape:
        return [f"tangent returns shape {moved.shape} where {dy.shape}, that of y, was expected"]
    difference = abs((dy * moved).sum() - (dx * t).sum())
    if difference <= ROUNDING * (np.abs(dy * moved).sum() + np.abs(dx * t).sum()):
        return []
    return [f"<dy, tangent(t)> and <input_gradient(dy), t> differ by {difference:.2g}; both are dy^T J t"]


def check_tangent(layer, forward, x, dy, rng):
    """Return problems with `tangent` and `tangent_gradients`, compared with differences."""
    x, t = x.copy(), rng.standard_normal(x.shape)
    forward(x.copy())
    moved = layer.tangent(t.copy())
    problems = _compare("tangent", lambda: (dy * forward(x.copy())).sum(), x, t, dy * moved)

    def rate():
        forward(x.copy())
        return (dy * layer.tangent(t.copy())).sum()

    layer.zero_grad()
    forward(x.copy())
    dx = layer.tangent_gradients(t.copy(), dy.copy())
    gradients = {"x": np.zeros_like(x) if dx is None else np.array(dx)}
    gradients |= {key: grad.copy() for key, grad in layer.grads.items()}
    for key, array in {"x": x, **layer.params}.items():
        for _ in range(DIRECTIONS):
            v = rng.standard_normal(array.shape)
            found = _compare(f"tangent_gradients, {key}", rate, array, v, gradients[key] * v)
            problems += found
            if found:
                break
    return problems


def _compare(name, f, array, v, products):
    """Return what to say if moving the array along v does not change f by the sum of the products."""
    start, analytic, numeric = array.copy(), products.sum(), []
    for h in STEPS:
        ends = []
        for sign in (1, -1):
            array[...] = start + sign * h * v
            ends.append(f())
        numeric.append((ends[0] - ends[1]) / (2 * h))
    array[...] = start
    noise = 20 * np.finfo(np.float64).eps * abs(f()) / STEPS
    size = np.abs(products).sum() + np.abs(numeric)
    if np.any(np.abs(numeric - analytic) <= TOLERANCE * size + noise):
        return []
    return [f"{name}: {analytic:.8g} along a random direction, where differences give {numeric[0]:.8g}"]
