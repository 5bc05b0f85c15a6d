"""`numpygan explore RUN`: move over a plane of codes and see what each decodes to."""

from pathlib import Path

from ..files.text import readable
from . import options
from . import run_folder as folders
from .data import split_as_in
from .grids import check_memory
from .places import located
from .recovery import saying_where_else

POINTS = 2000  # images to encode and show


def add_parser(commands):
    parser = commands.add_parser(
        "explore",
        help="write a page that shows the decoded image wherever you point on a plane of codes",
        description="Write a self-contained HTML page: move the pointer, a finger or the arrow keys over a "
        "plane of codes and see the decoded image at once, over the data's codes coloured by class. A GAN "
        "has no encoder and is explored on a plane through three noise vectors.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` created")
    parser.add_argument("--out", help="page to write, .html (default: RUN/explorer.html)")
    add = options.adder(parser)
    add("--side", options.count, 41, "decoded images along each edge of the plane")
    add("--seed", options.seed, 0, "seed of a GAN's three noise vectors")
    parser.add_argument("--data", help="images to encode, as in `numpygan train` (default: the run's)")
    parser.add_argument(
        "--window", action="store_true", help="open a matplotlib window with two sliders instead"
    )
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder)
    path = Path(settings.out) if settings.out else Path(settings.folder) / "explorer.html"
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"--out must end in .html, got {path}")
    images, labels, classes = data_to_encode(settings, model)
    if settings.window:
        return _window(model, images, labels, settings.seed)
    conditions = len(getattr(model, "classes", ())) or 1
    check_memory("decoding", conditions * settings.side**2, model.sample_shape, 12)
    from ..interactive import write_explorer  # matplotlib takes a while to import

    name = readable(Path(settings.folder).resolve().name)
    title = f"What the {type(model).__name__} of {name} decodes each code to"
    known = {"side": settings.side, "title": title, "classes": classes, "rng": settings.seed}
    with saying_where_else(settings.out):
        write_explorer(model, path, images, labels, **known)
    print(f"Open {path} in a browser ({path.stat().st_size / 1e6:.1f} MB, works offline)")
    return 0


def data_to_encode(settings, model):
    """Return images, their labels and the classes' names.

    The images are None if there is no encoder, the labels if there are none; then there are no names.
    """
    if not hasattr(model, "encode"):
        return None, None, ()
    trained = located(folders.load_settings(settings.folder), settings.folder, vars(settings))
    source = trained.get("data") or "digits"
    train, held_out, labels = split_as_in(trained, source, model.value_range)
    shown = train if held_out is None else held_out
    if labels is None:
        return shown[:POINTS], None, ()
    return shown[:POINTS], labels[:POINTS], getattr(shown, "classes", None) or ()


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
