"""`numpygan sample RUN`: new images from a trained model."""

from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders
from .specs import spec_of
from .train import plural, with_article

N, ROW = 64, 8  # images to draw; images of each class
FILES_AT_ONCE = 500  # images drawn at once


def add_parser(commands):
    text = "draw new images from a trained run"
    parser = commands.add_parser("sample", help=text, description=f"{text.capitalize()}, as one picture.")
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
    draw = _drawing(model, settings.folder)
    if settings.files:
        return _write_files(model, draw, settings, n, labels)
    from ..plotting import plot_samples  # matplotlib takes a while to import

    rows = 0 if labels is None or settings.label is not None else len(model.classes)  # one class a row
    columns = n // rows if rows and n % rows == 0 else None
    what = plural(n, "new sample")
    of = "" if settings.label is None else f" of class {settings.label}"
    seed = "" if settings.seed is None else f", seed {settings.seed}"
    images, title = draw(n, labels), f"{what}{of}{seed}"
    figure = plot_samples(images, title=title, columns=columns, value_range=model.value_range)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=150)
    print(f"{what}{of}: {path}")
    return 0


def _asked_for(model, settings, kind):
    """Return how many images are wanted, and their labels (n,), or None for a model without classes."""
    classes, n = getattr(model, "classes", None), settings.n
    if classes is None and settings.label is not None:
        raise ValueError(f"{settings.folder} holds {kind}, which knows no classes: leave out --class")
    if classes is None:
        return n or N, None
    n = n or (N if settings.label is not None else ROW * len(classes))
    return n, classes.labels_for(n, settings.label)


def _drawing(model, folder):
    """Return a function from n and labels to n images: samples, or a Pix2Pix's pictures of some doodles."""
    if not hasattr(model, "generate"):
        spec, trained = spec_of(model, folder), folders.load_settings(folder)
        return lambda n, labels: spec.samples(model, trained, n, model.rng)
    return lambda n, labels: model.generate(n) if labels is None else model.generate(n, labels=labels)


def _write_files(model, draw, settings, n, labels):
    """Write every image to a file 0001.png and so on, some at a time."""
    from PIL import Image

    folder = Path(settings.files)
    folder.mkdir(parents=True, exist_ok=True)
    low, high = model.value_range
    digits = max(4, len(str(n)))
    for start in range(0, n, FILES_AT_ONCE):
        part = slice(start, min(start + FILES_AT_ONCE, n))
        images = draw(part.stop - start, None if labels is None else labels[part])
        pixels = np.clip(np.round((images - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
        for k, image in enumerate(pixels, start + 1):
            with atomic_write(folder / f"{k:0{digits}}.png") as temporary:
                Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(
                    temporary, format="PNG"
                )
    print(f"{plural(n, 'image')}: {folder}")
    return 0
