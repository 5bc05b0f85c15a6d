"""Every figure of the library on one sheet.

Small models are trained, each plotting function draws what it is for, and all of it is put
side by side, to see what there is and how it looks.

    python examples/43_contact_sheet.py            about a minute
    python examples/43_contact_sheet.py --quick    some seconds, models hardly trained

Each figure is also written by itself, under the name of its function.

Try: other data, `load_mnist(name="fashion")`; a figure of your own in `figures`.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread
from PIL import Image  # comes with matplotlib

from numpygan import (
    BEGAN,
    DCGAN,
    GAN,
    VAE,
    WGAN,
    AdversarialAutoencoder,
    ConditionalVAE,
    CycleGAN,
    Pix2Pix,
    interactive,
)
from numpygan import plotting as draw
from numpygan.datasets import load_digits, load_domains, load_doodles, load_toy
from numpygan.latent import interpolate
from numpygan.metrics import as_digits, load_classifier
from numpygan.models import toy_gan
from numpygan.training import ClassAccuracy, SampleRecorder

COLUMNS, CELL = 3, 5.5  # of the sheet; a cell is CELL inches wide

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little training, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/43_contact_sheet"), help="pictures")
options = parser.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
share, DPI = (0.01, 50) if options.quick else (1, 110)


def some(iterations):
    return max(3, round(share * iterations))


digits, _ = load_digits()
paper, classes = load_digits("evaluation", scale=(0, 1))
print(
    "training a GAN in the plane, four GANs of digits, three autoencoders and two translators, each a little",
    flush=True,
)
ring, plane = load_toy("ring"), toy_gan(rng=0)
film = interactive.Film("A GAN in two dimensions", "Which moves first, the discriminator or the fakes?")
filming = interactive.FilmRecorder(
    film,
    lambda gan: (interactive.plot_lab(gan, ring), interactive.describe_lab(gan, ring)),
    interactive.moments(some(2000), some(12)),
)
plane.fit(ring.sample(20_000, 0), iterations=some(2000), batch_size=256, callbacks=[filming], progress=False)
gan, dcgan, vae, cyclegan = GAN(rng=0), DCGAN(rng=0), VAE(rng=4), CycleGAN(rng=0)
recorder = SampleRecorder(some(150))
gan.fit(digits, iterations=some(2400), callbacks=[recorder], progress=False)
dcgan.fit(digits, iterations=some(160), batch_size=64, progress=False)
scaled = (digits[: round(1e4 * max(share, 0.1))] + 1) / 2
vae.fit(scaled, epochs=some(6), validation_data=paper[:500], progress=False)
a, b = load_domains("zebra")
cyclegan.fit(a, b, iterations=some(30), batch_size=4, progress=False)
pix2pix = Pix2Pix(rng=0)
pix2pix.fit(*load_doodles("shapes", n=500), iterations=some(100), progress=False)
wgan = WGAN(rng=0)
wgan.fit(digits, iterations=some(300), progress=False)
began, held = BEGAN(rng=0), AdversarialAutoencoder(rng=0)
began.fit(digits, iterations=some(100), progress=False)
held.fit(scaled, epochs=some(4), progress=False)
cvae = ConditionalVAE(rng=0)
accuracy = ClassAccuracy(some(10), lambda images: load_classifier().predict(as_digits(images, (0, 1))), n=200)
cvae.fit(paper, classes, epochs=some(6), callbacks=[accuracy], progress=False)
means = vae.encode(paper)
walk = interpolate(means[0], means[1], 12)
explorer = interactive.LatentExplorer(vae, paper, classes)
explorer.move_to(*means[7])

figures = {
    "plot_lab": interactive.plot_lab(plane, ring),
    "plot_samples": draw.plot_samples(dcgan.generate(48, rng=1), columns=8, title="48 samples of a DCGAN"),
    "plot_stages": draw.plot_stages(recorder.frames),
    "plot_gan_history": draw.plot_gan_history(gan.history),
    "plot_wgan_history": draw.plot_wgan_history(wgan.history),
    "plot_began_history": draw.plot_began_history(began.history),
    "plot_adversarial_autoencoder_history": draw.plot_adversarial_autoencoder_history(held.history),
    "plot_class_accuracy": draw.plot_class_accuracy(accuracy.curve),
    "plot_cyclegan_history": draw.plot_cyclegan_history(cyclegan.history, equilibrium=0.25),
    "plot_pix2pix_history": draw.plot_pix2pix_history(pix2pix.history),
    "plot_epochs": draw.plot_epochs(vae.epoch_history, unit="nats per image"),
    "plot_rows": draw.plot_rows({"digits": paper[:12], "decoded": vae.reconstruct(paper[:12]),
                                 "a walk": vae.decode(walk)}),
    "plot_latent_plane": draw.plot_latent_plane(means, classes, title="Codes of 2,000 digits"),
    "plot_manifold": draw.plot_manifold(vae.decode, title="What the plane decodes to"),
    "LatentExplorer": explorer.figure,
    "plot_drawing": interactive.plot_drawing(vae, paper[7], images=paper, labels=classes),
    "plot_network": draw.plot_network(gan),
    "plot_histograms": draw.plot_histograms(gan, digits[:64]),
    "plot_kernels": draw.plot_kernels(dcgan),
}  # fmt: skip


pictures = {}
for name, figure in figures.items():
    figure.savefig(options.out / f"{name}.png", dpi=DPI)
    pictures[name] = imread(options.out / f"{name}.png")
draw.animate_samples(recorder.frames, options.out / "animate_samples.gif", columns=10)
with Image.open(options.out / "animate_samples.gif") as gif:
    gif.seek(gif.n_frames - 1)
    pictures["animate_samples (its end)"] = np.asarray(gif.convert("RGB"))
interactive.write_film(film, options.out, "film")
interactive.write_explorer(
    vae, options.out / "explorer.html", paper, classes, title="The latent plane of a VAE"
)

order = sorted(pictures, key=lambda name: pictures[name].shape[0] / pictures[name].shape[1])
rows = [order[k : k + COLUMNS] for k in range(0, len(order), COLUMNS)]  # figures of like shape side by side
heights = [max(pictures[name].shape[0] / pictures[name].shape[1] for name in row) + 0.06 for row in rows]
sheet = Figure(figsize=(COLUMNS * CELL, CELL * sum(heights)), layout="constrained", dpi=DPI)
cells = sheet.subplots(len(rows), COLUMNS, gridspec_kw={"height_ratios": heights}, squeeze=False)
for axes in cells.ravel():
    axes.set_axis_off()
for line, row in zip(cells, rows):
    for axes, name in zip(line, row):
        axes.imshow(pictures[name])
        axes.set_title(name, family="monospace", fontsize=13)
sheet.savefig(options.out / "contact_sheet.png", dpi=DPI)
print(f"Look at {options.out / 'contact_sheet.png'}: {len(pictures)} figures")
