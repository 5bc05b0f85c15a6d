"""Eight failures on purpose: what each looks like, what the diagnosis says, what mends it.

Small models are trained wrongly in eight ways. `numpygan.diagnosis` looks at each one's
curves and networks and names the trouble. Then the one line is corrected and the same
model trained again from the same seed.

    python examples/30_failures.py             one seed each, and the picture: about a minute
    python examples/30_failures.py --quick     a few seconds, too few iterations to fail in earnest
    python examples/30_failures.py --seeds 5   counts how often each is named rightly

Try: a failure of your own, in FAILURES; both halves of one, such as beta_1 = 0.9 in
the dense GAN; `report(diagnose(model, x))` on a model that you have trained.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from numpygan import DCGAN, GAN, VAE, Adam, Autoencoder
from numpygan.datasets import load_digits
from numpygan.diagnosis import diagnose, main_trouble, report
from numpygan.models import dense_discriminator, dense_generator, small_discriminator, small_generator
from numpygan.models.toy_networks import mlp
from numpygan.plotting import tile
from numpygan.plotting.colours import BLUE, GREY, ORANGE
from numpygan.training import Batches, train

RATE, BATCH, LATENT = 2e-3, 32, 32
DENSE, CONVOLUTIONAL = 1200, 600  # iterations


class Trained(NamedTuple):
    model: object
    x: np.ndarray  # what it was trained on


def fit(model, x, iterations):
    """Train as `fit` does, but on any data: GAN.fit refuses pixels that G cannot draw."""
    train(model, Batches(x, BATCH, model.rng), iterations, model.history, progress=False)
    return Trained(model, x)


# --- the models -----------------------------------------------------------------------


@cache
def digits():
    return load_digits()[0]


def dense_gan(seed, *, generator_rate=RATE, rate=RATE):
    rng = np.random.default_rng(seed)
    return GAN(
        dense_generator(latent_dim=LATENT, hidden=64, rng=rng),
        dense_discriminator(hidden=64, rng=rng),
        generator_optimizer=Adam(generator_rate, beta_1=0),
        discriminator_optimizer=Adam(rate, beta_1=0),
        discriminator_updates="separate",  # two steps of D for one of G: failures come sooner
        rng=rng,
    )


@cache
def sound_dense_gan(seed, share):
    """Return what four of the failures come to once they are mended, trained only once."""
    return fit(dense_gan(seed), digits(), int(share * DENSE))


def conv_gan(seed, *, rate=1e-3, discriminator_rate=1e-3, beta_1=0.5, loss="non-saturating"):
    rng = np.random.default_rng(seed)
    return DCGAN(
        small_generator(latent_dim=LATENT, hidden=64, filters=(16, 8), rng=rng),
        small_discriminator(hidden=32, filters=(8, 16), rng=rng),
        generator_optimizer=Adam(rate, beta_1=beta_1),
        discriminator_optimizer=Adam(discriminator_rate, beta_1=beta_1),
        loss=loss,
        rng=rng,
    )


def ring(seed, n=4000, peaks=6):
    """Return points (n, 2) around six places on a circle of radius 2."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * rng.integers(peaks, size=n) / peaks
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (centres + 0.2 * rng.standard_normal((n, 2))).astype(np.float32)


def point_gan(seed, *, kind=GAN):
    """A GAN whose samples are points in the plane."""
    rng = np.random.default_rng(seed)
    return kind(
        mlp(8, 2, rng=rng, name="generator"),
        mlp(2, 1, rng=rng, name="discriminator"),
        generator_optimizer=Adam(3e-3, beta_1=0.5),
        discriminator_optimizer=Adam(3e-3, beta_1=0.5),
        discriminator_updates="separate",  # one step on the sum finds two of six peaks in this time (seed 0)
        rng=rng,
    )


# --- the failures ---------------------------------------------------------------------


class Hasty(GAN):
    """Its generator takes fifty steps against a discriminator that stands still."""

    def _update_generator(self, z):
        for _ in range(49):
            super()._update_generator(self.noise(len(z)))
        return super()._update_generator(z)


def hasty_generator(seed, wrong=True, share=1.0):
    model = point_gan(seed, kind=Hasty if wrong else GAN)
    return fit(model, ring(seed), int(share * (250 if wrong else 3000)))


def strong_discriminator(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    return fit(dense_gan(seed, generator_rate=RATE / 100), digits(), int(share * DENSE))


def saturating_loss(seed, wrong=True, share=1.0):
    model = conv_gan(seed, discriminator_rate=1.5e-3, loss="saturating" if wrong else "non-saturating")
    return fit(model, digits(), int(share * 300))


def high_rate(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    return fit(dense_gan(seed, generator_rate=50 * RATE, rate=50 * RATE), digits(), int(share * DENSE))


def long_memory(seed, wrong=True, share=1.0):
    model = conv_gan(seed, rate=2e-3, discriminator_rate=2e-3, beta_1=0.9 if wrong else 0.5)
    return fit(model, digits(), int(share * CONVOLUTIONAL))


class Uncorrected(Adam):
    """Adam without the two divisions by 1 - beta^t."""

    def _step(self, p, g, M, V, work):
        M += (1 - self.beta_1) * (g - M)
        V += (1 - self.beta_2) * (g * g - V)
        p -= self.learning_rate * M / (np.sqrt(V) + self.epsilon)


def uncorrected_adam(seed, wrong=True, share=1.0):
    rule = Uncorrected if wrong else Adam
    x = (digits()[:4000] + 1) / 2  # an autoencoder's pixels lie in [0, 1]
    model = Autoencoder(optimizer=rule(3e-3), rng=seed)
    model.fit(x[: max(1000, int(share * 4000))], epochs=4, progress=False)
    return Trained(model, x)


def zero_weights(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    model = dense_gan(seed)
    for network in model.networks.values():
        network.flat_params[:] = 0
    return fit(model, digits(), int(share * DENSE))


def unscaled_pixels(seed, wrong=True, share=1.0):
    if not wrong:
        return sound_dense_gan(seed, share)
    x = 127.5 * (digits() + 1)  # as they are in a file, from 0 to 255
    model = dense_gan(seed)
    last = model.generator.layers[-2]  # the Tanh, before a reshape
    last.output_range = None  # or the library would refuse these pixels
    try:
        return fit(model, x, int(share * DENSE))
    finally:
        del last.output_range


class Failure(NamedTuple):
    """What is done wrong, what mends it, what the diagnosis must say, and how to train it."""

    title: str
    fix: str
    finding: str
    run: Callable


FAILURES = (
    Failure("50 generator steps\nfor each of D", "one step each", "mode collapse", hasty_generator),
    Failure(
        "D learns 100 times\nas fast as G",
        "2e-3 in place of 2e-5",
        "discriminator has won",
        strong_discriminator,
    ),
    Failure("G descends\nlog(1 - D(G(z)))", "-log D(G(z)) instead", "loss saturated", saturating_loss),
    Failure("learning rate 0.1", "2e-3 in place of 0.1", "steps too large", high_rate),
    Failure("DCGAN with Adam's\nbeta_1 = 0.9", "beta_1=0.5", "oscillation", long_memory),
    Failure("Adam without\nbias correction", "the library's Adam", "no bias correction", uncorrected_adam),
    Failure("all weights zero", "Glorot's initial weights", "identical units", zero_weights),
    Failure("pixels from\n0 to 255", "x / 127.5 - 1", "data out of range", unscaled_pixels),
)


# --- what must not be accused ---------------------------------------------------------


def healthy_dense(seed):
    return fit(dense_gan(seed), digits(), 2000)


def healthy_convolutional(seed):
    return fit(conv_gan(seed), digits(), CONVOLUTIONAL)


def healthy_vae(seed):
    x = (digits()[:4000] + 1) / 2
    model = VAE(rng=seed)
    model.fit(x, epochs=4, progress=False)
    return Trained(model, x)


HEALTHY = {
    "dense GAN": healthy_dense,
    "DCGAN": healthy_convolutional,
    "VAE": healthy_vae,
}


# --- reporting -----------------------------------------------------------------------


def print_table(seeds):
    """Print what was diagnosed in failures, in the same models mended, and in healthy ones."""
    runs = {}
    for failure in FAILURES:
        title = failure.title.replace("\n", " ")
        runs[title] = (failure.finding, lambda seed, run=failure.run: run(seed))
        runs[f"  mended: {failure.fix}"] = (None, lambda seed, run=failure.run: run(seed, wrong=False))
    runs.update({f"healthy {name}": (None, run) for name, run in HEALTHY.items()})
    right = {True: 0, False: 0}
    print(f"{'trained':42s} {'right':>6s}   diagnosed")
    for name, (expected, run) in runs.items():
        found = Counter(main_trouble(diagnose(*run(seed))) for seed in range(seeds))
        right[expected is None] += found[expected]
        said = ", ".join(f"{trouble or 'no trouble'} {count}" for trouble, count in found.most_common())
        print(f"{name:42s} {found[expected]:4d}/{seeds}   {said}", flush=True)
    healthy = len(runs) - len(FAILURES)
    print(f"failures named rightly: {right[False]} of {len(FAILURES) * seeds}")
    print(f"sound runs not accused: {right[True]} of {healthy * seeds}")


def draw(axes, model, x):
    """Show what a model makes: digits, or points over the data."""
    axes.set_xticks([]), axes.set_yticks([])
    if x.ndim == 2:
        axes.plot(*x[:1000].T, ".", color=GREY, markersize=1)
        axes.plot(*model.generate(500, rng=0).T, ".", color=BLUE, markersize=2)
        axes.set_aspect("equal")
        return
    images = model.generate(18, rng=0) if hasattr(model, "generate") else model.reconstruct(x[:18])
    axes.imshow(tile(images, 6, value_range=model.value_range), cmap="gray", vmin=0, vmax=1)


def draw_losses(axes, history):
    columns = {"d_loss": ("D", BLUE), "g_loss": ("G", ORANGE), "loss": ("loss", BLUE)}
    for key, (name, colour) in columns.items():
        if key in history:
            axes.plot(np.arange(1, len(history) + 1), history[key], color=colour, linewidth=0.8, label=name)
    if "d_loss" in history:
        axes.axhline(np.log(2), color=GREY, linestyle="--", linewidth=0.8)
    axes.tick_params(labelsize=7)
    axes.grid(alpha=0.25)


def draw_picture(folder, share):
    figure = Figure(figsize=(11.5, 1.45 * len(FAILURES) + 0.5), layout="constrained")
    widths = {"width_ratios": [1.25, 1.6, 1.6, 1.5, 1.5]}
    rows = figure.subplots(len(FAILURES), 5, gridspec_kw=widths)
    for axes, title in zip(rows[0], ("", "wrong", "mended", "losses, wrong", "losses, mended")):
        axes.set_title(title, fontsize=11)
    for row, failure in zip(rows, FAILURES):
        wrong, mended = failure.run(0, share=share), failure.run(0, wrong=False, share=share)
        findings = diagnose(*wrong)
        title = failure.title.replace("\n", " ")
        print(f"\n{title}; mended by: {failure.fix}\n{report(findings[:1])}", flush=True)
        row[0].axis("off")
        row[0].text(0, 0.95, failure.title, fontsize=10, va="top", weight="bold")
        row[0].text(0, 0.55, f"diagnosis:\n{findings[0].name}", fontsize=9, va="top", color=ORANGE)
        row[0].text(0, 0.2, f"mended by:\n{failure.fix}", fontsize=9, va="top", color=BLUE)
        for k, trained in enumerate((wrong, mended)):
            draw(row[1 + k], *trained)
            draw_losses(row[3 + k], trained.model.history)
        row[3].legend(fontsize=7, loc="upper right")
    for axes in rows[-1, 3:]:
        axes.set_xlabel("iteration", fontsize=8)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "failures.png"
    figure.savefig(path, dpi=110)
    print(f"\nLook at {path}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
    parser.add_argument(
        "--seeds", type=int, metavar="N", help="train each N times and print a table, no picture"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("runs/examples/30_failures"), help="folder for the picture"
    )
    options = parser.parse_args()
    if options.seeds:
        print_table(options.seeds)
    else:
        draw_picture(options.out, share=0.05 if options.quick else 1.0)
