"""A model that draws from -1 to 1 says so of data from 0 to 1."""

import warnings

import numpy as np
import pytest

from numpygan import GAN, Autoencoder
from numpygan.datasets import Images

X = np.random.default_rng(0).random((20, 8, 8, 1), np.float32)


def fit(x, make=GAN, **amount):
    make(image_shape=(8, 8, 1), rng=0).fit(x, batch_size=8, progress=False, **(amount or {"iterations": 1}))


def test_data_from_0_to_1_is_warned_about_and_the_cure_works():
    with pytest.warns(
        UserWarning, match=r"x has pixels from .* to .*: if 0 is black, train on 2 \* x - 1"
    ) as caught:
        fit(X)
    assert caught[0].filename == __file__  # the caller's line is shown
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(2 * X - 1)


def test_where_the_range_is_known_or_right_nothing_is_said():
    fit(
        Images(np.full((20, 8, 8, 1), 200, np.uint8) + np.arange(8, dtype=np.uint8)[:, None])
    )  # bright pictures
    fit(X, Autoencoder, epochs=1)
    fit(np.zeros_like(X))
