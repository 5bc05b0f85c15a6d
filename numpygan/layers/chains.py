"""Names for the layers of a chain, and a twin of a chain for another thread to compute with."""

import re


def with_own_memory(layer):
    """Return a twin of a layer with the same parameters, which remembers its forward passes itself.

    Forward passes of the twin leave alone what training will need for the gradients. (copy.copy
    would bind the arrays anew.)
    """
    twin = object.__new__(type(layer))
    vars(twin).update(vars(layer))
    if isinstance(getattr(layer, "layers", None), list):
        twin.layers = [with_own_memory(inner) for inner in layer.layers]
    return twin


def name_layers(layers):
    """Name the unnamed layers dense_1, leaky_relu_1, dense_2, ...; refuse duplicates."""
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError(
            "the same layer object is in a Sequential twice; it remembers only one forward pass, "
            "so make a new layer for each place"
        )
    taken = {layer.name for layer in layers if layer.name}
    if len(taken) < sum(bool(layer.name) for layer in layers):
        raise ValueError(f"layer names must differ, got {[layer.name for layer in layers]}")
    for layer in layers:
        if layer.name:
            continue
        kind = re.sub(r"(?<=\w)(?=[A-Z][a-z])", "_", type(layer).__name__).lower()
        number = 1
        while f"{kind}_{number}" in taken:
            number += 1
        layer.name = f"{kind}_{number}"
        taken.add(layer.name)
