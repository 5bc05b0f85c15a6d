'''Are the gradients right? Ask the forward pass, which knows.

A derivative can be measured: move a number by h to either side, see how far the
result moves, divide by 2h. That is slow, one number at a time, but it needs no
calculus, so it can check the calculus of a backward pass.

A layer of your own, with one line wrong:

    class Scale(Layer):
        """y = w * x, with one w for each feature."""

        def create_params(self):
            self.params["w"] = np.ones(self.input_shape, self.dtype)

        def forward(self, x, training=False):
            self._x = self._check_input(x)
            return self._x * self.params["w"]

        def parameter_gradients(self, dy):
            self.grads["w"] += (dy * self._x).mean(axis=0)

        def input_gradient(self, dy):
            return dy * self.params["w"]

    x = np.linspace(-1, 1, 12).reshape(4, 3)
    print(check_layer(Scale(), x))

prints

    Scale(), x (4, 3), training: WRONG

       checked  worst at      analytic       numeric    error
    x   all 12    [3, 0]   -0.21590132   -0.21590132  6.9e-12  ok
    w    all 3       [0]  -0.022678587  -0.090714347  7.5e-01  WRONG

    w: 3 of 3 differ: N = 4 times too small: is there a 1/N too many?

and with that line corrected,

    class Right(Scale):
        def parameter_gradients(self, dy):
            self.grads["w"] += (dy * self._x).sum(axis=0)

    print(check_layer(Right(), x))

it is

    Right(), x (4, 3), training: ok

       checked  worst at      analytic       numeric    error
    x   all 12    [3, 0]   -0.21590132   -0.21590132  6.9e-12  ok
    w    all 3       [0]  -0.090714347  -0.090714347  2.2e-11  ok

For each array the table shows how many of its derivatives were measured, and the
analytic and the numeric one where they agree least. A whole network is checked in
the same way; `check_loss` takes a loss, and `check_function` anything that returns
a number.

The whole idea is the ten lines of `plain.numeric_gradient`. How the error is defined is
said in `compare.relative_error`, how a derivative is measured in `numeric`, and what
else is required of a layer in `contract`. What no gradient check can find is a wrong
forward pass with the right gradient for it.
'''

from .cases import check_library, main_table
from .checks import check_function, check_layer, check_loss
from .plain import numeric_gradient
from .report import GradientReport

__all__ = [
    "GradientReport",
    "check_function",
    "check_layer",
    "check_library",
    "check_loss",
    "main_table",
    "numeric_gradient",
]
