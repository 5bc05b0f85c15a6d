"""The three checks: of a layer or network, of a loss, of any function."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..layers.base import Layer
from .compare import compare, unusable
from .contract import check_backward, check_sample_coupling, check_separate_calls
from .numeric import Objective
from .prepare import Still, brief, counts, describe, float64, float64_copy
from .report import GradientReport
from .tangents import check_adjoint, check_tangent

REPEATS = 8  # forward passes that must give the same as the first

Arrays = dict[str, np.ndarray]
Rng = np.random.Generator | int


def check_layer(
    layer: Layer, x: np.ndarray, *, training: bool = True, dy: np.ndarray | None = None,
    tolerance: float = 1e-7, max_elements: int = 1000, rng: Rng = 0,
) -> GradientReport:  # fmt: skip
    """Compare a layer's gradients with numeric ones and return a `GradientReport`.

    The layer may be a `Sequential`: a whole network is checked in the same way, and
    if it is wrong, each of its layers is checked separately on its own input.

    Everything is computed in float64, on a copy: `layer` and `x` stay as they are. A
    built layer is checked with the parameters that it has. A layer not yet built is
    built for x, and its parameters are then moved a little, because a forgotten gamma
    goes unnoticed while gamma is 1. Random masks and running statistics are the same
    in each forward pass. A layer that answers the third question is asked it, too: see tangents.py.

    Args:
        layer: a `Layer`.
        x: its input, (N, *input_shape), with N of 3 or more if possible: with N = 1 a
            wrong 1/N goes unnoticed.
        training: whether to check the forward pass of training or that of inference.
        dy: the gradient from above, in the shape of y; drawn from a normal
            distribution by default. All ones would be blind: the outputs of a batch
            normalisation sum to a constant, and dx = 0 would pass.
        tolerance: the largest relative error (see `compare.relative_error`) allowed.
        max_elements: of arrays up to this size every element is checked; of larger
            ones, 50 elements and 10 random directions.
        rng: numpy Generator, or a seed for one.
    """
    if not isinstance(layer, Layer):
        raise TypeError(f"check_layer expects a Layer, got {layer!r}: try check_loss or check_function")
    rng = np.random.default_rng(rng)
    x = float64("x", x)
    subject = describe(layer)
    layer = float64_copy(layer, x, rng)
    still = Still([layer])

    def forward(x):
        still.restore()
        return layer.forward(x, training)

    mode = "training" if training else "inference"
    report = GradientReport(subject, f"x {x.shape}, {mode}", [], tolerance)
    y = forward(x.copy())
    flaw = unusable(y, (len(x), *layer.output_shape))
    if flaw:
        report.problems.append(f"y: {flaw}")
    if flaw or not _repeats(report, lambda: forward(x.copy())):
        return report
    y = np.array(y)
    dy = rng.standard_normal(y.shape) if dy is None else float64("dy", dy)
    if dy.shape != y.shape:
        raise ValueError(f"check_layer: y has shape {y.shape}, so dy must have it too, got {dy.shape}")
    dx, grads, report.problems = check_backward(layer, forward, x, dy)
    report.problems += check_separate_calls(layer, forward, x, dy, dx, grads)
    moving = [("x", x, dx)] + [(key, layer.params[key], grads[key]) for key in layer.params]
    _compare_all(report, lambda: forward(x.copy()), dy, moving, counts(y), max_elements, rng)
    if report["x"].differ and not report["x"].cause:
        report["x"].cause = check_sample_coupling(layer, forward, x, dy)
    if report.ok and layer.no_tangent is None:  # a wrong gradient would make these fail, too
        report.problems += check_adjoint(layer, forward, x, dy, rng)
        if report.ok and not any(row.kinks for row in report.rows):
            report.problems += check_tangent(layer, forward, x, dy, rng)
    if report.verdict == "WRONG":
        report.problems += _blame(layer, forward, x, training, tolerance)
    return report


def check_loss(
    loss: Any, y: np.ndarray, target: np.ndarray | float, *,
    tolerance: float = 1e-7, max_elements: int = 1000, rng: Rng = 0,
) -> GradientReport:  # fmt: skip
    """Compare the gradient of a loss with the numeric one and return a `GradientReport`.

    Args:
        loss: has `forward(y, target)`, which returns a number, and `backward()`,
            which returns its gradient with respect to y. A copy is used.
        y: the prediction, (N, ...), away from values where the loss is not defined.
        target: an array in the shape of y, a number, or anything else that the loss takes.
        tolerance, max_elements, rng: as for `check_layer`.
    """
    loss, y = copy.deepcopy(loss), float64("y", y)
    target = np.array(target)
    if target.dtype.kind not in "iu":  # classes stay integers
        target = target.astype(np.float64)
    subject = type(loss).__name__
    report = GradientReport(subject, f"y {y.shape}, target {target.shape or target}", [], tolerance)
    given = y.copy(), target.copy()
    value = loss.forward(*given)
    flaw = unusable(np.asarray(value, dtype=np.float64), ())
    if flaw:
        report.problems.append(f"the loss: {flaw}")
        return report
    dy = loss.backward()
    dy = None if dy is None else np.array(dy)
    again = loss.backward()
    if not (np.array_equal(given[0], y) and np.array_equal(given[1], target)):
        report.problems.append("the loss writes into y or target, which belong to the caller")
    if dy is not None and not np.allclose(dy, again, rtol=1e-9, atol=0, equal_nan=True):
        report.problems.append("backward, asked twice after one forward pass, returns two different dy")

    def f():
        try:
            return loss.forward(y.copy(), target.copy())
        except ValueError as error:
            raise ValueError(
                f"check_loss moves y by small steps, and {subject} refuses one of them ({error}): "
                "choose a y further inside its range"
            ) from error

    rng = np.random.default_rng(rng)
    _compare_all(report, f, np.ones(()), [("y", y, dy)], counts(y), max_elements, rng)
    return report


def check_function(
    f: Callable[[], float], arrays: Arrays, gradients: Arrays | Callable[[], Arrays], *,
    layers: Iterable[Layer] = (), name: str = "f",
    tolerance: float = 1e-6, max_elements: int = 1000, rng: Rng = 0,
) -> GradientReport:  # fmt: skip
    """Compare gradients of any scalar function with numeric ones; return a `GradientReport`.

    For anything that is neither a layer nor a loss, such as the generator's loss through the
    discriminator, with respect to the generator's parameters:

        def loss():
            return bce.forward(D.forward(G.forward(z)), 1)

        def backward():
            G.zero_grad()
            G.parameter_gradients(D.input_gradient(bce.backward()))
            return {"generator": G.flat_grads}

        print(check_function(loss, {"generator": G.flat_params}, backward))

    Args:
        f: takes no argument, reads `arrays` and returns a number.
        arrays: dict of float64 arrays. They are changed in place, and restored at the end.
        gradients: dict with the same keys, or a function that returns it; the
            function is called right after f().
        layers: layers whose random generators and running statistics are restored
            before each f(), and at the end.
        name: what the report calls f.
        tolerance, max_elements, rng: as for `check_layer`.
    """
    if not isinstance(arrays, dict):
        raise TypeError(f"check_function: arrays must be a dict such as {{'z': z}}, got {brief(arrays)}")
    for key, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or not array.flags.writeable:
            raise TypeError(f"check_function: {key!r} must be a writable float64 array, got {brief(array)}")
    still, rng = Still(layers), np.random.default_rng(rng)

    def scalar():
        still.restore()
        value = np.asarray(f(), dtype=np.float64)
        if value.shape != ():
            raise ValueError(f"check_function: f must return one number, got shape {value.shape}")
        return value

    setting = ", ".join(f"{key} {array.shape}" for key, array in arrays.items())
    report = GradientReport(name, setting, [], tolerance)
    saved = {key: array.copy() for key, array in arrays.items()}
    try:
        flaw = unusable(scalar(), ())
        if flaw:
            report.problems.append(f"{name}: {flaw}")
        if flaw or not _repeats(report, scalar):
            return report
        scalar()
        found = gradients() if callable(gradients) else gradients
        if found.keys() != arrays.keys():
            raise ValueError(f"check_function: gradients for {list(found)}, arrays are {list(arrays)}")
        moving = [(key, arrays[key], None if g is None else np.array(g)) for key, g in found.items()]
        _compare_all(report, scalar, np.ones(()), moving, {}, max_elements, rng)
    finally:
        still.restore()
        for key, array in arrays.items():
            array[...] = saved[key]
    return report


def _compare_all(report, f, dy, moving, counts, max_elements, rng):
    """Add a row to the report for each (name, array, gradient)."""
    if not 0 < report.tolerance < 1:
        raise ValueError(f"tolerance must be between 0 and 1, got {report.tolerance!r}")
    objective = Objective(f, dy, [array for _, array, _ in moving], rng)
    options = {"counts": counts, "tolerance": report.tolerance, "max_elements": max_elements, "rng": rng}
    report.rows = [compare(objective, *each, **options) for each in moving]


def _repeats(report, f):
    """Return True if f always returns the same; if not, say so in the report's problems.

    Two masks that each drop few of a few numbers may be equal by chance; nine hardly are.
    """
    first = np.array(f())
    if all(np.array_equal(first, np.array(f())) for _ in range(REPEATS)):
        return True
    report.problems.append(
        "two forward passes on the same x differ: draw random numbers from self.rng, which the check resets"
    )
    return False


def _blame(layer, forward, x, training, tolerance):
    """Check each layer of a wrong network separately and report those that fail."""
    problems = []
    forward(x.copy())
    for part in getattr(layer, "layers", ()):
        report = check_layer(part, x, training=training, tolerance=tolerance)
        if not report.ok:
            problems.append(f"\nOn its own, {report}")
        x = part.forward(x.copy(), training)
    return problems
