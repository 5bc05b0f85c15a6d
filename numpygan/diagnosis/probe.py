"""What is measured inside the networks, now and then, with a batch of data.

The curves of a History cost nothing, but they do not say where in a network something is
wrong. So a *copy* of the model takes one more training step, and what that leaves behind
is examined: the gradients of every layer, the units that no sample activates. It is a
copy, with a random generator of its own, because measuring must change nothing: not the
parameters, gradients or running statistics, and not the random numbers that come next.
"""

import numpy as np

from ..layers.sequential import innermost
from ..models import GAN, AdversarialAutoencoder, ConditionalGAN, ConditionalVAE, CycleGAN, Pix2Pix
from ..models.encoder_decoder import EncoderDecoder
from ..optimizers import Adam
from ..training.divergence import DivergenceError
from .measurements import LayerMeasurements, Measurements
from .model_steps import MEASURE
from .thresholds import SAMPLES

Diagnosable = GAN | CycleGAN | Pix2Pix | EncoderDecoder


def measure(model: Diagnosable, x=None, *, target=None, classes=None) -> Measurements:
    """Return the Measurements of a GAN, a CycleGAN, a Pix2Pix, an Autoencoder or a VAE, which is not changed.

    Args:
        x: data, (N, ...), of which SAMPLES are used; if None, only what the parameters and
            the optimisers show by themselves is measured. For a CycleGAN images of its
            domain A.
        target: of an autoencoder, if it is not x; for a CycleGAN images of domain B; for a Pix2Pix
            the pictures of x; for a model that is told classes the labels of x.
        classes: function from images (N, ...) to integers (N,), or None.
    """
    if not isinstance(model, Diagnosable):
        kind = type(model).__name__
        raise TypeError(f"diagnose expects a GAN, a CycleGAN, a Pix2Pix, an Autoencoder or a VAE, got {kind}")
    measure_step = next(step for kind, step in MEASURE.items() if isinstance(model, kind))
    optimizers = model.optimizers.items()
    adams = {name: rule for name, rule in optimizers if isinstance(rule, Adam)}
    measured = Measurements(
        steps=max(optimizer.t for _, optimizer in optimizers),
        beta_1=max((rule.beta_1 for rule in adams.values()), default=None),
        first_steps={name: _first_step(rule) for name, rule in adams.items()},
    )
    layers = {
        (name, k): _weights(layer, network)
        for name, network in model.networks.items()
        for k, layer in enumerate(innermost(network))
    }
    if x is not None:
        _check_data(model, x, target)
        x, target = subsample(x), subsample(target)
        measured.data_range = float(x.min()), float(x.max())
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                measure_step(measured, layers, model, x, target, classes)
            except DivergenceError as error:
                measured.diverged = str(error)
            except ValueError:
                if not _is_out_of_range(measured):  # else training refuses x, and its range is the finding
                    raise
    measured.layers = [each for each in layers.values() if each.size is not None or each.dead is not None]
    return measured


def _is_out_of_range(measured):
    (low, high), (least, most) = measured.data_range, measured.output_range or (-np.inf, np.inf)
    return low < least or high > most


def subsample(x):
    """Return SAMPLES rows of x (N, ...), the same rows of arrays of equal length; None of None."""
    return None if x is None else np.asarray(x)[np.random.default_rng(0).permutation(len(x))[:SAMPLES]]


def _check_data(model, x, target):
    kind = type(model).__name__
    _check_shape(kind, x, model.sample_shape)
    if isinstance(model, CycleGAN):
        _check_shape(f"{kind}'s domain B", target, model.G.output_shape)
    elif isinstance(model, ConditionalGAN | ConditionalVAE):
        model.classes.check(target, len(x))
    elif isinstance(model, AdversarialAutoencoder) and model.labels:
        model.labels.check(target, len(x))
    elif target is not None and len(target) != len(x):
        raise ValueError(f"every x needs its target: got x {np.shape(x)} and target {np.shape(target)}")
    elif isinstance(model, Pix2Pix) and np.shape(target)[1:] != model.generator.output_shape:
        expected = (len(x), *model.generator.output_shape)
        raise ValueError(f"target must be the pictures of x, {expected}, got {np.shape(target)}")


def _check_shape(name, x, expected):
    if np.shape(x)[1:] != tuple(expected) or len(x) == 0:
        shape = ", ".join(["N", *map(str, expected)])
        raise ValueError(f"the {name} learns from data of shape ({shape}), got {np.shape(x)}")


def _first_step(optimizer):
    """Return how many learning rates an optimiser of this kind moves a parameter in its first step."""
    fresh = type(optimizer)(**optimizer.config())
    p = np.zeros(1)
    fresh.update(p, np.ones(1))
    return abs(float(p[0])) / fresh.learning_rate


def _weights(layer, network):
    """Return a LayerMeasurements with what the weights show by themselves."""
    measured = LayerMeasurements(f"{layer.name} in the {network.name}", network.name)
    W = layer.params.get("W")
    if W is not None and W.ndim > 1:
        columns = W.reshape(-1, W.shape[-1])  # (inputs of a unit, units)
        measured.size = float(np.sqrt(np.mean(np.square(columns), dtype=np.float64) * len(columns) / 2))
        measured.identical = columns.shape[1] > 1 and bool((columns == columns[:, :1]).all())
    return measured
