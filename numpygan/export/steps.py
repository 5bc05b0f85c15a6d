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
from ..models import (
    BEGAN,
    GAN,
    VAE,
    WGAN,
    AdversarialAutoencoder,
    Autoencoder,
    Classifier,
    ConditionalVAE,
    CycleGAN,
    Pix2Pix,
)
from ..models.averaging import fill_network, network_arrays
from ..models.penalties import add_penalty, between, squared_slopes, unit_slopes
from .network import leaves

N = 3  # samples in a batch
BATCHES = 8  # to choose from


def one_step(model, *, penalties=True):
    """Return what goes into one training step, a dict of arrays, and a copy of the model that took it.

    Args:
        penalties: whether the discriminator's loss has its gradient penalty.
    """
    twin = in_float64(model)
    if not penalties:
        twin.r1 = twin.penalty = 0.0
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
    if isinstance(model, BEGAN):
        return {"error": model.loss}
    if isinstance(model, AdversarialAutoencoder):
        return {"loss": model.loss, "game_loss": model.game_loss}
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
    for name, value in model.numbers.items():
        twin.numbers[name][...] = value
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
    return {"z": z, "real": real, **add_gan_penalty(model, real, fake, rng)}


def add_gan_penalty(model, real, fake, rng):
    """Add a GAN's gradient penalty, if it has one, to D's gradients; return where the slopes are taken."""
    D = model.discriminator
    weight, kind = penalty_of(model)
    if not weight:
        return {}
    x = _float32(between(real, fake, rng)) if kind is unit_slopes else real
    D.forward(x, training=True)
    add_penalty(D, N, kind, weight)
    return {"penalised": x}


def penalty_of(model):
    """Return the weight of a GAN's gradient penalty, 0 for none, and which one it is."""
    return (model.penalty, unit_slopes) if isinstance(model, WGAN) else (model.r1, squared_slopes)


def began_step(model, rng):
    real = _images(model.sample_shape, model.value_range, rng)
    z = _float32(rng.uniform(-1, 1, (N, *model.generator.input_shape)))
    model.compute_gradients(real, z)
    return {"z": z, "real": real}


def vae_step(model, rng):
    x = _images(model.sample_shape, model.value_range, rng)
    epsilon = _float32(rng.standard_normal((N, *model.mean.output_shape)))
    model.compute_gradients(x, epsilon=epsilon)
    return {"x": x, "epsilon": epsilon}


def conditional_vae_step(model, rng):
    x, labels = _images(model.sample_shape, model.value_range, rng), np.arange(N) % len(model.classes)
    epsilon = _float32(rng.standard_normal((N, *model.mean.output_shape)))
    model.compute_gradients(x, labels, epsilon=epsilon)
    return {"x": x, "epsilon": epsilon, "code": model.code(labels)}


def autoencoder_step(model, rng):
    x = _images(model.sample_shape, model.value_range, rng)
    target = _images(model.decoder.output_shape, model.value_range, rng)
    model.compute_gradients(x, target)
    return {"x": x, "target": target}


def adversarial_autoencoder_step(model, rng):
    """The discriminator's gradients; the decoder's; and the encoder's of both of its losses together."""
    x = _images(model.sample_shape, model.value_range, rng)
    E, D, loss = model.encoder, model.discriminator, model.game_loss
    labels = rng.integers(0, len(model.labels), N) if model.labels else None
    drawn = _float32(model.prior.draw(N, model.latent_dim, rng, np.float64, labels))
    model.compute_gradients(x)
    z = model.beside(E.forward(x, training=True), labels)
    loss.forward(D.forward(z, training=True), 1)
    E.parameter_gradients(D.input_gradient(loss.backward())[:, : model.latent_dim])
    D.zero_grad()
    for codes, target in ((model.beside(drawn, labels), 1), (z, 0)):
        loss.forward(D.forward(codes, training=True), target)
        D.parameter_gradients(loss.backward())
    return {"x": x, "drawn": drawn, "label": model.beside(drawn[:, :0], labels)}


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


STEPS = {  # the first that fits
    BEGAN: began_step, AdversarialAutoencoder: adversarial_autoencoder_step,
    GAN: gan_step, ConditionalVAE: conditional_vae_step, VAE: vae_step, Autoencoder: autoencoder_step,
    CycleGAN: cyclegan_step, Pix2Pix: pix2pix_step, Classifier: classifier_step,
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
