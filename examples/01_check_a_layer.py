"""Write a layer, get its gradient wrong, and have it caught.

The layer is Swish, y = x s(x) with s the sigmoid, which numpygan does not have. By
the product rule, and with s' = s (1 - s),

    f'(x) = s + x s (1 - s)

The first version forgets that the product has a second half. The program runs, a
network with it even learns something; only a comparison with numerical differences
shows it. Then the line is corrected, and the layer joins a whole network, which is
checked in the same way.

    python examples/01_check_a_layer.py

Try: return dx = f'(x) without dy; a Dense whose db is dy.mean(axis=0); a network
with a BatchNormalization in it, once with training=False.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import Dense, Layer, Sequential, check_layer
from numpygan.layers import sigmoid

parser = argparse.ArgumentParser()
parser.add_argument(
    "--quick", action="store_true", help="accepted for the sake of the others; this one is quick"
)
parser.add_argument(
    "--out", type=Path, default=Path("runs/examples/01_check_a_layer"), help="folder for the picture"
)
options = parser.parse_args()


class HalfSwish(Layer):
    """y = x s(x), with half of its derivative missing."""

    def forward(self, x, training=False):
        self._x = self._check_input(x)
        return self._x * sigmoid(self._x)

    def input_gradient(self, dy):
        return dy * sigmoid(self._x)


class Swish(HalfSwish):
    """y = x s(x), dx = dy (s + x s (1 - s))."""

    def input_gradient(self, dy):
        s = sigmoid(self._x)
        return dy * (s + self._x * s * (1 - s))


x = np.random.default_rng(0).normal(size=(5, 3))

print("First attempt:\n")
print(check_layer(HalfSwish(), x))

print("\nSecond attempt:\n")
print(check_layer(Swish(), x))

print("\nThe wrong one inside a network. The check of the whole says that something is")
print("wrong, and the check of each layer on what it was given says where:\n")
print(check_layer(Sequential([Dense(4), HalfSwish(), Dense(2)], (3,), rng=1), x))

print("\nA network with the right one:\n")
print(check_layer(Sequential([Dense(4), Swish(), Dense(2)], (3,), rng=1), x))

# A picture of both derivatives beside the slope that the forward pass really has.
grid = np.linspace(-6, 6, 241).reshape(-1, 1)
h = 1e-5
figure = Figure(figsize=(6, 3.6), layout="constrained")
axes = figure.add_subplot()
layer = Swish().build((1,), dtype=np.float64)
measured = (layer.forward(grid + h) - layer.forward(grid - h)) / (2 * h)
axes.plot(grid, measured, color="0.75", linewidth=7, label="measured: (f(x + h) - f(x - h)) / 2h")
for kind, style, colour in ((HalfSwish, "--", "#E69F00"), (Swish, "-", "#0072B2")):
    layer = kind().build((1,), dtype=np.float64)
    layer.forward(grid)
    derivative = layer.input_gradient(np.ones_like(grid))
    axes.plot(grid, derivative, style, color=colour, label=f"{kind.__name__}.input_gradient, dy = 1")
axes.set_xlabel("x")
axes.set_ylabel("f'(x)")
axes.set_title("The derivative of x s(x), measured and calculated", fontsize=11)
axes.legend(fontsize=8)
axes.grid(alpha=0.25)
options.out.mkdir(parents=True, exist_ok=True)
figure.savefig(options.out / "derivatives.png", dpi=150)
print(f"\nLook at {options.out / 'derivatives.png'}")
