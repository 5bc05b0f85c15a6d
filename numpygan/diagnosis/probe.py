"""What is measured inside the networks, now and then, with a batch of data.

The curves of a History cost nothing, but they do not say where in a network something is
wrong. So a *copy* of the model takes one more training step, and what that leaves behind
is examined: the gradients of every layer, the units that no sample activates. It is a
copy, with a random generator of its own, because measuring must change nothing: not the
parameters, gradients or running statistics, and not the random numbers that come next.
"""

import copy

import numpy as np

from ..layers import ReLU
from ..layers.sequential import innermost
from ..losses.basic import BinaryCrossEntropyFromLogits
from ..models import BEGAN, GAN, AdversarialAutoencoder, ConditionalGAN, ConditionalVAE, CycleGAN, Pix2Pix
from ..models.encoder_decoder import EncoderDecoder
from ..models.pix2pix import joined
from ..optimizers import Adam
from ..saving.state import set_generator
from ..tracing.calls import trace_calls
from ..training.divergence import DivergenceError
from ..training.history import History
from .measurements import LayerMeasurements, Measurements
from .samples import diversity
from .thresholds import SAMPLES, TRANSLATIONS

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
    measure_step = next(step for kind, step in STEPS.items() if isinstance(model, kind))
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


def independent_copy(model):
    """Return a copy of the model, without its history, that draws from a random generator of its own."""
    memo = {id(getattr(model, name)): History() for name in model.histories}
    memo[id(getattr(model, "samples", None))] = None
    other = copy.deepcopy(model, memo)
    set_generator(other, np.random.default_rng(0))
    return other


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


# --- one step of each kind of model ---------------------------------------------------


def _measure_gan(measured, layers, model, x, target, classes):
    """Train the copy for one iteration; compare the generator's gradient with that of -log D(G(z))."""
    measured.output_range = model.generator.output_range
    other = independent_copy(model)
    G, D = other.generator, other.discriminator
    other.train_on_batch(x)
    measured.gradient = float(np.linalg.norm(G.flat_grads))
    _read_gradients(layers, other)

    loss = BinaryCrossEntropyFromLogits()
    fake = G.forward(other.noise(len(x)), training=True)
    loss.forward(D.forward(fake, training=True), 1)
    G.zero_grad()
    G.parameter_gradients(D.input_gradient(loss.backward()))
    measured.non_saturating_gradient = float(np.linalg.norm(G.flat_grads))

    other = independent_copy(model)  # as it was before the step
    measured.diversity = diversity(other.generate(len(x), averaged=False), x, classes)
    _find_dead(layers, other, "generator", [other.noise(len(x))])
    fake = other.generator.forward(other.noise(len(x)), training=True)
    _find_dead(layers, other, "discriminator", [x, fake])


def _measure_conditional_gan(measured, layers, model, x, labels, classes):
    """As for a GAN, with the labels that belong to x."""
    measured.output_range = model.generator.output_range
    other, n = independent_copy(model), len(x)
    code = other.code(other.classes.check(labels, n))
    other.train_on_batch(x, labels)
    measured.gradient = float(np.linalg.norm(other.generator.flat_grads))
    _read_gradients(layers, other)
    other.generator_loss = BinaryCrossEntropyFromLogits()
    other._update_generator(other.noise(n), code)  # of the copy
    measured.non_saturating_gradient = float(np.linalg.norm(other.generator.flat_grads))

    other = independent_copy(model)  # as it was before the step
    measured.diversity = diversity(other.generate(n, labels, averaged=False), x, classes)
    z = other.generator_input(other.noise(n), code)
    _find_dead(layers, other, "generator", [z])
    seen = []
    for images in (x, other.generator.forward(z, training=True)):
        other.judge.forward(images, code, training=True)
        seen.append(other.judge.given)
    _find_dead(layers, other, "discriminator", seen)


def _measure_began(measured, layers, model, x, target, classes):
    """Let the copy compute both players' gradients; examine what G draws and what D rebuilds."""
    measured.output_range = model.generator.output_range
    other = independent_copy(model)
    z = other.noise(len(x))
    other.compute_gradients(x, z)
    measured.gradient = measured.non_saturating_gradient = float(np.linalg.norm(other.generator.flat_grads))
    _read_gradients(layers, other)

    other = independent_copy(model)  # as it was before
    fake = other.generator.forward(z, training=True)
    measured.diversity = diversity(other.generate(len(x), averaged=False), x, classes)
    _find_dead(layers, other, "generator", [z])
    _find_dead(layers, other, "discriminator", [x, fake])


def _measure_cyclegan(measured, layers, model, a, b, classes):
    """Let the copy take one step on a few images; examine what G makes of all of them."""
    measured.output_range = model.F.output_range
    other = independent_copy(model)
    other.train_on_batch(a[:TRANSLATIONS], b[:TRANSLATIONS])
    _read_gradients(layers, other)

    other = independent_copy(model)  # as it was before the step
    fake_a, fake_b = other.F.predict(b), other.G.predict(a)
    measured.diversity = diversity(fake_b, b)
    for name, batches in {"G": [a], "F": [b], "D_A": [a, fake_a], "D_B": [b, fake_b]}.items():
        _find_dead(layers, other, name, batches)


def _measure_pix2pix(measured, layers, model, a, b, classes):
    """Let the copy take one step on a few pairs; examine what the generator makes of all of them."""
    measured.output_range = model.generator.output_range
    other = independent_copy(model)
    other.train_on_batch(a[:TRANSLATIONS], b[:TRANSLATIONS])
    _read_gradients(layers, other)

    other = independent_copy(model)  # as it was before the step
    fake = other.generator.predict(a)
    measured.diversity = diversity(fake, b)
    _find_dead(layers, other, "generator", [a])
    _find_dead(layers, other, "discriminator", [joined(a, b), joined(a, fake)])


def _measure_adversarial_autoencoder(measured, layers, model, x, target, classes):
    """Let the copy make its three updates, then pass x through it."""
    other = independent_copy(model)
    other.train_on_batch(x, target)
    _read_gradients(layers, other)

    other = independent_copy(model)  # as it was before
    z, labels = other.encode(x), target if other.labels else None
    drawn = other.noise(len(x), labels)
    _find_dead(layers, other, "encoder", [x])
    _find_dead(layers, other, "decoder", [z])
    _find_dead(layers, other, "discriminator", [other.beside(each, labels) for each in (drawn, z)])


def _measure_encoder_decoder(measured, layers, model, x, target, classes):
    """Let the copy of an autoencoder or VAE compute its gradients, then pass x through it."""
    other = independent_copy(model)
    other.compute_gradients(x, target)
    _read_gradients(layers, other)
    first, *heads, last = other.networks
    _find_dead(layers, other, first, [x])
    z = other.networks[first].forward(x, training=True)
    if heads:  # a VAE's
        mean, log_var = (other.networks[head].forward(z) for head in heads)
        kl = 0.5 * (np.square(mean) + np.exp(log_var) - 1 - log_var)  # see GaussianKL
        measured.latent_kl = kl.mean(axis=0)
        z = other.sample_latent(mean, log_var)
    z = other.decoder_input(z, target) if isinstance(other, ConditionalVAE) else z
    _find_dead(layers, other, last, [z])


STEPS = {  # the first that fits: a ConditionalGAN is a GAN
    ConditionalGAN: _measure_conditional_gan,
    BEGAN: _measure_began,
    GAN: _measure_gan,
    CycleGAN: _measure_cyclegan,
    Pix2Pix: _measure_pix2pix,
    AdversarialAutoencoder: _measure_adversarial_autoencoder,
    EncoderDecoder: _measure_encoder_decoder,
}


def _read_gradients(layers, other):
    for name, network in other.networks.items():
        for k, layer in enumerate(innermost(network)):
            if "W" in layer.grads:
                layers[name, k].gradient = float(np.linalg.norm(layer.grads["W"]))


def _find_dead(layers, other, name, batches):
    """Set the share of units of each ReLU in the network `name` that are 0 for every sample."""
    network = other.networks[name]
    relus = {layer: layers[name, k] for k, layer in enumerate(innermost(network)) if isinstance(layer, ReLU)}
    active = {}

    def record(relu, method, arguments, y):
        on = (y.reshape(-1, y.shape[-1]) > 0).any(axis=0)  # units, or channels of a convolution
        active[relu] = active.get(relu, False) | on

    with trace_calls(relus, ["forward"], record):
        for x in batches:
            network.forward(x, training=True)
    for relu, on in active.items():
        relus[relu].dead = float(1 - np.mean(on))
