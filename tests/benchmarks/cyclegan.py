"""One training iteration of the default CycleGAN, batch 8 and 8, ours and PyTorch's in turn.

    python tests/benchmarks/cyclegan.py

Without PyTorch only our own time is measured. PyTorch runs the same networks, losses and
updates, the discriminators' gradients switched off in the generators' step, with arrays in
its own order (N, C, H, W) and in channels-last order.
"""

from harness import added_memory, interleave, report

from numpygan import CycleGAN
from numpygan.datasets import load_domains
from numpygan.training import UnpairedBatches

BATCH = 8
CYCLE, IDENTITY = 10, 5


def our_step(batch_size=BATCH):
    model = CycleGAN(cycle_weight=CYCLE, identity_weight=IDENTITY, rng=0)
    batches = UnpairedBatches(*load_domains("zebra"), batch_size, model.rng)
    return lambda: model.train_on_batch(*next(batches))


def torch_networks(nn):
    """Return the two networks that translators.py makes, in PyTorch's layers."""

    def norm(channels):
        return nn.InstanceNorm2d(channels, eps=1e-3, affine=True)

    class Residual(nn.Module):
        def __init__(self, C):
            super().__init__()
            self.f = nn.Sequential(
                nn.ReflectionPad2d(1), nn.Conv2d(C, C, 3), norm(C), nn.ReLU(),
                nn.ReflectionPad2d(1), nn.Conv2d(C, C, 3), norm(C),
            )  # fmt: skip

        def forward(self, x):
            return x + self.f(x)

    def generator():
        return nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), norm(16), nn.ReLU(), nn.Conv2d(16, 32, 4, 2, 1), norm(32), nn.ReLU(),
            Residual(32), Residual(32),
            nn.ConvTranspose2d(32, 16, 4, 2, 1), norm(16), nn.ReLU(), nn.ConvTranspose2d(16, 1, 4, 2, 1), nn.Tanh(),
        )  # fmt: skip

    def discriminator():
        return nn.Sequential(
            nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 64, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(64, 1, 3, 1, 1),
        )  # fmt: skip

    return generator, discriminator


def torch_step(torch, memory_format):
    nn = torch.nn
    torch.manual_seed(0)
    generator, discriminator = torch_networks(nn)
    G, F, D_A, D_B = (
        make().to(memory_format=memory_format)
        for make in (generator, generator, discriminator, discriminator)
    )
    ours = CycleGAN(rng=0)
    counts = [sum(p.numel() for p in network.parameters()) for network in (G, F, D_A, D_B)]
    assert counts == [network.count_params() for network in ours.networks.values()]
    generators, discriminators = [*G.parameters(), *F.parameters()], [*D_A.parameters(), *D_B.parameters()]
    g_adam = torch.optim.Adam(generators, lr=2e-3, betas=(0.5, 0.999))
    d_adam = torch.optim.Adam(discriminators, lr=2e-3, betas=(0.5, 0.999))
    mse, mae = nn.MSELoss(), nn.L1Loss()
    domains = [
        torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
        for x in load_domains("zebra")
    ]
    past = {"a": [], "b": []}

    def exchange(images, kept):
        out = []
        for image in images.detach():
            if len(kept) < 50:
                kept.append(image)
            elif torch.rand(()) < 0.5:
                k = int(torch.randint(50, ()))
                image, kept[k] = kept[k], image
            out.append(image)
        return torch.stack(out)

    def say(verdict, target):
        return mse(verdict, torch.full_like(verdict, target))

    def step():
        a, b = (x[torch.randint(len(x), (BATCH,))] for x in domains)
        for p in discriminators:
            p.requires_grad_(False)
        g_adam.zero_grad()
        fake_b, fake_a = G(a), F(b)
        loss = (
            say(D_B(fake_b), 1.0) + say(D_A(fake_a), 1.0)
            + CYCLE * (mae(F(fake_b), a) + mae(G(fake_a), b)) + IDENTITY * (mae(G(b), b) + mae(F(a), a))
        )  # fmt: skip
        loss.backward()
        g_adam.step()
        for p in discriminators:
            p.requires_grad_(True)
        d_adam.zero_grad()
        old_a, old_b = exchange(fake_a, past["a"]), exchange(fake_b, past["b"])
        d_loss = (say(D_A(a), 1.0) + say(D_A(old_a), 0.0) + say(D_B(b), 1.0) + say(D_B(old_b), 0.0)) / 2
        d_loss.backward()
        d_adam.step()
        return loss.item(), d_loss.item()

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
    report(interleave(steps, rounds=8, repeat=10, skip=2), ours="numpygan")
    sizes = {size: our_step(size) for size in (1, 8, 32)}
    medians = interleave(sizes, rounds=2, repeat=5, skip=1)
    print("ms a pair of images: " + ", ".join(f"{1000 * t / n:.2f} at batch {n}" for n, t in medians.items()))
    memory = added_memory(
        "import numpy as np\n"
        "from numpygan import CycleGAN\n"
        "model = CycleGAN(rng=0)\n"
        f"batch = np.zeros(({BATCH}, 28, 28, 1), np.float32)\n"
        "for _ in range(10): model.train_on_batch(batch, batch)"
    )
    print(
        "peak memory added by training: "
        + ("not told by this system" if memory is None else f"{memory:.0f} MB")
    )


if __name__ == "__main__":
    main()
