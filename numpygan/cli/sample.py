"""`numpygan sample RUN`: new images from a trained model."""

from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders
from .train import plural, with_article

N, ROW = 64, 8  # images to draw; images of each class


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
    parser.add_argument("--out", help="picture to write, .png, .pdf or .svg (default: RUN/new-samples.png)")
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder, rng=np.random.default_rng(settings.seed))
    path = Path(settings.out) if settings.out else Path(settings.folder) / "new-samples.png"
    if path.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise ValueError(f"--out must end in .png, .pdf or .svg, got {path}")
    kind = with_article(type(model).__name__)
    if not hasattr(model, "generate"):
        raise ValueError(f"{settings.folder} holds {kind}, which cannot generate samples from noise")
    if len(model.sample_shape) != 3:
        raise ValueError(
            f"{settings.folder} holds {kind} that generates no images, but samples of {model.sample_shape}"
        )
    from ..plotting import plot_samples  # matplotlib takes a while to import

    images, columns = _draw(model, settings, kind)
    what = plural(len(images), "new sample")
    of = "" if settings.label is None else f" of class {settings.label}"
    seed = "" if settings.seed is None else f", seed {settings.seed}"
    figure = plot_samples(images, title=f"{what}{of}{seed}", columns=columns, value_range=model.value_range)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=150)
    print(f"{what}{of}: {path}")
    return 0


def _draw(model, settings, kind):
    """Return new images, and in how many columns to show them (None: about a square)."""
    classes, n = getattr(model, "classes", None), settings.n
    if classes is None:
        if settings.label is not None:
            raise ValueError(f"{settings.folder} holds {kind}, which knows no classes: leave out --class")
        return model.generate(n or N), None
    if settings.label is not None:
        return model.generate(n or N, labels=settings.label), None
    n = n or ROW * len(classes)
    return model.generate(n), None if n % len(classes) else n // len(classes)
