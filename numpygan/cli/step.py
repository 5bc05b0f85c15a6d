"""`numpygan step MODEL`: one training iteration in slow motion."""

import numpy as np

from .. import checkpoint
from ..models import DCGAN, GAN, VAE, Autoencoder
from ..slow_motion import describe, slow_motion
from . import data, folders, options

NEW = {"gan": GAN, "dcgan": DCGAN.small, "ae": Autoencoder, "vae": VAE}


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
    else:
        model = checkpoint.load(folders.find_model(settings.model))
    settings.data = settings.data or folders.data_of(settings.model)
    images = data.images_for(settings, model.value_range or (-1, 1))
    batch = images[np.random.default_rng(settings.seed).integers(len(images), size=settings.batch_size)]
    number = len(model.history) + 1
    print(f"{type(model).__name__}, iteration {number:,}, on {len(batch)} {data.noun(settings)}\n")
    describe(slow_motion(model, batch))
    return 0
