"""The GAN of the laboratory: it finds all modes of the ring, and with other rates it collapses."""

import numpy as np
import pytest

from numpygan.datasets import load_toy
from numpygan.metrics import modes_found
from numpygan.models import toy_gan
from numpygan.models.toy_networks import COLLAPSING


def modes_of(seed, iterations, **settings):
    toy = load_toy("ring")
    gan = toy_gan(rng=seed, **settings)
    gan.fit(toy.sample(20_000, rng=seed), iterations=iterations, batch_size=256, progress=False)
    return modes_found(gan.generate(4000, rng=0), toy.centres, toy.std)


@pytest.mark.slow
def test_all_eight_modes_and_a_collapse_in_few_iterations():
    assert modes_of(1, 1500) == 8
    assert modes_of(1, 1000, **COLLAPSING) <= 2


@pytest.mark.slow
def test_all_eight_modes_on_at_least_four_of_five_seeds():
    found = [modes_of(seed, 4000) for seed in range(5)]
    assert sum(modes == 8 for modes in found) >= 4, found


@pytest.mark.slow
def test_the_collapse_loses_modes_on_every_seed():
    found = [modes_of(seed, 4000, **COLLAPSING) for seed in range(5)]
    assert max(found) <= 3, found


@pytest.mark.parametrize("dim, latent_dim", [(1, 2), (2, 2), (2, 5)])
def test_shapes(dim, latent_dim):
    gan = toy_gan(dim, latent_dim=latent_dim, hidden=8, rng=0)
    assert gan.generator.input_shape == (latent_dim,)
    assert gan.generate(7).shape == (7, dim) and gan.generate(7).dtype == np.float32
    assert gan.discriminate(gan.generate(7)).shape == (7,)
    gan.train_on_batch(gan.generate(9))


def test_the_seed_makes_the_networks():
    a, b, c = (toy_gan(rng=seed).generator.flat_params for seed in (0, 0, 1))
    assert np.array_equal(a, b) and not np.array_equal(a, c)
