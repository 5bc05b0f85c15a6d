"""`numpygan train MODEL`: what all models have in common."""

from . import train_gan

MODELS = (train_gan,)


def add_parser(commands):
    parser = commands.add_parser("train", help="train a model and write its pictures")
    models = parser.add_subparsers(title="models", required=True, metavar="MODEL")
    for module in MODELS:
        module.add_parser(models)
