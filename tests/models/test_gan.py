import numpy as np
import pytest

from numpygan import SGD, Adam, Dense, Dropout, Flatten, LeakyReLU, Reshape, Sequential, Sigmoid, Tanh
from numpygan.datasets import load_digits
from numpygan.layers import BatchNormalization, sigmoid
from numpygan.models import GAN, dense_discriminator, dense_generator
from numpygan.training import Callback, DivergenceError

SHAPE = (6, 5, 1)


def small_gan(rng=0, **kwargs):
    rng = np.random.default_rng(rng)
    generator = dense_generator(SHAPE, latent_dim=4, hidden=8, rng=rng)
    return GAN(generator, dense_discriminator(SHAPE, hidden=8, rng=rng), rng=rng, **kwargs)


def images(n=64, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(np.float32)


def test_the_default_networks_are_those_of_the_course():
    gan = GAN(rng=0)
    kinds = [type(layer).__name__ for layer in gan.generator.layers]
    assert kinds == ["Dense", "LeakyReLU", "Dense", "Tanh", "Reshape"]
    assert gan.generator.input_shape == (100,) and gan.generator.output_shape == (28, 28, 1)
    assert gan.generator.layers[0].units == 128
    kinds = [type(layer).__name__ for layer in gan.discriminator.layers]
    assert kinds == ["Flatten", "Dense", "LeakyReLU", "Dense"]
    assert [layer.negative_slope for layer in gan.networks["generator"].layers[1:2]] == [0.01]
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert (type(optimizer), optimizer.learning_rate, optimizer.beta_1) == (Adam, 2e-3, 0)
    assert (gan.generator.count_params(), gan.discriminator.count_params()) == (114_064, 100_609)


def test_a_generator_step_leaves_the_discriminator_bit_identical():
    gan = small_gan()
    gan.train_on_batch(images(16))
    D, G = gan.discriminator, gan.generator
    before = D.flat_params.copy(), D.flat_grads.copy(), G.flat_params.copy()
    gan._update_generator(gan.noise(16))
    assert np.any(before[1])  # gradients of the last discriminator step are still there
    assert np.array_equal(D.flat_params, before[0]) and np.array_equal(D.flat_grads, before[1])
    assert not np.array_equal(G.flat_params, before[2])


def test_a_discriminator_step_leaves_the_generator_bit_identical():
    gan = small_gan()
    gan.train_on_batch(images(16))
    D, G = gan.discriminator, gan.generator
    before = G.flat_params.copy(), G.flat_grads.copy(), D.flat_params.copy()
    gan._update_discriminator((images(16), 1))
    gan._update_discriminator((G.forward(gan.noise(16), training=True), 0))
    assert np.array_equal(G.flat_params, before[0]) and np.array_equal(G.flat_grads, before[1])
    assert not np.array_equal(D.flat_params, before[2])


@pytest.mark.parametrize("updates", ["separate", "summed"])
def test_one_iteration_by_hand(updates):
    """The whole iteration once more, in float64, written out with a 1-unit generator."""
    rng = np.random.default_rng(5)
    G = Sequential([Dense(1), Reshape((1, 1, 1))], (1,), rng=rng, dtype=np.float64)
    D = Sequential([Flatten(), Dense(1)], (1, 1, 1), rng=rng, dtype=np.float64)
    gan = GAN(
        G, D, discriminator_updates=updates, generator_optimizer=SGD(0.1), discriminator_optimizer=SGD(0.1), rng=7
    )  # fmt: skip
    w, b = G.flat_params.copy()
    v, c = D.flat_params.copy()
    x = np.array([[0.5], [-1.0], [2.0]])
    noise = np.random.default_rng(7)

    p = sigmoid(v * x + c)  # 1. real: d/dlogit of -log p is p - 1
    loss_real = -np.log(p).mean()
    real_step = 0.1 * ((p - 1) * x).mean(), 0.1 * (p - 1).mean()
    if updates == "separate":
        v, c = v - real_step[0], c - real_step[1]
    fake = w * noise.standard_normal((3, 1)) + b
    q = sigmoid(v * fake + c)  # 2. fake: d/dlogit of -log(1 - q) is q
    loss_fake = -np.log(1 - q).mean()
    v, c = v - 0.1 * (q * fake).mean(), c - 0.1 * q.mean()
    if updates == "summed":
        v, c = v - real_step[0], c - real_step[1]
    z = noise.standard_normal((3, 1))
    r = sigmoid(v * (w * z + b) + c)  # 3. generator: d/dimage = (r - 1) v
    g_loss = -np.log(r).mean()
    w, b = w - 0.1 * ((r - 1) * v * z).mean(), b - 0.1 * ((r - 1) * v).mean()

    measured = gan.train_on_batch(x.reshape(3, 1, 1, 1))
    np.testing.assert_allclose(G.flat_params, [w, b], rtol=1e-12)
    np.testing.assert_allclose(D.flat_params, [v, c], rtol=1e-12)
    expected = {
        "d_loss": (loss_real + loss_fake) / 2,
        "g_loss": g_loss,
        "accuracy_real": (p > 0.5).mean(),
        "accuracy_fake": (q <= 0.5).mean(),
        "D(x)": p.mean(),
        "D(G(z))": q.mean(),
    }
    assert measured == pytest.approx(expected, rel=1e-12)


def test_same_seed_same_parameters_to_the_bit_whatever_the_global_seed():
    results = []
    for global_seed in (1, 2):
        np.random.seed(global_seed)
        gan = GAN(rng=3)
        gan.fit(load_digits()[0][:1000], iterations=200, batch_size=32, progress=False)
        results.append(np.concatenate([gan.generator.flat_params, gan.discriminator.flat_params]))
    assert np.array_equal(*results)


def test_recording_samples_does_not_change_the_run():
    plain, watched = small_gan(), small_gan()
    plain.fit(images(), iterations=30, batch_size=16, progress=False)
    watched.fit(images(), iterations=30, batch_size=16, progress=False, sample_interval=7)
    assert np.array_equal(plain.generator.flat_params, watched.generator.flat_params)
    assert [iteration for iteration, _ in watched.samples] == [0, 7, 14, 21, 28, 30]


def test_nothing_in_a_float32_iteration_is_float64():
    gan = small_gan()
    gan.train_on_batch(images(16))
    for name, array in gan.snapshot().items():
        assert array.dtype == np.float32 or name.endswith("/t"), name
    for network in gan.networks.values():
        for layer in network.layers:
            for key, value in vars(layer).items():
                assert not (isinstance(value, np.ndarray) and value.dtype == np.float64), (layer.name, key)
    assert gan.noise(3).dtype == gan.generate(3).dtype == gan.discriminate(images(3)).dtype == np.float32


def test_learns_which_half_of_the_image_is_bright():
    adams = [Adam(1e-3, beta_1=0.5) for _ in range(2)]
    gan = small_gan(generator_optimizer=adams[0], discriminator_optimizer=adams[1])
    pattern = np.where(np.arange(6) < 3, 0.7, -0.7).reshape(6, 1, 1).astype(np.float32)
    gan.fit(pattern + 0.2 * images(256), iterations=1000, batch_size=32, progress=False)
    mean = gan.generate(500, rng=0).mean(axis=0)
    assert mean[:3].min() > 0.3 and mean[3:].max() < -0.3


def test_networks_without_a_name_are_named_in_errors_and_tables():
    gan = GAN(Sequential([Dense(3)], (2,)), Sequential([Dense(1)], (3,)), rng=0)
    printed = []
    gan.summary(print_fn=printed.append)
    assert printed[0] == "generator:" and printed[2] == "discriminator:"
    gan.generator.flat_params[:] = np.nan
    with pytest.raises(DivergenceError, match="of Dense 'dense_1' in the generator is not finite"):
        gan.train_on_batch(np.zeros((4, 3)))


def test_noise_from_a_seed_is_that_of_its_generator():
    gan = small_gan()
    assert np.array_equal(gan.noise(3, rng=7), gan.noise(3, rng=np.random.default_rng(7)))


def test_fit_goes_on_and_history_grows():
    gan = small_gan()
    assert gan.fit(images(), iterations=5, batch_size=16, progress=False) is gan.history
    gan.fit(images(), iterations=3, batch_size=16, progress=False)
    assert len(gan.history) == 8
    assert list(gan.history.columns) == [
        "d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))",
    ]  # fmt: skip


def test_any_networks_with_batch_norm_and_dropout():
    rng = np.random.default_rng(0)
    G = Sequential([Dense(8), BatchNormalization(), LeakyReLU(), Dense(30), Reshape(SHAPE)], (4,), rng=rng)
    D = Sequential([Flatten(), Dense(8), Dropout(0.3), BatchNormalization(), Dense(1)], SHAPE, rng=rng)
    gan = GAN(G, D, rng=rng)
    gan.fit(images() * 100, iterations=5, batch_size=16, progress=False)  # no tanh: any pixel range will do
    assert gan.generate(3).shape == (3, *SHAPE)
    assert np.any(G.state["batch_normalization_1.moving_mean"])


def test_discriminate_gives_probabilities():
    gan = small_gan()
    p = gan.discriminate(images(300))
    assert p.shape == (300,) and np.all((p > 0) & (p < 1))
    logits = gan.discriminator.forward(images(300))[:, 0]
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-logits)), rtol=1e-5)


def test_generate_with_a_seed_repeats():
    gan = small_gan()
    assert np.array_equal(gan.generate(4, rng=1), gan.generate(4, rng=1))
    assert not np.array_equal(gan.generate(4), gan.generate(4))


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda x: x[:0], ValueError, r"x is empty: expected images of shape \(N, 6, 5, 1\)"),
        (lambda x: x[..., 0], ValueError, r"x must have shape \(N, 6, 5, 1\), got \(64, 6, 5\)"),
        (lambda x: (x * 100).astype(np.int64), TypeError, "x must hold floats, got int64"),
        (lambda x: x.astype(object), TypeError, "x must hold floats, got object"),
        (lambda x: x.astype(complex), TypeError, "x must hold floats, got complex128"),
        (lambda x: np.where(x > 0.9, np.nan, x), ValueError, "NaN or infinite"),
        (lambda x: np.where(x > 0.9, np.inf, x), ValueError, "NaN or infinite"),
        (lambda x: (x + 1) * 127.5, ValueError, r"pixels from .* to 25\d.* draws from -1 to 1"),
        (lambda x: x[:5], ValueError, "batch_size must be from 1 to the number of samples, 5, got 16"),
    ],
)
def test_bad_data_is_refused_before_anything_changes(change, kind, message):
    gan = small_gan()
    before = gan.snapshot()
    with pytest.raises(kind, match=message):
        gan.fit(change(images()), iterations=5, batch_size=16, progress=False)
    assert len(gan.history) == 0
    assert all(np.array_equal(a, b) for a, b in zip(before.values(), gan.snapshot().values()))


@pytest.mark.parametrize("bad", [{"iterations": 0}, {"batch_size": 0}, {"sample_interval": 0}])
def test_bad_numbers_are_named(bad):
    (name,) = bad
    with pytest.raises(ValueError, match="every" if name == "sample_interval" else name):
        small_gan().fit(images(), **{"iterations": 3, "batch_size": 16, "progress": False, **bad})


def test_networks_that_do_not_fit_are_refused():
    rng = np.random.default_rng(0)
    G = dense_generator(SHAPE, 4, 8, rng=rng)
    with pytest.raises(ValueError, match=r"generator draws \(6, 5, 1\), the discriminator expects \(5, 5, 1\)"):
        GAN(G, dense_discriminator((5, 5, 1), rng=rng))
    with pytest.raises(ValueError, match=r"one logit per image, \(N, 1\), not \(2,\)"):
        GAN(G, Sequential([Flatten(), Dense(2)], SHAPE, rng=rng))
    with pytest.raises(ValueError, match="must return a logit.*Sigmoid 'sigmoid_1'.*leave that layer out"):
        GAN(G, Sequential([Flatten(), Dense(1), Sigmoid()], SHAPE, rng=rng))
    with pytest.raises(ValueError, match="float32, the discriminator in float64"):
        GAN(G, Sequential([Flatten(), Dense(1)], SHAPE, rng=rng, dtype=np.float64))
    shared = Adam(1e-3)
    with pytest.raises(ValueError, match="each need an optimizer of their own"):
        GAN(G, generator_optimizer=shared, discriminator_optimizer=shared)
    with pytest.raises(TypeError, match="generator_optimizer must be an optimizer such as .*, got 'adam'"):
        GAN(G, generator_optimizer="adam")
    with pytest.raises(TypeError, match="discriminator_optimizer must be an optimizer"):
        GAN(G, discriminator_optimizer=Adam)
    with pytest.raises(ValueError, match="n must be a positive integer, got 0"):
        small_gan().generate(0)
    with pytest.raises(TypeError, match="n must be a positive integer, got 2.5"):
        small_gan().generate(2.5)


def test_noise_takes_a_seed_as_generate_does():
    gan = small_gan()
    np.testing.assert_array_equal(gan.generate_from(gan.noise(3, rng=5)), gan.generate(3, rng=5))


def test_images_and_labels_in_one_are_refused_by_that_name():
    with pytest.raises(TypeError, match="x must be one array .* a tuple of 2: load_digits.. and its like return images"):
        small_gan().fit((np.zeros((8, *SHAPE), np.float32), np.zeros(8)), iterations=1)


@pytest.mark.parametrize("who", ["generator", "discriminator"])
@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_nan_stops_the_run_names_the_layer_and_keeps_good_parameters(who, poison):
    gan = small_gan()

    class Poison(Callback):
        """From iteration 120 on, one weight is not a number."""

        def after_iteration(self, iteration, model, history):
            if iteration == 120:
                model.networks[who].params["dense_2.W"][0, 0] = poison

    message = f"stopped in iteration 121: parameter W of Dense 'dense_2' in the {who} is not finite"
    with pytest.raises(DivergenceError, match=message):
        gan.fit(images(), iterations=300, batch_size=16, progress=False, callbacks=[Poison()])
    assert len(gan.history) == 120 and "121" in gan.history.stopped_by
    for array in gan.snapshot().values():
        assert np.isfinite(array).all()
    reference = small_gan()  # copies are made before iterations 50, 100: the proven one is from 49
    reference.fit(images(), iterations=49, batch_size=16, progress=False)
    for name, array in reference.snapshot().items():
        assert np.array_equal(array, gan.snapshot()[name]), name


def test_an_overflowing_gradient_names_the_layer():
    """Finite losses, but a gradient that overflows float32 on its way down."""
    rng = np.random.default_rng(0)
    D = Sequential([Flatten(), Dense(4, name="low"), Dense(1, name="high")], SHAPE, rng=rng, name="judge")
    D.params["low.W"][...] = 1e-30
    D.params["high.W"][...] = 1e25
    gan = GAN(dense_generator(SHAPE, 4, 8, rng=rng), D, rng=0)
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(DivergenceError, match="'low' in the judge"):
        gan.train_on_batch(images(16) * np.float32(1e20))
    assert np.all(D.params["low.W"] == np.float32(1e-30))  # raised before the update


def test_whole_tanh_range_is_accepted_and_no_more():
    gan = small_gan()
    x = images(32)
    x[0, 0, 0, 0], x[0, 0, 1, 0] = -1, 1
    gan.fit(x, iterations=1, batch_size=16, progress=False)
    assert gan.generator.output_range == Tanh.output_range == (-1, 1)
