"""`numpygan step MODEL`: one training iteration in slow motion."""

from pathlib import Path

import numpy as np

from .. import checkpoint
from ..datasets import load_domains
from ..models import DCGAN, GAN, VAE, Autoencoder, CycleGAN
from ..tracing import describe, slow_motion
from . import data, options
from . import run_folder as folders

LEGEND = (
    "dy is the gradient of the loss with respect to what a network puts out, dx to what goes in. |x|, the\n"
    "norm of x, is the root of the sum of its squares.\n"
)
NEW = {"gan": GAN, "dcgan": DCGAN, "ae": Autoencoder, "vae": VAE, "cyclegan": CycleGAN}


def add_parser(commands):
    parser = commands.add_parser(
        "step",
        help="show one training iteration in slow motion",
        description="Let a model learn from one batch and print what happens, stage by stage: what goes "
        "in, the losses, each layer's gradient, which parameters move and by how much, and which do not. "
        "Nothing is saved.",
    )
    names = ", ".join(NEW)
    parser.add_argument(
        "model", metavar="MODEL", help=f"a new one of {names}, or the folder that `numpygan train` made"
    )
    add = options.adder(parser)
    add("--batch-size", options.count, 64, "images in the batch")
    add("--seed", options.seed, 0, "of a new model and of the choice of images")
    parser.add_argument("--data", help="images, as in `numpygan train` (default: the run's, or the digits)")
    parser.set_defaults(run=run)


def run(settings):
    if settings.model in NEW:
        model = NEW[settings.model](rng=settings.seed)
    elif not Path(settings.model).exists():
        raise ValueError(f"{settings.model} is none of {', '.join(NEW)}, and there is no such folder")
    else:
        model = checkpoint.load(folders.find_model(settings.model))
    batch, what = _batch(model, settings)
    print(f"{type(model).__name__}, iteration {len(model.history) + 1:,}, on {len(batch[0])} {what}\n")
    print(LEGEND)
    describe(slow_motion(model, *batch))
    return 0


def _batch(model, settings):
    """Return what the model's `train_on_batch` takes, and a name for it."""
    if isinstance(model, CycleGAN):
        data_sets = load_domains(folders.setting_of(settings.model, "domains", "zebra"))
        what = "images of each domain"
    else:
        settings.data = settings.data or folders.setting_of(settings.model, "data", "digits")
        data_sets = [data.data_for(model, settings, model.value_range)]
        what = data.noun(settings)
    rng = np.random.default_rng(settings.seed)
    return [x[rng.integers(len(x), size=settings.batch_size)] for x in data_sets], what
