"""What is measured on the networks, once in a while, with a batch of data.

The curves of a History cost nothing, but do not tell where in a network something is
wrong. So a *copy* of the model is let take one more step, and what that leaves behind
is looked at: the gradients of every layer, the units that no sample switches on. A
copy, with a random generator of its own, because looking must not change anything:
not the parameters, not the gradients, not the running statistics of a batch norm, not
the random numbers that come next.
"""

import copy

import numpy as np

from ..layers import ReLU
from ..losses.basic import BinaryCrossEntropyFromLogits
from ..models import GAN, VAE, CycleGAN
from ..models.encoder_decoder import EncoderDecoder
from ..optimizers import Adam
from ..saving.state import set_generator
from ..tracing.calls import trace_calls
from ..training.divergence import DivergenceError
from ..training.history import History
from .measurements import LayerMeasurements, Measurements
from .samples import variety
from .thresholds import PROBE, TRANSLATED


def measure(model, x=None, *, target=None, classes=None):
    """Return what can be Measurements in a GAN, a CycleGAN, an Autoencoder or a VAE, which is not changed.

    Args:
        x: data, (N, ...), of which PROBE samples are used; if None, only what the
            parameters and the optimisers show by themselves is measured. For a CycleGAN
            images of its domain A.
        target: of an autoencoder, if it is not x; for a CycleGAN images of domain B.
        classes: function from images (N, ...) to integers (N,), or None.
    """
    kind = type(model).__name__
    if not isinstance(model, (GAN, CycleGAN, EncoderDecoder)):
        raise TypeError(f"diagnose expects a GAN, a CycleGAN, an Autoencoder or a VAE, got {kind}")
    adams = {name: rule for name, rule in model.optimizers.items() if isinstance(rule, Adam)}
    first_steps = {name: _first_step(rule) for name, rule in adams.items()}
    seen = Measurements(steps=max(rule.t for rule in model.optimizers.values()), first_steps=first_steps)
    networks = model.networks.values()
    layers = {id(layer): _weights(layer, network) for network in networks for layer in innermost(network)}
    if x is not None:
        _check_shape(kind, x, model.sample_shape)
        if isinstance(model, CycleGAN):
            _check_shape(f"{kind}'s domain B", target, model.G.output_shape)
        elif target is not None and len(target) != len(x):
            raise ValueError(f"every x needs its target: got x {np.shape(x)} and target {np.shape(target)}")
        x, target = subsample(x), subsample(target)
        seen.data_range = float(x.min()), float(x.max())
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                if isinstance(model, GAN):
                    _measure_game(seen, layers, model, x, classes)
                elif isinstance(model, CycleGAN):
                    _measure_translation(seen, layers, model, x, target)
                else:
                    _measure_coding(seen, layers, model, x, target)
            except DivergenceError as error:
                seen.diverged = str(error)
    seen.layers = [each for each in layers.values() if each.size is not None or each.dead is not None]
    return seen


def subsample(x):
    """Return PROBE samples of x (N, ...), the same ones of arrays of equal length; None of None."""
    return None if x is None else np.asarray(x)[np.random.default_rng(0).permutation(len(x))[:PROBE]]


def _check_shape(kind, x, expected):
    if np.shape(x)[1:] != tuple(expected) or len(x) == 0:
        text = ", ".join(["N", *map(str, expected)])
        raise ValueError(f"the {kind} learns from data of shape ({text}), got {np.shape(x)}")


def independent_copy(model):
    """Return a copy of the model, without its past, that draws from a generator of its own."""
    forgotten = {id(getattr(model, name)): History() for name in model.histories}
    forgotten[id(getattr(model, "samples", None))] = None
    other = copy.deepcopy(model, forgotten)
    set_generator(other, np.random.default_rng(0))
    return other


def innermost(network):
    """Yield the layers of a possibly nested Sequential in the order of the forward pass."""
    for layer in network.layers:
        yield from innermost(layer) if hasattr(layer, "layers") else (layer,)


def _first_step(rule):
    """Return how many learning rates a rule of this kind moves a parameter in its first step."""
    fresh = type(rule)(**rule.config())
    p = np.zeros(1)
    fresh.update(p, np.ones(1))
    return abs(float(p[0])) / fresh.learning_rate


def _weights(layer, network):
    """Return a LayerMeasurements with what the weights show by themselves."""
    seen = LayerMeasurements(f"{layer.name} in the {network.name}", network.name)
    W = layer.params.get("W")
    if W is not None and W.ndim > 1:
        columns = W.reshape(-1, W.shape[-1])  # (inputs of a unit, units)
        seen.size = float(np.sqrt(np.mean(np.square(columns), dtype=np.float64) * len(columns) / 2))
        seen.alike = columns.shape[1] > 1 and bool((columns == columns[:, :1]).all())
    return seen


def _measure_game(seen, layers, model, x, classes):
    """Let the copy play one iteration; compare the generator's gradient with that of -log D(G(z))."""
    seen.drawn_range = model.generator.output_range
    other = independent_copy(model)
    G, D = other.generator, other.discriminator
    other.train_on_batch(x)
    seen.gradient = float(np.linalg.norm(G.flat_grads))
    _read_gradients(layers, model, other)

    loss = BinaryCrossEntropyFromLogits()
    fake = G.forward(other.noise(len(x)), training=True)
    loss.forward(D.forward(fake, training=True), 1)
    G.zero_grad()
    G.parameter_gradients(D.input_gradient(loss.backward()))
    seen.plain_gradient = float(np.linalg.norm(G.flat_grads))

    other = independent_copy(model)  # as it was before the step
    seen.variety = variety(other.generate(len(x)), x, classes)
    _find_dead(layers, model.generator, other.generator, [other.noise(len(x))])
    fake = other.generator.forward(other.noise(len(x)), training=True)
    _find_dead(layers, model.discriminator, other.discriminator, [x, fake])


def _measure_translation(seen, layers, model, a, b):
    """Let the copy take one step on a few images; look at what G makes of all of them."""
    seen.drawn_range = model.F.output_range
    other = independent_copy(model)
    other.train_on_batch(a[:TRANSLATED], b[:TRANSLATED])
    _read_gradients(layers, model, other)

    other = independent_copy(model)  # as it was before the step
    fake_a, fake_b = other.F.predict(b), other.G.predict(a)
    seen.variety = variety(fake_b, b)
    for name, batches in {"G": [a], "F": [b], "D_A": [a, fake_a], "D_B": [b, fake_b]}.items():
        _find_dead(layers, model.networks[name], other.networks[name], batches)


def _measure_coding(seen, layers, model, x, target):
    """Let the copy of an autoencoder or VAE compute its gradients, and pass x through it."""
    other = independent_copy(model)
    other.compute_gradients(x, target)
    _read_gradients(layers, model, other)
    encoder, *heads, decoder = other.networks.values()
    mine = list(model.networks.values())
    _find_dead(layers, mine[0], encoder, [x])
    h = encoder.forward(x, training=True)
    if isinstance(model, VAE):
        mean, log_var = (head.forward(h) for head in heads)
        kl = 0.5 * (np.square(mean) + np.exp(log_var) - 1 - log_var)  # see GaussianKL
        seen.latent_kl = kl.mean(axis=0)
        h = other.sample_latent(mean, log_var)
    _find_dead(layers, mine[-1], decoder, [h])


def _read_gradients(layers, model, other):
    for name, network in model.networks.items():
        for mine, its in zip(innermost(network), innermost(other.networks[name])):
            if "W" in its.grads:
                layers[id(mine)].gradient = float(np.linalg.norm(its.grads["W"]))


def _find_dead(layers, network, copied, batches):
    """Note the share of units of each ReLU that none of the batches switches on."""
    pairs = zip(innermost(network), innermost(copied))
    keys = {id(its): id(mine) for mine, its in pairs if isinstance(its, ReLU)}
    alive = {}

    def note(relu, method, arguments, y):
        on = (y.reshape(-1, y.shape[-1]) > 0).any(axis=0)  # units, or channels of a convolution
        alive[keys[id(relu)]] = alive.get(keys[id(relu)], False) | on

    with trace_calls([its for its in innermost(copied) if id(its) in keys], ["forward"], note):
        for x in batches:
            copied.forward(x, training=True)
    for key, on in alive.items():
        layers[key].dead = float(1 - np.mean(on))
