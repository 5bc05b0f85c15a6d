"""The conditional GAN: every parameter against central differences, labels, and what is refused."""

import numpy as np
import pytest

from numpygan import (
    SGD,
    BatchNormalization,
    ConditionalGAN,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    LeakyReLU,
    Reshape,
    Sequential,
    Tanh,
    check_function,
)
from numpygan.checkpoint import load, save
from numpygan.models.conditions import JudgeToldAfter, JudgeToldBefore, cut, join
from numpygan.training import DivergenceError, SampleRecorder

SHAPE, K = (4, 4, 1), 3


def dense_generator(rng, dtype):
    layers = [Dense(6), LeakyReLU(0.2), Dense(16), Tanh(), Reshape(SHAPE)]
    return Sequential(layers, (2 + K,), rng=rng, dtype=dtype)


def dense_before(rng, dtype):
    """Dense networks; the label stands beside the flat image."""
    D = Sequential([Dense(6), LeakyReLU(0.2), Dense(1)], (16 + K,), rng=rng, dtype=dtype)
    return dense_generator(rng, dtype), D


def dense_after(rng, dtype):
    """Dense networks; the label picks a logit."""
    D = Sequential([Flatten(), Dense(6), LeakyReLU(0.2), Dense(K)], SHAPE, rng=rng, dtype=dtype)
    return dense_generator(rng, dtype), D


def conv_generator(rng, dtype):
    layers = [Dense(8), BatchNormalization(), LeakyReLU(0.2), Reshape((2, 2, 2))]
    return Sequential([*layers, Conv2DTranspose(1, 2, 2), Tanh()], (2 + K,), rng=rng, dtype=dtype)


def conv_before(rng, dtype):
    """Convolutional networks; the label stands beside every pixel."""
    layers = [Conv2D(3, 2, 2), LeakyReLU(0.2), Flatten(), Dense(1)]
    return conv_generator(rng, dtype), Sequential(layers, (4, 4, 1 + K), rng=rng, dtype=dtype)


def conv_after(rng, dtype):
    layers = [Conv2D(3, 2, 2), LeakyReLU(0.2), Flatten(), Dense(K)]
    return conv_generator(rng, dtype), Sequential(layers, SHAPE, rng=rng, dtype=dtype)


BEFORE, AFTER = [dense_before, conv_before], [dense_after, conv_after]


def tiny(networks=dense_after, dtype=np.float32, seed=0, **options):
    rng = np.random.default_rng(seed)
    G, D = networks(rng, dtype)
    for network in (G, D):
        network.flat_params += 0.1 * rng.standard_normal(network.flat_params.size).astype(dtype)  # biases too
    return ConditionalGAN(G, D, classes=options.pop("classes", K), label_scale=2, rng=rng, **options)


def batch(n=6, seed=1, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (n, *SHAPE)).astype(dtype), np.arange(n) % K


class StandingStill(SGD):
    """An optimiser that moves nothing, so that the same loss can be computed again."""

    def update(self, params, grads):
        pass


def still(networks, **options):
    players = {f"{player}_optimizer": StandingStill(1) for player in ("generator", "discriminator")}
    return tiny(networks, np.float64, **players, **options)


def report_on_generator(gan):
    labels = batch()[1]
    z, code = gan.noise(len(labels)), gan.code(labels)
    return check_function(
        lambda: gan._update_generator(z, code),
        {"G": gan.generator.flat_params},
        lambda: {"G": gan.generator.flat_grads},
        tolerance=1e-6,
    )


def report_on_discriminator(gan):
    (x, labels), D = batch(dtype=np.float64), gan.discriminator
    code = gan.code(labels)
    fake = gan._draw(code)
    return check_function(
        lambda: sum(loss for loss, _ in gan._update_discriminator(code, (x, 1), (fake, 0))),
        {"D": D.flat_params},
        lambda: {"D": D.flat_grads},
        tolerance=1e-6,
    )


@pytest.mark.parametrize("networks", [*BEFORE, *AFTER])
@pytest.mark.parametrize("loss", ["non-saturating", "least-squares"])
def test_gradients_of_a_whole_step_against_central_differences(networks, loss):
    gan = still(networks, loss=loss)
    assert isinstance(gan.judge, JudgeToldBefore if networks in BEFORE else JudgeToldAfter)
    report = report_on_generator(gan)
    assert report.ok, report
    report = report_on_discriminator(gan)
    assert report.ok, report


@pytest.mark.parametrize("networks", BEFORE)
def test_label_columns_left_on_dx_are_caught(networks, monkeypatch):
    """The right shape from the wrong end: the label's gradient is taken for pixels."""
    monkeypatch.setattr("numpygan.models.conditions.cut", lambda dx, classes: dx[..., classes:])
    report = report_on_generator(still(networks))
    assert not report.ok, report


@pytest.mark.parametrize("networks", BEFORE)
def test_a_forgotten_cut_is_caught(networks, monkeypatch):
    monkeypatch.setattr("numpygan.models.conditions.cut", lambda dx, classes: dx)
    with pytest.raises(ValueError, match="cannot reshape|broadcast"):
        tiny(networks).train_on_batch(*batch())


@pytest.mark.parametrize("networks", AFTER)
@pytest.mark.parametrize(
    "wrong",
    [lambda dlogit, code: dlogit * np.ones_like(code), lambda dlogit, code: dlogit * np.roll(code, 1, 1)],
)
def test_a_gradient_for_the_wrong_logits_is_caught(networks, wrong, monkeypatch):
    monkeypatch.setattr(JudgeToldAfter, "output_gradient", lambda judge, dlogit: wrong(dlogit, judge._code))
    gan = still(networks)
    assert not report_on_discriminator(gan).ok
    assert not report_on_generator(gan).ok


def test_join_and_cut_by_hand():
    x, code = np.arange(8.0).reshape(2, 2, 2, 1), np.array([[0.0, 5.0], [5.0, 0.0]])
    joined = join(x, code)
    assert joined.shape == (2, 2, 2, 3)
    np.testing.assert_array_equal(joined[0, 1, 0], [2, 0, 5])
    np.testing.assert_array_equal(joined[1, 0, 1], [5, 5, 0])
    np.testing.assert_array_equal(cut(joined, 2), x)
    np.testing.assert_array_equal(join(np.array([[1.0, 2.0]]), code[:1]), [[1, 2, 0, 5]])


def test_cut_is_the_transpose_of_join():
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 3, 3, 2)), rng.standard_normal((2, 3, 3, 7))
    assert np.sum(join(x, np.zeros((2, 5))) * dy) == pytest.approx(np.sum(x * cut(dy, 5)), rel=1e-12)


@pytest.mark.parametrize("networks", [*BEFORE, *AFTER])
@pytest.mark.parametrize("updates", ["separate", "summed"])
def test_a_step_moves_everything_and_stays_in_float32(networks, updates):
    gan = tiny(networks, discriminator_updates=updates)
    before = gan.snapshot()
    measured = gan.train_on_batch(*batch())
    assert list(measured) == ["d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))"]
    after = gan.snapshot()
    assert after["discriminator_optimizer/t"] - before["discriminator_optimizer/t"] == (
        1 if updates == "summed" else 2
    )
    for name in ("generator/params", "discriminator/params", "averages/generator/params"):
        assert not np.array_equal(before[name], after[name])
    assert all(a.dtype == np.float32 for name, a in after.items() if not name.endswith("/t"))
    assert gan.judge.given.dtype == gan.generate(3).dtype == gan.discriminate(*batch()).dtype == np.float32


def test_a_generator_step_leaves_the_discriminator_bit_identical():
    for networks in (*BEFORE, *AFTER):
        gan = tiny(networks)
        gan.train_on_batch(*batch())
        params, grads = gan.discriminator.flat_params.copy(), gan.discriminator.flat_grads.copy()
        gan._update_generator(gan.noise(6), gan.code(batch()[1]))
        assert np.array_equal(gan.discriminator.flat_params, params)
        assert np.array_equal(gan.discriminator.flat_grads, grads)


@pytest.mark.parametrize("after", [False, True])
def test_learns_from_the_label_where_it_is_bright(after):
    labels = np.arange(300) % K
    rows = np.where(np.arange(4)[:, None] < 2, 0.7, -0.7) * np.ones(4)  # bright above
    patterns = np.stack([rows, -rows, rows.T])[..., np.newaxis].astype(np.float32)
    x = patterns[labels] + np.random.default_rng(0).uniform(-0.2, 0.2, (300, *SHAPE)).astype(np.float32)
    rng = np.random.default_rng(1)
    shape, logits = (SHAPE, K) if after else ((16 + K,), 1)
    G = Sequential([Dense(32), LeakyReLU(0.2), Dense(16), Tanh(), Reshape(SHAPE)], (2 + K,), rng=rng)
    D = Sequential([Flatten(), Dense(32), LeakyReLU(0.2), Dense(logits)], shape, rng=rng)
    gan = ConditionalGAN(G, D, classes=K, label_scale=3, averaging=0.99, rng=rng)
    gan.fit(x, labels, iterations=800, batch_size=30, progress=False)
    for label, pattern in enumerate(patterns):
        assert np.mean(gan.generate(50, labels=label, rng=0) * pattern > 0) > 0.9


def test_labels_are_one_for_all_or_one_for_each_or_all_classes_in_order():
    gan = tiny()
    z = gan.noise(6, rng=0)
    one = gan.generate(6, labels=2, rng=0)
    assert np.array_equal(one, gan.generate_from(z, [2] * 6))
    assert np.array_equal(gan.generate(6, rng=0), gan.generate_from(z, [0, 0, 1, 1, 2, 2]))
    assert np.array_equal(one, gan.generate_from_code(z, gan.code(np.full(6, 2))))
    assert not np.array_equal(one, gan.generate(6, labels=1, rng=0))
    assert gan.latent_dim == 2 and gan.noise(3).shape == (3, 2)


def test_classes_have_names(tmp_path):
    gan = tiny(classes=["cat", "dog", "owl"])
    assert np.array_equal(gan.generate(4, labels="dog", rng=0), gan.generate(4, labels=1, rng=0))
    assert np.array_equal(
        gan.generate(2, labels=["owl", "cat"], rng=0), gan.generate(2, labels=[2, 0], rng=0)
    )
    x, labels = batch(12)
    names = np.array(gan.classes.names)[labels]
    gan.fit(x, names, iterations=2, batch_size=6, progress=False)
    save(gan, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert twin.classes.names == ("cat", "dog", "owl") and twin.label_scale == 2
    assert np.array_equal(gan.generate(5, rng=0), twin.generate(5, rng=0))
    with pytest.raises(ValueError, match="no class 'cow': expected one of cat, dog, owl"):
        gan.generate(4, labels="cow")


def test_recorded_grids_have_one_class_a_row():
    gan = tiny()
    gan.fit(*batch(12), iterations=4, batch_size=6, sample_interval=2, progress=False)
    iteration, images = gan.samples[-1]
    assert (iteration, len(images)) == (4, 8 * K)
    z = gan.noise(8 * K, rng=0)
    assert np.array_equal(images[8:16], gan.generate_from(z[8:16], 1))
    recorder = SampleRecorder(2, n=6)
    gan.fit(*batch(12), iterations=2, batch_size=6, callbacks=[recorder], progress=False)
    assert np.array_equal(recorder.frames[-1][1], gan.generate(6, rng=0))


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (
            lambda labels: labels[:-1],
            ValueError,
            r"labels must be \(12,\), a class for every image, got \(11,\)",
        ),
        (lambda labels: labels[:, None], ValueError, r"labels must be \(12,\).*got \(12, 1\)"),
        (lambda labels: labels + 1, ValueError, "labels: there is no class 3, only 0 to 2"),
        (lambda labels: labels - 1, ValueError, "labels: there is no class -1, only 0 to 2"),
        (lambda labels: labels.astype(float), TypeError, "got float64: use labels.astype"),
        (lambda labels: np.eye(K)[labels], ValueError, r"got \(12, 3\)"),
        (lambda labels: None, ValueError, r"got \(\)"),
        (lambda labels: labels > 0, TypeError, "got bool"),
        (lambda labels: labels.astype(str), None, ""),
    ],
)
def test_bad_labels_are_refused_before_anything_changes(change, kind, message):
    gan = tiny()
    before, (x, labels) = gan.snapshot(), batch(12)
    if kind is None:  # "0", "1" and "2" are the classes' names
        gan.fit(x, change(labels), iterations=1, batch_size=6, progress=False)
        return
    state = gan.rng.bit_generator.state
    for learn in (
        gan.train_on_batch,
        lambda *pair: gan.fit(*pair, iterations=2, batch_size=6, progress=False),
    ):
        with pytest.raises(kind, match=message):
            learn(x, change(labels))
    assert all(np.array_equal(a, b) for a, b in zip(before.values(), gan.snapshot().values()))
    assert gan.rng.bit_generator.state == state and len(gan.history) == 0


@pytest.mark.parametrize(
    ("bad", "kind", "message"),
    [
        ({"labels": 3}, ValueError, "no class 3, only 0 to 2"),
        ({"labels": 1.0}, TypeError, "integer or the name of a class, got 1.0"),
        ({"labels": True}, TypeError, "got True"),
        ({"labels": [0, 1]}, ValueError, r"labels must be \(4,\)"),
        ({"labels": [0.0] * 4}, TypeError, "got float64"),
    ],
)
def test_bad_wishes(bad, kind, message):
    with pytest.raises(kind, match=message):
        tiny().generate(4, **bad)


@pytest.mark.parametrize(
    ("classes", "kind", "message"),
    [
        (1, ValueError, "classes must be an integer of at least 2, got 1"),
        (2.5, TypeError, "their number or a list of their names, got 2.5"),
        (True, TypeError, "got True"),
        ("cats", TypeError, "got 'cats'"),
        (["a", "a"], ValueError, "two different names"),
        (["a", 3], TypeError, "non-empty strings"),
    ],
)
def test_bad_classes(classes, kind, message):
    with pytest.raises(kind, match=message):
        ConditionalGAN(classes=classes)


def test_networks_that_do_not_fit_are_refused():
    rng = np.random.default_rng(0)
    G, D = dense_after(rng, np.float32)
    with pytest.raises(
        ValueError, match=r"noise and a code of 5 classes, \(N, latent_dim \+ 5\), not \(5,\)"
    ):
        ConditionalGAN(G, D, classes=5)
    with pytest.raises(
        ValueError, match=r"to 4 logits.*\(4, 4, 5\) or \(20,\), to one: not \(4, 4, 1\) to \(3,\)"
    ):
        ConditionalGAN(G, D, classes=4)
    with pytest.raises(ValueError, match="label_scale must be in"):
        ConditionalGAN(G, D, classes=3, label_scale=0)


@pytest.mark.parametrize("networks", [*BEFORE, *AFTER])
@pytest.mark.parametrize("who", ["generator", "discriminator"])
def test_a_nan_names_the_layer(networks, who):
    gan = tiny(networks)
    gan.networks[who].layers[-1 if who == "discriminator" else 0].params["W"][0] = np.nan
    with pytest.raises(DivergenceError, match=f"parameter W of .* in the {who} is not finite"):
        gan.train_on_batch(*batch())


def test_the_default_networks():
    gan = ConditionalGAN(rng=0)
    assert (gan.latent_dim, len(gan.classes), gan.sample_shape) == (100, 10, (28, 28, 1))
    assert gan.generator.input_shape == (110,) and gan.discriminator.output_shape == (10,)
    conv = ConditionalGAN.convolutional(classes=4, image_shape=(8, 8, 3), latent_dim=5, rng=0)
    assert conv.generate(3, labels=3).shape == (3, 8, 8, 3)
    assert conv.generator_optimizer.learning_rate == 1e-3
    same = ConditionalGAN(generator_optimizer=None, rng=0).generator_optimizer
    assert same.config() == gan.generator_optimizer.config()


def test_a_number_of_classes_is_bounded_before_names_are_made():
    with pytest.raises(ValueError, match="classes must be at most 10,000, got 1,000,000,000,000"):
        ConditionalGAN(classes=10**12)
