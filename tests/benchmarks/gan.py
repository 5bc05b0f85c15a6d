"""One training iteration of the dense GAN, batch 128, ours and PyTorch's in turn.

    python tests/benchmarks/gan.py

Without PyTorch only our own time is measured. PyTorch runs the same networks, the
same three updates with Adam, and computes the same six numbers for the history. It
runs twice: once as its own tutorial writes a GAN, where the generator's step also
computes the discriminator's gradients, to be thrown away, and once with these
switched off by `requires_grad_(False)`.
"""

from harness import added_memory, interleave, report

from numpygan import GAN
from numpygan.datasets import load_digits
from numpygan.training import Batches

BATCH = 128


def our_step():
    gan = GAN(discriminator_updates="separate", averaging=0, rng=0)
    batches = Batches(load_digits()[0], BATCH, gan.rng)
    return lambda: gan.train_on_batch(next(batches))


def flop():
    """Matrix products of an iteration: one for each direction in which a layer is asked."""
    z, hidden, pixels = 100, 128, 784
    generator_forward = z * hidden + hidden * pixels
    discriminator_forward = pixels * hidden + hidden
    products = (
        2 * generator_forward  # fakes for the discriminator, fakes for the generator
        + 3 * discriminator_forward  # real, fake, and in the generator's step
        + 2 * (discriminator_forward + hidden)  # dW of both layers, dx of the upper one, twice
        + discriminator_forward  # dx of both layers, in the generator's step
        + generator_forward + hidden * pixels  # dW of both layers, dx of the upper one
    )  # fmt: skip
    return 2 * BATCH * products  # a multiplication and an addition each


def torch_step(torch, *, freeze):
    """Return the same iteration in PyTorch; `freeze` leaves out gradients nobody uses."""
    nn = torch.nn
    torch.manual_seed(0)
    G = nn.Sequential(
        nn.Linear(100, 128), nn.LeakyReLU(0.01), nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (28, 28, 1))
    )
    D = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.LeakyReLU(0.01), nn.Linear(128, 1))
    g_adam = torch.optim.Adam(G.parameters(), lr=2e-3, betas=(0.0, 0.999))
    d_adam = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.0, 0.999))
    bce = nn.BCEWithLogitsLoss()
    digits = torch.from_numpy(load_digits()[0])
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def update_discriminator(x, target):
        d_adam.zero_grad()
        logits = D(x)
        loss = bce(logits, target)
        loss.backward()
        d_adam.step()
        return loss.item(), logits.detach()

    def step():
        real = digits[torch.randint(len(digits), (BATCH,))]
        loss_real, logits_real = update_discriminator(real, ones)
        with torch.no_grad():
            fake = G(torch.randn(BATCH, 100))
        loss_fake, logits_fake = update_discriminator(fake, zeros)
        if freeze:
            D.requires_grad_(False)
        g_adam.zero_grad()
        g_loss = bce(D(G(torch.randn(BATCH, 100))), ones)
        g_loss.backward()
        g_adam.step()
        if freeze:
            D.requires_grad_(True)
        return {
            "d_loss": (loss_real + loss_fake) / 2,
            "g_loss": g_loss.item(),
            "accuracy_real": (logits_real > 0).float().mean().item(),
            "accuracy_fake": (logits_fake <= 0).float().mean().item(),
            "D(x)": torch.sigmoid(logits_real).mean().item(),
            "D(G(z))": torch.sigmoid(logits_fake).mean().item(),
        }

    return step


def main():
    steps = {"numpygan": our_step()}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: only our own time is measured")
    else:
        steps["PyTorch, two steps of D"] = torch_step(torch, freeze=False)
        steps["PyTorch, discriminator frozen"] = torch_step(torch, freeze=True)
    report(interleave(steps), ours="numpygan", flop=flop())
    memory = added_memory(
        "from numpygan.datasets import load_digits\n"
        "from numpygan import GAN\n"
        "gan = GAN(discriminator_updates='separate', averaging=0, rng=0)\n"
        "digits = load_digits()[0][:1280]\n"
        "for k in range(50): gan.train_on_batch(digits[k % 10 * 128 :][:128])"
    )
    print(
        "peak memory added by training: "
        + ("not told by this system" if memory is None else f"{memory:.0f} MB")
    )


if __name__ == "__main__":
    main()
