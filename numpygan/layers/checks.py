"""What every layer checks before it computes, and the words in which it refuses."""

from ..keras_words import AnswersKeras
from ..validation import batch_shape, plain_array


class Checks(AnswersKeras):
    """Checks of a layer's state and of what it is given; `Layer` has the attributes that are read here."""

    name = flat_params = None  # here too, so that a forgotten super().__init__ is named

    def __str__(self):
        kind = type(self).__name__
        return f"{kind} {self.name!r}" if self.name else kind

    __repr__ = __str__

    def _require_built(self):
        if self.flat_params is None:
            raise ValueError(
                f"{self} has no parameters yet: put it into a Sequential with an "
                "input_shape, or call build(input_shape)"
            )

    def _require_unbuilt(self):
        if not hasattr(self, "params"):
            raise TypeError(f"{self}: its __init__ must begin with super().__init__(name=name)")
        if self.flat_params is not None:
            raise ValueError(
                f"{self} is already built, for samples of {self.input_shape}: building it again would "
                "lose its parameters, so make a new layer"
            )

    def _check_input(self, x):
        """Return x in the layer's dtype, or raise an error that names the shapes."""
        self._require_built()
        x = plain_array(self, "input", x)
        if x.shape[1:] != self.input_shape or x.ndim == 0:
            hint = ": add Flatten() first" if len(self.input_shape) == 1 and x.ndim > 2 else ""
            raise ValueError(f"{self} expects {batch_shape(self.input_shape)}, got {x.shape}{hint}")
        if len(x) == 0:
            raise ValueError(f"{self} expects a batch of at least one sample, got none: {x.shape}")
        if x.dtype != self.dtype:
            x = self._cast_array(x, "input")
        self._batch_size = len(x)
        return x

    def _check_gradient(self, dy):
        """Return dy in the layer's dtype, or raise an error if its shape is not that of the latest output."""
        if self._batch_size is None:
            raise ValueError(f"{self} has no output yet: call forward(x) before asking for gradients")
        dy = plain_array(self, "gradient", dy)
        expected = (self._batch_size, *self.output_shape)
        if dy.shape != expected:
            raise ValueError(f"{self} returned shape {expected}, so dy must have it too, got {dy.shape}")
        return dy if dy.dtype == self.dtype else self._cast_array(dy, "gradient")

    def _check_tangent(self, t):
        """Return t in the layer's dtype, or raise an error if its shape is not that of the latest input."""
        if self._batch_size is None:
            raise ValueError(f"{self} has no input yet: call forward(x) before asking for tangents")
        t = plain_array(self, "tangent", t)
        expected = (self._batch_size, *self.input_shape)
        if t.shape != expected:
            raise ValueError(f"{self} was given x of shape {expected}, so t must have it too, got {t.shape}")
        return t if t.dtype == self.dtype else self._cast_array(t, "tangent")

    def _cast_array(self, array, what):
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{self} expects a real numeric {what}, got dtype {array.dtype}")
        return array.astype(self.dtype)
