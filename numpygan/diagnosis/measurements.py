"""What was measured on the networks of a model, to be judged in networks.py."""

from dataclasses import dataclass, field

import numpy as np

from .samples import Variety


@dataclass
class LayerMeasurements:
    """One layer that has weights or switches units off.

    Attributes:
        place: name of the layer and of its network, in words.
        network: name of the network.
        gradient: norm of dL/dW, or None for a layer without W.
        size: root mean square of W over He's sqrt(2 / fan_in).
        alike: whether all units have the same weights.
        dead: share of a ReLU's units that were 0 for every sample.
    """

    place: str
    network: str
    gradient: float | None = None
    size: float | None = None
    alike: bool = False
    dead: float | None = None


@dataclass
class Measurements:
    """All that was measured.

    Attributes:
        layers: list of LayerMeasurements, in the order of the forward pass.
        steps: number of updates that the busiest optimiser has made.
        first_steps: for every Adam the length of a first step, in learning rates.
        diverged: message of a DivergenceError in the copy's step, or None.
        gradient, plain_gradient: norm of the generator's, by its own loss and by -log D(G(z)).
        data_range, drawn_range: (low, high) of the data; bounds of what is generated, or None.
        variety: of a GAN's samples, see samples.py.
        latent_kl: KL of each of a VAE's latents, (latent_dim,), in nats.
    """

    layers: list = field(default_factory=list)
    steps: int = 0
    first_steps: dict = field(default_factory=dict)
    diverged: str | None = None
    gradient: float | None = None
    plain_gradient: float | None = None
    data_range: tuple | None = None
    drawn_range: tuple | None = None
    variety: Variety | None = None
    latent_kl: np.ndarray | None = None
