"""`numpygan results`: the table of results, every preset trained with its defaults and measured.

With --seeds, each is trained several times and the table gives the median and the range. With --jobs,
several are trained at a time, each in a process of its own. A run that was cut off is resumed.
With --document, the figures also become those that `numpygan evaluate` quotes.
"""

import json
import os
from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders
from .evaluate import cell, evaluate
from .resuming import settings_of_run
from .train import duration

PRESETS = {  # the name that evaluate gives to a run, and how it is trained
    "gan": ["gan"],
    "gan-separate": ["gan", "--discriminator-updates", "separate"],
    "wgan": ["wgan"],
    "dcgan-small": ["dcgan", "--preset", "small"],
    "dcgan-summed": ["dcgan", "--preset", "small", "--discriminator-updates", "summed"],
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
        description="Train each preset with its default settings, measure it as `numpygan evaluate` does, "
        "and print the table of results as Markdown. What is in the folder already is not trained again, "
        "and a run that was cut off is resumed.",
    )
    add = parser.add_argument
    add("presets", nargs="*", metavar="PRESET", help=f"any of {', '.join(PRESETS)} (default: all)")
    text = "train each preset with seeds 0 to N - 1, and print medians and ranges (default: %(default)s)"
    add("--seeds", type=options.count, default=1, metavar="N", help=text)
    text = "train N runs at a time, with joblib (default: %(default)s)"
    add("--jobs", type=options.count, default=1, metavar="N", help=text)
    add("--quick", action="store_true", help="short runs and few samples")
    add("--out", type=Path, default=Path("runs/results"), help="folder for the runs (default: %(default)s)")
    add("--document", action="store_true", help=f"write the figures to {TARGET.name} in the package")
    parser.set_defaults(run=lambda settings: run(settings, parse))


def run(settings, parse):
    if unknown := set(settings.presets) - PRESETS.keys():
        raise ValueError(f"there is no preset {', '.join(sorted(unknown))}: choose from {', '.join(PRESETS)}")
    settings.out.mkdir(parents=True, exist_ok=True)
    names = [name for name in PRESETS if name in settings.presets or not settings.presets]
    runs = [(name, seed) for name in names for seed in range(settings.seeds)]
    common = settings.out, settings.quick, parse
    rows = _each(settings.jobs, [(name, PRESETS[name], seed, *common) for name, seed in runs])
    if status := next((row for row in rows if isinstance(row, int)), 0):
        return status
    combined = {
        name: _combine([row for (there, _), row in zip(runs, rows, strict=True) if there == name])
        for name in names
    }
    if settings.document:
        with atomic_write(TARGET) as temporary:
            temporary.write_text(json.dumps(combined, indent=1) + "\n", encoding="utf-8")
    brackets = (
        "95% interval" if settings.seeds == 1 else f"range over {settings.seeds} seeds, after the median"
    )
    cores = os.cpu_count() or 1
    threads = os.environ.get("OPENBLAS_NUM_THREADS") or max(
        1, cores // settings.jobs
    )  # as joblib shares them
    at_a_time = f", {settings.jobs} runs at a time" if settings.jobs > 1 else ""
    print(
        f"\n{markdown(combined)}\n\n[ ]: {brackets}. Threads: {threads}{at_a_time}. NumPy {np.__version__}."
    )
    return 0


def _each(jobs, runs):
    """Return `_row` of each of the runs, `jobs` of them at a time; an exit status ends the list."""
    if jobs == 1:
        rows = []
        for one in runs:
            rows.append(_row(*one))
            if isinstance(rows[-1], int):
                break
        return rows
    try:
        from joblib import Parallel, delayed
    except ModuleNotFoundError:
        raise ValueError("--jobs takes joblib: pip install joblib") from None
    return Parallel(n_jobs=jobs, batch_size=1)(delayed(_row)(*one) for one in runs)


def _row(name, preset, seed, out, quick, parse):
    """Train the preset of that name with a seed, or what is left of it; return its figures, or a status."""
    folder = out / name / f"seed-{seed}"
    print(f"{name}, seed {seed}", flush=True)
    if status := _train(preset, seed, folder, quick, parse):
        return status
    return _measure(folder, quick)


def _train(preset, seed, folder, quick, parse):
    """Train the preset in `folder` unless it has been trained; return the exit status."""
    if _has_ended(folder):
        return 0
    arguments = ["train", *preset, "--seed", str(seed), "--out", str(folder), "--overwrite"]
    if (folder / folders.CHECKPOINT).is_file():
        arguments = ["train", preset[0], "--resume", str(folder)]
        quick = False  # the run knows
    settings, given = parse(arguments + ["--quick"] * quick + ["--quiet"])
    if settings.resume:
        settings = settings_of_run(settings, given, parse)
    return settings.run(settings)


def _has_ended(folder):
    """Tell whether the run in `folder` was trained to its end."""
    if not (folder / folders.SETTINGS).is_file():
        return False
    return not folders.load_settings(folder).get("interrupted", False)


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


def _combine(rows):
    """Return one row for those of several seeds: the median of each figure, its lowest and its highest."""
    if len(rows) == 1:
        return rows[0]
    combined = rows[0] | {"seeds": len(rows), "seconds": float(np.median([row["seconds"] for row in rows]))}
    for key, figure in rows[0].items():
        if isinstance(figure, dict) and "value" in figure:
            values = [row[key]["value"] for row in rows]
            combined[key] = {
                "value": float(np.median(values)), "low": min(values), "high": max(values), "values": values,
            }  # fmt: skip
    return combined


def markdown(rows):
    """Return the rows, a dict by preset, as a Markdown table that ends with real and shuffled digits."""
    lines = []
    for name, row in rows.items():
        how = [f"{name}, {row['images']}", row["settings"]]
        how += [f"{row['iterations']:,}", duration(row["seconds"])]
        lines.append([*how, *_figures(row)])
    for name, row in next(iter(rows.values()))["anchors"].items():
        lines.append([name, "", "", "", *_figures(row)])
    head = ["model", "settings", "iterations", "time", *FIGURES]
    columns = [[title, "---", *column] for title, *column in zip(head, *lines) if any(column)]
    return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns))


def _figures(row):
    return [cell(row.get(key)) for key in FIGURES.values()]
