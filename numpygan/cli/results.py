"""The table of results: every preset trained with its default settings, and measured.

    python -m numpygan.cli.results                   all of them, some six minutes
    python -m numpygan.cli.results gan vae           only these
    python -m numpygan.cli.results --quick           to see that it works

Each is trained by `numpygan train` and measured as by `numpygan evaluate`, on 2,000
samples. What is in the folder already is not trained again. The table is printed as
Markdown; with --document, its figures also become those that `numpygan evaluate` quotes.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import main
from .evaluate import cell, evaluate, settings_of
from .running import duration

PRESETS = {  # the name that evaluate gives to a run, and how it is trained
    "gan": ["gan"],
    "dcgan-small": ["dcgan", "--preset", "small"],
    "ae": ["ae"],
    "vae": ["vae"],
}
TARGET = Path(__file__).parent / "metrics" / "data" / "results.json"
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
    "classes covered": "classes_covered",
    "precision": "precision",
    "recall": "recall",
}


def measured(name, folder, quick):
    """Train the preset of that name in `folder`, unless it is there, and return its row as a dict."""
    if not (folder / "settings.json").is_file():
        arguments = ["train", *PRESETS[name], "--out", str(folder), "--overwrite"]
        if status := main(arguments + ["--quick", "--quiet"] * quick):
            sys.exit(status)
    report, subject, _ = evaluate(folder, 200 if quick else 2000)
    trained = settings_of(folder)
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
    """Return the rows, a dict by preset, as a Markdown table, real and shuffled digits at its end."""
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
    return [cell(row[key]) for key in FIGURES.values()]


def run(arguments=None):
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    add = parser.add_argument
    add("presets", nargs="*", metavar="PRESET", help=f"some of {', '.join(PRESETS)} (default: all)")
    add("--quick", action="store_true", help="little training and few samples")
    add("--out", type=Path, default=Path("runs/results"), help="folder for the runs (default: %(default)s)")
    add("--document", action="store_true", help=f"write the figures to {TARGET.name} in the package")
    options = parser.parse_args(arguments)
    if unknown := set(options.presets) - PRESETS.keys():
        parser.error(f"there is no preset {', '.join(sorted(unknown))}: choose from {', '.join(PRESETS)}")
    options.out.mkdir(parents=True, exist_ok=True)
    names = [name for name in PRESETS if name in options.presets or not options.presets]
    rows = {name: measured(name, options.out / name, options.quick) for name in names}
    if options.document:
        with atomic_write(TARGET) as temporary:
            temporary.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    threads = os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())
    print(f"\n{markdown(rows)}\n\nThreads: {threads}. NumPy {np.__version__}. [ ]: 95% interval.")


if __name__ == "__main__":
    run()
