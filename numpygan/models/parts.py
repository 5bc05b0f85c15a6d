"""What a model is made of: networks, losses and optimisers, checked before anything is done with them."""

from ..layers import Layer, Sequential
from ..losses import Loss
from ..optimizers import Optimizer


def require_networks(**networks):
    """Raise an error unless what is given for each network is a built Sequential of its own, or None."""
    places = {}
    for name, network in networks.items():
        if network is None:
            continue
        if not isinstance(network, Sequential):
            layer = isinstance(network, Layer)
            hint = f": put it into one, Sequential([{network}], input_shape)" if layer else ""
            raise TypeError(f"{name} must be a network such as a built Sequential, got {network!r}{hint}")
        if network.flat_params is None:
            raise ValueError(
                f"{name} is not built: give its Sequential the shape of one sample, as in "
                "Sequential(layers, input_shape=(100,))"
            )
        if id(network) in places:
            raise ValueError(
                f"{places[id(network)]} and {name} are the same network; make one for each place, such as "
                f"copy.deepcopy({places[id(network)]})"
            )
        places[id(network)] = name


def require_loss(owner, what, loss, kind=Loss):
    """Raise TypeError unless `loss` is a loss object of that kind, such as MeanSquaredError()."""
    if not isinstance(loss, kind):
        example = "MeanSquaredError()" if kind is Loss else "Bernoulli()"
        raise TypeError(f"{owner}: {what} must be an object such as {example}, got {loss!r}")


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
        network.in_model = True
    return networks
