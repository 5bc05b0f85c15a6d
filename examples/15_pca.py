"""PCA: what an autoencoder learns when it may only draw straight lines.

One weight matrix in, one out, nothing bent in between. The best it can do is known:
project onto the K directions in which the digits vary most, the principal components.
They are eigenvectors of the covariance, found in one go; the autoencoder has never heard
of them and gets there by gradient descent. The angle between the two subspaces goes to
zero: the largest of the eight principal angles is 3.4 degrees after 30 epochs and 0.23
after 120.

Its own K directions are not the components themselves, only a (skewed) basis of the
same subspace: any invertible K x K matrix may hide between encoder and decoder.

    python examples/15_pca.py            under half a minute
    python examples/15_pca.py --quick    a few seconds, not there yet

Try: K = 2, 16; LEARNING_RATES = (0.01,) alone: why does the angle stop falling?
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import Adam, Dense, Sequential
from numpygan.datasets import load_digits
from numpygan.latent import principal_angles
from numpygan.models import Autoencoder
from numpygan.plotting import plot_rows
from numpygan.plotting.colours import BLUE, GREY

K = 8
LEARNING_RATES = (1e-2, 3e-3, 1e-3, 3e-4)  # each batch pulls elsewhere: smaller steps average that out
EPOCHS, BATCH = 30, 1000  # epochs at each learning rate

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="fewer epochs, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/15_pca"), help="results")
options = parser.parse_args()
epochs = 1 if options.quick else EPOCHS

x = load_digits("train", scale=(0, 1))[0].reshape(10_000, 784)
x = x - x.mean(axis=0)  # PCA is about the spread around the mean
directions = np.linalg.eigh(x.T @ x)[1]  # (784, 784), a column each, the largest eigenvalue last
components = directions[:, : -K - 1 : -1].T  # (K, 784)
pca_error = np.square(x - x @ components.T @ components).mean()

encoder = Sequential([Dense(K)], (784,), rng=0, name="encoder")
decoder = Sequential([Dense(784)], (K,), rng=1, name="decoder")
model = Autoencoder(encoder, decoder, optimizer=Adam(LEARNING_RATES[0]), rng=0)

angles = []
for learning_rate in LEARNING_RATES:
    model.optimizer.learning_rate = learning_rate
    for _ in range(epochs):
        model.fit(x, epochs=1, batch_size=BATCH, progress=False)
        angles.append(principal_angles(decoder.params["dense_1.W"].T, components.T))
    error = model.evaluate(x)["loss"]
    print(
        f"after {len(angles):3d} epochs: largest angle {angles[-1][-1]:6.3f} degrees, "
        f"error {error:.5f} (PCA {pca_error:.5f})",
        flush=True,
    )

options.out.mkdir(parents=True, exist_ok=True)
figure = Figure(figsize=(7, 4.5), layout="constrained")
axes = figure.add_subplot()
numbers = np.arange(1, len(angles) + 1)
axes.plot(numbers, [a[-1] for a in angles], color=BLUE, label="largest principal angle")
axes.plot(numbers, [a[0] for a in angles], color=BLUE, linestyle=":", label="smallest principal angle")
axes.axhline(1, color=GREY, linestyle="--", linewidth=1, label="1 degree")
axes.set_yscale("log")
axes.set_xlabel(f"epoch (the learning rate falls every {epochs})")
axes.set_ylabel("angle (degrees)")
axes.set_title(f"A linear autoencoder with {K} latents turns into the PCA subspace", fontsize=11)
axes.legend()
axes.grid(alpha=0.25)
figure.savefig(options.out / "angles.png", dpi=150)


def as_images(directions):
    """Return rows of 784 numbers as images, mid-grey where a number is 0."""
    directions = directions / np.abs(directions).max(axis=1, keepdims=True)
    return 0.5 + 0.5 * directions.reshape(-1, 28, 28, 1)


rows = {"PCA": as_images(components), "autoencoder": as_images(decoder.params["dense_1.W"])}
title = "Two bases of one subspace: black is -, white is +, grey is 0"
plot_rows(rows, title=title).savefig(options.out / "directions.png", dpi=150)
print(f"Look at {options.out / 'angles.png'} and {options.out / 'directions.png'}")
