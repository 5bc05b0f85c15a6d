"""The models of the command line, one spec each: a new model is a new file here and a line in SPECS."""

from .aae import AAESpec
from .autoencoder import AutoencoderSpec
from .base import Spec
from .began import BEGANSpec
from .cgan import CGANSpec
from .cvae import CVAESpec
from .cyclegan import CycleGANSpec
from .dcgan import DCGANSpec
from .gan import GANSpec
from .pix2pix import Pix2PixSpec
from .vae import VAESpec
from .wgan import WGANSpec

__all__ = ["SPECS", "Spec", "spec_of"]

ALL = (
    AutoencoderSpec(), VAESpec(), GANSpec(), DCGANSpec(), WGANSpec(), CGANSpec(), CVAESpec(),
    CycleGANSpec(), Pix2PixSpec(), AAESpec(), BEGANSpec(),
)  # fmt: skip
SPECS = {spec.name: spec for spec in ALL}


def spec_of(model, folder):
    """Return the Spec of a model loaded from a run's folder; raise ValueError if it has none."""
    for spec in SPECS.values():
        if type(model) is spec.model:
            return spec
    known = ", ".join(spec.model.__name__ for spec in SPECS.values())
    raise ValueError(f"{folder} holds a {type(model).__name__}, expected one of {known}")
