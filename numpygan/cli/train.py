"""`numpygan train MODEL`: what all models have in common."""

from . import train_ae, train_cyclegan, train_dcgan, train_gan, train_vae

MODELS = (train_ae, train_vae, train_gan, train_dcgan, train_cyclegan)


def add_parser(commands):
    parser = commands.add_parser("train", help="train a model and write its pictures")
    models = parser.add_subparsers(title="models", required=True, metavar="MODEL")
    for module in MODELS:
        module.add_parser(models)
