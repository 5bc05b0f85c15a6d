"""Margins added and cut off: by hand, as each other's adjoint, and what cannot be."""

import numpy as np
import pytest

from numpygan import Cropping2D, Sequential, ZeroPadding2D
from numpygan.checkpoint import load, save
from numpygan.models import DCGAN

MARGINS = [(1, ((1, 1), (1, 1))), ((0, 2), ((0, 0), (2, 2))), (((1, 0), (2, 3)), ((1, 0), (2, 3)))]


@pytest.mark.parametrize(("given", "meant"), MARGINS)
def test_against_numpy(given, meant):
    x = np.random.default_rng(0).standard_normal((2, 4, 7, 3)).astype(np.float32)
    padded = ZeroPadding2D(given).build(x.shape[1:]).forward(x)
    np.testing.assert_array_equal(padded, np.pad(x, ((0, 0), *meant, (0, 0))))
    np.testing.assert_array_equal(Cropping2D(given).build(padded.shape[1:]).forward(padded), x)


@pytest.mark.parametrize(("given", "meant"), MARGINS)
def test_each_is_the_adjoint_of_the_other(given, meant):
    rng = np.random.default_rng(1)
    pad = ZeroPadding2D(given).build((4, 7, 3), dtype=np.float64)
    crop = Cropping2D(given).build(pad.output_shape, dtype=np.float64)
    x, y = rng.standard_normal((2, 4, 7, 3)), rng.standard_normal((2, *pad.output_shape))
    pad.forward(x), crop.forward(y)
    np.testing.assert_array_equal(pad.input_gradient(y), crop.forward(y))
    np.testing.assert_array_equal(crop.input_gradient(x), pad.forward(x))
    np.testing.assert_allclose(np.vdot(pad.forward(x), y), np.vdot(x, crop.forward(y)), rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: Cropping2D(-1),
            ValueError,
            "each number in cropping must be an integer of at least 0, got -1",
        ),
        (lambda: ZeroPadding2D(1.5), TypeError, "each number in padding must be an integer"),
        (lambda: ZeroPadding2D((1, 2, 3)), ValueError, "must be one number, two, or two pairs"),
        (lambda: Cropping2D(((1, 2, 3), 1)), ValueError, "must be one number, two, or two pairs"),
        (lambda: Sequential([Cropping2D(2)], (4, 9, 1)), ValueError, "leaves nothing of an image"),
        (lambda: Sequential([ZeroPadding2D(1)], (4,)), ValueError, r"expects samples of shape \(H, W, C\)"),
    ],
)
def test_what_cannot_be(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize(
    "shape",
    [(28, 28, 1), (32, 32, 3), (64, 64, 3), (30, 45, 3), (8, 9, 1), (1, 28, 1), (5, 1, 3), (100, 20, 1)],
)
def test_a_dcgan_of_any_shape(shape, tmp_path):
    gan = DCGAN(image_shape=shape, rng=0)
    assert gan.sample_shape == shape
    x = np.random.default_rng(0).uniform(-1, 1, (4, *shape)).astype(np.float32)
    assert np.isfinite(gan.train_on_batch(x)["g_loss"])
    assert gan.generate(2, rng=0).shape == (2, *shape)
    save(gan, tmp_path / "gan.npz")
    np.testing.assert_array_equal(load(tmp_path / "gan.npz").generate(2, rng=0), gan.generate(2, rng=0))


@pytest.mark.parametrize("shape", [(28, 28, 1), (30, 45, 3), (5, 9, 1)])
def test_the_books_dcgan_of_any_shape(shape):
    gan = DCGAN.book(image_shape=shape, rng=0)
    x = np.random.default_rng(0).uniform(-1, 1, (4, *shape)).astype(np.float32)
    assert np.isfinite(gan.train_on_batch(x)["g_loss"]) and gan.generate(2).shape == (2, *shape)
