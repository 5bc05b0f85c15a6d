"""Eight failures on purpose: what each looks like, what the diagnosis says, what mends it.

Small models are trained wrongly in eight ways. `numpygan.diagnosis` looks at each one's
curves and networks and names the trouble. Then the one line is put right and the same
model trained again from the same seed. The failures are defined in failures.py.

    python examples/30_failures.py             one seed each, and the picture: about a minute
    python examples/30_failures.py --quick     a few seconds, too few iterations to fail in earnest
    python examples/30_failures.py --seeds 5   counts how often each is named rightly: some minutes

Try: a failure of your own, in failures.py; both halves of one, such as beta_1 = 0.9 in
the dense GAN; `report(diagnose(model, x))` on a model that you have trained.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from failures import FAILURES, HEALTHY
from matplotlib.figure import Figure

from numpygan.diagnosis import diagnose, main_trouble, report
from numpygan.plotting import tile
from numpygan.plotting.colours import BLUE, GREY, ORANGE

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument("--seeds", type=int, metavar="N", help="train each failure N times and print a table, no picture")
parser.add_argument("--out", type=Path, default=Path("runs/examples/30_failures"), help="folder for the picture")
options = parser.parse_args()
share = 0.05 if options.quick else 1.0


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
    print(f"sound trainings not accused: {right[True]} of {healthy * seeds}")


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


def picture():
    figure = Figure(figsize=(11.5, 1.45 * len(FAILURES) + 0.5), layout="constrained")
    widths = {"width_ratios": [1.25, 1.6, 1.6, 1.5, 1.5]}
    rows = figure.subplots(len(FAILURES), 5, gridspec_kw=widths)
    for axes, title in zip(rows[0], ("", "wrong", "mended", "losses, wrong", "losses, mended")):
        axes.set_title(title, fontsize=11)
    for row, failure in zip(rows, FAILURES):
        wrong, mended = failure.run(0, share=share), failure.run(0, wrong=False, share=share)
        findings = diagnose(*wrong)
        print(f"\n{failure.title.upper()}".replace("\n", " ").strip() + f"; mended by {failure.fix}\n{report(findings[:1])}", flush=True)
        row[0].axis("off")
        row[0].text(0, 0.95, failure.title, fontsize=10, va="top", weight="bold")
        row[0].text(0, 0.55, f"diagnosis:\n{findings[0].name}", fontsize=9, va="top", color=ORANGE)
        row[0].text(0, 0.2, f"mended by:\n{failure.fix}", fontsize=9, va="top", color=BLUE)
        for k, trained in enumerate((wrong, mended)):
            draw(row[1 + k], *trained)
            draw_losses(row[3 + k], trained.model.history)
        row[3].legend(fontsize=7, loc="upper right")
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "failures.png"
    figure.savefig(path, dpi=110)
    print(f"\nLook at {path}")


if options.seeds:
    print_table(options.seeds)
else:
    picture()
