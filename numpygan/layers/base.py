"""The contract of every layer.

A layer is a function y = f(x; params) with a forward pass and, written out by
hand, its derivative. Let L be the loss at the end of the network and write
dy = dL/dy for its gradient with respect to the layer's output. Given dy, a layer
answers two questions:

1. *How should your parameters change?*  `parameter_gradients(dy)` adds dL/dW,
   dL/db, ... to the arrays in `grads`.
2. *What shall I tell the layer below?*  `input_gradient(dy)` returns dx = dL/dx.

`backward(dy)` asks both. They are separate for the sake of GANs: when the generator
learns, the discriminator is asked only the second question, so it cannot change and
nothing has to be frozen.

Most layers also answer a third one, which looks forwards:

3. *If your input moved by t, how would your output move?*  `tangent(t)` returns that.

With it, a loss may contain the gradient dx itself, as a gradient penalty does:
`tangent_gradients(t, dy)` adds the gradients of the number <dy, tangent(t)>, which is
also <input_gradient(dy), t>.
"""

import copy
import re

import numpy as np

from ..validation import float_dtype, sample_shape
from .checks import Checks
from .views import Views, fill_weights, weights_of

NAME = r"[^.\x00-\x1f\x7f-\x9f]+"  # no dots, which join names, nor what would steer a terminal


class Layer(Checks):
    """A function of x and of its own parameters, with its two derivatives.

    Attributes:
        params: dict of parameter arrays, such as `{"W": ..., "b": ...}`.
        grads: dict with the same keys and shapes. Gradients *add up* here until
            `zero_grad()`, because a layer used twice collects both gradients.
        state: dict of arrays that are saved but not learnt (running statistics).
        flat_params, flat_grads: one vector each, of which the arrays in `params`
            and `grads` are views, so that an optimiser sees a single array.
        input_shape, output_shape: shape of one sample, without N.
        output_range: (low, high) where the layer bounds its output, else None.
        keeps_values: True for layers that only move numbers (Flatten, Reshape).
        no_tangent: why the layer does not answer the third question, None if it does.

    A layer of your own needs `forward` and `input_gradient`; if it has parameters,
    also `create_params` and `parameter_gradients`; if it changes the shape, also
    `compute_output_shape`; for gradient penalties, `tangent` and, with parameters,
    `tangent_gradients`. Check all of them with `numpygan.check_layer`.
    """

    output_range: tuple[float, float] | None = None
    keeps_values = False

    @property
    def no_tangent(self):
        for kind in type(self).__mro__:  # a subclass with another forward has no tangent to go with it
            if "tangent" in vars(kind) and kind is not Layer:
                return None
            if "forward" in vars(kind):
                return "it does not define tangent(t)"
        return None

    def __init__(self, *, name=None):
        if name is not None and not (isinstance(name, str) and re.fullmatch(NAME, name)):
            raise ValueError(
                f"{type(self).__name__}: name must be a non-empty string without dots and control "
                f"characters, got {name!r}"
            )
        self.name = name
        self.params, self.grads, self.state = {}, {}, {}
        self.flat_params = self.flat_grads = None  # set by build, like the next two lines
        self.input_shape = self.output_shape = None
        self.dtype = self.rng = None
        self._batch_size = None  # N of the latest forward pass

    # --- what each layer defines ---------------------------------------------------

    def compute_output_shape(self, input_shape):
        """Return the shape of one output sample; raise ValueError if the input's is not accepted."""
        return input_shape

    def create_params(self):
        """Fill `params` (and `state`), with `input_shape` now known."""

    def forward(self, x, training=False):
        """Return y = f(x), keeping what the two gradients will need.

        x is (N, *input_shape), the result (N, *output_shape). `training` matters to
        layers that behave differently during training (batch norm, dropout). A layer
        may keep x or y itself, not a copy: change neither before you have asked for
        the gradients.
        """
        raise TypeError(f"{type(self).__name__} must define forward(x, training)")

    def parameter_gradients(self, dy):
        """First question: add dL/dparam to each array in `grads`, given dy = dL/dy."""

    def input_gradient(self, dy):
        """Second question: return dx = dL/dx, shape (N, *input_shape), given dy."""
        raise TypeError(f"{type(self).__name__} must define input_gradient(dy)")

    def tangent(self, t):
        """Third question: return how y moves if x, that of the latest forward pass, moves by t.

        t is (N, *input_shape), the result (N, *output_shape): the Jacobian times t, whereas
        `input_gradient` is the transposed Jacobian times dy.
        """
        raise TypeError(f"{self} cannot be in a network with a gradient penalty: {self.no_tangent}")

    def tangent_gradients(self, t, dy):
        """Add to `grads` the gradients of <dy, tangent(t)>, where t and dy are constants.

        Returns its gradient with respect to x, or None where that is zero because tangent(t)
        does not depend on x: between its kinks, any layer but one with a curved graph.
        """

    def require_batch(self, n):
        """Raise ValueError if n samples are too few to train with."""

    def config(self):
        """Return the constructor's arguments, as JSON can hold them."""
        return {}

    # --- what every layer inherits ------------------------------------------------

    def backward(self, dy):
        """Ask both questions: add to `grads` and return dx."""
        self.parameter_gradients(dy)
        return self.input_gradient(dy)

    def build(self, input_shape, *, rng=None, dtype=np.float32):
        """Create the parameters for samples of `input_shape` (without N), once.

        Args:
            rng: numpy Generator, or a seed for one, which draws the initial values.
            dtype: np.float32, or np.float64 where precision matters more than
                time (gradient checks).
        """
        self._require_unbuilt()
        input_shape = sample_shape(self, "input_shape", input_shape)
        dtype = float_dtype(self, dtype)
        if self.input_shape not in (None, input_shape):
            raise ValueError(f"{self} was made for samples of {self.input_shape}, got {input_shape}")
        output_shape = tuple(self.compute_output_shape(input_shape))
        self.input_shape, self.output_shape = input_shape, output_shape
        self.dtype, self.rng = dtype, np.random.default_rng(rng)
        self.create_params()
        size = sum(value.size for value in self.params.values())
        self.bind(np.zeros(size, self.dtype), np.zeros(size, self.dtype))
        return self

    def bind(self, flat_params, flat_grads):
        """Move parameters and gradients into two given vectors and keep views of them."""
        self.flat_params, self.flat_grads = flat_params, flat_grads
        params, grads, start = {}, {}, 0
        for key, value in self.params.items():
            part = slice(start, start + value.size)
            params[key], grads[key] = (flat[part].reshape(value.shape) for flat in (flat_params, flat_grads))
            params[key][...] = value
            start += value.size
        self.params, self.grads, self.state = Views(params), Views(grads), Views(self.state)

    def get_weights(self):
        """Return copies of all parameters and saved arrays, layer by layer, in Keras's order."""
        return [array.copy() for array in weights_of(self)]

    def set_weights(self, arrays):
        """Copy a list such as `get_weights` returned into a built layer; ValueError if one does not fit."""
        self._require_built()
        fill_weights(self, arrays)

    def count_params(self):
        """Return the number of parameters."""
        self._require_built()
        return self.flat_params.size

    def zero_grad(self):
        """Set the gradients collected so far to zero."""
        self._require_built()
        self.flat_grads.fill(0)

    def astype(self, dtype):
        """Return a copy of this built layer that computes in `dtype`.

        The copy has had no forward pass yet: what `forward` kept has the old dtype.
        """
        self._require_built()
        dtype = float_dtype(self, dtype)
        new = copy.deepcopy(self)
        new._cast(dtype)
        new.bind(self.flat_params.astype(dtype), self.flat_grads.astype(dtype))
        return new

    def _cast(self, dtype):
        self.dtype, self._batch_size = dtype, None
        self.params = {key: value.astype(dtype) for key, value in self.params.items()}
        self.state = {key: value.astype(dtype) for key, value in self.state.items()}

    def __setstate__(self, attributes):
        # In a deep copy, each array and its flat vector no longer share memory: join them again.
        self.__dict__.update(attributes)
        if self.flat_params is not None:
            self.bind(self.flat_params, self.flat_grads)
