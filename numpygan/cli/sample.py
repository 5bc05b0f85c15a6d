"""`numpygan sample RUN`: new images from a trained model."""

from pathlib import Path

import numpy as np

from ..files.atomic import atomic_write
from . import options
from . import run_folder as folders
from .train import plural, with_article

FILES_AT_ONCE = 500  # images drawn at once


def add_parser(commands):
    text = "draw new images from a trained run"
    parser = commands.add_parser("sample", help=text, description=f"{text.capitalize()}, as one picture.")
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` created")
    options.add_n(parser, 64, "number of images", older="--count")
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
    if not hasattr(model, "generate"):
        raise ValueError(f"{settings.folder} holds {kind}, which cannot generate samples from noise")
    if len(model.sample_shape) != 3:
        raise ValueError(
            f"{settings.folder} holds {kind} that generates no images, but samples of {model.sample_shape}"
        )
    if settings.files:
        return _write_files(model, settings)
    from ..plotting import plot_samples  # matplotlib takes a while to import

    what = plural(settings.n, "new sample")
    seed = "" if settings.seed is None else f", seed {settings.seed}"
    figure = plot_samples(model.generate(settings.n), title=f"{what}{seed}", value_range=model.value_range)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=150)
    print(f"{what}: {path}")
    return 0


def _write_files(model, settings):
    """Write every image to a file 0001.png and so on, some at a time."""
    from PIL import Image

    folder = Path(settings.files)
    folder.mkdir(parents=True, exist_ok=True)
    low, high = model.value_range
    digits = max(4, len(str(settings.n)))
    for start in range(0, settings.n, FILES_AT_ONCE):
        images = model.generate(min(FILES_AT_ONCE, settings.n - start))
        pixels = np.clip(np.round((images - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
        for k, image in enumerate(pixels, start + 1):
            with atomic_write(folder / f"{k:0{digits}}.png") as temporary:
                Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(temporary, format="PNG")
    print(f"{plural(settings.n, 'image')}: {folder}")
    return 0
