"""`numpygan diagnose RUN`: what a training shows, in words."""

import argparse
from pathlib import Path

from .. import checkpoint
from ..datasets import load_domains
from ..diagnosis import diagnose, report
from ..metrics import as_digits, load_classifier
from ..models import GAN, CycleGAN
from ..models.encoder_decoder import EncoderDecoder
from ..training.resume import read_notes
from . import data
from . import run_folder as folders


def add_parser(commands):
    parser = commands.add_parser(
        "diagnose",
        help="say in words what is going wrong in a run, and what to try",
        description="Read the curves of a run and look into its networks, and say what is wrong, how that "
        "shows, and one thing to try. Works on a run that is still going on, too.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` made")
    parser.add_argument(
        "--data", help="what it learns from, as in `numpygan train` (default: what the run says)"
    )
    parser.set_defaults(run=run)


def run(settings):
    model = checkpoint.load(folders.find_model(settings.folder))
    kind = type(model).__name__
    if isinstance(model, CycleGAN):
        name = folders.setting_of(settings.folder, "domains", None)
        if settings.data or name is None:
            raise ValueError(
                "a CycleGAN is diagnosed on the domains that its run's settings.json names, without --data"
            )
        a, b = load_domains(name)
        findings = diagnose(model, a, target=b)
    elif isinstance(model, (GAN, EncoderDecoder)):
        name = settings.data or data_of(settings.folder)
        scale = (-1, 1) if isinstance(model, GAN) else (0, 1)
        x = data.data_for(model, argparse.Namespace(data=name, batch_size=1), scale)
        digits = name in ("digits", "mnist") and isinstance(model, GAN)
        findings = diagnose(model, x, classes=class_of_digits if digits else None)
    else:
        raise ValueError(
            f"{settings.folder} holds a {kind}; diagnose knows GANs, CycleGANs, autoencoders and VAEs"
        )
    print(f"{settings.folder}: {kind} after {len(model.history):,} iterations on {name}")
    print(report(findings))
    print("\n! trouble, - worth knowing, + good; docs/diagnosis.md says what each rests on.")
    if isinstance(model, GAN):
        print("D(x), D(G(z)): how probably real the discriminator holds real samples, and fakes, to be.")
    return 0


def data_of(folder):
    """Return what `--data` was in that run, from its checkpoint while it has no settings.json yet."""
    path = Path(folder) / folders.CHECKPOINT
    notes = read_notes(path) if path.is_file() else {}
    return folders.setting_of(folder, "data", notes.get("data", "digits"))


def class_of_digits(images):
    """Return which digit each image (N, 28, 28, 1) from -1 to 1 is taken for, (N,)."""
    return load_classifier().predict(as_digits(images, (-1, 1)))
