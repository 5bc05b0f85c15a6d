"""`numpygan sample RUN`: new images from a trained model."""

import math
from pathlib import Path

import numpy as np

from .. import limits
from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders
from .grids import grid_for
from .places import add_place_options, located
from .recovery import saying_where_else
from .specs import spec_of
from .train import plural, with_article

N, ROW = 64, 8  # images to draw; images of each class
PIXELS = 2_400  # along the edge of a picture of many images; at least grids.SIDE
AT_ONCE = 1 << 22  # numbers of images that are drawn at once for --files: 5,000 digits


def add_parser(commands):
    text = "draw new images from a trained run"
    parser = commands.add_parser(
        "sample",
        help=text,
        description=f"{text.capitalize()}, as one picture, or several if one cannot show every pixel.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` created")
    text = f"number of images (default: {N}, or {ROW} of every class)"
    options.add_n(parser, None, text, older="--count")
    text = "the class to draw, its number or name, for a model that knows classes (default: one a row)"
    parser.add_argument("--class", dest="label", metavar="CLASS", help=text)
    parser.add_argument(
        "--seed", type=options.seed, help="to get the same images again (default: new ones each time)"
    )
    parser.add_argument("--files", metavar="FOLDER", help="write each image to a PNG file of its own, there")
    parser.add_argument("--out", help="picture to write, .png, .pdf or .svg (default: RUN/new-samples.png)")
    add_place_options(parser)
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder, rng=np.random.default_rng(settings.seed))
    path = Path(settings.out) if settings.out else Path(settings.folder) / "new-samples.png"
    if path.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise ValueError(f"--out must end in .png, .pdf or .svg, got {path}")
    kind = with_article(type(model).__name__)
    if not hasattr(model, "generate") and not hasattr(model, "translate"):
        raise ValueError(f"{settings.folder} holds {kind}, which cannot generate samples from noise")
    if len(model.sample_shape) != 3:
        raise ValueError(
            f"{settings.folder} holds {kind} that generates no images, but samples of {model.sample_shape}"
        )
    n, labels = _asked_for(model, settings, kind)
    draw = _drawing(model, settings)
    if settings.files:
        return _write_files(model, draw, settings, n, labels)
    return _write_pictures(model, draw, settings, n, labels, path)


def _asked_for(model, settings, kind):
    """Return how many images are wanted, and their labels (n,), or None for a model without classes."""
    classes, n = _classes_of(model), settings.n
    if n is not None and n > limits.FILES:
        raise ValueError(f"--n {n:,} is more than {limits.FILES:,}, the most that are drawn")
    if classes is None and settings.label is not None:
        raise ValueError(f"{settings.folder} holds {kind}, which knows no classes: leave out --class")
    if classes is None:
        return n or N, None
    n = n or (N if settings.label is not None else ROW * len(classes))
    return n, classes.labels_for(n, settings.label)


def _classes_of(model):
    """Return the Classes that a model can be asked to draw, or None."""
    # An AdversarialAutoencoder has labels, not classes: its prior knows them, its decoder is never told.
    return getattr(model, "classes", None) or getattr(model, "labels", None)


def _drawing(model, settings):
    """Return a function from n and labels to n images: samples, or translations of held-out images.

    `located` refuses --pairs, --a and --b if they mean nothing for the model.
    """
    if hasattr(model, "generate") and not (settings.pairs or settings.a or settings.b):
        return lambda n, labels: model.generate(n) if labels is None else model.generate(n, labels=labels)
    trained = located(folders.load_settings(settings.folder), settings.folder, vars(settings))
    spec = spec_of(model, settings.folder)
    return lambda n, labels: spec.samples(model, trained, n, model.rng)


def _draw_part(draw, labels, start, stop):
    """Return the images from number `start` on; drawn in parts they are the same as drawn at once."""
    return draw(stop - start, None if labels is None else labels[start:stop])


def _write_pictures(model, draw, settings, n, labels, path):
    """Write a picture of all images, or several, as many as it takes to show every pixel."""
    from ..plotting import plot_samples  # matplotlib takes a while to import

    rows = 0 if labels is None or settings.label is not None else len(_classes_of(model))  # one class a row
    grid = grid_for(n, model.sample_shape, n // rows if rows and n % rows == 0 else None)
    what = plural(n, "new sample") + ("" if settings.label is None else f" of class {settings.label}")
    seed = "" if settings.seed is None else f", seed {settings.seed}"
    paths = _numbered(path, grid.pictures)
    for k, each in enumerate(paths):
        images = _draw_part(draw, labels, k * grid.images, min((k + 1) * grid.images, n))
        part = f", {k + 1} of {grid.pictures}" if grid.pictures > 1 else ""
        title = f"{what}{seed}{part}"
        figure = plot_samples(images, title=title, columns=grid.columns, value_range=model.value_range)
        with saying_where_else(settings.out), atomic_write(each) as temporary:
            figure.savefig(temporary, dpi=min(150, PIXELS / figure.get_figwidth()))
    if grid.pictures == 1:
        print(f"{what}: {path}")
    else:
        print(f"{what}, too many for one picture that shows every pixel: {paths[0]} to {paths[-1].name}")
        print("--files FOLDER writes each to a file of its own.")
    return 0


def _numbered(path, count):
    """Return `count` paths: the one that is given, or new-samples-1.png and so on."""
    if count == 1:
        return [path]
    digits = len(str(count))
    return [path.with_name(f"{path.stem}-{k:0{digits}}{path.suffix}") for k in range(1, count + 1)]


def _write_files(model, draw, settings, n, labels):
    """Write every image to a file 0001.png and so on, some at a time."""
    from PIL import Image

    folder = Path(settings.files)
    folder.mkdir(parents=True, exist_ok=True)
    at_once = max(1, AT_ONCE // math.prod(model.sample_shape))
    low, high = model.value_range
    digits = max(4, len(str(n)))
    for start in range(0, n, at_once):
        images = _draw_part(draw, labels, start, min(start + at_once, n))
        pixels = np.clip(np.round((images - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
        for k, image in enumerate(pixels, start + 1):
            with atomic_write(folder / f"{k:0{digits}}.png") as temporary:
                Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(
                    temporary, format="PNG"
                )
    print(f"{plural(n, 'image')}: {folder}")
    return 0
