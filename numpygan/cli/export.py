"""`numpygan export RUN`: the networks of a run as code and weights for another library."""

from pathlib import Path

from ..export import TARGETS, export
from . import run_folder as folders
from .recovery import saying_where_else


def add_parser(commands):
    text = "write a run's networks as code and weights for PyTorch or Keras, or as ONNX files"
    parser = commands.add_parser(
        "export",
        help=text,
        description="Write the networks of a run for PyTorch or Keras: model.py, weights.npz and check.py, "
        "which shows that they compute the same, or as ONNX files, which takes the onnx package.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` made")
    parser.add_argument("--to", choices=TARGETS, required=True, help="the library to write for")
    parser.add_argument("--out", help="folder to write, new or empty (default: RUN/torch, and so on)")
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder)
    out = Path(settings.out) if settings.out else Path(settings.folder) / settings.to
    try:
        with saying_where_else(settings.out):
            paths = export(model, out, to=settings.to)
    except ValueError as error:
        if str(error).startswith("folder: "):
            raise ValueError(f"{out} is not an empty folder: choose another one with --out") from None
        raise
    for path in paths:
        print(path)
    if settings.to != "onnx":
        print(f"\n`python {out / 'check.py'}` compares them with numpygan's.")
    return 0
