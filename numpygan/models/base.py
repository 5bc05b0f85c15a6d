"""What the models share: copying their state, and the calls that serve all of them."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ..keras_words import AnswersKeras
from .averaging import ParameterAverage, fill_network, network_arrays
from .image_buffer import ImageBuffer


class Model(AnswersKeras):
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

    def update_averages(self):
        """Move the averaged parameters towards those that have just been updated; see averaging.py."""
        for average in self.averages.values():
            average.update()

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
