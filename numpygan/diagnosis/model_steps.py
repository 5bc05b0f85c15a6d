"""One training step of a copy of each kind of model, and what it shows: gradients, dead units, samples."""

import copy

import numpy as np

from ..layers import ReLU
from ..layers.sequential import innermost
from ..losses.basic import BinaryCrossEntropyFromLogits
from ..models import BEGAN, GAN, AdversarialAutoencoder, ConditionalGAN, ConditionalVAE, CycleGAN, Pix2Pix
from ..models.encoder_decoder import EncoderDecoder
from ..models.pix2pix import joined
from ..saving.state import set_generator
from ..tracing.calls import trace_calls
from ..training.history import History
from .samples import diversity
from .thresholds import TRANSLATIONS


def independent_copy(model):
    """Return a copy of the model, without its history, that draws from a random generator of its own."""
    memo = {id(getattr(model, name)): History() for name in model.histories}
    memo[id(getattr(model, "samples", None))] = None
    other = copy.deepcopy(model, memo)
    set_generator(other, np.random.default_rng(0))
    return other


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


MEASURE = {  # the first that fits: a ConditionalGAN is a GAN
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
