"""Is the answer to the third question right: if x moves by t, how does y move?

Three checks, with a random t and a random dy:

1. Against differences: <dy_n, f(x_n + e t_n)> has the derivative <dy_n, tangent(t)_n> with
   respect to e at e = 0, for each sample n.
2. Against the second question: <dy, tangent(t)> = <input_gradient(dy), t> (eq. 3.38). Both are dy^T J t,
   one multiplied from the right, the other from the left, so they agree to the last bits.
3. `tangent_gradients` against differences of <dy, tangent(t)>, for each parameter and for x.
"""

import numpy as np

ROUNDING = 1e-11  # of the sum of the absolute products


def check_adjoint(layer, forward, x, dy):
    """Return problems with the second and the third question as answers about one Jacobian."""
    t = np.random.default_rng(0).standard_normal(x.shape)
    forward(x.copy())
    moved, dx = np.array(layer.tangent(t.copy())), layer.input_gradient(dy.copy())
    if moved.shape != dy.shape:
        return [f"tangent returns shape {moved.shape} where {dy.shape}, that of y, was expected"]
    difference = abs((dy * moved).sum() - (dx * t).sum())
    if difference <= ROUNDING * (np.abs(dy * moved).sum() + np.abs(dx * t).sum()):
        return []
    return [f"<dy, tangent(t)> and <input_gradient(dy), t> differ by {difference:.2g}; both are dy^T J t"]


def check_tangent(layer, forward, x, dy, rng):
    """Yield (name, f, upstream gradient, [(array's name, array, gradient), ...]) for checks 1 and 3."""
    t = rng.standard_normal(x.shape)
    each = (-1,) + (1,) * (x.ndim - 1)
    e = np.zeros(len(x))
    forward(x.copy())
    along = (dy * layer.tangent(t.copy())).reshape(len(x), -1).sum(axis=1)
    yield "tangent", lambda: forward(x + e.reshape(each) * t), dy, [("x + e t", e, along)]

    def tangent():
        forward(x.copy())
        return layer.tangent(t.copy())

    layer.zero_grad()
    forward(x.copy())
    dx = layer.tangent_gradients(t.copy(), dy.copy())
    dx = np.zeros_like(x) if dx is None else np.array(dx)
    moving = [("x", x, dx)] + [(key, layer.params[key], layer.grads[key].copy()) for key in layer.params]
    yield "tangent_gradients", tangent, dy, moving
