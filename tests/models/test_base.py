import numpy as np
import pytest

from numpygan import (
    GAN,
    VAE,
    Autoencoder,
    BatchNormalization,
    Conv2D,
    CycleGAN,
    Dense,
    Flatten,
    Pix2Pix,
    Reshape,
    Sequential,
)
from numpygan.models import Classifier
from numpygan.models.encoders import dense_encoder

SLIPS = [dense_encoder, [Dense(3)], "network"]
PLACES = [
    (GAN, "generator"), (GAN, "discriminator"), (Autoencoder, "encoder"), (Autoencoder, "decoder"),
    (VAE, "trunk"), (VAE, "decoder"), (CycleGAN, "F"), (CycleGAN, "D_B"),
    (Pix2Pix, "generator"), (Pix2Pix, "discriminator"), (Classifier, "network"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "place"), PLACES)
@pytest.mark.parametrize("slip", SLIPS)
def test_what_is_no_network_is_refused_by_the_name_of_its_place(model, place, slip):
    with pytest.raises(TypeError, match=f"^{place} must be a network such as a built Sequential, got"):
        model(**{place: slip})


def normalized(input_shape, output_shape):
    """A network that trains with no batch of one: it normalises units."""
    layers = [Flatten(), Dense(6), BatchNormalization(), Dense(int(np.prod(output_shape)))]
    return Sequential([*layers, Reshape(output_shape)], input_shape, rng=0)


def plain(input_shape, output_shape):
    """A network that does: it normalises the many pixels of each image."""
    layers = [
        Conv2D(2, 3),
        BatchNormalization(),
        Flatten(),
        Dense(int(np.prod(output_shape))),
        Reshape(output_shape),
    ]
    return Sequential(layers, input_shape, rng=0)


def two_norms():
    return [Conv2D(2, 3), BatchNormalization(), Flatten(), Dense(6), BatchNormalization()]


IMAGE = (4, 4, 1)
ONE_IS_TOO_FEW = {
    "gan": lambda: GAN(normalized((3,), IMAGE), plain(IMAGE, (1,))),
    "autoencoder": lambda: Autoencoder(plain(IMAGE, (2,)), normalized((2,), IMAGE)),
    "vae": lambda: VAE(2, trunk=plain(IMAGE, (5,)), decoder=normalized((2,), IMAGE)),
    "classifier": lambda: Classifier(Sequential([Sequential(two_norms()), Dense(10)], IMAGE, rng=0)),
}


@pytest.mark.parametrize("name", ONE_IS_TOO_FEW)
def test_a_batch_of_one_is_refused_before_anything_changes(name):
    model = ONE_IS_TOO_FEW[name]()
    before = model.snapshot()
    labels = [np.array([3])] if name == "classifier" else []
    with pytest.raises(ValueError, match="needs at least 2 values per channel to train, got a batch of 1"):
        model.train_on_batch(np.full((1, *IMAGE), 0.5, np.float32), *labels)
    after = model.snapshot()
    for key, array in before.items():
        np.testing.assert_array_equal(after[key], array)
