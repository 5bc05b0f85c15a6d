"""What the models share: naming their parts, copying their state, looking at images."""

import warnings
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ..layers import Layer
from ..optimizers import Optimizer
from ..validation import sample_shape
from .averaging import ParameterAverage, fill_network, network_arrays
from .image_buffer import ImageBuffer


class Model:
    """Some networks and the optimisers that train them.

    Subclasses set

        networks, optimizers   dicts from a name to the part
        rng                    the numpy Generator that everything random is drawn from
        sample_shape           shape of one sample of the data, without N
        value_range            (low, high), the black and white of images that go in and come out

    and a History under each of the names `histories`; those that average parameters also
    `averages`, a dict from a network's name to its ParameterAverage; those that keep past
    fakes also `buffers`, a dict of ImageBuffers; those that move a number without an optimiser, such as
    BEGAN's k, also `numbers`, a dict of arrays.
    """

    histories: tuple[str, ...] = ("history",)
    # None by default; read-only, because all models share it.
    averages: Mapping[str, ParameterAverage] = MappingProxyType({})
    buffers: Mapping[str, ImageBuffer] = MappingProxyType({})
    numbers: Mapping[str, np.ndarray] = MappingProxyType({})
    value_range = (-1.0, 1.0)

    def snapshot(self):
        """Return a copy of all that training changes, as a dict of arrays."""
        arrays = {}
        for name, network in self.networks.items():
            arrays.update({f"{name}/{key}": value.copy() for key, value in network_arrays(network).items()})
        for name, average in self.averages.items():
            arrays.update({f"averages/{name}/{key}": each.copy() for key, each in average.arrays().items()})
        for name, optimizer in self.optimizers.items():
            arrays[f"{name}/t"] = np.array(optimizer.t, np.int64)
            for key, value in optimizer.memory.items():
                arrays[f"{name}/{key}"] = value.copy()
        for name, buffer in self.buffers.items():
            arrays[f"{name}/images"] = buffer.images()
        arrays.update({f"numbers/{name}": value.copy() for name, value in self.numbers.items()})
        return arrays

    def restore(self, arrays):
        """Put back what `snapshot()` returned."""
        for name, network in self.networks.items():
            fill_network(network, _below(f"{name}/", arrays))
        for name, average in self.averages.items():
            average.fill(_below(f"averages/{name}/", arrays))
        for name, optimizer in self.optimizers.items():
            optimizer.t = int(arrays[f"{name}/t"])
            slots = optimizer.slots if optimizer.t else ()  # no memory before the first update
            optimizer.memory = {slot: arrays[f"{name}/{slot}"].copy() for slot in slots}
        for name, buffer in self.buffers.items():
            buffer.fill(arrays[f"{name}/images"])
        for name, value in self.numbers.items():
            value[...] = arrays[f"numbers/{name}"]

    def network_for_drawing(self, name, averaged=True):
        """Return the network of that name with averaged parameters, if it has them, or as it learns."""
        average = self.averages.get(name)
        return average.network if average and averaged else self.networks[name]

    def config(self):
        """Return what else the constructor needs to build this model again, as JSON can hold it."""
        return {}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        """Return a model made of saved parts, dicts by name, and of what `config()` returned."""
        return cls(**networks, **optimizers, **config, rng=rng)

    def fit_on_batch(self, *batch):
        """Take one step within `fit`: `train_on_batch`, or a faster way to do the same."""
        return self.train_on_batch(*batch)

    def require_batch(self, n):
        """Raise ValueError if n samples are too few for one of the networks to train with."""
        for network in self.networks.values():
            network.require_batch(n)

    def parameters_of(self, optimizer):
        """Return the parameter vector that the optimiser of that name updates."""
        return self.networks[optimizer.removesuffix("_optimizer")].flat_params

    def summary(self, *, print_fn=print):
        """Print the layers of each network."""
        for network in self.networks.values():
            print_fn(f"{network.name}:")
            network.summary(print_fn=print_fn)


def _below(prefix, arrays):
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def require_networks(**networks):
    """Raise TypeError if something given for a network is neither one nor None."""
    for name, network in networks.items():
        if network is not None and not isinstance(network, Layer):
            raise TypeError(f"{name} must be a network such as a built Sequential, got {network!r}")


def player_optimizers(generator_optimizer, discriminator_optimizer, default):
    """Return the optimisers of a game's two sides, by name; `default()` makes those that are None."""
    optimizers = {
        "generator_optimizer": generator_optimizer or default(),
        "discriminator_optimizer": discriminator_optimizer or default(),
    }
    require_optimizers(optimizers)
    if generator_optimizer is not None and generator_optimizer is discriminator_optimizer:
        raise ValueError("generator and discriminator each need an optimizer of their own")
    return optimizers


def require_optimizers(optimizers):
    """Raise TypeError if something in this dict is no optimiser."""
    for name, rule in optimizers.items():
        if not isinstance(rule, Optimizer):
            raise TypeError(f"{name} must be an optimizer such as Adam(1e-3), got {rule!r}")


def named(networks):
    """Return a dict of networks; those that have no name, by which errors call them, take their key."""
    for name, network in networks.items():
        network.name = network.name or name
    return networks


def image_shape_for(image_shape, *, draws=None, judges=None):
    """Return the shape (H, W, C) of the images that a model's default networks are to be made for.

    Args:
        image_shape: what was asked for, or None.
        draws, judges: the networks that are there already, if any: images come out of the
            one and go into the other.
    """
    known = draws.output_shape if draws else judges.input_shape if judges else None
    if image_shape is None:
        return known or (28, 28, 1)
    shape = sample_shape("a model", "image_shape", image_shape)
    if known is not None and shape != known:
        raise ValueError(f"image_shape is {shape}, but the network that was given is made for {known}")
    return shape


def check_images(x, shape, value_range, *, name="x", drawn_by="generator"):
    """Return x as a float array, or raise an error that says what is wrong with it.

    `datasets.Images`, which hold bytes and make floats of a batch when it is indexed, are
    returned as they are.

    Args:
        shape: shape of one image, (H, W, C).
        value_range: (low, high) that the pixels must lie in, or None for any.
        drawn_by: the network whose last layer sets that range.
    """
    expected = ", ".join(["N", *map(str, shape)])
    if isinstance(x, tuple):
        raise TypeError(
            f"{name} must be one array ({expected}), got a tuple of {len(x)}: load_digits() and its like "
            "return images and labels"
        )
    x = x if hasattr(x, "pixels") else np.asarray(x)
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"{name} is empty: expected images of shape ({expected})")
    if x.shape[1:] != tuple(shape):
        raise ValueError(f"{name} must have shape ({expected}), got {x.shape}")
    if x.dtype.kind != "f":
        raise TypeError(
            f"{name} must hold floats, got {x.dtype}: numpygan.datasets.scale_pixels turns "
            "uint8 pixels into floats"
        )
    low, high = float(x.min()), float(x.max())  # NaN and infinity show in these
    if not np.isfinite([low, high]).all():
        raise ValueError(f"{name} has NaN or infinite pixels")
    if value_range and (low < value_range[0] or high > value_range[1]):
        raise ValueError(
            f"{name} has pixels from {low:g} to {high:g}, but the {drawn_by} draws from "
            f"{value_range[0]} to {value_range[1]}: scale them to that range"
        )
    if value_range and value_range[0] < 0 <= low < high <= 1 and isinstance(x, np.ndarray):
        warnings.warn(
            f"{name} has pixels from {low:g} to {high:g}, but the {drawn_by} draws from {value_range[0]} to "
            f"{value_range[1]}: if 0 is black, train on 2 * {name} - 1",
            stacklevel=3,
        )
    return x
