"""Sequential in use: predict in batches, the summary, the range of the output."""

import numpy as np
import pytest

from numpygan import (
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Sigmoid,
    Tanh,
)
from tests.networks import batch, every_layer


@pytest.mark.parametrize("batch_size", [1, 3, 7, 100])
def test_predict_agrees_with_forward(batch_size):
    network = every_layer()
    for seed in range(3):  # so that the running averages have moved
        network.forward(batch(8, seed), training=True)
    x = batch(7, 5)
    y = network.forward(x)
    got = network.predict(x, batch_size=batch_size)
    assert got.shape == (7, 1) and got.dtype == np.float32
    np.testing.assert_allclose(got, y, rtol=1e-5)
    assert np.ptp(y) > 1e-3


def test_predict_works_in_inference_mode_and_in_batches():
    class Watched(LeakyReLU):
        def forward(self, x, training=False):
            assert not training
            sizes.append(len(x))
            return super().forward(x, training)

    sizes = []
    network = Sequential([Watched()], input_shape=(2,))
    network.predict(np.ones((7, 2)), batch_size=3)
    assert sizes == [3, 3, 1]
    sizes.clear()
    network.predict(np.ones((600, 2)))
    assert sizes == [256, 256, 88]


def test_predict_returns_an_array_of_its_own():
    network = Sequential([Flatten()], input_shape=(2,))
    x = np.ones((3, 2), np.float32)
    assert not np.shares_memory(network.predict(x), x)


@pytest.mark.parametrize("bad", [np.zeros((0, 3)), np.float64(3), np.ones((4, 3)), np.ones(2)])
def test_predict_refuses_what_forward_refuses(bad):
    network = Sequential([Dense(1)], input_shape=(2,), rng=0, name="small")
    with pytest.raises(ValueError) as error:
        network.predict(bad)
    assert f"Sequential 'small' expects (N, 2), got {np.shape(bad)}" in str(error.value)


@pytest.mark.parametrize(
    "size, error", [(0, ValueError), (-1, ValueError), (2.5, TypeError), ("3", TypeError)]
)
def test_predict_refuses_a_batch_size_that_is_none(size, error):
    network = Sequential([Dense(1)], input_shape=(2,), rng=0)
    with pytest.raises(error, match="Sequential: batch_size must be a positive integer, got"):
        network.predict(np.ones((4, 2)), batch_size=size)


SUMMARY = """\
layer         kind        output shape    parameters
----------------------------------------------------
input                     (N, 28, 28, 1)
flatten_1     Flatten     (N, 784)                 0
hidden        Dense       (N, 128)           100,480
leaky_relu_1  LeakyReLU   (N, 128)                 0
head          Sequential  (N, 1)                 129
----------------------------------------------------
total                                        100,609"""


def test_summary(capsys):
    layers = [Flatten(), Dense(128, name="hidden"), LeakyReLU(), Sequential([Dense(1)], name="head")]
    network = Sequential(layers, input_shape=(28, 28, 1), rng=0)
    lines = []
    network.summary(print_fn=lines.append)
    assert lines == [SUMMARY]  # 784 * 128 + 128 = 100,480
    network.summary()
    assert capsys.readouterr().out == SUMMARY + "\n"
    with pytest.raises(ValueError, match="Sequential has no parameters yet"):
        Sequential([Dense(1)]).summary()


@pytest.mark.parametrize(
    "layers, expected",
    [
        ([Dense(4), Tanh()], (-1, 1)),
        ([Dense(4), Sigmoid(), Reshape((2, 2))], (0, 1)),
        ([Dense(4), Sequential([Tanh(), Flatten()])], (-1, 1)),
        ([Dense(4), Tanh(), Sequential([Reshape((2, 2)), Flatten()])], (-1, 1)),
        ([Tanh(), Dense(4)], None),
        ([Flatten()], None),
    ],
)
def test_output_range_is_that_of_the_last_layer_that_computes(layers, expected):
    assert Sequential(layers, input_shape=(4,), rng=0).output_range == expected
