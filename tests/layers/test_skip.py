"""Skip: two paths side by side, a U-Net of nested ones, saving, naming what diverged, errors."""

import json

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    LeakyReLU,
    Reshape,
    Residual,
    Sequential,
    Skip,
    Tanh,
    check_layer,
)
from numpygan.saving.architecture import ZeroGenerator, build_network, describe
from numpygan.training.divergence import DivergenceError, require_finite

SHAPE = (4, 6, 2)


def layers():
    return [Conv2D(5, 3, padding="same"), BatchNormalization(), LeakyReLU(0.2), Conv2D(3, 1)]


def unet(depth=2, name="middle"):
    """Skips within each other, each of which looks at an image half as large."""
    inner = [unet(depth - 1, f"inner_{depth}")] if depth > 1 else []
    return Skip([Conv2D(3, 2, 2), Tanh(), *inner, Conv2DTranspose(2, 2, 2)], name=name)


def batch(N=3, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).standard_normal((N, *shape))


def test_by_hand():
    layer = Skip([Dense(1)]).build((2,), dtype=np.float64)
    layer.flat_params[:] = [2, 3, 10]  # W, then b
    np.testing.assert_array_equal(layer.forward([[1, 4]]), [[1, 4, 2 + 12 + 10]])
    np.testing.assert_array_equal(layer.backward([[5, 6, 7]]), [[5 + 7 * 2, 6 + 7 * 3]])
    np.testing.assert_array_equal(layer.flat_grads, [7 * 1, 7 * 4, 7])


def test_each_path_gets_its_channels_of_dy():
    layer = Skip(layers()).build(SHAPE, rng=0, dtype=np.float64)
    chain = Sequential(layers(), SHAPE, dtype=np.float64)
    chain.flat_params[:] = layer.flat_params
    x, dy = batch(), batch(shape=(4, 6, 5), seed=1)
    assert layer.output_shape == (4, 6, 5)
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(y[..., :2], x)
    np.testing.assert_array_equal(y[..., 2:], chain.forward(x, training=True))
    np.testing.assert_array_equal(layer.input_gradient(dy), dy[..., :2] + chain.input_gradient(dy[..., 2:]))
    assert not layer.flat_grads.any()
    layer.parameter_gradients(dy)
    chain.parameter_gradients(dy[..., 2:])
    np.testing.assert_array_equal(layer.flat_grads, chain.flat_grads)
    np.testing.assert_array_equal(layer.backward(dy), dy[..., :2] + chain.backward(dy[..., 2:]))
    np.testing.assert_array_equal(layer.flat_grads, chain.flat_grads)  # gradients add


@pytest.mark.parametrize("wrong", ["bypass lost", "chain lost", "channels swapped"])
def test_a_wrong_path_is_caught(wrong):
    class Wrong(Skip):
        def _cut(self, dy):
            around, through = super()._cut(dy)
            if wrong == "channels swapped":
                return through, around
            return (0 * around, through) if wrong == "bypass lost" else (around, 0 * through)

    assert check_layer(Skip([Dense(4), Tanh(), Dense(3)]), batch(5, (3,))).ok
    assert not check_layer(Wrong([Dense(4), Tanh(), Dense(3)]), batch(5, (3,))).ok


@pytest.mark.parametrize("training", [True, False])
def test_nested_it_is_a_unet(training):
    network = Sequential([unet(), Conv2D(2, 1)], (4, 8, 2), rng=0)
    assert [layer.output_shape for layer in network.layers[0].layers] == [
        (2, 4, 3),
        (2, 4, 3),
        (2, 4, 5),  # the inner one: its input of 3 channels beside the 2 that come back
        (4, 8, 2),
    ]
    assert network.layers[0].output_shape == (4, 8, 4)
    report = check_layer(Sequential([unet(), Conv2D(2, 1)]), batch(shape=(4, 8, 2)), training=training)
    assert report.ok and any(row.name == "middle.inner_2.conv2d_1.W" for row in report.rows), report


def test_its_parameters_lie_in_the_outer_vector():
    network = Sequential([unet(), Conv2D(2, 1)], (4, 4, 1), rng=0)
    assert network.flat_params.size == sum(value.size for value in network.params.values())
    network.flat_params[:] = 0.25
    assert (network.layers[0].layers[2].layers[0].params["W"] == 0.25).all()


def test_a_description_and_back():
    network = Sequential([unet(), Skip([Skip([Flatten(), Reshape((4, 4, 4))]), Dropout(0.5)])], (4, 4, 2))
    text = json.loads(json.dumps(describe(network)))
    size = network.count_params()
    twin = build_network(text, layers={}, rng=ZeroGenerator(size), limit=size)
    assert describe(twin) == text and twin.output_shape == network.output_shape
    assert [type(layer) for layer in twin.layers] == [Skip, Skip]


def test_channels_that_double_again_and_again_are_refused():
    entry = {"kind": "Flatten", "name": "f"}
    skips = [{"kind": "Skip", "name": f"s{k}", "layers": [entry]} for k in range(40)]
    text = {"name": "n", "input_shape": [1], "dtype": "float32", "layers": skips}
    with pytest.raises(ValueError, match=r"is too large for a file of 10 numbers"):
        build_network(text, layers={}, rng=ZeroGenerator(10), limit=10)


def test_a_float32_one_stays_in_float32():
    layer = unet().build((4, 4, 2))
    x, dy = batch(shape=(4, 4, 2)), batch(shape=(4, 4, 4))
    assert layer.forward(x).dtype == layer.backward(dy).dtype == np.float32
    assert layer.tangent(x).dtype == np.float32


def test_it_bounds_nothing_though_its_last_layer_does():
    layer = Skip([Dense(3), Tanh()]).build((3,))
    assert layer.output_range is None and layer.keeps_values is False
    assert Sequential([Skip([Tanh()]), Flatten()], (2,)).output_range is None


def test_the_culprit_of_a_divergence_is_named_as_a_whole():
    network = Sequential([Dense(3), Skip([Dense(3)], name="side"), Dense(1)], (3,), rng=0, name="n")
    network.layers[1].layers[0].params["W"][0, 0] = np.inf
    message = r"dense_1\.W of Skip 'side' in the n"
    with np.errstate(invalid="ignore"), pytest.raises(DivergenceError, match=message):
        require_finite(np.inf, [network], np.ones((3, 3), np.float32))


def test_sizes_that_do_not_fit_name_the_layer_and_all_shapes_on_the_way():
    message = (
        r"Skip 'outer' joins x and f\(x\) .* turn \(7, 6, 2\) into conv2d_1 \(4, 3, 3\), "
        r"conv2d_transpose_1 \(8, 6, 3\): double what you halve, and halve only even sizes"
    )
    halved = [Conv2D(3, 4, 2, "same"), Conv2DTranspose(3, 4, 2, "same")]
    with pytest.raises(ValueError, match=message):
        Skip(halved, (7, 6, 2), name="outer")
    with pytest.raises(ValueError, match=r"Skip 'inner' .* turn \(3, 3, 4\) into conv2d_1 \(2, 2, 3\)"):
        Sequential([Skip([Conv2D(4, 2, 2), Skip([Conv2D(3, 2)], name="inner")])], (6, 6, 1))
    with pytest.raises(ValueError, match=r"turn \(4, 4, 1\) into flatten_1 \(16,\)"):
        Skip([Flatten()], (4, 4, 1))


@pytest.mark.parametrize(("layers", "error"), [([], ValueError), (Dense(3), TypeError), ([3], TypeError)])
def test_layers_that_are_none(layers, error):
    with pytest.raises(error, match="Skip"):
        Skip(layers, (4, 4, 1))


@pytest.mark.parametrize("kind", [Skip, Residual])
def test_it_grows_by_what_fits_its_last_layer(kind):
    layer = kind([Dense(5), Dense(3)], (3,), rng=0)
    layer.add(Dense(3))
    assert layer.output_shape == ((6,) if kind is Skip else (3,))
    assert layer.layers[-1].params["W"].shape == (3, 3)
    assert layer.forward(batch(4, (3,))).shape == (4, *layer.output_shape)
    images = kind([Conv2D(2, 3, padding="same")], (4, 4, 2), rng=0)
    with pytest.raises(ValueError, match=kind.__name__):
        images.add(Flatten())
    assert len(images.layers) == 1 and images.forward(batch(2, (4, 4, 2))).shape[0] == 2


def test_a_gradient_of_the_wrong_shape():
    layer = Skip([Dense(2)]).build((3,))
    layer.forward(batch(4, (3,)))
    for question in (layer.backward, layer.input_gradient, layer.parameter_gradients):
        with pytest.raises(
            ValueError, match=r"returned shape \(4, 5\), so dy must have it too, got \(4, 3\)"
        ):
            question(np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"was given x of shape \(4, 3\), so t must"):
        layer.tangent(np.ones((4, 5)))
