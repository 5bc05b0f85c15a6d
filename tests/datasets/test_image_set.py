"""Images: bytes that read as floats, for models as good as an array."""

import tracemalloc

import numpy as np
import pytest

from numpygan import GAN, VAE, Autoencoder, CycleGAN, Pix2Pix
from numpygan.datasets import Images, scale_pixels
from numpygan.models import Classifier, unet_generator

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (40, 8, 8, 1), dtype=np.uint8)
PIXELS[0, 0, :2] = [[0], [255]]
LABELS = np.arange(40) % 3


@pytest.mark.parametrize("scale", [(-1, 1), (0, 1)])
def test_reads_like_an_array(scale):
    images, array = Images(PIXELS, scale=scale), scale_pixels(PIXELS, scale=scale)
    for index in (3, slice(5), np.array([4, 1, 1]), np.arange(40) % 2 == 0, (slice(None), 0)):
        np.testing.assert_array_equal(images[index], array[index])
        assert images[index].dtype == np.float32
    np.testing.assert_array_equal(np.asarray(images), array)
    assert np.asarray(images, np.float64).dtype == images.astype("f8").dtype == np.float64
    assert (images.shape, images.size, images.ndim, len(images)) == (array.shape, array.size, 4, 40)
    assert (images.min(), images.max()) == (array.min(), array.max())
    assert images.mean() == pytest.approx(array.mean(), abs=1e-6)
    np.testing.assert_array_equal(2 * images - images, 2 * array - array)
    np.testing.assert_array_equal(np.max(images, axis=0), array.max(axis=0))
    with pytest.raises(ValueError, match="always a copy"):
        images.__array__(copy=False)  # what NumPy 2 calls for np.asarray(images, copy=False)


def test_floats_are_kept_as_they_are():
    floats = RNG.random((5, 8, 8, 1), np.float32)
    floats[0, 0, 0] = 1
    images = Images(floats, scale=(-0.7, 0.1))
    np.testing.assert_allclose(images, -0.7 + 0.8 * floats, atol=1e-6)
    assert images[:].max() <= 0.1 + 1e-8 and images.max() == pytest.approx(0.1)
    assert images.mean() == pytest.approx(np.mean(images), abs=1e-6)


def test_subset_and_scaled_take_the_rest_along():
    images = Images(
        PIXELS, labels=LABELS, classes=["a", "b", "c"], notes=["n"], parts=("train", "evaluation")
    )
    few = images.subset(LABELS == 1).scaled((0, 1))
    np.testing.assert_array_equal(few, scale_pixels(PIXELS[LABELS == 1], scale=(0, 1)))
    assert few.labels.tolist() == [1] * 13 and few.classes == ("a", "b", "c")
    assert few.notes == ("n",) and few.parts == ("train", "evaluation")
    assert repr(few) == "Images: 13 grey images of 8 x 8, read as float32 in (0.0, 1.0)"


def test_they_cannot_be_changed_in_place():
    images = Images(PIXELS)
    with pytest.raises(TypeError, match="cannot be changed in place"):
        images -= 1


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"pixels": PIXELS[0]}, TypeError), ({"pixels": PIXELS.astype(float)}, TypeError),
        ({"pixels": PIXELS, "labels": [1]}, ValueError), ({"pixels": PIXELS, "scale": (1, 0)}, ValueError),
    ],
)  # fmt: skip
def test_what_cannot_be(arguments, kind):
    with pytest.raises(kind):
        Images(**arguments)


def gan(x):
    model = GAN(image_shape=(8, 8, 1), rng=0)
    model.fit(x, iterations=3, batch_size=8, progress=False)
    return model.generate(4, rng=0)


def autoencoder(x):
    model = Autoencoder(image_shape=(8, 8, 1), rng=0)
    x = x.scaled((0, 1)) if isinstance(x, Images) else (x + 1) / 2
    model.fit(x, epochs=2, batch_size=8, validation_data=x, progress=False)
    return [model.evaluate(x)["loss"], *model.encode(x).ravel(), *model.reconstruct(x).ravel()]


def vae(x):
    model = VAE(image_shape=(8, 8, 1), rng=0)
    x = x.scaled((0, 1)) if isinstance(x, Images) else (x + 1) / 2
    model.fit(x, epochs=2, batch_size=8, validation_data=(x, x), progress=False)
    return [*model.evaluate(x).values(), *model.encode(x).ravel(), *model.elbo(x, 2, rng=0)["elbo"]]


def cyclegan(x):
    model = CycleGAN(image_shape=(8, 8, 1), rng=0)
    model.fit(x, x, iterations=1, batch_size=1, progress=False)
    return [*model.to_b(x).ravel(), *model.evaluate(x, x).values()]


def pix2pix(x):
    model = Pix2Pix(unet_generator((8, 8, 1), 1, filters=2, depth=2, rng=0), rng=0)
    model.fit(x, x, iterations=1, batch_size=2, progress=False)
    return [*model.translate(x).ravel(), *model.errors(x, x), *model.discriminate(x, x).ravel()]


def classifier(x):
    model = Classifier(rng=0)
    x = Images(PIXELS.repeat(4, axis=1).repeat(4, axis=2)[:, 2:30, 2:30]) if isinstance(x, Images) else (
        np.asarray(x).repeat(4, axis=1).repeat(4, axis=2)[:, 2:30, 2:30]
    )  # fmt: skip
    model.fit(x, LABELS, epochs=1, batch_size=20, shift=1, validation_data=(x, LABELS), progress=False)
    return [*model.evaluate(x, LABELS).values(), *model.predict(x)]


@pytest.mark.parametrize("train", [gan, autoencoder, vae, cyclegan, pix2pix, classifier])
def test_a_model_learns_the_same_from_them_as_from_the_array(train):
    images = Images(PIXELS)
    found, expected = train(images), train(np.asarray(images))
    np.testing.assert_allclose(
        np.array(found, np.float64), np.array(expected, np.float64), rtol=1e-4, atol=1e-5
    )


def test_uint8_arrays_are_still_refused():
    with pytest.raises(TypeError, match="x must hold floats, got uint8"):
        gan(PIXELS)
    with pytest.raises(ValueError, match=r"x has pixels from 0 to 1|x has pixels from 0 to 255"):
        gan(Images(PIXELS, scale=(0, 255)))


def test_training_keeps_only_a_batch_in_floats():
    pixels = RNG.integers(0, 256, (3_000, 16, 16, 3), dtype=np.uint8)  # 2.3 MB; 9.2 MB as floats
    model = GAN(image_shape=(16, 16, 3), rng=0)
    model.fit(Images(pixels[:64]), iterations=1, batch_size=64, progress=False)  # takes its own memory
    tracemalloc.start()
    try:
        model.fit(Images(pixels), iterations=2, batch_size=64, progress=False)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        model.fit(Images(pixels[:64]), iterations=2, batch_size=64, progress=False)
        assert peak - tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()
