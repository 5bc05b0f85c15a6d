"""What was measured inside the networks of a model, for the rules in networks.py."""

from dataclasses import dataclass, field

import numpy as np

from .samples import Diversity


@dataclass
class LayerMeasurements:
    """One layer that has weights, or units that can die.

    Attributes:
        place: name of the layer and of its network, in words.
        network: name of the network.
        gradient: norm of dL/dW, or None for a layer without W.
        size: root mean square of W over He's sqrt(2 / fan_in).
        identical: whether all units have the same weights.
        dead: share of a ReLU's units that were 0 for every sample.
    """

    place: str
    network: str
    gradient: float | None = None
    size: float | None = None
    identical: bool = False
    dead: float | None = None


@dataclass
class Measurements:
    """Everything that was measured.

    Attributes:
        layers: list of LayerMeasurements, in the order of the forward pass.
        steps: largest number of updates made by any of the optimisers.
        beta_1: largest memory of past gradients of any Adam, or None.
        first_steps: for every Adam the length of its first step, in learning rates.
        diverged: message of a DivergenceError in the copy's step, or None.
        gradient, non_saturating_gradient: norm of the generator's gradient, of its own loss
            and of -log D(G(z)).
        data_range, output_range: (low, high) of the data; bounds of what is generated, or None.
        diversity: of generated samples, see samples.py.
        latent_kl: KL of each of a VAE's latents, (latent_dim,), in nats.
    """

    layers: list = field(default_factory=list)
    steps: int = 0
    beta_1: float | None = None
    first_steps: dict = field(default_factory=dict)
    diverged: str | None = None
    gradient: float | None = None
    non_saturating_gradient: float | None = None
    data_range: tuple | None = None
    output_range: tuple | None = None
    diversity: Diversity | None = None
    latent_kl: np.ndarray | None = None
