"""One parameter vector for several networks, for one optimiser to update."""

import numpy as np


def join(networks):
    """Move the parameters of several networks into one vector, for one optimiser to update.

    Returns (flat_params, flat_grads); what each network holds are views of them.
    """
    dtypes = {network.dtype for network in networks}
    if len(dtypes) > 1:
        raise ValueError(f"all networks must compute in one dtype, got {sorted(map(str, dtypes))}")
    size = sum(network.count_params() for network in networks)
    return bind(networks, np.zeros(size, *dtypes), np.zeros(size, *dtypes))


def bind(networks, flat_params, flat_grads):
    """Move the parameters of several networks into two given vectors, as `Layer.bind`; return these."""
    start = 0
    for network in networks:
        part = slice(start, start + network.count_params())
        network.bind(flat_params[part], flat_grads[part])
        start = part.stop
    return flat_params, flat_grads


def require_bound(networks, flat_params):
    """Raise ValueError if a network has left this vector, for that of a model made of it later."""
    for network in networks:
        if network.flat_params.size and not np.may_share_memory(network.flat_params, flat_params):
            raise ValueError(
                f"{network} has since become part of another model, whose optimiser moves its parameters; "
                "give each model a network of its own, such as copy.deepcopy(network)"
            )
