"""One training step of a VAE and of an autoencoder, batch 100, ours and PyTorch's in turn.

    python tests/benchmarks/vae.py

Without PyTorch only our own time is measured. PyTorch runs the same networks with the
same losses and Adam on batches gathered in the same way, and reports the same numbers.
"""

from harness import interleave, report

from numpygan.datasets import load_digits
from numpygan.models import VAE, Autoencoder
from numpygan.training import EpochBatches

BATCH, HIDDEN, LATENT_VAE, LATENT_AE = 100, 256, 2, 32


def our_step(model):
    digits, _ = load_digits(scale=(0, 1))
    batches = EpochBatches(digits, digits, BATCH, model.rng)
    return lambda: model.train_on_batch(*next(batches))


def torch_steps(torch):
    nn, F = torch.nn, torch.nn.functional
    torch.manual_seed(0)
    digits = torch.from_numpy(load_digits(scale=(0, 1))[0])

    def batch():
        return digits[torch.randint(len(digits), (BATCH,))]

    def ends(latent):
        decoder = [nn.Linear(latent, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 784), nn.Unflatten(1, (28, 28, 1))]
        return [nn.Flatten(), nn.Linear(784, HIDDEN), nn.ReLU()], decoder

    encoder, decoder = (nn.Sequential(*layers) for layers in ends(LATENT_VAE))
    mean_head, log_var_head = nn.Linear(HIDDEN, LATENT_VAE), nn.Linear(HIDDEN, LATENT_VAE)
    parts = nn.ModuleList([encoder, mean_head, log_var_head, decoder])
    vae_adam = torch.optim.Adam(parts.parameters(), lr=1e-3)

    def vae_step():
        x = batch()
        h = encoder(x)
        mean, log_var = mean_head(h), log_var_head(h)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(decoder(z), x, reduction="sum") / BATCH
        kl = -0.5 * (1 + log_var - mean.square() - log_var.exp()).sum() / BATCH
        loss = reconstruction + kl
        vae_adam.zero_grad()
        loss.backward()
        vae_adam.step()
        return loss.item(), reconstruction.item(), kl.item()

    below, above = ends(LATENT_AE)
    autoencoder = nn.Sequential(*below, nn.Linear(HIDDEN, LATENT_AE), *above, nn.Sigmoid())
    ae_adam = torch.optim.Adam(autoencoder.parameters(), lr=1e-3)

    def ae_step():
        x = batch()
        loss = F.mse_loss(autoencoder(x), x)
        ae_adam.zero_grad()
        loss.backward()
        ae_adam.step()
        return loss.item()

    return {"VAE": vae_step, "autoencoder": ae_step}


def flop(latent, heads):
    """Matrix products of a step: forwards, and two ways back except below the first layer."""
    below, middle, above = 784 * HIDDEN, heads * HIDDEN * latent, latent * HIDDEN + HIDDEN * 784
    return 2 * BATCH * (2 * below + 3 * middle + 3 * above)


def main():
    ours = {"VAE": our_step(VAE(LATENT_VAE, rng=0)), "autoencoder": our_step(Autoencoder(rng=0))}
    flops = {"VAE": flop(LATENT_VAE, 2), "autoencoder": flop(LATENT_AE, 1)}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: only our own time is measured")
        theirs = {}
    else:
        theirs = torch_steps(torch)
    for name, step in ours.items():
        steps = {"numpygan": step} | ({"PyTorch": theirs[name]} if theirs else {})
        print(f"{name}:")
        report(interleave(steps), ours="numpygan", flop=flops[name])


if __name__ == "__main__":
    main()
