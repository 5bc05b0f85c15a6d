"""One training iteration of the default Pix2Pix, batch 16, ours and PyTorch's in turn.

    python tests/benchmarks/pix2pix.py

Without PyTorch only our own time is measured. PyTorch runs the same networks, losses and updates, with the
discriminator's gradients switched off in the generator's step and its weights unchanged between
the two, as usual: so it passes the fake pair twice through the discriminator, where we do it once. Arrays are
in its own order (N, C, H, W), and in channels-last order.
"""

from harness import added_memory, interleave, report

from numpygan import Pix2Pix
from numpygan.datasets import load_doodles
from numpygan.training import LabelledBatches

BATCH, PAIRS, L1 = 16, 500, 100


def our_step(batch_size=BATCH):
    model = Pix2Pix(l1_weight=L1, rng=0)
    batches = LabelledBatches(*load_doodles(n=PAIRS), batch_size, model.rng)
    return lambda: model.train_on_batch(*next(batches))


def torch_networks(torch):
    """Return the two networks that pix2pix_networks.py makes, in PyTorch's layers."""
    nn = torch.nn

    class Skip(nn.Sequential):
        def forward(self, x):
            return torch.cat([x, super().forward(x)], dim=1)

    def norm(channels):
        return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.1)

    def halve(C, filters):
        return [nn.LeakyReLU(0.2), nn.Conv2d(C, filters, 4, 2, 1)]

    def double(C, filters):
        return [nn.ReLU(), nn.ConvTranspose2d(C, filters, 4, 2, 1), norm(filters)]

    inner = Skip(*halve(64, 64), *double(64, 64))
    middle = Skip(*halve(32, 64), norm(64), inner, *double(128, 32))
    outer = Skip(*halve(16, 32), norm(32), middle, *double(64, 16))
    end = [nn.ReLU(), nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Tanh()]
    G = nn.Sequential(nn.Conv2d(1, 16, 4, 2, 1), outer, *end)
    D = nn.Sequential(
        nn.Conv2d(4, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 64, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 1, 3, 1, 1),
    )  # fmt: skip
    return G, D


def torch_step(torch, memory_format):
    nn = torch.nn
    torch.manual_seed(0)
    G, D = (network.to(memory_format=memory_format) for network in torch_networks(torch))
    mean = torch.optim.swa_utils.AveragedModel(
        G, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
    )
    counts = [sum(p.numel() for p in network.parameters()) for network in (G, D)]
    assert counts == [network.count_params() for network in Pix2Pix(rng=0).networks.values()]
    g_adam, d_adam = (torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.999)) for net in (G, D))
    bce, mae = nn.BCEWithLogitsLoss(), nn.L1Loss()
    a_all, b_all = (
        torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
        for x in load_doodles(n=PAIRS)
    )

    def say(a, b, target):
        logits = D(torch.cat([a, b], dim=1))
        return bce(logits, torch.full_like(logits, target))

    def step():
        chosen = torch.randint(len(a_all), (BATCH,))
        a, b = a_all[chosen], b_all[chosen]
        D.requires_grad_(False)
        g_adam.zero_grad()
        fake = G(a)
        loss = say(a, fake, 1.0) + L1 * mae(fake, b)
        loss.backward()
        g_adam.step()
        D.requires_grad_(True)
        d_adam.zero_grad()
        d_loss = (say(a, b, 1.0) + say(a, fake.detach(), 0.0)) / 2
        d_loss.backward()
        d_adam.step()
        mean.update_parameters(G)
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
    sizes = {size: our_step(size) for size in (1, 16, 64)}
    medians = interleave(sizes, rounds=2, repeat=5, skip=1)
    print("ms a pair of images: " + ", ".join(f"{1000 * t / n:.2f} at batch {n}" for n, t in medians.items()))
    memory = added_memory(
        "import numpy as np\n"
        "from numpygan import Pix2Pix\n"
        "model = Pix2Pix(rng=0)\n"
        f"a, b = (np.zeros(({BATCH}, 32, 32, C), np.float32) for C in (1, 3))\n"
        "for _ in range(10): model.train_on_batch(a, b)"
    )
    told = "not told by this system" if memory is None else f"{memory:.0f} MB"
    print(f"peak memory added by training: {told}")


if __name__ == "__main__":
    main()
