"""The moving zebra: a film, translated frame by frame, and why it flickers.

A handwritten digit walks a figure of eight and swings as it goes. A CycleGAN paints stripes on
each frame by itself. What the stripes should be is known for every frame, so two things can be
measured: the error, and the flicker, which is how much the error changes from one frame to the
next. Two CycleGANs are tried, one that has seen digits as they are, upright and in the middle, and
one that has seen them in all places of the walk. Of each, the latest parameters, their running
average, and the latter with every frame averaged with its two neighbours. Last, where the flicker
comes from: digits are moved aside by one to four pixels, and the change of the error is measured.
Four is what the strides of the generator multiply to.

    python examples/52_moving_zebra.py            about two and a half minutes
    python examples/52_moving_zebra.py --seed 1   the same from other initial parameters
    python examples/52_moving_zebra.py --quick    a few seconds, no stripes yet

Try: FRAMES = 20, a digit in a hurry: it flickers more, and averaging over frames makes it worse;
ITERATIONS, DECAY = 600, 0, a run that is cut short at its full learning rate, where averaged
parameters are better than the latest ones.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import CycleGAN
from numpygan.datasets import load_digits, walk
from numpygan.datasets.domains import stripe
from numpygan.interactive import average_neighbours, film_translation
from numpygan.metrics import flicker, frame_errors
from numpygan.plotting.colours import BLUE, GREY, VERMILION

ITERATIONS, DECAY = 2000, 0.5  # the share of the iterations in which the learning rates fall to zero
FRAMES, DIGITS = 60, 10

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument("--seed", type=int, default=0, help="of the CycleGANs (default: 0)")
here = Path("runs/examples/52_moving_zebra")
parser.add_argument("--out", type=Path, default=here, help="folder for the film")
options = parser.parse_args()
iterations, count, T = (5, 2, 6) if options.quick else (ITERATIONS, DIGITS, FRAMES)
options.out.mkdir(parents=True, exist_ok=True)


def both_sides(images):
    return 2 * images - 1  # from [0, 1] to [-1, 1], the range of the networks


digits, _ = load_digits(scale=(0, 1))  # (10000, 28, 28, 1)
strangers, _ = load_digits("evaluation", scale=(0, 1))
frames = [walk(np.repeat(strangers[k : k + 1], T, axis=0)) for k in range(count)]  # (T, 28, 28, 1) each
truth = [both_sides(stripe(each)) for each in frames]
frames = [both_sides(each) for each in frames]

# Different digits for A and B, drawn at random: a digit's number is its place on the walk, and every
# other digit of this set has more ink.
some, others = np.split(np.random.default_rng(0).permutation(len(digits)), 2)
films = {}
print("trained on       parameters, frames           error   flicker    (pixels from -1 to 1)")
for name, data in {"upright digits": digits, "walking digits": walk(digits)}.items():
    a, b = both_sides(data[some]), both_sides(stripe(data[others]))
    model = CycleGAN(rng=options.seed)
    model.fit(a, b, iterations=iterations, decay=DECAY, progress=False)
    latest = [model.to_b(each, averaged=False) for each in frames]
    averaged = [model.to_b(each) for each in frames]
    smooth = [average_neighbours(each) for each in averaged]
    for how, film in {"latest": latest, "averaged": averaged, "averaged, three frames": smooth}.items():
        error = np.mean([frame_errors(*pair) for pair in zip(film, truth)])
        flickers = np.mean([flicker(*pair) for pair in zip(film, truth)])
        print(f"{name:<16} {how:<24} {error:9.4f} {flickers:9.4f}", flush=True)
        films[name, how] = film[0]
change = np.mean([flicker(each, np.zeros_like(each)) for each in truth])
print(f"From frame to frame the truth changes by {change:.4f}.")

still = strangers[strangers[:, :, 24:].sum(axis=(1, 2, 3)) == 0][:200]  # four free columns on the right


def error_of(images):
    return model.to_b(both_sides(images)) - both_sides(stripe(images))  # of the latter model


before = error_of(still)
changes = [error_of(np.roll(still, d, axis=2)) - np.roll(before, d, axis=2) for d in (1, 2, 3, 4)]
print(
    f"{len(still)} digits that stand still: error {np.abs(before).mean():.4f}; moved by 1, 2, 3, 4 pixels, it changes by"
)
print("  " + "  ".join(f"{np.abs(change).mean():.4f}" for change in changes), flush=True)

title = f"A walking digit as a zebra, after {iterations:,} iterations"
film = film_translation(frames[0], films["walking digits", "averaged"], truth[0], title=title)
film.write_gif(options.out / "film.gif", fps=12)
film.write_page(options.out / "film.html", fps=12)

figure = Figure(figsize=(7, 3), dpi=130, layout="constrained")
axes = figure.subplots()
for key, style in {
    ("upright digits", "latest"): {"color": GREY, "linewidth": 3.5},  # the next one lies on it
    ("upright digits", "averaged"): {"color": VERMILION, "linestyle": "--"},
    ("walking digits", "averaged, three frames"): {"color": BLUE},
}.items():
    axes.plot(np.arange(1, T), flicker(films[key], truth[0]), label=f"{key[0]}, {key[1]}", **style)
highest = max(line.get_ydata().max() for line in axes.lines)
axes.set(xlabel="frame", ylabel="flicker", ylim=(0, 1.4 * highest), title=title)
axes.legend(fontsize=8, loc="upper right")
figure.savefig(options.out / "flicker.png")
print(f"Look at {options.out / 'film.html'}, film.gif and flicker.png beside it")
