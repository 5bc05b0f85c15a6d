"""One training iteration of the book's DCGAN, exported: here and in PyTorch, on this CPU or on a GPU.

    python tests/benchmarks/exported.py
    python tests/benchmarks/exported.py --device cuda --batch 512

Both play the same three updates with the same networks and the same initial weights.
"""

import argparse
import runpy
import tempfile
from pathlib import Path

import torch
from harness import interleave, report
from torch import nn

from numpygan import DCGAN
from numpygan.datasets import load_digits
from numpygan.export import export
from numpygan.training import Batches


def our_step(dcgan, digits, batch):
    batches = Batches(digits, batch, dcgan.rng)
    return lambda: dcgan.fit_on_batch(next(batches))


def torch_step(dcgan, digits, batch, device):
    folder = tempfile.mkdtemp()
    export(dcgan, folder, to="torch")
    load = runpy.run_path(str(Path(folder, "model.py")))["load"]
    G, D = (load(name).to(device).train() for name in ("generator", "discriminator"))
    g_adam, d_adam = (
        torch.optim.Adam(net.parameters(), 2e-4, betas=(0.5, 0.999), eps=1e-7) for net in (G, D)
    )
    x = torch.from_numpy(digits).permute(0, 3, 1, 2).contiguous().to(device)
    bce, one, zero = nn.BCEWithLogitsLoss(), *(torch.full((batch, 1), t, device=device) for t in (1.0, 0.0))

    def update(optimizer, y, target):
        optimizer.zero_grad()
        loss = bce(y, target)
        loss.backward()
        optimizer.step()
        return loss.item()

    def step():
        update(d_adam, D(x[torch.randint(len(x), (batch,), device=device)]), one)
        fake = G(torch.randn(batch, 100, device=device))
        update(d_adam, D(fake.detach()), zero)
        D.requires_grad_(False)
        loss = update(g_adam, D(G(torch.randn(batch, 100, device=device))), one)
        D.requires_grad_(True)
        return loss

    return step


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=128)
    settings = parser.parse_args()
    dcgan, (digits, _) = DCGAN.book(rng=0), load_digits()
    steps = {
        f"PyTorch, {settings.device}": torch_step(dcgan, digits, settings.batch, settings.device),
        "numpygan": our_step(dcgan, digits, settings.batch),
    }
    report(interleave(steps, rounds=4, repeat=4, skip=1), ours="numpygan")


if __name__ == "__main__":
    main()
