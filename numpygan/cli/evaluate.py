"""`numpygan evaluate RUN`: how good is a trained model, in numbers beside real digits."""

import json
from importlib import resources
from pathlib import Path

import numpy as np

from .. import checkpoint
from ..files.atomic import atomic_write
from ..metrics import class_shares, nearest_distance
from ..metrics.yardstick import load_yardstick
from . import options
from . import run_folder as folders
from .subjects import SUBJECTS

# Rows of the table: (name, what it is called, what it tells)
ROWS = (
    ("frechet_distance", "Frechet distance", "0 is best"),
    ("classes_covered", "classes covered", "of 10"),
    ("confidence", "confidence", "1: plainly a digit"),
    ("class_entropy", "class entropy", "2.30: all equally"),
    ("inception_score", "inception score", "of 10"),
    ("precision", "precision", "share like real"),
    ("recall", "recall", "share drawable"),
    ("nearest_training_digit", "nearest training", "0: copies"),
    ("reconstruction_error", "reconstruction error", "per pixel"),
    ("reconstruction", "-log p(x|z)", "nats"),
    ("kl", "KL of the codes", "nats"),
    ("elbo", "ELBO", "nats"),
    ("importance_weighted", "bound of log p(x)", "nats, 50 codes"),
    ("error_b", "|G(a) - b|", "per pixel, of a range of 2"),
    ("error_a", "|F(b) - a|", "the same"),
    ("unchanged", "|a - b|", "what doing nothing gives"),
    ("cycle_a", "|F(G(a)) - a|", "once around"),
    ("cycle_b", "|G(F(b)) - b|", "once around"),
)
SHOWN = 12  # images in a row of the picture


def add_parser(commands):
    parser = commands.add_parser(
        "evaluate",
        help="say in numbers how good a trained run is",
        description="Measure what a trained model draws (or, an autoencoder, reconstructs) with a digit "
        "classifier, beside held-out real digits, the best there can be, and digits whose pixels were "
        "shuffled, the worst. Writes nearest.png into the run's folder: samples beside the training digits "
        "nearest to them.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` made")
    add = options.adder(parser)
    add("--samples", options.count, 2000, "how many to draw; compare at equal numbers only")
    add("--seed", options.seed, 0, "of the noise: the same seed gives the same figures")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.set_defaults(run=run)


def run(settings):
    report, subject, yardstick = evaluate(settings.folder, settings.samples, settings.seed)
    print(json.dumps(report, indent=2) if settings.json else table(report), flush=True)
    path = Path(settings.folder) / "nearest.png"
    write_picture(path, subject, yardstick)
    if not settings.json:
        print(f"Look at {path}: {subject.name} beside their nearest training digits")
    return 0


def evaluate(folder, samples, seed=0):
    """Return a report that JSON can hold, the `Subject` measured, and the `Yardstick` used."""
    model = checkpoint.load(folders.find_model(folder))
    kind = type(model).__name__
    if kind not in SUBJECTS:
        raise ValueError(f"{folder} holds a {kind}; `numpygan evaluate` knows {', '.join(SUBJECTS)}")
    yardstick = load_yardstick()
    features, most = yardstick.classifier.body.output_shape[0], len(yardstick.training)
    if not features < samples <= most:
        raise ValueError(
            f"--samples must be from {features + 1}, one more than the classifier has features, to {most}, "
            f"got {samples}"
        )
    trained = settings_of(folder)
    subject = SUBJECTS[kind](model, yardstick, samples, seed, trained)
    preset = "-".join(filter(None, (trained.get("model"), trained.get("preset"))))
    figures = {subject.name: subject.figures, **yardstick.anchors(samples)}
    report = {
        "run": str(folder),
        "model": kind,
        "preset": preset or None,
        "data": trained.get("data"),
        "iterations": len(model.history),
        "samples": len(subject.images),
        "seed": seed,
        "figures": {name: {key: m._asdict() for key, m in row.items()} for name, row in figures.items()},
        "class_shares": class_shares(yardstick.classifier.probabilities(subject.images)).tolist(),
        "documented": documented(),
    }
    return report, subject, yardstick


def documented():
    """Return the Frechet distance of each preset in the docs, as numpygan/cli/results.py measured it."""
    path = resources.files("numpygan.metrics").joinpath("data", "results.json")
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: row["frechet_distance"] for name, row in rows.items()}


def table(report):
    """Return the report as a table with a column for each set of images."""
    names = list(report["figures"])
    lines = [["", *names, "what it tells"]]
    for key, title, hint in ROWS:
        cells = [cell(report["figures"][name].get(key), interval=name == names[0]) for name in names]
        if any(cells):
            lines.append([title, *cells, hint])
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines = ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths)).rstrip() for line in lines]
    head = f"{report['model']} after {report['iterations']:,} iterations, {report['samples']:,} {names[0]}"
    shares = ", ".join(f"{digit}: {share:.0%}" for digit, share in enumerate(report["class_shares"]))
    notes = [
        f"taken for the digit {shares}",
        "[ ]: 95% interval, from drawing the images again with replacement",
    ]
    if report["documented"]:
        documented = report["documented"].items()
        others = "; ".join(f"{preset} {cell(distance)}" for preset, distance in documented)
        notes += [f"Frechet distances in the docs: {others}"]
    if report["data"] not in (None, "digits", "mnist"):
        notes += [f"note: it was trained on {report['data']}, and is compared with handwritten digits here"]
    return "\n".join([head, "", lines[0], "-" * max(map(len, lines)), *lines[1:], "", *notes])


def cell(figure, *, interval=True):
    """Return a figure, a dict with value, low and high, as text such as "41.2 [39.8, 42.9]"."""
    if figure is None:
        return ""
    value, low, high = (f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}" for x in figure.values())
    return f"{value} [{low}, {high}]" if interval and low != high else value


def write_picture(path, subject, yardstick):
    """Write a picture of the first samples, and of those nearest to a training digit."""
    from ..plotting import plot_rows  # matplotlib takes a while to import

    distance, which = nearest_distance(subject.images, yardstick.training)
    closest = np.argsort(distance)[:SHOWN]
    rows = {}
    for name, chosen in ((subject.name, np.arange(SHOWN)), ("closest of all", closest)):
        rows[name] = (subject.images[chosen] + 1) / 2
        rows[f"nearest training digits to\n{name}"] = (yardstick.training[which[chosen]] + 1) / 2
    title = f"{subject.name.capitalize()} beside the training digits that are nearest, pixel by pixel"
    with atomic_write(path) as temporary:
        plot_rows(rows, title=title).savefig(temporary, dpi=130)


def settings_of(folder):
    """Return the settings that a finished run was trained with; {} if there are none."""
    path = Path(folder) / "settings.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} does not hold settings")
    return found
