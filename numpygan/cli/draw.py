"""`numpygan draw RUN`: draw with the mouse and see at once what a trained model makes of it."""

from pathlib import Path

from ..files.atomic import atomic_write
from ..metrics import load_classifier
from . import options
from . import run_folder as folders
from .explore import data_to_encode
from .recovery import saying_where_else

CLASSIFIER = "classifier"
LIGHT = 0.5  # mean of a picture from which on it is probably dark ink on light paper


def add_parser(commands):
    parser = commands.add_parser(
        "draw",
        help="draw with the mouse and see at once what a trained model makes of it",
        description="Open a window with a drawing board, and beside it what the model makes of the drawing: "
        "an autoencoder's or denoiser's reconstruction, a VAE's with the cloud of its code, the classes of a "
        "classifier, the translation of a CycleGAN or a Pix2Pix model. Without a display, give a "
        "picture with --input.",
    )
    text = f"the folder that `numpygan train` created; or {CLASSIFIER}, the one of digits that comes along"
    parser.add_argument("folder", metavar="RUN", help=text)
    parser.add_argument("--input", metavar="FILE", help="a picture instead of a window")
    parser.add_argument("--out", metavar="FILE", help="what to write for it: .png, .pdf or .svg (default: "
                        "drawing.png in RUN)")  # fmt: skip
    text = "swap black and white of the picture first, for dark ink on light paper"
    parser.add_argument("--invert", action="store_true", help=text)
    text = "standard deviation of noise added to the drawing, whose range is 1: something for a denoiser"
    options.adder(parser)("--noise", options.weight, 0.0, text)
    text = "radius of the pen in pixels; 0.5 draws lines one pixel wide (default: as the model's data)"
    parser.add_argument("--pen", type=options.rate, metavar="RADIUS", help=text)
    parser.set_defaults(run=run, data=None)


def run(settings):
    if not settings.input and (settings.out or settings.invert):
        raise ValueError("--out and --invert are for a picture: add --input FILE")
    if settings.input and settings.pen:
        raise ValueError("--pen is for the window: leave it out, or --input")
    bundled = settings.folder == CLASSIFIER and not Path(CLASSIFIER).exists()
    model = load_classifier() if bundled else folders.load_model(settings.folder)
    images, labels = _data(settings, model)
    known = {"images": images, "labels": labels, "noise": settings.noise}
    return (
        _draw_picture(model, settings, known) if settings.input else _open_window(model, settings.pen, known)
    )


def _data(settings, model):
    """Return images and labels, whose codes a VAE's is shown beside; None for both where there are none."""
    if not hasattr(model, "encode_distribution"):
        return None, None
    try:
        return data_to_encode(settings, model)[:2]
    except (OSError, ValueError) as error:
        print(f"The codes of the training images are not shown: {error}")
        return None, None


def _draw_picture(model, settings, known):
    folder = Path() if settings.folder == CLASSIFIER else Path(settings.folder)
    path = Path(settings.out) if settings.out else folder / "drawing.png"
    if path.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise ValueError(f"--out must end in .png, .pdf or .svg, got {path}")
    from ..interactive import plot_drawing, read_drawing  # matplotlib takes a while to import

    pixels = read_drawing(settings.input, model.sample_shape, invert=settings.invert)
    figure = plot_drawing(model, pixels, **known)
    with saying_where_else(settings.out), atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=130, format=path.suffix[1:])
    if pixels.shape[-1] == 1 and pixels.mean() > LIGHT:
        print("The picture is mostly light. If it is dark ink on light paper, add --invert.")
    print(f"Look at {path}: {settings.input} beside what the model makes of it")
    return 0


def _open_window(model, pen, known):
    from matplotlib import pyplot

    from ..interactive import DrawingBoard
    from ..interactive.lab_window import has_display

    if not has_display():
        raise ValueError("there is no display for a window: give a picture with --input FILE")
    board = DrawingBoard(model, pyplot.figure(), pen=pen, **known)
    pyplot.show()
    pyplot.close(board.figure)
    return 0
