"""Figures of networks: they show what is there, and no two texts overlap."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from numpygan import DCGAN, GAN, VAE, Autoencoder, Conv2D, CycleGAN, Dense, Dropout, Pix2Pix, ReLU, Sequential
from numpygan.models import Classifier
from numpygan.plotting import plot_histograms, plot_kernels, plot_network
from tests.networks import every_layer

MODELS = {
    "GAN": lambda: GAN(rng=0),
    "DCGAN": lambda: DCGAN.book(rng=0),
    "VAE": lambda: VAE(rng=0),
    "Autoencoder": lambda: Autoencoder(rng=0),
    "CycleGAN": lambda: CycleGAN(rng=0),
    "Pix2Pix": lambda: Pix2Pix(image_shape=(32, 32, 1), rng=0),
    "network": every_layer,
    "one layer": lambda: Dense(3).build((1,), rng=0),
}


def texts(figure):
    """Return every text that is not empty, with its box in pixels."""
    FigureCanvasAgg(figure).draw()
    found = [
        text for text in figure.findobj(lambda artist: hasattr(artist, "get_text")) if text.get_text().strip()
    ]
    return [(text.get_text(), text.get_window_extent()) for text in found if text.get_visible()]


@pytest.mark.parametrize("name", MODELS)
def test_texts_stay_apart_and_inside(name):
    figure = plot_network(MODELS[name]())
    found = texts(figure)
    for (one, a), (other, b) in itertools.combinations(found, 2):
        assert not a.overlaps(b), (one, other)
    for text, box in found:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, text


def test_every_layer_has_its_shape_and_its_parameters():
    gan = GAN(rng=0)
    found = [text for text, _ in texts(plot_network(gan))]
    for network in gan.networks.values():
        for layer in network.layers:
            shape = "(" + ", ".join(["N", *map(str, layer.output_shape)]) + ")"
            assert type(layer).__name__ in found and shape in found
            assert not layer.count_params() or f"{layer.count_params():,}" in found
    assert "GAN, 214,673 parameters" in found and "images G(z)" in found and "gradient dx" in found
    assert "Look where the parameters are: 47% in one Dense of the generator." in found


def test_what_leads_where():
    words = {"VAE": "z = mean + std \u00b7 epsilon", "Autoencoder": "code z", "DCGAN": "images G(z)"}
    for name, word in words.items():
        assert word in [text for text, _ in texts(plot_network(MODELS[name]()))]


def test_bars_narrow_where_the_numbers_are_few():
    figure = plot_network(Sequential([Dense(784), Dense(2), ReLU(), Dense(784)], (784,), rng=0))
    bars = [patch.get_width() for patch in figure.axes[0].patches][:5]
    assert bars[0] == bars[1] == bars[4] > 3 * bars[2] and bars[2] == bars[3]


# --- histograms -------------------------------------------------------------------


def images(low=0, n=8):
    return np.random.default_rng(1).uniform(low, 1, (n, 28, 28, 1)).astype(np.float32)


@pytest.mark.parametrize("name", ["GAN", "DCGAN", "VAE", "Autoencoder", "CycleGAN"])
def test_looking_changes_nothing(name):
    model, alone = MODELS[name](), MODELS[name]()
    x = [images(-1 if name.endswith("GAN") else 0, n=3)] * (2 if name == "CycleGAN" else 1)
    for each in (model, alone):
        each.train_on_batch(*x)
    grads = {key: network.flat_grads.copy() for key, network in model.networks.items()}
    figure = plot_histograms(model, *x)
    for key, value in alone.snapshot().items():
        assert np.array_equal(model.snapshot()[key], value), key
    for key, network in model.networks.items():
        assert np.array_equal(network.flat_grads, grads[key])
    assert model.train_on_batch(*x) == alone.train_on_batch(*x)  # with the same random numbers
    layers = sum(len(network.layers) for network in model.networks.values())
    assert len(figure.axes) == 2 * layers
    assert figure.axes[-1].get_xlabel() == "log10 of |dy|"


def test_random_numbers_of_a_dropout_are_put_back_too():
    def build():
        encoder = Sequential([Dense(6), Dropout(0.5), ReLU(), Dense(2)], (5,), rng=7, name="encoder")
        return Autoencoder(encoder, Sequential([Dense(5)], (2,), rng=8), rng=9)

    x = np.random.default_rng(0).uniform(0, 1, (4, 5)).astype(np.float32)
    model, alone = build(), build()
    plot_histograms(model, x)
    assert model.train_on_batch(x) == alone.train_on_batch(x)


def test_the_histograms_count_outputs_and_gradients():
    x = images()
    model = Autoencoder(rng=0)
    figure = plot_histograms(model, x)
    model.compute_gradients(x)
    y = model.decoder.forward(model.encoder.forward(x, training=True), training=True)
    left, right = figure.axes[-2:]  # the last layer, a Sigmoid
    counts, edges, _ = left.patches[0].get_data()
    assert np.array_equal(counts, np.histogram(y, edges)[0]) and counts.sum() == y.size
    model.loss.forward(y, x)
    dy = model.loss.backward()
    counts, edges, _ = right.patches[0].get_data()
    sizes = np.log10(np.abs(dy[dy != 0], dtype=np.float64))
    assert np.array_equal(counts, np.histogram(sizes, edges)[0]) and counts.sum() == sizes.size
    np.testing.assert_allclose(edges[[0, -1]], [sizes.min(), sizes.max()])
    first = figure.axes[1]  # a Flatten, which is not asked in an encoder's step
    assert first.texts[0].get_text() == "no gradient" and not first.patches


def test_some_networks_only():
    gan = GAN(rng=0)
    figure = plot_histograms(gan, images(-1), networks=["discriminator"])
    assert len(figure.axes) == 2 * len(gan.discriminator.layers)
    with pytest.raises(ValueError, match="networks must be among generator, discriminator, got encoder"):
        plot_histograms(gan, images(-1), networks=["encoder"])


def test_a_batch_that_does_not_fit_leaves_the_model_as_it_was():
    gan = GAN(rng=0)
    before = gan.snapshot()
    with pytest.raises(ValueError, match="expects"):
        plot_histograms(gan, np.zeros((3, 5), np.float32))
    assert all(np.array_equal(before[key], value) for key, value in gan.snapshot().items())
    assert all("forward" not in vars(layer) for layer in gan.discriminator.layers)


@pytest.mark.parametrize("model", ["GAN", "VAE"])
def test_texts_of_histograms_stay_apart(model):
    figure = plot_histograms(MODELS[model](), images())
    found = [(text, box) for text, box in texts(figure) if any(letter.isalpha() for letter in text)]
    for (one, a), (other, b) in itertools.combinations(found, 2):
        assert not a.overlaps(b), (one, other)


# --- kernels ----------------------------------------------------------------------


def kernel_at(figure, row, column, shape):
    picture = figure.axes[0].images[0].get_array()
    top, left = row * (shape[0] + 1) + 1, column * (shape[1] + 1) + 1
    return picture[top : top + shape[0], left : left + shape[1]].astype(np.float32)


def test_kernels_are_the_first_convolutions():
    dcgan = DCGAN.book(rng=0)
    figure = plot_kernels(dcgan)
    W = dcgan.discriminator.layers[0].params["W"]  # 32 kernels, in rows of 8
    for k in range(32):
        assert np.array_equal(kernel_at(figure, k // 8, k % 8, (3, 3)), W[:, :, 0, k])
    assert figure.get_suptitle() == "32 of the 32 kernels of conv2d_1, discriminator"
    found = texts(figure)
    assert all(not a.overlaps(b) for (_, a), (_, b) in itertools.combinations(found, 2))


def test_kernels_for_colour_have_a_row_for_each_channel():
    network = Sequential([ReLU(), Conv2D(20, (3, 5))], (9, 9, 3), rng=0)
    figure = plot_kernels(network, most=30)
    W = network.layers[1].params["W"]  # 10 kernels of 3 channels
    for channel, k in ((0, 0), (1, 3), (2, 9)):
        assert np.array_equal(kernel_at(figure, channel, k, (3, 5)), W[:, :, channel, k])
    assert figure.axes[0].images[0].get_array().shape == (3 * 4 + 1, 10 * 6 + 1)
    with pytest.raises(ValueError, match="needs a Conv2D, but the GAN has none"):
        plot_kernels(GAN(rng=0))


def test_kernels_of_a_network_within_a_network():
    figure = plot_kernels(Classifier(rng=0))
    assert figure.get_suptitle() == "20 of the 20 kernels of conv2d_1, network"


def test_a_network_that_is_not_built_has_nothing_to_show():
    with pytest.raises(ValueError, match="has no parameters yet"):
        plot_network(Sequential([Dense(3)]))
