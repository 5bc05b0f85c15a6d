"""`numpygan step MODEL`: one training iteration in slow motion."""

from pathlib import Path

import numpy as np

from ..tracing import describe, slow_motion
from . import options
from . import run_folder as folders
from .places import add_place_options, located, say_if_others
from .specs import SPECS, spec_of

LEGEND = (
    "dy is the gradient of the loss with respect to a network's output, dx with respect to its input.\n"
    "|x| is the norm of x, the square root of the sum of its squares.\n"
)


def add_parser(commands):
    parser = commands.add_parser(
        "step",
        help="show one training iteration in slow motion",
        description="Train a model on one batch and print what happens, stage by stage: the inputs, the "
        "losses, each layer's gradient, which parameters move and by how much, and which do not. Nothing "
        "is saved.",
    )
    names = ", ".join(SPECS)
    parser.add_argument(
        "model", metavar="MODEL", help=f"{names} for a new model, or the folder that `numpygan train` created"
    )
    add = options.adder(parser)
    add("--batch-size", options.count, 64, "images in the batch")
    add("--seed", options.seed, 0, "seed of a new model and of the choice of images")
    parser.add_argument("--data", help="images, as in `numpygan train` (default: the run's, or digits)")
    add_place_options(parser)
    parser.set_defaults(run=run)


def run(settings):
    if settings.model in SPECS:
        spec, trained = SPECS[settings.model], None
        located({}, f"a new {settings.model}", vars(settings))  # refuses --pairs and the like
        model = spec.model(rng=settings.seed)
    elif not Path(settings.model).exists():
        raise ValueError(f"{settings.model} is none of {', '.join(SPECS)}, and there is no such folder")
    else:
        model, trained = folders.load_model(settings.model), folders.load_settings(settings.model)
        trained = located(trained, settings.model, vars(settings))
        spec = spec_of(model, settings.model)
    n, rng = settings.batch_size, np.random.default_rng(settings.seed)
    arrays, _, noun = spec.training_data(model, trained, settings.data, n)
    if trained is not None:
        say_if_others(settings.model, arrays, vars(settings))
    batch = spec.choose_batch(arrays, n, rng)
    print(f"{type(model).__name__}, iteration {len(model.history) + 1:,}, on {n} {noun}\n")
    print(LEGEND)
    describe(slow_motion(model, *batch))
    return 0
