"""A GAN in two dimensions, where nothing is hidden, and how it collapses.

The data are points on a ring of eight clusters. In a plane all of the game can be drawn:
what the discriminator believes at every point, where it tells each fake to go, and how
the generator lays its sheet of noise over the data.

The loop below is that of 02_first_gan.py, with points for images, and is run twice. The
two runs differ in who learns faster.

- The discriminator eight times as fast as the generator: wherever the fakes gather, it
  has noticed before they move on. All eight clusters are found.
- The generator fifty times as fast, and with momentum: all fakes run to the one place that
  is believed just now, the discriminator notices, and they run on together. This is mode
  collapse; at no time is more than one cluster or two of the eight drawn.

    python examples/03_gan_in_two_dimensions.py            well under a minute
    python examples/03_gan_in_two_dimensions.py --quick    a few seconds

Try: "grid" or "moons" for "ring"; both rates 1e-3. `numpygan lab ring` shows the same as a film, and
where there is a display in a window with sliders.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan import BinaryCrossEntropyFromLogits
from numpygan.datasets import load_toy
from numpygan.interactive import Film, describe_lab, moments, plot_lab
from numpygan.models import toy_gan

ITERATIONS, BATCH, FRAMES = 4_000, 256, 30
SETTINGS = {
    "covered": {"generator_rate": 5e-4, "discriminator_rate": 4e-3, "beta_1": 0.5},
    "collapsed": {"generator_rate": 1e-2, "discriminator_rate": 2e-4, "beta_1": 0.9},
}

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
folder = Path("runs/examples/03_gan_in_two_dimensions")
parser.add_argument("--out", type=Path, default=folder, help="folder for the results")
options = parser.parse_args()
iterations, frames = (100, 3) if options.quick else (ITERATIONS, FRAMES)
options.out.mkdir(parents=True, exist_ok=True)

toy = load_toy("ring")
bce = BinaryCrossEntropyFromLogits()

for name, rates in SETTINGS.items():
    rng = np.random.default_rng(0)
    gan = toy_gan(**rates, rng=rng)
    G, D = gan.generator, gan.discriminator
    film = Film(f"A GAN in two dimensions, {name}", "Which moves first, the discriminator or the fakes?")
    shown = moments(iterations, frames)
    for iteration in range(1, iterations + 1):
        # 1. and 2. The discriminator learns what is real and what is fake.
        believed = {}
        for kind, target in (("real", 1), ("fake", 0)):
            x = toy.sample(BATCH, rng) if kind == "real" else G.forward(gan.noise(BATCH), training=True)
            logits = D.forward(x, training=True)
            believed[kind] = bce.forward(logits, target), float(np.mean(1 / (1 + np.exp(-logits))))
            D.zero_grad()
            D.parameter_gradients(bce.backward())
            gan.discriminator_optimizer.update(D.flat_params, D.flat_grads)

        # 3. The generator asks which way its fakes should go. These are the arrows of the picture.
        fake = G.forward(gan.noise(BATCH), training=True)
        g_loss = bce.forward(D.forward(fake, training=True), 1)
        dfake = D.input_gradient(bce.backward())  # (BATCH, 2); the arrows are -BATCH * dfake
        G.zero_grad()
        G.parameter_gradients(dfake)
        gan.generator_optimizer.update(G.flat_params, G.flat_grads)

        d_loss = (believed["real"][0] + believed["fake"][0]) / 2
        means = {"D(x)": believed["real"][1], "D(G(z))": believed["fake"][1]}
        gan.history.append({"d_loss": d_loss, "g_loss": g_loss, **means})
        if iteration in shown:
            film.add(plot_lab(gan, toy, iterations=iterations), describe_lab(gan, toy))
    print(describe_lab(gan, toy))
    plot_lab(gan, toy, iterations=iterations).savefig(options.out / f"{name}.png", dpi=130)
    film.write_page(options.out / f"{name}.html")
    print(f"Look at {options.out / name}.png, and step through {options.out / name}.html in a browser")
