"""The three games: values by hand, slopes where the generator is bad, and a GAN that plays them."""

import math

import numpy as np
import pytest

from numpygan.checkpoint import load, save
from numpygan.losses import (
    GAN_LOSSES,
    GANLosses,
    LeastSquaresFromLogits,
    SaturatingCrossEntropyFromLogits,
    gan_losses,
)
from numpygan.models import toy_gan


def test_saturating_loss_by_hand():
    loss = SaturatingCrossEntropyFromLogits()
    logits = np.array([[0.0], [2.0]])
    p = 1 / (1 + math.exp(-2))
    assert loss.forward(logits, 1) == pytest.approx((math.log(0.5) + math.log(1 - p)) / 2)
    np.testing.assert_allclose(loss.backward(), [[-0.25], [-p / 2]])
    assert loss.forward(np.array([[1000.0], [-1000.0]]), 1) == -500  # log(1 - p) is -1000 and 0


def test_least_squares_by_hand():
    loss = LeastSquaresFromLogits()
    assert loss.forward(np.array([[3.0], [-1.0]]), 1) == 1  # scores 2 and 0
    np.testing.assert_array_equal(loss.backward(), [[0.5], [-0.5]])
    assert loss.forward(np.zeros((2, 1), np.float32), 0) == 0.25
    assert loss.backward().dtype == np.float32


def test_slopes_of_a_generator_that_is_told_off():
    """At logit -10 the non-saturating loss pulls with all its might and the saturating one hardly."""
    slopes = {}
    for name, game in GAN_LOSSES.items():
        loss = game().generator
        loss.forward(np.array([[-10.0]]), 1)
        slopes[name] = loss.backward()[0, 0]
    assert slopes["non-saturating"] == pytest.approx(-1, abs=1e-4)
    assert -1e-4 < slopes["saturating"] < 0
    assert slopes["least-squares"] == -5.5


@pytest.mark.parametrize("name", GAN_LOSSES)
def test_every_game_is_played_and_helps_the_generator(name):
    """A step of the generator alone lowers its own loss, whichever it is."""
    gan = toy_gan(loss=name, rng=0)
    real = np.random.default_rng(0).normal(2, 0.1, (64, 2)).astype(np.float32)
    for _ in range(20):
        gan.train_on_batch(real)
    z = gan.noise(64, rng=np.random.default_rng(1))
    first = gan._update_generator(z)
    for _ in range(5):
        last = gan._update_generator(z)
    assert last < first


def test_a_name_and_the_losses_of_that_name_are_the_same_game():
    gans = [toy_gan(rng=0), toy_gan(loss=gan_losses("non-saturating"), rng=0)]
    real = np.random.default_rng(0).standard_normal((32, 2), dtype=np.float32)
    for gan in gans:
        gan.train_on_batch(real)
    np.testing.assert_array_equal(gans[0].generator.flat_params, gans[1].generator.flat_params)


def test_unknown_game():
    with pytest.raises(ValueError, match="no GAN loss 'poker': expected one of non-saturating, saturating"):
        toy_gan(loss="poker")


@pytest.mark.parametrize("name", GAN_LOSSES)
def test_a_file_remembers_the_game(name, tmp_path):
    gan = toy_gan(loss=name, rng=0)
    save(gan, tmp_path / "gan.npz")
    assert load(tmp_path / "gan.npz").loss_name == gan.loss_name == name


def test_a_training_goes_on_with_its_own_game_only(tmp_path):
    x = np.random.default_rng(0).standard_normal((64, 2)).astype(np.float32)
    path = tmp_path / "run.npz"
    toy_gan(loss="saturating", rng=0).fit(x, iterations=2, batch_size=16, progress=False, checkpoint=path)
    with pytest.raises(ValueError, match="saturating"):
        toy_gan(loss="least-squares", rng=0).fit(x, iterations=4, batch_size=16, progress=False, resume=path)


def test_losses_of_your_own_and_what_are_none():
    losses = GANLosses(LeastSquaresFromLogits(), SaturatingCrossEntropyFromLogits())
    gan = toy_gan(loss=losses, rng=0)
    assert (gan.loss, gan.generator_loss) == losses and gan.loss_name is None
    with pytest.raises(TypeError, match="loss must be one of non-saturating, .*, or a GANLosses, got Least"):
        toy_gan(loss=LeastSquaresFromLogits())
