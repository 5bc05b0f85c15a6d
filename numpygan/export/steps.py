"""One training step of each model: its gradients here, for the exported code to be compared with.

Each step takes a model in float64, which it may change, and a random generator. It leaves the gradients of
one step in the networks' `grads` and returns what went in, as a dict of arrays.

Gradients jump where a ReLU's input or an absolute error passes 0, and float32 may see it on the other side.
Among a few random batches, the one is taken that keeps farthest away from that.
"""

import copy

import numpy as np

from ..layers import Dropout, LeakyReLU, ReLU
from ..losses import MeanAbsoluteError
from ..models import GAN, VAE, Autoencoder, Classifier, CycleGAN, Pix2Pix
from ..models.averaging import fill_network, network_arrays
from .network import leaves

N = 3  # samples in a batch
BATCHES = 8  # to choose from


def one_step(model):
    """Return what goes into one training step, a dict of arrays, and a copy of the model that took it."""
    twin = in_float64(model)
    distances = watch_kinks(twin)
    step = next(step for kind, step in STEPS.items() if isinstance(model, kind))
    nearest = []
    for seed in range(BATCHES):
        distances.clear()
        step(twin, np.random.default_rng(seed))
        nearest.append(min(distances, default=0))
    return step(twin, np.random.default_rng(int(np.argmax(nearest)))), twin


def watch_kinks(model):
    """Return a list to which the smallest distance from a kink is added at each pass through one."""
    distances = []

    def watched(forward, distance):
        def watching(*arguments, **settings):
            distances.append(float(distance(*arguments).min()))
            return forward(*arguments, **settings)

        return watching

    for network in model.networks.values():
        for _, layer in leaves(network):
            if isinstance(layer, (LeakyReLU, ReLU)):
                layer.forward = watched(layer.forward, lambda x, training=False: np.abs(x))
    for loss in (*losses_of(model).values(), getattr(model, "identity_loss", None)):
        if isinstance(loss, MeanAbsoluteError):
            loss.forward = watched(loss.forward, lambda y, target: np.abs(y - target))
    return distances


def losses_of(model):
    """Return a model's losses, by the names that check.py gives them."""
    if isinstance(model, GAN):
        return {"loss": model.loss, "generator_loss": model.generator_loss}
    if isinstance(model, Pix2Pix):
        return {"loss": model.loss, "generator_loss": model.generator_loss, "l1_loss": model.l1_loss}
    if isinstance(model, VAE):
        return {"reconstruction": model.likelihood}
    if isinstance(model, CycleGAN):
        return {"adversarial_loss": model.adversarial_loss, "cycle_loss": model.cycle_loss}
    return {"loss": model.loss}


def in_float64(model):
    """Return a copy of a model that computes in float64 and whose Dropout drops nothing."""
    twins = {name: network.astype(np.float64) for name, network in model.networks.items()}
    rules = {name: copy.deepcopy(rule) for name, rule in model.optimizers.items()}
    twin = type(model).from_parts(twins, rules, model.config(), np.random.default_rng(0))
    for name in {"loss", "generator_loss"} & vars(model).keys():
        setattr(twin, name, copy.copy(getattr(model, name)))  # a GAN's may have no name in config()
    for name, network in twin.networks.items():
        fill_network(network, network_arrays(twins[name]))  # a VAE makes its heads itself
        for _, layer in leaves(network):
            if isinstance(layer, Dropout):
                layer.rate = 0.0
    return twin


def gan_step(model, rng):
    """The generator's gradient, and the discriminator's on real and fake images together."""
    G, D = model.generator, model.discriminator
    z, real = _normal(G, rng), _images(D.input_shape, model.value_range, rng)
    fake = G.forward(z, training=True)
    model.generator_loss.forward(D.forward(fake, training=True), 1)
    G.zero_grad()
    G.parameter_gradients(D.input_gradient(model.generator_loss.backward()))
    D.zero_grad()
    for x, target in ((real, 1), (fake, 0)):
        model.loss.forward(D.forward(x, training=True), target)
        D.parameter_gradients(model.loss.backward())
    return {"z": z, "real": real}


def vae_step(model, rng):
    x = _images(model.sample_shape, model.value_range, rng)
    epsilon = _normal(model.decoder, rng)
    model.compute_gradients(x, epsilon=epsilon)
    return {"x": x, "epsilon": epsilon}


def autoencoder_step(model, rng):
    x = _images(model.sample_shape, model.value_range, rng)
    target = _images(model.decoder.output_shape, model.value_range, rng)
    model.compute_gradients(x, target)
    return {"x": x, "target": target}


def cyclegan_step(model, rng):
    """The generators' gradients of their one loss, the discriminators' on images and fakes of one step."""
    a, b = (_images(shape, model.value_range, rng) for shape in (model.G.input_shape, model.G.output_shape))
    _, fake_a, fake_b = model.compute_generator_gradients(a, b)
    model.compute_discriminator_gradients(a, b, fake_a, fake_b)
    return {"a": a, "b": b}


def pix2pix_step(model, rng):
    """The generator's gradient of its two terms, the discriminator's on a true pair and a fake one."""
    G = model.generator
    a, b = (_images(shape, model.value_range, rng) for shape in (G.input_shape, G.output_shape))
    model.compute_gradients(a, b)
    return {"a": a, "b": b}


def classifier_step(model, rng):
    x = _images(model.sample_shape, model.value_range, rng)
    labels = rng.integers(0, model.network.output_shape[0], N)
    model.loss.forward(model.network.forward(x, training=True), labels)
    model.network.zero_grad()
    model.network.parameter_gradients(model.loss.backward())
    return {"x": x, "labels": labels}


STEPS = {
    GAN: gan_step, VAE: vae_step, Autoencoder: autoencoder_step, CycleGAN: cyclegan_step,
    Pix2Pix: pix2pix_step, Classifier: classifier_step,
}  # fmt: skip


def inputs_for(network, rng):
    """Return something to put into a network, (N, *input_shape), that float32 can hold."""
    return _float32(rng.uniform(-1, 1, (N, *network.input_shape)))


def _normal(network, rng):
    return _float32(rng.standard_normal((N, *network.input_shape)))


def _images(shape, value_range, rng):
    return _float32(rng.uniform(*value_range, (N, *shape)))


def _float32(array):
    """Return float64 numbers that are float32 ones, which is how they are stored."""
    return array.astype(np.float32).astype(np.float64)
