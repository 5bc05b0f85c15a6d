"""The contract of a layer, besides the right numbers (see `numpygan.layers.base`).

Gradients add up; the two questions and `backward` give the same answers; no method
writes into an array that its caller owns; only the optimiser changes parameters.
"""

import numpy as np

from ..layers.sequential import walk


def check_backward(layer, forward, x, dy):
    """Return (dx, grads, problems) from `backward`, asked once and then again."""
    problems = []
    x, dy = x.copy(), dy.copy()
    x_before, dy_before, params_before = x.copy(), dy.copy(), layer.flat_params.copy()
    layer.zero_grad()
    forward(x)
    if not np.array_equal(x, x_before):
        problems.append("forward writes into x, which belongs to the caller")
        x_before = x.copy()
    dx = layer.backward(dy)
    dx = None if dx is None else np.array(dx)
    once = {key: grad.copy() for key, grad in layer.grads.items()}
    if not np.array_equal(dy, dy_before):
        problems.append("backward writes into dy, which belongs to the caller")
    if not np.array_equal(x, x_before):
        problems.append("backward writes into x, which belongs to the caller")
    if not np.array_equal(layer.flat_params, params_before):
        problems.append("backward changes the parameters, which only the optimiser may do")
        layer.flat_params[...] = params_before

    again = layer.backward(dy_before.copy())
    if not _same(again, dx):
        problems.append("backward, asked twice after one forward pass, returns two different dx")
    for key, grad in layer.grads.items():
        if _same(grad, once[key]) and np.any(grad):
            problems.append(f"{key}: backward overwrites grads[{key!r}] instead of adding (use +=)")
        elif not _same(grad, 2 * once[key]):
            problems.append(f"{key}: backward asked twice does not give twice the gradient")
    problems += _replaced(layer)
    return dx, once, problems


def _replaced(layer):
    """Name gradients that are no longer views of the flat vector that an optimiser sees."""
    return [
        f"{part}: grads[{key!r}] is a new array that no optimiser will see (use +=, or [...] =)"
        for part in walk(layer)
        for key, grad in part.grads.items()
        if not np.may_share_memory(grad, layer.flat_grads)
    ]


def check_separate_calls(layer, forward, x, dy, dx, grads):
    """Return problems with the two questions asked separately."""
    problems = []
    forward(x.copy())
    layer.zero_grad()
    before = {key: grad.copy() for key, grad in layer.grads.items()}
    if not _same(layer.input_gradient(dy.copy()), dx):
        problems.append("input_gradient and backward return different dx")
    for key in grads:
        if not np.array_equal(layer.grads[key], before[key]):
            problems.append(f"{key}: input_gradient writes into grads[{key!r}]; it must leave grads alone")
    forward(x.copy())
    layer.zero_grad()
    layer.parameter_gradients(dy.copy())
    for key, grad in grads.items():
        if not _same(layer.grads[key], grad):
            problems.append(f"{key}: parameter_gradients and backward give different gradients")
    return problems


def check_sample_coupling(layer, forward, x, dy):
    """Say if y of a sample depends on the other samples and its dx does not, or the reverse."""
    if len(x) < 2:
        return None
    y = forward(x.copy()).copy()
    moved = x.copy()
    moved[0] += 0.1
    y_coupled = not _same(forward(moved)[1:], y[1:])
    forward(x.copy())
    dx = layer.input_gradient(dy.copy()).copy()
    if not _same(layer.input_gradient(dy.copy()), dx):
        return (
            "dx differs from call to call: does input_gradient draw its own mask, or overwrite what it needs?"
        )
    moved = dy.copy()
    moved[0] += 0.1
    dx_coupled = not _same(layer.input_gradient(moved)[1:], dx[1:])
    if y_coupled and not dx_coupled:
        return "y depends on the whole batch, dx does not: the paths through mean and variance are missing"
    if dx_coupled and not y_coupled:
        return "dx depends on the whole batch, y does not: a batch formula after an inference pass?"
    return None


def _same(a, b):
    if a is None or b is None or np.shape(a) != np.shape(b):
        return a is b
    largest = np.max(np.abs(b), initial=0, where=np.isfinite(b))
    return np.allclose(a, b, rtol=1e-9, atol=1e-12 * largest, equal_nan=True)
