"""`numpygan explore RUN`: move over a plane of codes and see what each decodes to."""

from pathlib import Path

import numpy as np

from .. import checkpoint
from . import data, options
from . import run_folder as folders

POINTS = 2000  # images to encode and show


def add_parser(commands):
    parser = commands.add_parser(
        "explore",
        help="a page on which the pointer moves over codes, and the decoded image follows",
        description="Write a self-contained HTML page: move the pointer, a finger or the arrow keys over a "
        "plane of codes and see the decoded image at once, with the data's codes coloured by class "
        "beneath. A GAN, which encodes nothing, is explored on a plane through three draws of noise.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` made")
    parser.add_argument("--out", help="page to write, .html (default: RUN/explorer.html)")
    options.adder(parser)("--side", options.count, 41, "decoded images along each edge of the plane")
    options.adder(parser)("--seed", options.seed, 0, "of a GAN's three draws of noise")
    parser.add_argument(
        "--data", help="images to encode, as in `numpygan train` (default: those of the run)"
    )
    parser.add_argument(
        "--window", action="store_true", help="open a matplotlib window with two sliders instead"
    )
    parser.set_defaults(run=run, batch_size=1)


def run(settings):
    model = checkpoint.load(folders.find_model(settings.folder))
    path = Path(settings.out) if settings.out else Path(settings.folder) / "explorer.html"
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"--out must end in .html, got {path}")
    images, labels = _data_to_encode(settings, model)
    if settings.window:
        return _window(model, images, labels, settings.seed)
    from ..interactive import write_explorer  # matplotlib takes a while to import

    title = f"What the {type(model).__name__} of {Path(settings.folder).resolve().name} makes of each code"
    write_explorer(model, path, images, labels, side=settings.side, title=title, rng=settings.seed)
    print(f"Open {path} in a browser ({path.stat().st_size / 1e6:.1f} MB, needs no network)")
    return 0


def _data_to_encode(settings, model):
    """Return images and their labels, or None for each where there is no encoder or no label."""
    if not hasattr(model, "encode"):
        return None, None
    settings.data = settings.data or folders.setting_of(settings.folder, "data", "digits")
    _, images, labels = data.images_and_evaluation(settings, model.value_range)
    return images[:POINTS], None if labels is None else np.asarray(labels[:POINTS])


def _window(model, images, labels, seed):
    import matplotlib.pyplot as plt

    from ..interactive import LatentExplorer
    from ..interactive.lab_window import has_display

    if not has_display():
        raise ValueError("there is no display for a window: leave out --window and open the page")
    explorer = LatentExplorer(model, images, labels, figure=plt.figure(figsize=(9, 5.6)), rng=seed)
    plt.show()
    plt.close(explorer.figure)
    return 0
