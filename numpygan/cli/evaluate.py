"""`numpygan evaluate RUN`: how good a trained model is, in numbers, beside real digits."""

import json
import sys
from importlib import resources
from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from ..metrics import class_shares, nearest_distance
from ..metrics.own_images import OwnImages
from ..metrics.yardstick import load_yardstick
from . import options
from . import run_folder as folders
from .data import NAMES, labels_of, split_as_in
from .grids import check_memory
from .places import SOURCES, add_place_options, located, say_if_others
from .specs import spec_of

# Rows of the table: (name, title, hint)
ROWS = (
    ("frechet_distance", "Frechet distance", "0 is best"),
    ("class_accuracy", "class accuracy", "share that is the class asked for"),
    ("classes_covered", "classes covered", "of 10"),
    ("confidence", "confidence", "1: clearly one of the classes"),
    ("recognised", "recognised", "share taken for one of the classes, not for none"),
    ("class_entropy", "class entropy", "2.30: all equally often"),
    ("inception_score", "inception score", "of 10"),
    ("precision", "precision", "share of samples like real ones"),
    ("recall", "recall", "share of real ones like samples"),
    ("nearest_training_digit", "nearest training", "0: copies"),
    ("nearest_training_image", "nearest training", "1: as far as new images are; 0: copies"),
    ("copies", "copies", "share of samples nearly in the training images"),
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
MOST_SAMPLES = 10_000


def add_parser(commands):
    parser = commands.add_parser(
        "evaluate",
        help="say in numbers how good a trained run is",
        description="Measure with a digit classifier what a trained model generates, or what an autoencoder "
        "reconstructs, beside held-out real digits as the best case and digits with shuffled pixels as the "
        "worst. Also draws a picture: samples beside the training digits nearest to them.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` created")
    options.add_n(parser, 2000, "number of samples; compare only figures of equal n", older="--samples")
    options.adder(parser)("--seed", options.seed, 0, "seed of the noise: the same seed, the same figures")
    parser.add_argument("--data", help="where the run's own images are now, if they have moved")
    add_place_options(parser)
    parser.add_argument("--out", help="picture to write, .png, .pdf or .svg (default: RUN/nearest.png)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.set_defaults(run=run)


def run(settings):
    path = Path(settings.out) if settings.out else Path(settings.folder) / "nearest.png"
    if path.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise ValueError(f"--out must end in .png, .pdf or .svg, got {path}")
    report, subject, yardstick = evaluate(settings.folder, settings.n, settings.seed, vars(settings))
    print(json.dumps(report, indent=2) if settings.json else table(report), flush=True)
    try:
        write_picture(path, subject, yardstick)
    except OSError as error:
        if settings.out:
            raise
        print(f"numpygan: {error.strerror or error}; --out says where else to write it", file=sys.stderr)
        return 0  # of a run that is shared read-only, the figures are what was asked for
    if not settings.json:
        print(f"Look at {path}: {subject.name} beside their nearest training images")
    return 0


def evaluate(folder, n, seed=0, typed=None):
    """Return a report that JSON can hold, the `Subject` measured, and the `Yardstick` used.

    Args:
        typed: dict of the options given; --data, --pairs, --a and --b say where the data are now.
    """
    model = folders.load_model(folder)
    spec = spec_of(model, folder)
    typed = typed or {}
    trained = located(folders.load_settings(folder), folder, typed)
    if typed.get("data") and not trained.keys().isdisjoint({"domains", "pairs"}):
        raise ValueError(f"{folder} did not learn from images given with --data: leave it out")
    if any(typed.get(key) for key in SOURCES):
        say_if_others(folder, spec.training_data(model, trained, typed.get("data"))[0], typed)
    yardstick = spec.yardstick(model, trained) or yardstick_for(model, trained)
    features, most = yardstick.features, MOST_SAMPLES
    if not features < n <= most:
        raise ValueError(
            f"--n must be from {features + 1}, one more than an image has features, to {most}, got {n}"
        )
    check_memory("measuring", n, model.sample_shape, 16)
    subject = spec.measure(model, yardstick, n, seed, trained)
    preset = "-".join(filter(None, (trained.get("model"), trained.get("preset"))))
    figures = {subject.name: subject.figures, **yardstick.anchors(n)}
    digits, shares = not isinstance(yardstick, OwnImages), []
    if yardstick.classifier is not None:
        shares = class_shares(yardstick.classifier.probabilities(subject.images)).tolist()
    report = {
        "run": str(folder),
        "model": type(model).__name__,
        "preset": preset or None,
        "data": trained.get("data"),
        "iterations": len(model.history),
        "samples": len(subject.images),
        "seed": seed,
        "figures": {name: {key: m._asdict() for key, m in row.items()} for name, row in figures.items()},
        "class_shares": shares,
        "documented": documented() if digits else {},
    }
    return report, subject, yardstick


def yardstick_for(model, trained):
    """Return what to measure a model's images with: the digits' yardstick, or the run's own pictures."""
    source = trained.get("data") or "digits"
    if source in ("digits", "mnist") and model.sample_shape == (28, 28, 1):
        return load_yardstick()
    train, held_out, held_out_labels = split_as_in(trained, source, (-1, 1))
    if held_out is None:
        raise ValueError(
            f"none of the {len(train)} images of {source} were held out, so there are none to compare with"
        )
    labels = getattr(train, "labels", None)
    if source in NAMES:
        labels = labels_of(source)
    pair = None if labels is None or held_out_labels is None else (labels, held_out_labels)
    return OwnImages(train, held_out, pair)


def documented():
    """Return the Frechet distance of each preset in the docs, as `numpygan results` measured it."""
    path = resources.files("numpygan.metrics").joinpath("data", "results.json")
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: row["frechet_distance"] for name, row in rows.items()}


def table(report):
    """Return the report as a table with a column for each set of images."""
    names = list(report["figures"])
    lines = [["", *names, "meaning"]]
    for key, title, hint in ROWS:
        cells = [cell(report["figures"][name].get(key), interval=name == names[0]) for name in names]
        if any(cells):
            lines.append([title, *cells, hint])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    head = f"{report['model']} after {report['iterations']:,} iterations, {report['samples']:,} {names[0]}"
    shares = ", ".join(f"{k}: {share:.0%}" for k, share in enumerate(report["class_shares"]))
    notes = [f"classified as {shares}"] if shares else []
    notes += ["[ ]: 95% interval, from resampling the images with replacement"]
    if "nearest_training_image" in report["figures"][names[0]]:
        notes += [
            "distances are between features of a fixed random network: compare runs on the same images only"
        ]
    if report["documented"]:
        documented = report["documented"].items()
        others = "; ".join(f"{preset} {cell(distance)}" for preset, distance in documented)
        notes += [f"Frechet distances in the docs, median [range over five seeds]: {others}"]
    return "\n".join([head, "", lines[0], "-" * max(map(len, lines)), *lines[1:], "", *notes])


def cell(figure, *, interval=True):
    """Return a figure, a dict with value, low and high, as text such as "41.2 [39.8, 42.9]"."""
    if figure is None:
        return ""
    numbers = (figure[key] for key in ("value", "low", "high"))
    value, low, high = (f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}" for x in numbers)
    return f"{value} [{low}, {high}]" if interval and low != high else value


def write_picture(path, subject, yardstick):
    """Draw the first samples and those closest to the training images, each above its nearest one."""
    from ..plotting import plot_rows  # matplotlib takes a while to import

    distance, which = nearest_distance(subject.images, yardstick.training)
    closest = np.argsort(distance)[:SHOWN]
    rows = {}
    for name, chosen in ((subject.name, np.arange(len(closest))), ("closest samples", closest)):
        rows[name] = (subject.images[chosen] + 1) / 2
        rows[f"nearest training images to\n{name}"] = (yardstick.training[which[chosen]] + 1) / 2
    title = f"{subject.name.capitalize()} beside the nearest training images, by pixel distance"
    with atomic_write(path) as temporary:
        plot_rows(rows, title=title).savefig(temporary, dpi=130)
