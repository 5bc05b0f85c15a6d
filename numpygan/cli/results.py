"""`numpygan results`: the table of results, every preset trained with its defaults and measured.

With --document, the figures also become those that `numpygan evaluate` quotes.
"""

import json
import os
from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import run_folder as folders
from .evaluate import cell, evaluate
from .train import duration

PRESETS = {  # the name that evaluate gives to a run, and how it is trained
    "gan": ["gan"],
    "dcgan-small": ["dcgan", "--preset", "small"],
    "cgan-dense": ["cgan", "--preset", "dense"],
    "cgan-conv": ["cgan", "--preset", "conv"],
    "ae": ["ae"],
    "vae": ["vae"],
}
TARGET = Path(__file__).parents[1] / "metrics" / "data" / "results.json"
SETTINGS = {
    "batch_size": "batch {}",
    "learning_rate": "Adam {:g}",
    "beta_1": "beta_1 {:g}",
    "latent_dim": "{} latents",
    "hidden": "{} hidden units",
    "epochs": "{} epochs",
}
FIGURES = {
    "Frechet distance": "frechet_distance",
    "class accuracy": "class_accuracy",
    "classes covered": "classes_covered",
    "precision": "precision",
    "recall": "recall",
}


def add_parser(commands, parse):
    parser = commands.add_parser(
        "results",
        help="train every preset with its default settings, and print the table of results",
        description="Train each preset with its default settings, unless its run is in the folder already, "
        "measure it as `numpygan evaluate` does, and print the table of results as Markdown. All of them "
        "take about ten minutes.",
    )
    add = parser.add_argument
    add("presets", nargs="*", metavar="PRESET", help=f"any of {', '.join(PRESETS)} (default: all)")
    add("--quick", action="store_true", help="short runs and few samples")
    add("--out", type=Path, default=Path("runs/results"), help="folder for the runs (default: %(default)s)")
    add("--document", action="store_true", help=f"write the figures to {TARGET.name} in the package")
    parser.set_defaults(run=lambda settings: run(settings, parse))


def run(settings, parse):
    if unknown := set(settings.presets) - PRESETS.keys():
        raise ValueError(f"there is no preset {', '.join(sorted(unknown))}: choose from {', '.join(PRESETS)}")
    settings.out.mkdir(parents=True, exist_ok=True)
    rows = {}
    for name in PRESETS:
        if name in settings.presets or not settings.presets:
            folder = settings.out / name
            if status := _train(name, folder, settings.quick, parse):
                return status
            rows[name] = _measure(folder, settings.quick)
    if settings.document:
        with atomic_write(TARGET) as temporary:
            temporary.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    threads = os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())
    print(f"\n{markdown(rows)}\n\nThreads: {threads}. NumPy {np.__version__}. [ ]: 95% interval.")
    return 0


def _train(name, folder, quick, parse):
    """Train the preset of that name in `folder`, unless it is there; return the exit status."""
    if (folder / folders.SETTINGS).is_file():
        return 0
    short = ["--quick", "--quiet"] if quick else []
    settings, _ = parse(["train", *PRESETS[name], "--out", str(folder), "--overwrite", *short])
    return settings.run(settings)


def _measure(folder, quick):
    """Return the row of the table for the run in `folder` as a dict."""
    report, subject, _ = evaluate(folder, 200 if quick else 2000)
    trained = folders.load_settings(folder)
    texts = [text.format(trained[key]) for key, text in SETTINGS.items() if key in trained]
    return {
        "images": subject.name,
        "settings": ", ".join(texts),
        "iterations": report["iterations"],
        "seconds": trained["seconds"],
        **report["figures"][subject.name],
        "anchors": {key: row for key, row in report["figures"].items() if key != subject.name},
    }


def markdown(rows):
    """Return the rows, a dict by preset, as a Markdown table that ends with real and shuffled digits."""
    lines = [["model", "settings", "iterations", "time", *FIGURES]]
    lines.append(["---"] * len(lines[0]))
    for name, row in rows.items():
        how = [f"{name}, {row['images']}", row["settings"]]
        how += [f"{row['iterations']:,}", duration(row["seconds"])]
        lines.append([*how, *_figures(row)])
    for name, row in next(iter(rows.values()))["anchors"].items():
        lines.append([name, "", "", "", *_figures(row)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figures(row):
    return [cell(row.get(key)) for key in FIGURES.values()]
