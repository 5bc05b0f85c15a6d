"""The learner's parts make a GAN of the library's."""

import numpy as np
import pytest

from numpygan import Dense, check_layer, check_loss
from numpygan.optimizers import Adam
from numpygan.workbook.exercises import find
from numpygan.workbook.train import (
    NEEDED,
    OwnAdam,
    OwnCrossEntropy,
    OwnDense,
    OwnLeakyReLU,
    OwnTanh,
    build,
    draw,
    load,
)


@pytest.fixture
def code():
    return {name: load(name, find(name).whole_solution, find(name).filename) for name in NEEDED}


def test_the_layers_and_the_loss_are_right(code):
    x = np.random.default_rng(0).normal(size=(5, 4))
    for layer in (OwnDense(3, code), OwnLeakyReLU(0.2, code), OwnTanh(code)):
        assert check_layer(layer, x)
    assert check_loss(OwnCrossEntropy(code), x, 1)


def test_adam_steps_as_the_library_does(code):
    g = np.random.default_rng(1).normal(size=(3, 6))
    mine, theirs = np.ones(6), np.ones(6)
    own, adam = OwnAdam(2e-3, code), Adam(2e-3, beta_1=0)
    for each in g:
        own.update(mine, each)
        adam.update(theirs, each)
    assert mine == pytest.approx(theirs, rel=1e-6)


def test_a_gan_of_them_learns(code):
    gan = build(code, seed=1)
    assert sum(isinstance(layer, Dense) for layer in gan.generator.layers) == 2
    assert gan.generator.flat_params.dtype == np.float32
    x = np.full((32, 28, 28, 1), -0.8, np.float32)
    before = np.abs(gan.generate_from(gan.noise(8, rng=0), averaged=False) - x[0]).mean()
    gan.fit(x, iterations=120, batch_size=16, progress=False)
    after = np.abs(gan.generate_from(gan.noise(8, rng=0), averaged=False) - x[0]).mean()
    assert after < 0.8 * before


def test_drawing_goes_on_when_the_code_does_not(code):
    x = np.zeros((128, 28, 28, 1), np.float32)
    images, failure = draw(code, x, iterations=2, count=3, progress=False)
    assert images.shape == (3, 28, 28, 1) and failure is None
    wrong = find("dense_backward").whole_solution.replace("x.T @ dy", "dy.T @ x")
    code["dense_backward"] = load("dense_backward", wrong, "wrong.py")
    images, failure = draw(code, x, iterations=2, count=3, progress=False)
    assert images.shape == (3, 28, 28, 1) and "ValueError" in failure
