"""The arrays of a layer by name: `params`, `grads` and `state` once the layer is built."""

import numpy as np


class Views(dict):
    """Arrays that others hold too: assigning to a name copies into its array.

    `params["W"]` is a view of the network's `flat_params`. A plain dict would let
    `params["W"] = array` put another array in its place, which the forward pass would use
    while the optimiser moves, and a file receives, the old one.
    """

    def __setitem__(self, name, value):
        if name not in self:
            raise ValueError(f"there is no array {name!r} here, only {', '.join(map(repr, self)) or 'none'}")
        mine = self[name]
        if value is mine:
            return  # the second half of grads["W"] += ...
        value = np.asarray(value)
        if value.shape != mine.shape or value.dtype.kind not in "fiub":
            raise ValueError(
                f"{name!r} holds real numbers of shape {mine.shape}, got {value.dtype} of shape {value.shape}"
            )
        mine[...] = value

    def update(self, *others, **named):
        for name, value in dict(*others, **named).items():
            self[name] = value

    def __ior__(self, other):  # type: ignore[misc]
        self.update(other)
        return self

    def __reduce__(self):  # for copies: filled at once, not name by name
        return Views, (dict(self),)


def weights_of(layer):
    """Return the arrays of a layer in one list: of its inner layers, if it has any, then its own."""
    inner = [array for each in getattr(layer, "layers", ()) for array in weights_of(each)]
    named = (*layer.params.items(), *layer.state.items())
    return inner + [array for name, array in named if "." not in name]  # "dense_1.W" is an inner layer's


def fill_weights(layer, arrays):
    """Copy arrays into those of `weights_of`, after checking all of them."""
    mine, given = weights_of(layer), [np.asarray(array) for array in arrays]
    shapes, expected = ([array.shape for array in each] for each in (given, mine))
    if shapes != expected or not all(array.dtype.kind in "fiub" for array in given):
        raise ValueError(f"{layer} has arrays of real numbers of shapes {expected}, got {shapes}")
    for array, value in zip(mine, given):
        array[...] = value
