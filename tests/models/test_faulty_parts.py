"""Networks, losses and data that cannot be meant: refused in words, before anything changes."""

import copy
import re

import numpy as np
import pytest

from numpygan import (
    DCGAN,
    GAN,
    VAE,
    WGAN,
    Autoencoder,
    BatchNormalization,
    ConditionalGAN,
    ConditionalVAE,
    CycleGAN,
    Dense,
    Flatten,
    MeanSquaredError,
    Reshape,
    Sequential,
    Sigmoid,
    Tanh,
)
from numpygan.losses import Gaussian
from numpygan.models import Classifier
from numpygan.training import DivergenceError

IMAGE = (4, 4, 1)


def unbuilt():
    return Sequential([Dense(3)])


def bare():
    return Dense(3).build((4,))


PLACES = [
    (GAN, "generator"), (GAN, "discriminator"), (DCGAN, "generator"), (WGAN, "discriminator"),
    (ConditionalGAN, "generator"), (Autoencoder, "encoder"), (Autoencoder, "decoder"), (VAE, "trunk"),
    (VAE, "decoder"), (ConditionalVAE, "trunk"), (CycleGAN, "F"), (CycleGAN, "D_B"), (Classifier, "network"),
]  # fmt: skip
places = pytest.mark.parametrize(("model", "place"), PLACES)


@places
def test_a_network_that_is_not_built_is_refused(model, place):
    with pytest.raises(
        ValueError, match=rf"^{place} is not built: give its Sequential the shape .* input_shape="
    ):
        model(**{place: unbuilt()})


@places
def test_a_bare_layer_is_refused(model, place):
    with pytest.raises(
        TypeError, match=rf"^{place} must be a network.* got Dense: put it into one, Sequential\(\["
    ):
        model(**{place: bare()})


@pytest.mark.parametrize(
    ("model", "first", "second"),
    [
        (GAN, "generator", "discriminator"), (DCGAN, "generator", "discriminator"), (CycleGAN, "G", "F"),
        (Autoencoder, "encoder", "decoder"), (VAE, "trunk", "decoder"), (CycleGAN, "D_A", "D_B"),
    ],
)  # fmt: skip
def test_one_network_in_two_places_is_refused(model, first, second):
    net = Sequential([Dense(4)], (4,), rng=0)
    with pytest.raises(
        ValueError, match=f"^{first} and {second} are the same network; make one for each place"
    ):
        model(**{first: net, second: net})


@pytest.mark.parametrize("slip", ["mse", "binary_crossentropy", MeanSquaredError, 3, np.square])
def test_a_loss_must_be_an_object(slip):
    with pytest.raises(
        TypeError, match=r"^Autoencoder: loss must be an object such as MeanSquaredError\(\), got"
    ):
        Autoencoder(loss=slip)
    with pytest.raises(TypeError, match="^CycleGAN: adversarial_loss must be an object such as"):
        CycleGAN(adversarial_loss=slip)


@pytest.mark.parametrize("slip", ["bernoulli", "Bernoulli", Gaussian, MeanSquaredError(), 3])
@pytest.mark.parametrize("model", [VAE, ConditionalVAE])
def test_a_likelihood_must_be_an_object(model, slip):
    with pytest.raises(TypeError, match=r"^VAE: likelihood must be an object such as Bernoulli\(\), got"):
        model(likelihood=slip)


# --- a last batch that is too small ---------------------------------------------------------


def autoencoder():
    encoder = Sequential([Flatten(), Dense(6), BatchNormalization(), Dense(2)], IMAGE, rng=0)
    return Autoencoder(encoder, Sequential([Dense(16), Reshape(IMAGE), Sigmoid()], (2,), rng=0), rng=0)


def vae():
    trunk = Sequential([Flatten(), Dense(6), BatchNormalization()], IMAGE, rng=0)
    return VAE(2, trunk=trunk, rng=0)


def classifier():
    body = Sequential([Flatten(), Dense(6), BatchNormalization()])
    return Classifier(Sequential([body, Dense(3)], IMAGE, rng=0), value_range=(0, 1), rng=0)


@pytest.mark.parametrize(("n", "batch_size"), [(7, 2), (101, 2), (6, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("make", [autoencoder, vae, classifier])
def test_a_last_batch_of_one_is_refused_before_the_first_update_and_its_cure_works(make, n, batch_size):
    model, rng = make(), np.random.default_rng(0)
    x = [rng.random((n, *IMAGE), dtype=np.float32)] + ([np.arange(n) % 3] if make is classifier else [])
    before = model.snapshot()
    with pytest.raises(ValueError, match="needs at least 2 values per channel") as caught:
        model.fit(*x, epochs=1, batch_size=batch_size, progress=False)
    for key, array in model.snapshot().items():
        np.testing.assert_array_equal(array, before[key])
    assert f"{n} samples in batches of {batch_size} leave a batch of 1" in str(caught.value)
    cure = int(re.search(r"choose batch_size=(\d+)", str(caught.value))[1])
    model.fit(*x, epochs=1, batch_size=cure, progress=False)


# --- data that were not prepared --------------------------------------------------------------


def gan(**more):
    return GAN(image_shape=IMAGE, rng=0, **more)


def pixels(high=255.0, n=6):
    return np.random.default_rng(1).uniform(0, high, (n, *IMAGE)).astype(np.float32)


STEPS = {
    "GAN": (gan, lambda model, x: model.train_on_batch(x)),
    "WGAN": (lambda: WGAN(image_shape=IMAGE, rng=0), lambda model, x: model.train_on_batch(x)),
    "ConditionalGAN": (
        lambda: ConditionalGAN(image_shape=IMAGE, classes=2, rng=0),
        lambda model, x: model.train_on_batch(x, np.arange(len(x)) % 2),
    ),
    "Autoencoder": (lambda: Autoencoder(image_shape=IMAGE, rng=0), lambda model, x: model.train_on_batch(x)),
    "VAE": (lambda: VAE(image_shape=IMAGE, rng=0), lambda model, x: model.train_on_batch(x)),
    "ConditionalVAE": (
        lambda: ConditionalVAE(image_shape=IMAGE, classes=2, rng=0),
        lambda model, x: model.train_on_batch(x, np.arange(len(x)) % 2),
    ),
    "Autoencoder's target": (
        lambda: Autoencoder(image_shape=IMAGE, rng=0),
        lambda model, x: model.train_on_batch(pixels(1, n=len(x)), x),
    ),
    "CycleGAN": (
        lambda: CycleGAN(
            *(Sequential([Flatten(), Dense(16), Tanh(), Reshape(IMAGE)], IMAGE, rng=k) for k in (0, 1)),
            *(Sequential([Flatten(), Dense(1)], IMAGE, rng=k) for k in (2, 3)), rng=0,
        ),
        lambda model, x: model.train_on_batch(pixels(1), x),
    ),
    "Classifier": (
        lambda: classifier(),
        lambda model, x: model.train_on_batch(x, np.arange(len(x)) % 3),
    ),
}  # fmt: skip
every_step = pytest.mark.parametrize(("make", "step"), STEPS.values(), ids=STEPS)


@every_step
@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        (
            pixels(),
            ValueError,
            r"has pixels from .* to 25\d.*, but the .* draws from .* scale them to that range",
        ),
        (pixels(2), ValueError, r"scale them to that range"),
        (pixels().astype(np.uint8), TypeError, "must hold floats, got uint8"),
        (np.ma.masked_less(pixels(1), 0.5), TypeError, r"is a masked array, whose mask would be ignored"),
    ],
    ids=["0 to 255", "0 to 2", "uint8", "masked"],
)
def test_pixels_that_were_not_prepared_are_refused_in_a_single_step(make, step, x, kind, message):
    model = make()
    before = model.snapshot()
    with pytest.raises(kind, match=message):
        step(model, x)
    for key, array in model.snapshot().items():
        np.testing.assert_array_equal(array, before[key])


@every_step
def test_pixels_of_the_whole_range_are_taken(make, step):
    model = make()
    low, high = (-1, 1) if isinstance(model, (GAN, CycleGAN)) else (0, 1)
    x = np.where(np.random.default_rng(0).random((6, *IMAGE)) < 0.5, low, high).astype(np.float32)
    step(model, x)


@pytest.mark.parametrize("name", ["GAN", "Autoencoder", "VAE", "WGAN", "CycleGAN", "Classifier"])
def test_an_empty_batch_is_called_empty(name):
    make, step = STEPS[name]
    with pytest.raises(ValueError, match="is empty: train_on_batch needs at least one sample"):
        step(make(), np.empty((0, *IMAGE), np.float32))


def test_masked_arrays_are_refused_by_fit_and_by_layers_and_losses_too():
    masked = np.ma.masked_less(pixels(1), 0.5)
    with pytest.raises(
        TypeError, match=r"x is a masked array, whose mask would be ignored: give x.filled\(0\)"
    ):
        VAE(image_shape=IMAGE, rng=0).fit(masked, epochs=1, progress=False)
    with pytest.raises(TypeError, match="Dense: input is a masked array"):
        Dense(2).build((3,)).forward(np.ma.masked_less(np.ones((2, 3)), 0))
    with pytest.raises(TypeError, match="MeanSquaredError: target is a masked array"):
        MeanSquaredError().forward(np.ones((2, 3)), np.ma.masked_less(np.ones((2, 3)), 0))
    VAE(image_shape=IMAGE, rng=0).fit(masked.filled(0), epochs=1, batch_size=3, progress=False)


def test_an_empty_batch_is_no_wrong_shape():
    layer = Dense(2, name="d").build((3,))
    with pytest.raises(
        ValueError, match=r"Dense 'd' expects a batch of at least one sample, got none: \(0, 3\)"
    ):
        layer.forward(np.empty((0, 3)))
    with pytest.raises(ValueError, match=r"Dense 'd' expects \(N, 3\), got \(0, 4\)"):
        layer.forward(np.empty((0, 4)))


def test_data_that_overflow_at_once_are_not_blamed_on_the_learning_rate():
    trunk = Sequential([Flatten(), Dense(4)], IMAGE, rng=0)
    decoder = Sequential([Dense(16), Reshape(IMAGE)], (2,), rng=0)
    model = VAE(2, trunk=trunk, decoder=decoder, likelihood=Gaussian(1), rng=0)
    with pytest.raises(DivergenceError, match=r"as large as 1.0e\+25: scale the data to about -1 to 1"):
        model.fit(np.full((4, *IMAGE), 1e25, np.float32), epochs=1, batch_size=4, progress=False)


def test_small_data_are_not_blamed():
    model = gan()
    model.generator.flat_params[:] = np.nan
    with pytest.raises(DivergenceError, match="try a smaller learning rate") as caught:
        model.train_on_batch(pixels(1))
    assert "scale the data" not in str(caught.value)


def test_a_copy_of_a_network_is_another_network():
    net = Sequential([Dense(4)], (4,), rng=0)
    Autoencoder(net, copy.deepcopy(net))
