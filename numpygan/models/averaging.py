"""The running mean of a network's parameters: a second network, which draws while the first one learns.

Two players who each answer the other's last move go round in circles. The centre of the
circle is better than any point on it, and the mean of the path is near the centre (page 3.9
of the book). So a copy of the generator follows it, its parameters being a mean of those
that the generator has had, the recent ones counting most:

    mean <- mean + (1 - d_t) (p - mean)          d_t = min(decay, (1 + t) / (10 + t))    (eq. 3.37)

With decay = 0.999 the mean is over some 1,000 iterations; before it can be, it is over
the last tenth of what there has been, so that the first, random parameters are forgotten.

Batch normalisation's running statistics are averaged in the same way. They are the means
of what the layers of many generators put out, which is close to, not equal to, what
the averaged generator's put out. So are spectral normalisation's vectors, whose mean is no
unit vector: the layer sees that and finds those of the averaged W itself.

The two networks share nothing. To draw from the mean therefore disturbs neither the
training nor what its layers remember of the latest forward pass.

Source: Polyak & Juditsky 1992; for GANs Yazici et al. 2019, *The unusual effectiveness of
averaging in GAN training*, section 3.2; Karras et al. 2018, section 5.
"""

import copy

import numpy as np


class ParameterAverage:
    """A copy of `network` whose parameters are the running mean of the original's.

    Args:
        decay: how much of the mean stays in each update, in [0, 1).

    Attributes:
        network: the copy, to draw with.
        t: updates made.
    """

    def __init__(self, network, decay):
        self.source, self.decay, self.t = network, decay, 0
        self.network = copy.deepcopy(network)
        self._work = np.empty_like(network.flat_params)

    def update(self):
        """Move the mean towards the parameters that the original has now."""
        self.t += 1
        share = 1 - min(self.decay, (1 + self.t) / (10 + self.t))
        mean, work = self.network.flat_params, self._work
        np.subtract(self.source.flat_params, mean, out=work)
        work *= mean.dtype.type(share)
        mean += work  # (eq. 3.37)
        for key, value in self.network.state.items():
            value += value.dtype.type(share) * (self.source.state[key] - value)

    def arrays(self):
        """Return all that training changes, as a dict of arrays: `network_arrays` and t."""
        return {**network_arrays(self.network), "t": np.array(self.t, np.int64)}

    def fill(self, arrays):
        """Put back what `arrays()` returned."""
        fill_network(self.network, arrays)
        self.t = int(arrays["t"])


def averages_of(networks, names, decay):
    """Return a dict of ParameterAverages of those networks of a dict that are named; none if decay is 0."""
    return {name: ParameterAverage(networks[name], decay) for name in names if decay}


def network_arrays(network):
    """Return a network's parameters and running statistics, as a dict of arrays; not copies."""
    state = {f"state/{key}": value for key, value in network.state.items()}
    return {"params": network.flat_params, **state}


def fill_network(network, arrays):
    """Copy into a network what `network_arrays` returned of one like it."""
    for key, value in network_arrays(network).items():
        value[...] = arrays[key]
