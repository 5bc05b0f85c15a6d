"""Generation: can an autoencoder draw new digits?

Noise in latent space, through the decoder: that is all it takes, if the noise falls
where the decoder has learnt something. An autoencoder's codes lie where they like. Drawn
from N(0, 1), most noise misses them and comes out as smudges. A VAE's codes were made to
fill N(0, 1). (One may also fit a normal distribution to the autoencoder's codes
afterwards; some noise still falls between the classes.)

How much like digits the drawn ones are is measured with the training digits: look up
the ten nearest (pixel by pixel) and see whether all ten are of one class. Of real
digits 70% have ten such neighbours. Drawn by the autoencoder from N(0, 1) it is 11%, by
the VAE 30%, by the autoencoder from the fitted normal 32%. So with few latents what a
VAE gains is a known place to draw from. It is not sharper, because one code must serve
all digits that fell into its cloud.

Digits of one class are found by a search over the latent plane: the grid point around
which the largest share of the 200 nearest training codes is of that class.

    python examples/17_generation.py            about a minute
    python examples/17_generation.py --quick    a few seconds

Try: LATENT = 2 and 32 for the drawn digits; the second best grid point of each class.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan.datasets import load_digits
from numpygan.latent import CodeCloud, nearest
from numpygan.models import VAE, Autoencoder, dense_encoder
from numpygan.plotting import plot_latent_plane, plot_rows

LATENT, EPOCHS, DRAWN, AROUND = 8, 15, 1000, 200

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/17_generation"), help="results")
options = parser.parse_args()
epochs = 2 if options.quick else EPOCHS

train, labels = load_digits("train", scale=(0, 1))
evaluation, evaluation_labels = load_digits("evaluation", scale=(0, 1))
if options.quick:
    train, labels = train[:2000], labels[:2000]


def trained(latent_dim):
    """Return an autoencoder and a VAE with that many latents."""
    autoencoder = Autoencoder(dense_encoder(latent_dim=latent_dim, rng=0), rng=0)
    vae = VAE(latent_dim, rng=0)
    for model in (autoencoder, vae):
        model.fit(train, epochs=epochs, progress=False)
    return autoencoder, vae


def sure(images):
    """Return the share of images whose ten nearest training digits are all of one class."""
    found = labels[nearest(images.reshape(len(images), -1), train.reshape(len(train), -1), 10)]
    return (found == found[:, :1]).all(axis=1).mean()


# 1. Draw digits out of noise.
autoencoder, vae = trained(LATENT)
normal = vae.noise(DRAWN, rng=0)
drawn = {
    "autoencoder,\nN(0, 1)": autoencoder.decode(normal),
    "autoencoder,\nfitted normal": autoencoder.decode(
        CodeCloud(autoencoder.encode(train)).draw(DRAWN, rng=0)
    ),
    "VAE,\nN(0, 1)": vae.decode(normal),
}
print(f"{LATENT} latents: share of {DRAWN:,} digits whose ten nearest training digits agree on the class")
for name, images in {"real digits": evaluation[:DRAWN], **drawn}.items():
    print(f"  {name.replace(chr(10), ' '):28s} {sure(images):4.0%}", flush=True)
options.out.mkdir(parents=True, exist_ok=True)
title = f"New digits out of noise, {LATENT} latents"
rows = {name: images[:12] for name, images in drawn.items()}
plot_rows(rows, title=title).savefig(options.out / "drawn.png", dpi=150)

# 2. Ask for a class, in the plane.
figure = Figure(figsize=(12, 6.2), layout="constrained")
rows = {}
for name, model, axes in zip(("autoencoder", "VAE"), trained(2), figure.subplots(1, 2)):
    codes = model.encode(train)
    low, high = np.quantile(codes, (0.01, 0.99), axis=0)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 40).T), axis=-1).reshape(-1, 2).astype(np.float32)
    around = labels[nearest(grid, codes, AROUND)]  # (1600, AROUND)
    shares = np.stack([(around == digit).mean(axis=1) for digit in range(10)])  # (10, 1600)
    rows[f"{name}:\nclass by class"] = model.decode(grid[shares.argmax(axis=1)])
    listed = ", ".join(f"{digit} {share:.0%}" for digit, share in enumerate(shares.max(axis=1)))
    print(f"2 latents, {name}: share of the class among the {AROUND} codes around its best point\n  {listed}")
    plot_latent_plane(codes[:2000], labels[:2000], title=f"{name}: codes of 2,000 training digits", axes=axes)
figure.savefig(options.out / "planes.png", dpi=130)
notes = [str(digit) for digit in range(10)]
title = "Asked for each class in turn, 2 latents"
plot_rows(rows, title=title, notes=notes).savefig(options.out / "classes.png", dpi=150)
print(f"Look at drawn.png, planes.png and classes.png in {options.out}")
