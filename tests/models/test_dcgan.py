"""DCGAN: the networks of the book, the smaller ones, gradients, learning, errors."""

import math

import numpy as np
import pytest

from numpygan import Adam, BinaryCrossEntropyFromLogits, Conv2D, Conv2DTranspose
from numpygan.checkpoint import load, save
from numpygan.datasets import load_digits
from numpygan.models import (
    DCGAN,
    GAN,
    small_discriminator,
    small_generator,
)
from numpygan.models.dcgan_presets import PRESETS

SHAPE = (8, 8, 1)
EACH = pytest.mark.parametrize(
    ("generator", "discriminator"),
    [(preset.generator, preset.discriminator) for preset in PRESETS.values()],
    ids=PRESETS,
)


def tiny(seed=0, **options):
    """Return a DCGAN of a few filters for images of 8x8 pixels."""
    rng = np.random.default_rng(seed)
    generator = small_generator(SHAPE, 5, hidden=8, filters=(6, 4), rng=rng)
    discriminator = small_discriminator(SHAPE, hidden=8, filters=(4, 6), rng=rng)
    return DCGAN(generator, discriminator, rng=rng, **options)


def pictures(n=64, seed=0):
    """Return images whose upper half is bright, give or take some noise, (n, *SHAPE)."""
    x = np.random.default_rng(seed).uniform(-0.2, 0.2, (n, *SHAPE)).astype(np.float32)
    x[:, :4] += 0.7
    x[:, 4:] -= 0.7
    return x


def outline(network):
    """Return kind, filters, kernel, strides and slope of each layer, as far as it has them."""
    names = ("filters", "kernel_size", "strides", "padding", "negative_slope", "units", "target_shape")
    lines = []
    for layer in network.layers:
        settings = layer.config()
        lines.append((type(layer).__name__, *(settings[name] for name in names if name in settings)))
    return lines


def test_the_default_generator_is_the_books():
    transposed, bent = ("Conv2DTranspose",), ("LeakyReLU", 0.01)
    assert outline(DCGAN.book(rng=0).generator) == [
        ("Dense", 7 * 7 * 256),
        ("Reshape", [7, 7, 256]),
        (*transposed, 128, [3, 3], [2, 2], "same"), ("BatchNormalization",), bent,
        (*transposed, 64, [3, 3], [1, 1], "same"), ("BatchNormalization",), bent,
        (*transposed, 1, [3, 3], [2, 2], "same"), ("Tanh",),
    ]  # fmt: skip


def test_the_default_discriminator_is_the_books():
    same, bent = ([3, 3], [2, 2], "same"), ("LeakyReLU", 0.01)
    assert outline(DCGAN.book(rng=0).discriminator) == [
        ("Conv2D", 32, *same), bent,
        ("Conv2D", 64, *same), ("BatchNormalization",), bent,
        ("Conv2D", 128, *same), ("BatchNormalization",), bent,
        ("Flatten",), ("Dense", 1),
    ]  # fmt: skip


def test_the_numbers_of_parameters_counted_by_hand():
    gan = DCGAN.book(rng=0)
    generator = 101 * 12544 + (9 * 256 + 1) * 128 + 2 * 128 + (9 * 128 + 1) * 64 + 2 * 64 + 9 * 64 + 1
    discriminator = 10 * 32 + (9 * 32 + 1) * 64 + 2 * 64 + (9 * 64 + 1) * 128 + 2 * 128 + 16 * 128 + 1
    assert (gan.generator.count_params(), gan.discriminator.count_params()) == (generator, discriminator)


def test_the_optimisers_are_those_of_the_paper():
    gan = DCGAN.book(rng=0)
    for rule in gan.optimizers.values():
        assert isinstance(rule, Adam) and (rule.learning_rate, rule.beta_1) == (2e-4, 0.5)


def test_everything_given_is_used():
    G, D = small_generator(SHAPE, rng=0), small_discriminator(SHAPE, rng=0)
    first, second = Adam(1e-3), Adam(2e-3)
    gan = DCGAN(G, D, generator_optimizer=first, discriminator_optimizer=second, rng=0)
    assert (gan.generator, gan.discriminator) == (G, D)
    assert (gan.generator_optimizer, gan.discriminator_optimizer) == (first, second)


@EACH
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 20, 3), (4, 4, 1)])
def test_images_of_other_sizes_and_colours(generator, discriminator, shape):
    rng = np.random.default_rng(0)
    gan = DCGAN(generator(shape, latent_dim=3, rng=rng), discriminator(shape, rng=rng), rng=rng)
    images = gan.generate(2)
    assert images.shape == (2, *shape) and images.dtype == np.float32
    assert np.abs(images).max() <= 1
    assert gan.discriminate(images).shape == (2,)


@pytest.mark.parametrize(
    ("shape", "filters"),
    [((32, 32, 3), [8, 16, 32, 64]), ((16, 60, 3), [8, 16, 32, 64, 128]), ((8, 8, 3), [8, 16])],
)
def test_the_networks_of_pictures_in_colour(shape, filters):
    gan = DCGAN(image_shape=shape, rng=0)
    found = [
        [layer.output_shape[-1] for layer in network.layers if isinstance(layer, (Conv2D, Conv2DTranspose))]
        for network in gan.networks.values()
    ]
    assert found == [[*(2 * n for n in filters[-2::-1]), 3], filters]
    drawn = gan.generator.layers[-2]
    assert drawn.kernel_size == (3, 3) and drawn.strides == (1, 1) and drawn.input_shape[:2] == shape[:2]
    assert gan.generator.output_shape == gan.discriminator.input_shape == shape


@pytest.mark.parametrize(
    ("shape", "filters"),
    [((64, 64, 3), [256, 128, 64, 32]), ((32, 33, 3), [128, 64, 32]), ((60, 20, 3), [256, 128, 64, 32])],
)
def test_larger_pictures_in_colour_have_a_wide_generator(shape, filters):
    gan = DCGAN(image_shape=shape, rng=0)
    assert outline(gan.generator) == outline(small_generator(shape, filters=filters, rng=0))
    assert outline(gan.discriminator) == outline(small_discriminator(shape, rng=0))
    assert gan.generator.output_shape == shape


@pytest.mark.parametrize(("size", "name"), [((16, 16), "colour"), ((16, 80), "large-colour")])
def test_the_presets_of_pictures_in_colour_have_their_own_settings(size, name):
    preset, shape = PRESETS[name], (*size, 3)
    gan = DCGAN(image_shape=shape, rng=0)
    assert gan.r1 == preset.r1 and DCGAN(image_shape=shape, r1=0.25, rng=0).r1 == 0.25
    for rule in gan.optimizers.values():
        assert (rule.learning_rate, rule.beta_1) == (preset.learning_rate, preset.beta_1)
    assert DCGAN(image_shape=(16, 16, 1), rng=0).r1 == 0


def test_networks_of_your_own_are_no_preset():
    shape = (16, 16, 3)
    gan = DCGAN(small_generator(shape, rng=0), small_discriminator(shape, rng=0), rng=0)
    assert gan.r1 == 0
    assert [(rule.learning_rate, rule.beta_1) for rule in gan.optimizers.values()] == 2 * [(1e-3, 0.5)]


def test_a_generator_alone_gets_a_discriminator_that_fits():
    gan = DCGAN(small_generator((12, 8, 3), rng=0), rng=0)
    assert gan.discriminator.input_shape == (12, 8, 3)


def numeric_slope(loss, network, direction, step=1e-6):
    """Return dloss/dparams along `direction`, by central differences."""
    start = network.flat_params.copy()
    network.flat_params[:] = start + step * direction
    high = loss()
    network.flat_params[:] = start - step * direction
    low = loss()
    network.flat_params[:] = start
    return (high - low) / (2 * step)


@EACH
def test_gradients_of_the_whole_game(generator, discriminator):
    """Both networks' gradients in random directions, through each other, in float64."""
    rng = np.random.default_rng(1)
    G = generator((8, 4, 1), latent_dim=3, rng=rng).astype(np.float64)
    D = discriminator((8, 4, 1), rng=rng).astype(np.float64)
    bce = BinaryCrossEntropyFromLogits()
    z = rng.standard_normal((4, 3))

    def fooled():
        return bce.forward(D.forward(G.forward(z, training=True), training=True), 1)

    fooled()
    G.zero_grad()
    D.zero_grad()
    G.parameter_gradients(D.input_gradient(bce.backward()))
    assert not D.flat_grads.any()
    fooled()
    D.parameter_gradients(bce.backward())
    for network in (G, D):
        for _ in range(3):
            direction = rng.standard_normal(network.flat_params.size)
            direction /= np.linalg.norm(direction)
            analytic = network.flat_grads @ direction
            assert analytic == pytest.approx(numeric_slope(fooled, network, direction), rel=1e-6, abs=1e-9)


def test_a_generator_step_leaves_the_discriminators_parameters_alone():
    gan = tiny()
    gan.train_on_batch(pictures(16))
    D = gan.discriminator
    before = D.flat_params.copy(), D.flat_grads.copy()
    gan._update_generator(gan.noise(16))
    assert np.array_equal(D.flat_params, before[0]) and np.array_equal(D.flat_grads, before[1])


def test_nothing_in_a_float32_iteration_is_float64():
    gan = tiny()
    gan.train_on_batch(pictures(16))
    for network in gan.networks.values():
        for layer in network.layers:
            for key, value in vars(layer).items():
                assert not (isinstance(value, np.ndarray) and value.dtype == np.float64), (layer.name, key)
    assert gan.generate(2).dtype == np.float32


def test_same_seed_same_parameters_to_the_bit():
    runs = [tiny(seed) for seed in (3, 3, 4)]
    for gan in runs:
        gan.fit(pictures(), iterations=20, batch_size=16, progress=False)
    a, b, c = (gan.generator.flat_params for gan in runs)
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_learns_which_half_of_the_image_is_bright():
    gan = tiny(generator_optimizer=Adam(2e-3, beta_1=0.5), discriminator_optimizer=Adam(2e-3, beta_1=0.5))
    gan.fit(pictures(256), iterations=600, batch_size=32, progress=False)
    mean = gan.generate(200, rng=0).mean(axis=0)
    assert mean[:4].min() > 0.2 and mean[4:].max() < -0.2


def test_a_saved_dcgan_is_a_dcgan_when_loaded(tmp_path):
    gan = tiny()
    gan.fit(pictures(), iterations=5, batch_size=16, progress=False)
    save(gan, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert type(twin) is DCGAN
    for name, array in gan.snapshot().items():
        assert np.array_equal(array, twin.snapshot()[name]), name
    assert np.array_equal(gan.generate(5, rng=1), twin.generate(5, rng=1))
    for network, copy in zip(gan.networks.values(), twin.networks.values()):
        assert outline(network) == outline(copy)


@EACH
def test_image_shapes_that_are_none(generator, discriminator):
    with pytest.raises(ValueError, match=r"image_shape must be \(H, W, C\), got \(28, 28\)"):
        generator((28, 28))
    with pytest.raises(TypeError, match="image_shape must be a tuple"):
        generator(28)


def test_too_few_filters_are_refused():
    with pytest.raises(ValueError, match=r"filters: images of 64 x 40 need 4 numbers, got \(32, 16\)"):
        small_generator((64, 40, 3), filters=(32, 16))
    assert small_generator((64, 40, 3), filters=(6, 5, 4, 3), rng=0).output_shape == (64, 40, 3)


@EACH
@pytest.mark.parametrize("latent_dim", [0, -1, 2.5])
def test_a_bad_latent_dim_is_named(generator, discriminator, latent_dim):
    with pytest.raises((ValueError, TypeError), match="latent_dim must be a positive integer"):
        generator(latent_dim=latent_dim)


def test_networks_that_do_not_fit_are_refused():
    G = small_generator(SHAPE, rng=0)
    with pytest.raises(ValueError, match=r"draws \(8, 8, 1\), the discriminator expects \(8, 4, 1\)"):
        DCGAN(G, small_discriminator((8, 4, 1), rng=0))


@pytest.mark.slow
def test_draws_strokes_of_digits_where_a_dense_gan_draws_grain():
    """After 300 iterations, neighbouring pixels of the samples agree about as much as real ones'."""
    digits, _ = load_digits()

    def roughness(x):
        return np.abs(np.diff(x, axis=2)).mean() / x.std()

    convolutional, dense = DCGAN(rng=0), GAN(rng=0)
    for gan in (convolutional, dense):
        gan.fit(digits, iterations=300, batch_size=32, progress=False)
    real = roughness(digits)
    ours, theirs = (abs(roughness(gan.generate(300)) - real) for gan in (convolutional, dense))
    assert ours < 0.5 * theirs


def test_the_small_preset_is_convolutional_and_a_twentieth_of_the_work():
    small, book = DCGAN(rng=0), DCGAN.book(rng=0)
    for name, kind in (("generator", Conv2DTranspose), ("discriminator", Conv2D)):
        assert any(isinstance(layer, kind) for layer in small.networks[name].layers)
    work = [sum(map(multiplications, model.networks.values())) for model in (small, book)]
    assert work[0] < work[1] / 20


def multiplications(network):
    """Return the number of multiplications that one sample takes."""
    total = 0
    for layer in network.layers:
        if "W" in layer.params:
            shapes = (layer.input_shape, layer.output_shape)
            windows = min(math.prod(shape[:2]) for shape in shapes) if len(shapes[0]) == 3 else 1
            total += windows * layer.params["W"].size
    return total
