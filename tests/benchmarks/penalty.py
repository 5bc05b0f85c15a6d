"""One WGAN iteration with a gradient penalty, dense and convolutional, ours and PyTorch's in turn.

    python tests/benchmarks/penalty.py

One critic step on 64 images of each kind, and one generator step. PyTorch computes the penalty as is
usual, by `torch.autograd.grad(..., create_graph=True)`, and differentiates it with the rest of the critic's
loss in one backward pass; in the generator's step the critic's gradients are switched off.
"""

import math

from harness import interleave, report

from numpygan import WGAN, Adam, Conv2D, Dense, Flatten, LeakyReLU, Sequential
from numpygan.datasets import load_digits
from numpygan.models import dense_discriminator, dense_generator
from numpygan.training import Batches

BATCH = 64
CHANNELS = (32, 64)


def our_step(kind):
    if kind == "dense":
        critic = dense_discriminator(rng=1)
    else:
        layers = []
        for channels in CHANNELS:
            layers += [Conv2D(channels, 3, 2, "same"), LeakyReLU(0.01)]
        critic = Sequential([*layers, Flatten(), Dense(1)], (28, 28, 1), rng=1)
    wgan = WGAN(
        dense_generator(rng=0), critic, n_critic=1, averaging=0, rng=0,
        generator_optimizer=Adam(5e-4, beta_1=0, beta_2=0.9),
        discriminator_optimizer=Adam(5e-4, beta_1=0, beta_2=0.9),
    )  # fmt: skip
    batches = Batches(load_digits()[0], BATCH, wgan.rng)
    return lambda: wgan.train_on_batch(next(batches))


def torch_step(torch, kind):
    nn = torch.nn
    torch.manual_seed(0)
    G = nn.Sequential(
        nn.Linear(100, 128), nn.LeakyReLU(0.01), nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))
    )
    if kind == "dense":
        D = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.LeakyReLU(0.01), nn.Linear(128, 1))
    else:
        layers, before, size = [], 1, 28
        for channels in CHANNELS:
            layers += [nn.Conv2d(before, channels, 3, 2, 1), nn.LeakyReLU(0.01)]
            before, size = channels, math.ceil(size / 2)
        D = nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * size * size, 1))
    g_adam, d_adam = (torch.optim.Adam(net.parameters(), lr=5e-4, betas=(0.0, 0.9)) for net in (G, D))
    digits = torch.from_numpy(load_digits()[0]).permute(0, 3, 1, 2).contiguous()

    def step():
        real = digits[torch.randint(len(digits), (BATCH,))]
        with torch.no_grad():
            fake = G(torch.randn(BATCH, 100))
        d_adam.zero_grad()
        distance = D(real).mean() - D(fake).mean()
        share = torch.rand(BATCH, 1, 1, 1)
        middle = (fake + share * (real - fake)).requires_grad_(True)
        (g,) = torch.autograd.grad(D(middle).sum(), middle, create_graph=True)
        penalty = 10 * ((g.flatten(1).norm(dim=1) - 1) ** 2).mean()
        (penalty - distance).backward()
        d_adam.step()
        D.requires_grad_(False)
        g_adam.zero_grad()
        g_loss = -D(G(torch.randn(BATCH, 100))).mean()
        g_loss.backward()
        g_adam.step()
        D.requires_grad_(True)
        return distance.item(), penalty.item(), g_loss.item()

    return step


def main():
    try:
        import torch
    except ImportError:
        torch = None
        print("PyTorch is not installed: only our own time is measured")
    for kind in ("dense", "convolutional"):
        steps = {f"numpygan, {kind}": our_step(kind)}
        if torch:
            steps["PyTorch, create_graph=True"] = torch_step(torch, kind)
        report(interleave(steps, rounds=10), ours=f"numpygan, {kind}")


if __name__ == "__main__":
    main()
