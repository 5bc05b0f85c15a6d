"""`numpygan sample RUN`: new images from a trained model."""

from pathlib import Path

import numpy as np

from .. import checkpoint
from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders


def add_parser(commands):
    text = "draw new images from a trained run"
    parser = commands.add_parser("sample", help=text, description=f"{text.capitalize()}, as one picture.")
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` made")
    options.adder(parser)("--count", options.count, 64, "how many images")
    parser.add_argument(
        "--seed", type=options.seed, help="for the same images again (default: new ones each time)"
    )
    parser.add_argument("--out", help="picture to write, .png, .pdf or .svg (default: RUN/new-samples.png)")
    parser.set_defaults(run=run)


def run(settings):
    model = checkpoint.load(folders.find_model(settings.folder), rng=np.random.default_rng(settings.seed))
    path = Path(settings.out) if settings.out else Path(settings.folder) / "new-samples.png"
    if path.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise ValueError(f"--out must end in .png, .pdf or .svg, got {path}")
    if not hasattr(model, "generate"):
        kind = type(model).__name__
        article = "an" if kind[0] in "AEIOU" else "a"
        raise ValueError(
            f"{settings.folder} holds {article} {kind}, which cannot draw out of nothing; a VAE can"
        )
    from ..plotting import plot_samples  # matplotlib takes a while to import

    images = model.generate(settings.count)
    if images.ndim != 4:
        kind, shape = type(model).__name__, images.shape[1:]
        raise ValueError(f"{settings.folder} holds a {kind} that draws no images, but {shape}")
    seed = "" if settings.seed is None else f", seed {settings.seed}"
    what = f"{settings.count} new {'sample' if settings.count == 1 else 'samples'}"
    title = f"{what}{seed}"
    figure = plot_samples(images, title=title, value_range=model.value_range)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=150)
    print(f"{what}: {path}")
    return 0
