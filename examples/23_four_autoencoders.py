"""Four autoencoders, one task: rebuild digits, and draw new ones.

- The plain one scatters its codes. It has no prior, so new codes are drawn from a
  normal distribution fitted to them.
- The variational one holds the cloud of each image near N(0, 1); its images are blurred.
- The adversarial one has a discriminator that tells codes from draws of N(0, 1), and an encoder that learns to
  deceive it.
- The boundary equilibrium GAN's discriminator is an autoencoder, a generator beside it draws, and the two play
  for how well it rebuilds what is drawn.

All are trained from three seeds. The table has medians, and the range in brackets: of the Frechet distance of 2,000
drawn digits (1.5 is what real ones have), of how many classes are among them, of their precision and recall, of the
error of rebuilt digits that no model was trained on, and of holes: draws that lie farther from all codes than
99 in 100 draws lie from as many others.

The first picture has the codes of the digits in a plane, before and after the game; the second what
the four draw and rebuild.

    python examples/23_four_autoencoders.py            some ten minutes; it goes on where it was cut off
    python examples/23_four_autoencoders.py --quick    some seconds, no digits yet

Try: LATENT = 2, or 16; BEGAN(gamma=0.5); a RingPrior(10) without classes: what is in each mode?
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import BEGAN, VAE, AdversarialAutoencoder, Autoencoder
from numpygan.checkpoint import load, save
from numpygan.datasets import load_digits
from numpygan.latent import CodeCloud, hole_share
from numpygan.metrics import classes_covered, frechet_distance, load_classifier, within_manifold
from numpygan.models import RingPrior, dense_decoder, dense_encoder, dense_trunk
from numpygan.plotting import plot_latent_plane, tile

LATENT, EPOCHS, GAME_EPOCHS, ITERATIONS = 8, 20, 20, 2_000
SEEDS, DRAWN = (0, 1, 2), 2_000

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little training, to see that it works")
here = Path("runs/examples/23_four_autoencoders")
parser.add_argument("--out", type=Path, default=here, help="folder for the models and the pictures")
parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="seeds to train from")
options = parser.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
seeds = options.seeds[:1] if options.quick else options.seeds

paper, labels = load_digits(scale=(0, 1))  # (10000, 28, 28, 1), from 0 to 1
unseen, unseen_labels = load_digits("evaluation", scale=(0, 1))
paper, labels = (paper[:500], labels[:500]) if options.quick else (paper, labels)


def epochs(n):
    return 1 if options.quick else n


def plain(seed, latent=LATENT):
    model = Autoencoder(dense_encoder(latent_dim=latent, rng=seed), rng=seed)
    model.fit(paper, epochs=epochs(EPOCHS), progress=False)
    return model


def variational(seed, latent=LATENT):
    model = VAE(
        latent, trunk=dense_trunk(rng=seed), decoder=dense_decoder(latent_dim=latent, rng=seed), rng=seed
    )
    model.fit(paper, epochs=epochs(EPOCHS), progress=False)
    return model


def adversarial(seed, latent=LATENT):
    model = AdversarialAutoencoder(dense_encoder(latent_dim=latent, rng=seed), rng=seed)
    model.fit(paper, epochs=epochs(GAME_EPOCHS), progress=False)
    return model


def ring(seed):
    model = AdversarialAutoencoder(prior=RingPrior(10), classes=10, rng=seed)
    model.fit(paper, labels, epochs=epochs(GAME_EPOCHS), progress=False)
    return model


def boundary_equilibrium(seed):
    model = BEGAN(rng=seed)
    model.fit(2 * paper - 1, iterations=20 if options.quick else ITERATIONS, progress=False)
    return model


def trained(kind, seed, *size):
    """Return a model that was trained from a seed, perhaps in an earlier run of this program."""
    path = options.out / "-".join(map(str, (kind.__name__, seed, *size, *["quick"] * options.quick)))
    path = path.with_suffix(".npz")
    if not path.exists():
        print(f"training {path.stem}", flush=True)
        save(kind(seed, *size), path)
    return load(path)


def codes_and_draws(model, n):
    """Return the codes of the digits, as the decoder is given them in training, and n draws to decode."""
    if isinstance(model, VAE):
        return model.sample_latent(*model.encode_distribution(paper), rng=1), model.noise(n, rng=2)
    codes = model.encode(paper)
    return codes, model.noise(n, rng=2) if hasattr(model, "noise") else CodeCloud(codes).draw(n, 2)


def drawn(model, n):
    """Return n new images, from 0 to 1."""
    if isinstance(model, BEGAN):
        return (model.generate(n, rng=2) + 1) / 2
    return model.decode(codes_and_draws(model, n)[1])


def rebuilt(model, x):
    return (model.reconstruct(2 * x - 1) + 1) / 2 if isinstance(model, BEGAN) else model.reconstruct(x)


def measure(model):
    """Return the figures of one model, by name."""
    images = 2 * np.clip(drawn(model, DRAWN), 0, 1) - 1
    features = judge.features(images)
    row = {
        "Frechet distance": frechet_distance(features, real),
        "classes": classes_covered(judge.probabilities(images)),
        "precision": np.mean(within_manifold(real, features)),
        "recall": np.mean(within_manifold(features, real)),
        "error": np.mean((rebuilt(model, unseen) - unseen) ** 2),
        "holes": np.nan,
    }
    if isinstance(model, BEGAN):
        return row  # its draws are no codes
    codes, draws = codes_and_draws(model, DRAWN + len(paper))
    return row | {"holes": hole_share(codes, draws[:DRAWN], draws[DRAWN:])}


KINDS = {
    "plain": plain, "variational": variational, "adversarial": adversarial,
    "boundary equilibrium": boundary_equilibrium,
}  # fmt: skip
judge = load_classifier()
real = judge.features(2 * unseen - 1)
models, rows = {}, {}
for name, kind in KINDS.items():
    of_seeds = [trained(kind, seed) for seed in seeds]
    models[name] = of_seeds[0]
    rows[name] = [measure(model) for model in of_seeds]

print("| autoencoder | " + " | ".join(rows["plain"][0]) + " |")
print("| --- |" + " --- |" * len(rows["plain"][0]))
for name, row in rows.items():
    cells = []
    for key in row[0]:
        values = [each[key] for each in row]
        text = f"{np.median(values):.3g} [{min(values):.3g}, {max(values):.3g}]"
        cells.append("" if np.isnan(values).any() else text)
    print(f"| {name} | {' | '.join(cells)} |", flush=True)

# --- the planes of codes ---------------------------------------------------------------

untrained = AdversarialAutoencoder(dense_encoder(latent_dim=2, rng=seeds[0]), rng=seeds[0])
planes = {
    "plain": trained(plain, seeds[0], 2),
    "variational": trained(variational, seeds[0], 2),
    "adversarial, before": untrained,
    "adversarial, after": trained(adversarial, seeds[0], 2),
    "a ring, with labels": trained(ring, seeds[0]),
}
figure = Figure(figsize=(20, 4.6), layout="constrained")
for axes, (name, model) in zip(figure.subplots(1, len(planes)), planes.items()):
    codes = model.encode(unseen)
    plot_latent_plane(codes[:1000], unseen_labels[:1000], title=name, axes=axes)
    if name != "adversarial, before":
        codes, draws = codes_and_draws(model, DRAWN + len(paper))
        share = hole_share(codes, draws[:DRAWN], draws[DRAWN:])
        print(f"two latents, {name}: holes {share:.1%}")
        axes.set_title(f"{name}: holes {share:.1%}")
figure.savefig(options.out / "planes.png", dpi=110)

# --- what they draw and rebuild --------------------------------------------------------

figure = Figure(figsize=(14, 4.4), layout="constrained")
panels = figure.subplots(2, len(models), gridspec_kw={"height_ratios": [6, 2]})
for (above, below), (name, model) in zip(panels.T, models.items()):
    show = partial(tile, columns=8, value_range=(0, 1))
    above.imshow(show(np.clip(drawn(model, 48), 0, 1)), cmap="gray", vmin=0, vmax=1)
    above.set_title(f"{name}, drawn")
    both = np.concatenate([unseen[:8], np.clip(rebuilt(model, unseen[:8]), 0, 1)])
    below.imshow(show(both), cmap="gray", vmin=0, vmax=1)
    below.set_title("unseen digits, and rebuilt")
    for axes in (above, below):
        axes.set_axis_off()
figure.savefig(options.out / "drawn.png", dpi=110)
print(f"Look at {options.out / 'planes.png'} and drawn.png beside it")
