"""One iteration of an adversarial autoencoder, batch 100, ours and PyTorch's in turn.

    python tests/benchmarks/adversarial_autoencoder.py

Without PyTorch only our own time is measured. PyTorch runs the same networks, losses and three Adams on
batches gathered in the same way, encodes as often, computes no gradient that is not used, and reports the
same five numbers.
"""

from harness import interleave, report

from numpygan.datasets import load_digits
from numpygan.models import AdversarialAutoencoder
from numpygan.training import EpochBatches

BATCH, HIDDEN, LATENT, JUDGE = 100, 256, 8, 128


def our_step():
    model = AdversarialAutoencoder(rng=0)
    digits, _ = load_digits(scale=(0, 1))
    batches = EpochBatches(digits, digits, BATCH, model.rng)
    return lambda: model.train_on_batch(*next(batches))


def torch_step(torch):
    nn, F = torch.nn, torch.nn.functional
    torch.manual_seed(0)
    digits = torch.from_numpy(load_digits(scale=(0, 1))[0])
    E = nn.Sequential(nn.Flatten(), nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, LATENT))
    back = [nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 784), nn.Sigmoid()]
    R = nn.Sequential(*back, nn.Unflatten(1, (28, 28, 1)))
    D = nn.Sequential(
        nn.Linear(LATENT, JUDGE), nn.LeakyReLU(0.2), nn.Linear(JUDGE, JUDGE), nn.LeakyReLU(0.2),
        nn.Linear(JUDGE, 1),
    )  # fmt: skip
    adam = torch.optim.Adam([*E.parameters(), *R.parameters()], lr=2e-3)
    d_adam = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.0, 0.999))
    e_adam = torch.optim.Adam(E.parameters(), lr=1e-3, betas=(0.0, 0.999))
    bce, one, zero = F.binary_cross_entropy_with_logits, torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def step():
        x = digits[torch.randint(len(digits), (BATCH,))]
        loss = F.mse_loss(R(E(x)), x)
        adam.zero_grad()
        loss.backward()
        adam.step()
        z, drawn = E(x), torch.randn(BATCH, LATENT)
        of_drawn, of_codes = D(drawn), D(z.detach())
        d_loss = (bce(of_drawn, one) + bce(of_codes, zero)) / 2
        d_adam.zero_grad()
        d_loss.backward()
        d_adam.step()
        D.requires_grad_(False)  # so that no gradients of its parameters are computed
        e_loss = bce(D(z), one)
        e_adam.zero_grad()
        e_loss.backward()
        e_adam.step()
        D.requires_grad_(True)
        beliefs = [torch.sigmoid(logits).mean().item() for logits in (of_drawn, of_codes)]
        return loss.item(), d_loss.item(), e_loss.item(), *beliefs

    return step


def flop():
    """Matrix products: of x, one pass less backwards in the first layer, since nothing below asks for it."""
    encoder, decoder = 784 * HIDDEN + HIDDEN * LATENT, LATENT * HIDDEN + HIDDEN * 784
    judge = LATENT * JUDGE + JUDGE * JUDGE + JUDGE
    reconstruct = 3 * (encoder + decoder) - 784 * HIDDEN
    game = 2 * (3 * judge - LATENT * JUDGE) + 2 * judge + 3 * encoder - 784 * HIDDEN
    return 2 * BATCH * (reconstruct + game)


def main():
    steps = {"numpygan": our_step()}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: only our own time is measured")
    else:
        steps["PyTorch"] = torch_step(torch)
    report(interleave(steps), ours="numpygan", flop=flop())


if __name__ == "__main__":
    main()
