import pytest

from numpygan import GAN, VAE, Autoencoder, CycleGAN, Dense
from numpygan.models import Classifier
from numpygan.models.dense import dense_encoder

SLIPS = [dense_encoder, [Dense(3)], "network"]
PLACES = [
    (GAN, "generator"), (GAN, "discriminator"), (Autoencoder, "encoder"), (Autoencoder, "decoder"),
    (VAE, "trunk"), (VAE, "decoder"), (CycleGAN, "F"), (CycleGAN, "D_B"), (Classifier, "network"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "place"), PLACES)
@pytest.mark.parametrize("slip", SLIPS)
def test_what_is_no_network_is_refused_by_the_name_of_its_place(model, place, slip):
    with pytest.raises(TypeError, match=f"^{place} must be a network such as a built Sequential, got"):
        model(**{place: slip})
