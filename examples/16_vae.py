"""The variational autoencoder, with its step in plain sight.

Every digit is encoded as a small cloud, a normal distribution in a plane, in place of a
point. The clouds have to share the plane and stay near N(0, 1), so the plane is
filled and can be drawn from. The loop below is all there is to it; the
derivation stands in numpygan/models/vae.py, and `numpygan.models.VAE` wraps the same
step with checks, history and saving.

    python examples/16_vae.py            under a minute
    python examples/16_vae.py --quick    a few seconds, blurred

Pixels lie in [0, 1] and a grey one counts as the probability of white. Both terms of
the loss are in nats per image. On 2,000 digits never trained on, the loss ends at
154.8 (reconstruction 148.8, KL 5.9); after the first epoch it was 181.2.

Try: std = np.exp(log_var) in place of np.exp(0.5 * log_var), here and below, a
well-known slip (which gradients would still be consistent?); BETA = 10, then 0; without
the noise, z = mean; another SEED, which lays out the plane in another way.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan import Adam, Dense, Flatten, ReLU, Sequential
from numpygan.datasets import load_digits
from numpygan.latent import interpolate
from numpygan.layers import sigmoid
from numpygan.models import dense_decoder
from numpygan.plotting import plot_latent_plane, plot_manifold, plot_rows

EPOCHS, BATCH, HIDDEN, LATENT, BETA, LEARNING_RATE, SEED = 30, 100, 256, 2, 1.0, 1e-3, 4

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/16_vae"), help="results")
options = parser.parse_args()
epochs = 4 if options.quick else EPOCHS

rng = np.random.default_rng(SEED)
digits, _ = load_digits("train", scale=(0, 1))
evaluation, labels = load_digits("evaluation", scale=(0, 1))
digits = digits[:3000] if options.quick else digits

shape = (28, 28, 1)
trunk = Sequential([Flatten(), Dense(HIDDEN), ReLU()], shape, rng=rng)
mean_head = Sequential([Dense(LATENT)], (HIDDEN,), rng=rng)
log_var_head = Sequential([Dense(LATENT)], (HIDDEN,), rng=rng)
decoder = dense_decoder(shape, LATENT, HIDDEN, rng=rng)  # Dense, ReLU, Dense, Reshape
networks = [trunk, mean_head, log_var_head, decoder]
adams = [Adam(LEARNING_RATE) for _ in networks]


def cross_entropy(y, x):
    """Return the sum over pixels, averaged over images: -log p(x|z) with p = sigmoid(y)."""
    return (np.maximum(y, 0) - x * y + np.log1p(np.exp(-np.abs(y)))).sum() / len(x)


def divergence(mean, log_var):
    """Return the sum over latents, averaged over images: KL(N(mean, std^2) || N(0, 1))."""
    return 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum() / len(mean)


for epoch in range(1, epochs + 1):
    order = rng.permutation(len(digits))
    for start in range(0, len(digits), BATCH):
        x = digits[order[start : start + BATCH]]
        N = len(x)

        # Forwards: a cloud, a point of the cloud, an image.
        h = trunk.forward(x, training=True)
        mean, log_var = mean_head.forward(h), log_var_head.forward(h)
        std = np.exp(0.5 * log_var)
        epsilon = rng.standard_normal((N, LATENT), dtype=np.float32)
        z = mean + std * epsilon
        y = decoder.forward(z, training=True)

        # Backwards: epsilon is a constant, so z is an ordinary function of mean and log_var.
        for network in networks:
            network.zero_grad()
        dy = (sigmoid(y) - x) / N
        dz = decoder.backward(dy)
        dmean = dz + BETA * mean / N
        dlog_var = dz * epsilon * std / 2 + BETA * (np.exp(log_var) - 1) / (2 * N)
        dh = mean_head.backward(dmean) + log_var_head.backward(dlog_var)
        trunk.parameter_gradients(dh)
        for network, adam in zip(networks, adams):
            adam.update(network.flat_params, network.flat_grads)

    if epoch in (1, 2, 4, 8, 15, epochs):
        h = trunk.predict(evaluation)
        mean, log_var = mean_head.predict(h), log_var_head.predict(h)
        noise = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
        reconstruction = cross_entropy(decoder.predict(mean + np.exp(0.5 * log_var) * noise), evaluation)
        kl = divergence(mean, log_var)
        print(
            f"epoch {epoch:2d}: evaluation digits {reconstruction + kl:6.1f} nats per image "
            f"= reconstruction {reconstruction:6.1f} + KL {kl:4.1f}",
            flush=True,
        )


def decode(z):
    return sigmoid(decoder.predict(z))


options.out.mkdir(parents=True, exist_ok=True)
figure = plot_latent_plane(mean, labels, title="Where 2,000 digits never trained on are encoded (means)")
figure.savefig(options.out / "plane.png", dpi=150)
figure = plot_manifold(decode, title="What the plane decodes to, evenly by probability")
figure.savefig(options.out / "manifold.png", dpi=150)
rows = {"original": evaluation[:12], "reconstruction": decode(mean[:12])}
for a, b in ((0, 1), (2, 5), (10, 9)):
    rows[f"from {labels[a]} to {labels[b]}"] = decode(interpolate(mean[a], mean[b], 12))
title = "Reconstructions from two numbers, and walks between two digits"
plot_rows(rows, title=title).savefig(options.out / "digits.png", dpi=150)
print(f"Look at plane.png, manifold.png and digits.png in {options.out}")
