"""One training iteration of the book's DCGAN, batch 128, ours and PyTorch's in turn.

    python tests/benchmarks/dcgan.py

Without PyTorch only our own time is measured. PyTorch runs the same networks and the
same three updates, the discriminator's gradients switched off in the generator's step,
with arrays in its own order (N, C, H, W) and in channels-last order.
"""

from harness import added_memory, interleave, report

from numpygan import DCGAN, Conv2D, Conv2DTranspose, Dense
from numpygan.datasets import load_digits
from numpygan.training import Batches

BATCH = 128


def our_step(batch_size=BATCH):
    dcgan = DCGAN.book(rng=0)
    batches = Batches(load_digits()[0], batch_size, dcgan.rng)
    return lambda: dcgan.fit_on_batch(next(batches))


def flop():
    """Matrix products of an iteration: one for each direction in which a layer is asked."""
    dcgan = DCGAN.book(rng=0)
    G, D = (products(network) for network in (dcgan.generator, dcgan.discriminator))
    total = (
        2 * sum(G)  # fakes for the discriminator, fakes for the generator
        + 3 * sum(D)  # real, fake, and in the generator's step
        + 2 * (sum(D) + sum(D[1:]))  # dW of all layers, dx of all but the lowest, twice
        + sum(D)  # dx of all layers, in the generator's step
        + sum(G) + sum(G[1:])  # dW of all layers, dx of all but the lowest
    )  # fmt: skip
    return 2 * BATCH * total  # a multiplication and an addition each


def products(network):
    """Return the multiplications of one sample's forward pass, layer by layer."""
    counts = []
    for layer in network.layers:
        if isinstance(layer, Dense):
            counts.append(layer.params["W"].size)
        elif isinstance(layer, (Conv2D, Conv2DTranspose)):
            small = layer.output_shape if isinstance(layer, Conv2D) else layer.input_shape
            counts.append(small[0] * small[1] * layer.params["W"].size)  # W once in each window
    return counts


def torch_step(torch, memory_format):
    nn = torch.nn
    torch.manual_seed(0)
    G = nn.Sequential(
        nn.Linear(100, 12544), nn.Unflatten(1, (256, 7, 7)),
        nn.ConvTranspose2d(256, 128, 3, 2, 1, 1), nn.BatchNorm2d(128), nn.LeakyReLU(0.01),
        nn.ConvTranspose2d(128, 64, 3, 1, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.01),
        nn.ConvTranspose2d(64, 1, 3, 2, 1, 1), nn.Tanh(),
    ).to(memory_format=memory_format)  # fmt: skip
    D = nn.Sequential(
        nn.Conv2d(1, 32, 3, 2, 1), nn.LeakyReLU(0.01),
        nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.01),
        nn.Conv2d(64, 128, 3, 2, 1), nn.BatchNorm2d(128), nn.LeakyReLU(0.01),
        nn.Flatten(), nn.Linear(2048, 1),
    ).to(memory_format=memory_format)  # fmt: skip
    g_adam = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
    d_adam = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
    bce = nn.BCEWithLogitsLoss()
    digits = torch.from_numpy(load_digits()[0]).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def update_discriminator(x, target):
        d_adam.zero_grad()
        loss = bce(D(x), target)
        loss.backward()
        d_adam.step()
        return loss.item()

    def step():
        update_discriminator(digits[torch.randint(len(digits), (BATCH,))], ones)
        with torch.no_grad():
            fake = G(torch.randn(BATCH, 100))
        update_discriminator(fake, zeros)
        D.requires_grad_(False)
        g_adam.zero_grad()
        loss = bce(D(G(torch.randn(BATCH, 100))), ones)
        loss.backward()
        g_adam.step()
        D.requires_grad_(True)
        return loss.item()

    return step


def main():
    steps = {"numpygan": our_step()}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: only our own time is measured")
    else:
        steps["PyTorch"] = torch_step(torch, torch.contiguous_format)
        steps["PyTorch, channels last"] = torch_step(torch, torch.channels_last)
    report(interleave(steps, rounds=4, repeat=4, skip=1), ours="numpygan", flop=flop())
    sizes = {size: our_step(size) for size in (16, 64, 128, 512)}
    medians = interleave(sizes, rounds=2, repeat=3, skip=1)
    print("ms a sample: " + ", ".join(f"{1000 * t / n:.2f} at batch {n}" for n, t in medians.items()))
    memory = added_memory(
        "import numpy as np\n"
        "from numpygan import DCGAN\n"
        "dcgan = DCGAN.book(rng=0)\n"
        f"batch = np.zeros(({BATCH}, 28, 28, 1), np.float32)\n"
        "for _ in range(5): dcgan.fit_on_batch(batch)"
    )
    print(
        "peak memory added by training: "
        + ("not told by this system" if memory is None else f"{memory:.0f} MB")
    )


if __name__ == "__main__":
    main()
