"""check.py in PyTorch: the same outputs and the same gradients, shown by running it."""

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
from ..models.penalties import unit_slopes
from .losses import write_loss
from .steps import losses_of, penalty_of
from .stories import kind_of

CHECK = '''"""Compares the networks of model.py with those of numpygan: `python check.py`.

check.npz holds what numpygan computed: the output of every network for some input, and the gradients of
one training step on random numbers. Both sides compute in float64, so that what differs is not rounding.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from model import NETWORKS, load
from torch import nn

TOLERANCE = 1e-5  # times the largest number in an array


{losses}


def step(networks, given):
    """Leave the gradients of one training step in the networks' parameters."""
{step}


def difference(got, expected):
    """Return the largest difference, as a part of the largest number."""
    return float(abs(got - expected).max() / max(abs(expected).max(), 1e-6))


def main():
    with np.load(Path(__file__).with_name("check.npz")) as file:
        arrays = {{key: torch.from_numpy(file[key]) for key in file.files}}
    arrays = {{key: a.double() if a.is_floating_point() else a for key, a in arrays.items()}}
    networks = {{name: load(name).double() for name in NETWORKS}}
    found = {{}}
    for name, network in networks.items():
        output = network(arrays[f"input/{{name}}"]).detach()
        found[f"{{name}}, output"] = difference(output, arrays[f"output/{{name}}"])

    for network in networks.values():
        network.train(){dropout}
    step(networks, {{key.removeprefix("given/"): arrays[key] for key in arrays if key.startswith("given/")}})
    for key, expected in arrays.items():
        if key.startswith("gradient/"):
            _, name, parameter = key.split("/")
            error = difference(networks[name].get_parameter(parameter).grad, expected)
            found[f"{{name}}, gradients"] = max(error, found.get(f"{{name}}, gradients", 0.0))

    for what, error in found.items():
        print(f"{{what:34}}{{error:.1e}}{{'' if error <= TOLERANCE else '  DIFFERENT'}}")
    return 0 if all(error <= TOLERANCE for error in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
'''

DROPOUT = """
        for module in network.modules():
            if isinstance(module, nn.Dropout):
                module.eval()  # its masks are drawn, and would differ"""

GAN_STEP = """
    G, D = networks["generator"], networks["discriminator"]
    fake = G(given["z"])
    generator_loss(D(fake), 1).backward()
    D.zero_grad()  # numpygan asks D only what to tell G, so these are none of its own
    total = loss(D(given["real"]), 1) + loss(D(fake.detach()), 0){penalty}
    total.backward()"""

# The gradient of a gradient: create_graph keeps what the slopes were computed from.
PENALTY = """
    x = given["penalised"].requires_grad_()
    [slopes] = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    lengths = slopes.flatten(1).norm(dim=1)
    total = total + {weight} * {mean}"""

MEANS = {True: "torch.mean((lengths - 1) ** 2)", False: "0.5 * torch.mean(lengths**2)"}

BEGAN_STEP = """
    G, D = networks["generator"], networks["discriminator"]
    fake, real = G(given["z"]), given["real"]
    error(D(fake), fake).backward()  # the fake is the target, too
    D.zero_grad()
    fake = fake.detach()
    (error(D(real), real) - {k} * error(D(fake), fake)).backward()"""

ADVERSARIAL_AUTOENCODER_STEP = """
    E, R, D = (networks[name] for name in ("encoder", "decoder", "discriminator"))
    x, label = given["x"], given["label"]  # of no columns, if there are none
    loss(R(E(x)), x).backward()
    z = torch.cat([E(x), label], dim=1)
    game_loss(D(z), 1).backward()
    D.zero_grad()
    drawn = torch.cat([given["drawn"], label], dim=1)
    (game_loss(D(drawn), 1) + game_loss(D(z.detach()), 0)).backward()"""

VAE_STEP = """
    h = networks["trunk"](given["x"])
    mean, log_var = networks["mean"](h), networks["log_var"](h)
    z = mean + torch.exp(log_var / 2) * given["epsilon"]{join}
    kl = torch.mean(torch.sum(mean**2 + torch.exp(log_var) - 1 - log_var, dim=1) / 2)
    (reconstruction(networks["decoder"](z), given["x"]) + {beta} * kl).backward()"""

JOIN = """
    z = torch.cat([z, given["code"]], dim=1)  # the class"""

AUTOENCODER_STEP = """
    y = networks["decoder"](networks["encoder"](given["x"]))
    loss(y, given["target"]).backward()"""

CYCLEGAN_STEP = """
    G, F, D_A, D_B = (networks[name] for name in ("G", "F", "D_A", "D_B"))
    a, b = given["a"], given["b"]
    fake_b, fake_a = G(a), F(b)
    total = adversarial_loss(D_B(fake_b), 1) + adversarial_loss(D_A(fake_a), 1)
    total = total + {cycle} * (cycle_loss(F(fake_b), a) + cycle_loss(G(fake_a), b)){identity}
    total.backward()
    for D, real, fake in ((D_A, a, fake_a), (D_B, b, fake_b)):
        D.zero_grad()  # numpygan asks D only what to tell the generators, so these are none of its own
        (0.5 * (adversarial_loss(D(real), 1) + adversarial_loss(D(fake.detach()), 0))).backward()"""

IDENTITY = """
    total = total + {weight} * (cycle_loss(G(b), b) + cycle_loss(F(a), a))"""

PIX2PIX_STEP = """
    G, D = networks["generator"], networks["discriminator"]
    a, b = given["a"], given["b"]
    fake = G(a)
    adversarial = generator_loss(D(torch.cat([a, fake], dim=1)), 1)
    ({adversarial} * adversarial + {l1} * l1_loss(fake, b)).backward()
    D.zero_grad()  # numpygan asks D only what to tell G, so these are none of its own
    for y, target in ((b, 1), (fake.detach(), 0)):
        (0.5 * loss(D(torch.cat([a, y], dim=1)), target)).backward()"""

CLASSIFIER_STEP = """
    loss(networks["network"](given["x"]), given["labels"]).backward()"""


STEPS = {
    BEGAN: BEGAN_STEP, AdversarialAutoencoder: ADVERSARIAL_AUTOENCODER_STEP,
    GAN: GAN_STEP, VAE: VAE_STEP, Autoencoder: AUTOENCODER_STEP, CycleGAN: CYCLEGAN_STEP,
    Pix2Pix: PIX2PIX_STEP, Classifier: CLASSIFIER_STEP,
}  # fmt: skip


def write_check(model, dropout):
    """Return check.py as text; `dropout` says whether a network has that layer."""
    losses = "\n\n\n".join(write_loss(name, loss, "PyTorch") for name, loss in losses_of(model).items())
    step = STEPS[kind_of(model)]
    if isinstance(model, GAN) and not isinstance(model, BEGAN):
        weight, slopes = penalty_of(model)
        penalty = PENALTY.format(weight=weight, mean=MEANS[slopes is unit_slopes]) if weight else ""
        step = step.format(penalty=penalty)
    if isinstance(model, VAE):
        step = step.format(beta=model.beta, join=JOIN if isinstance(model, ConditionalVAE) else "")
    if isinstance(model, Pix2Pix):
        step = step.format(adversarial=model.adversarial_weight, l1=model.l1_weight)
    if isinstance(model, BEGAN):
        step = step.format(k=model.k)
    if isinstance(model, CycleGAN):
        identity = IDENTITY.format(weight=model.identity_weight) if model.identity_weight else ""
        step = step.format(cycle=model.cycle_weight, identity=identity)
    return CHECK.format(losses=losses, step=step.lstrip("\n"), dropout=DROPOUT if dropout else "")
