"""check.py in Keras: the same outputs and the same gradients, whatever its backend."""

from ..models import (
    BEGAN,
    GAN,
    VAE,
    AdversarialAutoencoder,
    Autoencoder,
    Classifier,
    ConditionalVAE,
    CycleGAN,
    Pix2Pix,
)
from .losses import write_loss
from .steps import losses_of, penalty_of
from .stories import kind_of

CHECK = '''"""Compares the networks of model.py with those of numpygan: `python check.py`.

check.npz holds what numpygan computed: the output of every network for some input, and the gradients of
one training step on random numbers. Keras computes in float32, numpygan did in float64.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import ops
from model import NETWORKS, load

TOLERANCE = 1e-5  # times the largest number in an output, or among a network's gradients
RATE = 1e6  # so large that a weight's own digits do not cover those of its gradient


{losses}


def gradients(networks, names, inputs, outputs, *, losses, x, targets, weights=None):
    """Return the gradients of the networks of those names, a dict by weight for each.

    The losses are of a model made of the networks, from inputs to outputs. One step of gradient descent moves
    each weight by -RATE times its gradient, with every backend.
    """
    start = {{name: network.get_weights() for name, network in networks.items()}}
    before = {{name: values(networks[name]) for name in names}}
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(RATE), loss=losses, loss_weights=weights, run_eagerly=True)
    model.train_on_batch(x, targets)
    found = {{}}
    for name in names:
        after = values(networks[name])
        found[name] = {{key: (before[name][key] - after[key]) / RATE for key in after}}
    for name, network in networks.items():
        network.set_weights(start[name])
    return found


def values(network):
    """Return a copy of a network's trainable weights, by name."""
    weights = ((layer, weight) for layer in network.layers for weight in layer.trainable_weights)
    return {{f"{{layer.name}}/{{w.name}}": ops.convert_to_numpy(w).copy() for layer, w in weights}}


def inputs_like(*arrays):
    """Return an input of the shape of each array's samples."""
    return [keras.Input(array.shape[1:]) for array in arrays]


def step(networks, given):
    """Return the gradients of one training step, a dict for each network."""
{step}


def difference(got, expected):
    """Return the largest difference of two lists of arrays, as a part of the largest number."""
    largest = max(abs(array).max() for array in expected)
    return float(max(abs(a - b).max() for a, b in zip(got, expected, strict=True)) / largest)


def main():
    with np.load(Path(__file__).with_name("check.npz")) as file:
        arrays = {{key: file[key] for key in file.files}}
    networks = {{name: load(name) for name in NETWORKS}}
    found = {{}}
    for name, network in networks.items():
        output = ops.convert_to_numpy(network(arrays[f"input/{{name}}"], training=False))
        found[f"{{name}}, output"] = difference([output], [arrays[f"output/{{name}}"]])
{dropout}
    given = {{key.removeprefix("given/"): arrays[key] for key in arrays if key.startswith("given/")}}
    steps = step(networks, given)
    for name in networks:
        prefix = f"gradient/{{name}}/"
        keys = [key for key in arrays if key.startswith(prefix)]
        if keys:
            got = [steps[name][key.removeprefix(prefix)] for key in keys]
            found[f"{{name}}, gradients"] = difference(got, [arrays[key] for key in keys])

    for what, error in found.items():
        print(f"{{what:34}}{{error:.1e}}{{'' if error <= TOLERANCE else '  DIFFERENT'}}")
    return 0 if all(error <= TOLERANCE for error in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
'''

DROPOUT = """
    for layer in (layer for network in networks.values() for layer in network.layers):
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0  # its masks are drawn, and would differ
"""

GAN_STEP = """
    G, D = networks["generator"], networks["discriminator"]{note}
    fakes = ops.convert_to_numpy(ops.stop_gradient(G(given["z"], training=True)))
    one, zero = np.ones((len(fakes), 1)), np.zeros((len(fakes), 1))
    [z] = inputs_like(given["z"])
    real, fake = inputs_like(fakes, fakes)
    found = gradients(networks, ["generator"], z, D(G(z)), losses=[generator_loss], x=given["z"], targets=one)
    return found | gradients(
        networks, ["discriminator"], [real, fake], [D(real), D(fake)],
        losses=[loss, loss], x=[given["real"], fakes], targets=[one, zero],
    )  # fmt: skip"""

NO_PENALTY = """
    # Without the gradient penalty: for a gradient of a gradient, each backend has a way of its own."""

BEGAN_STEP = """
    G, D = networks["generator"], networks["discriminator"]
    fakes = ops.convert_to_numpy(ops.stop_gradient(G(given["z"], training=True)))
    [z] = inputs_like(given["z"])
    v = G(z)
    found = gradients(
        networks, ["generator"], z, D(v) - v, losses=[error], x=given["z"], targets=0 * fakes
    )  # the fake is the target, too
    real, fake = inputs_like(fakes, fakes)
    return found | gradients(
        networks, ["discriminator"], [real, fake], [D(real), D(fake)], losses=[error, error],
        weights=[1.0, {minus_k}], x=[given["real"], fakes], targets=[given["real"], fakes],
    )  # fmt: skip"""

ADVERSARIAL_AUTOENCODER_STEP = """
    E, R, D = (networks[name] for name in ("encoder", "decoder", "discriminator"))
    label, drawn = given["label"], np.concatenate([given["drawn"], given["label"]], axis=1)
    codes = np.concatenate([ops.convert_to_numpy(E(given["x"], training=True)), label], axis=1)
    one = np.ones((len(label), 1))
    x, beside = inputs_like(given["x"], label)
    z = E(x)
    judged = D(ops.concatenate([z, beside], axis=1) if label.shape[1] else z)
    found = gradients(
        networks, ["encoder", "decoder"], [x, beside] if label.shape[1] else x, [R(z), judged],
        losses=[loss, game_loss], x=[given["x"], label] if label.shape[1] else given["x"],
        targets=[given["x"], one],
    )  # fmt: skip
    prior, code = inputs_like(drawn, codes)
    return found | gradients(
        networks, ["discriminator"], [prior, code], [D(prior), D(code)], losses=[game_loss, game_loss],
        x=[drawn, codes], targets=[one, 0 * one],
    )  # fmt: skip"""

VAE_STEP = """
    names = ["x", "epsilon"{code}]
    x, epsilon, *code = inputs_like(*(given[name] for name in names))
    h = networks["trunk"](x)
    mean, log_var = networks["mean"](h), networks["log_var"](h)
    z = ops.concatenate([mean + ops.exp(log_var / 2) * epsilon, *code], axis=1)
    kl = ops.sum(mean**2 + ops.exp(log_var) - 1 - log_var, axis=1) / 2
    return gradients(
        networks, list(networks), [x, epsilon, *code], [networks["decoder"](z), kl],
        losses=[reconstruction, lambda target, y: ops.mean(y)], weights=[1.0, {beta}],
        x=[given[name] for name in names], targets=[given["x"], np.zeros(len(given["x"]))],
    )  # fmt: skip"""

AUTOENCODER_STEP = """
    [x] = inputs_like(given["x"])
    y = networks["decoder"](networks["encoder"](x))
    return gradients(networks, list(networks), x, y, losses=[loss], x=given["x"], targets=given["target"])"""

CYCLEGAN_STEP = """
    G, F, D_A, D_B = (networks[name] for name in ("G", "F", "D_A", "D_B"))
    a, b = inputs_like(given["a"], given["b"])
    fake_b, fake_a = G(a), F(b)
    one_a, one_b = (np.ones((len(given["a"]), *D.output_shape[1:])) for D in (D_A, D_B))
    found = gradients(
        networks, ["G", "F"], [a, b], [D_B(fake_b), D_A(fake_a), F(fake_b), G(fake_a){outputs}],
        losses=[adversarial_loss, adversarial_loss, cycle_loss, cycle_loss{losses}],
        weights=[1.0, 1.0, {cycle}, {cycle}{weights}],
        x=[given["a"], given["b"]], targets=[one_b, one_a, given["a"], given["b"]{targets}],
    )  # fmt: skip
    fakes_a, fakes_b = (
        ops.convert_to_numpy(ops.stop_gradient(network(given[name], training=True)))
        for network, name in ((F, "b"), (G, "a"))
    )
    for name, real, fakes, one in (("D_A", "a", fakes_a, one_a), ("D_B", "b", fakes_b, one_b)):
        D, (x, y) = networks[name], inputs_like(fakes, fakes)
        found |= gradients(
            networks, [name], [x, y], [D(x), D(y)], losses=[adversarial_loss, adversarial_loss],
            weights=[0.5, 0.5], x=[given[real], fakes], targets=[one, 0 * one],
        )  # fmt: skip
    return found"""

PIX2PIX_STEP = """
    G, D = networks["generator"], networks["discriminator"]
    fakes = ops.convert_to_numpy(ops.stop_gradient(G(given["a"], training=True)))
    true, fake = (np.concatenate([given["a"], y], axis=-1) for y in (given["b"], fakes))
    one = np.ones((len(fakes), *D.output_shape[1:]))
    [a] = inputs_like(given["a"])
    y = G(a)
    found = gradients(
        networks, ["generator"], a, [D(ops.concatenate([a, y], axis=-1)), y],
        losses=[generator_loss, l1_loss], weights=[{adversarial}, {l1}],
        x=given["a"], targets=[one, given["b"]],
    )  # fmt: skip
    p, q = inputs_like(true, fake)
    return found | gradients(
        networks, ["discriminator"], [p, q], [D(p), D(q)], losses=[loss, loss], weights=[0.5, 0.5],
        x=[true, fake], targets=[one, 0 * one],
    )  # fmt: skip"""

CLASSIFIER_STEP = """
    [x] = inputs_like(given["x"])
    y = networks["network"](x)
    return gradients(networks, ["network"], x, y, losses=[loss], x=given["x"], targets=given["labels"])"""

STEPS = {
    BEGAN: BEGAN_STEP, AdversarialAutoencoder: ADVERSARIAL_AUTOENCODER_STEP,
    GAN: GAN_STEP, VAE: VAE_STEP, Autoencoder: AUTOENCODER_STEP, CycleGAN: CYCLEGAN_STEP,
    Pix2Pix: PIX2PIX_STEP, Classifier: CLASSIFIER_STEP,
}  # fmt: skip


def write_check(model, dropout):
    """Return check.py as text; `dropout` says whether a network has that layer."""
    losses = "\n\n\n".join(write_loss(name, loss, "Keras") for name, loss in losses_of(model).items())
    step = STEPS[kind_of(model)]
    if isinstance(model, VAE):
        step = step.format(beta=model.beta, code=', "code"' if isinstance(model, ConditionalVAE) else "")
    if isinstance(model, Pix2Pix):
        step = step.format(adversarial=model.adversarial_weight, l1=model.l1_weight)
    if isinstance(model, BEGAN):
        step = step.format(minus_k=-model.k)
    elif isinstance(model, GAN):
        step = step.format(note=NO_PENALTY if penalty_of(model)[0] else "")
    if isinstance(model, CycleGAN):
        weight, identity = model.identity_weight, bool(model.identity_weight)
        step = step.format(
            cycle=model.cycle_weight,
            outputs=", G(b), F(a)" * identity,
            losses=", cycle_loss, cycle_loss" * identity,
            weights=f", {weight}, {weight}" * identity,
            targets=', given["b"], given["a"]' * identity,
        )
    return CHECK.format(losses=losses, step=step.lstrip("\n"), dropout=DROPOUT if dropout else "")
