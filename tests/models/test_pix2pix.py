"""Pix2Pix: its networks, a step, averaging, saving, learning, and what is refused."""

import copy
from itertools import pairwise

import numpy as np
import pytest

from numpygan import (
    Adam,
    BinaryCrossEntropyFromLogits,
    Conv2D,
    Dense,
    Flatten,
    Pix2Pix,
    Sequential,
    Sigmoid,
    Skip,
    Tanh,
)
from numpygan.checkpoint import load, save
from numpygan.datasets import load_doodles
from numpygan.layers.sequential import walk
from numpygan.losses import GANLosses
from numpygan.models import pair_discriminator, unet_generator
from numpygan.training import DivergenceError, TranslationRecorder

SHAPE, COLOUR = (8, 8, 1), (8, 8, 3)


def tiny(seed=0, **options):
    rng = np.random.default_rng(seed)
    G = unet_generator(SHAPE, 3, filters=4, depth=2, rng=rng)
    return Pix2Pix(G, pair_discriminator(SHAPE, 3, filters=4, rng=rng), rng=rng, **options)


def images(n=20, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype(np.float32)


def pairs(n=20):
    return images(n), images(n, COLOUR, seed=1)


def test_the_default_networks_fit_each_other():
    model = Pix2Pix(rng=0)
    assert (model.generator.input_shape, model.generator.output_shape) == ((32, 32, 1), (32, 32, 3))
    assert (model.discriminator.input_shape, model.discriminator.output_shape) == ((32, 32, 4), (8, 8, 1))
    assert model.loss_name == "non-saturating"
    for rule in model.optimizers.values():
        assert isinstance(rule, Adam) and rule.beta_1 == 0.5
    other = Pix2Pix(image_shape=(16, 32, 3), channels=1, rng=0)
    assert other.generator.output_shape == (16, 32, 1) and other.discriminator.input_shape == (16, 32, 4)


def test_the_generator_is_a_unet():
    G = unet_generator((32, 16, 1), 2, filters=3, depth=4, rng=0)
    skips = [layer for layer in walk(G) if isinstance(layer, Skip)]
    assert [skip.input_shape for skip in skips] == [(16, 8, 3), (8, 4, 6), (4, 2, 12)]
    assert [skip.output_shape for skip in skips] == [(16, 8, 6), (8, 4, 12), (4, 2, 24)]
    assert all(skip in outer.layers for outer, skip in pairwise(skips))  # one within the other
    assert not any(isinstance(layer, Skip) for layer in walk(unet_generator((4, 4, 1), depth=1)))


def test_a_pixel_of_the_picture_hears_of_the_whole_doodle():
    G = unet_generator((16, 16, 1), 1, filters=4, depth=3, rng=0)
    G.forward(images(2, (16, 16, 1)))
    dy = np.zeros((2, 16, 16, 1), np.float32)
    dy[0, 5, 9] = 1
    dx = G.input_gradient(dy)
    assert np.count_nonzero(dx[0]) == 16 * 16 and not dx[1].any()


def test_a_step_moves_everything_and_stays_in_float32():
    model = tiny()
    before = model.snapshot()
    measured = model.train_on_batch(*pairs())
    assert list(measured) == ["g_loss", "adversarial", "l1", "d_loss", "accuracy_real", "accuracy_fake"]
    after = model.snapshot()
    for name in ("generator/params", "discriminator/params", "averages/generator/params"):
        assert not np.array_equal(before[name], after[name])
    assert all(array.dtype == np.float32 for name, array in after.items() if not name.endswith("/t"))

    def arrays(layer):
        yield from (value for value in vars(layer).values() if isinstance(value, np.ndarray))
        for inner in getattr(layer, "layers", ()):
            yield from arrays(inner)

    for network in model.networks.values():
        assert all(value.dtype != np.float64 for value in arrays(network))
    assert model.translate(images()).dtype == np.float32


def test_a_generator_step_leaves_the_discriminator_bit_identical_and_the_other_way_round():
    model = tiny()
    model.train_on_batch(*pairs())
    G, D = model.generator, model.discriminator
    everything = {"G": G.flat_params, "dG": G.flat_grads, "D": D.flat_params, "dD": D.flat_grads}
    before = {name: array.copy() for name, array in everything.items()}
    _, logits = model.compute_generator_gradients(*pairs())
    changed = [name for name, array in everything.items() if not np.array_equal(array, before[name])]
    assert changed == ["dG"] and before["dD"].any()
    before["dG"] = G.flat_grads.copy()
    model.compute_discriminator_gradients(*pairs(), logits)
    changed = [name for name, array in everything.items() if not np.array_equal(array, before[name])]
    assert changed == ["dD"]


def test_the_discriminator_is_passed_twice_and_the_generator_once():
    model, passes = tiny(), []
    for name, network in model.networks.items():
        forward = network.forward
        network.forward = lambda x, training=False, f=forward, n=name: passes.append(n) or f(x, training)
    model.train_on_batch(*pairs())
    assert passes == ["generator", "discriminator", "discriminator"]


def test_without_a_weight_the_discriminator_is_not_heard():
    models = [tiny(adversarial_weight=0), tiny(adversarial_weight=0)]
    models[1].discriminator.flat_params += 1
    for model in models:
        model.compute_generator_gradients(*pairs())
    assert np.array_equal(models[0].generator.flat_grads, models[1].generator.flat_grads)


def test_it_translates_with_averaged_parameters():
    model, (a, b) = tiny(), pairs()
    model.fit(a, b, iterations=6, batch_size=4, progress=False)
    np.testing.assert_array_equal(model.translate(a), model.averages["generator"].network.predict(a))
    np.testing.assert_array_equal(model.translate(a, averaged=False), model.generator.predict(a))
    assert np.abs(model.translate(a) - model.translate(a, averaged=False)).max() > 1e-6
    assert tiny(averaging=0).averages == {}


@pytest.mark.parametrize("trained", [False, True])
def test_what_is_saved_is_what_is_loaded(trained, tmp_path):
    model, (a, b) = tiny(loss="least-squares", l1_weight=7, adversarial_weight=2, averaging=0.5), pairs()
    if trained:
        model.fit(a, b, iterations=5, batch_size=4, progress=False)
    save(model, tmp_path / "model.npz")
    for twin in (load(tmp_path / "model.npz"), copy.deepcopy(model)):
        assert type(twin) is Pix2Pix and twin.config() == model.config()
        for name, array in model.snapshot().items():
            assert np.array_equal(array, twin.snapshot()[name]), name
        twin.fit(a, b, iterations=5, batch_size=4, progress=False)
    model.fit(a, b, iterations=5, batch_size=4, progress=False)
    assert np.array_equal(model.translate(a), twin.translate(a))


def test_losses_of_ones_own_are_no_part_of_a_file(tmp_path):
    class Own(BinaryCrossEntropyFromLogits):
        pass

    model = tiny(loss=GANLosses(Own(), Own()))
    assert model.config()["loss"] is None
    save(model, tmp_path / "model.npz")
    assert load(tmp_path / "model.npz").loss_name == "non-saturating"


def test_same_seed_same_parameters_to_the_bit():
    runs = [tiny(seed) for seed in (3, 3, 4)]
    for model in runs:
        model.fit(*pairs(), iterations=12, batch_size=4, progress=False)
    a, b, c = (model.generator.flat_params for model in runs)
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_pairs_stay_together_in_every_batch():
    model, seen = tiny(), []
    a = images()
    b = np.repeat(a, 3, axis=-1) / 2
    model.train_on_batch = lambda a, b: seen.append(np.array_equal(b, np.repeat(a, 3, -1) / 2)) or {"l1": 0.0}
    model.fit(a, b, iterations=12, batch_size=6, progress=False)
    assert len(seen) == 12 and all(seen)


def test_frames_of_a_film():
    model, (a, b) = tiny(), pairs()
    recorder = TranslationRecorder(2, a[:3])
    model.fit(a, b, iterations=4, batch_size=4, callbacks=[recorder], progress=False)
    assert [iteration for iteration, _ in recorder.frames] == [0, 2, 4]
    assert np.array_equal(recorder.frames[-1][1], model.translate(a[:3]))


def test_evaluation_by_hand():
    model = tiny(averaging=0)
    model.generator.predict = lambda a: np.repeat(a, 3, axis=-1) / 2
    a = np.full((3, *SHAPE), 0.8, np.float32)
    b = np.stack([np.full(COLOUR, value, np.float32) for value in (0.4, 0.2, -0.6)])
    np.testing.assert_allclose(model.errors(a, b), [0, 0.2, 1.0], rtol=1e-6, atol=1e-7)
    assert model.evaluate(a, b) == pytest.approx({"error_b": 0.4}, rel=1e-6)
    assert model.discriminate(a, b).shape == (3, 2, 2, 1)


def test_a_diverging_training_keeps_the_last_good_model():
    rules = {f"{player}_optimizer": Adam(1e37) for player in ("generator", "discriminator")}
    model = tiny(**rules)
    with pytest.raises(DivergenceError, match=r"stopped in iteration \d+: .* of .* in the .* is not finite"):
        model.fit(*pairs(), iterations=50, batch_size=4, progress=False)
    for network in model.networks.values():
        assert np.isfinite(network.flat_params).all()


def test_learns_to_move_and_colour():
    """The picture of a bright spot is a red one, one pixel to the right, on blue."""
    rng = np.random.default_rng(0)
    a = np.full((200, *SHAPE), -1, np.float32)
    b = np.tile(np.array([-1, -1, 0.5], np.float32), (200, 8, 8, 1))
    rows, columns = rng.integers(0, 8, (2, 200))
    a[np.arange(200), rows, columns] = 1
    b[np.arange(200), rows, (columns + 1) % 8] = 0.5, -1, -1
    model = tiny(generator_optimizer=Adam(0.01, beta_1=0.5))
    before = model.evaluate(a, b)["error_b"]
    model.fit(a[:150], b[:150], iterations=150, batch_size=10, progress=False)
    assert model.evaluate(a[150:], b[150:])["error_b"] < 0.25 * before


@pytest.mark.slow
def test_learns_to_glaze_doodles():
    a, b = load_doodles("digits", n=4000)
    model = Pix2Pix(rng=0)
    model.fit(a, b, iterations=300, progress=False)
    held_out = load_doodles("digits", "evaluation", n=200)
    assert model.evaluate(*held_out)["error_b"] < 0.1


# --- errors -------------------------------------------------------------------------


def test_networks_that_do_not_fit():
    G, D = tiny().generator, tiny().discriminator
    message = r"must judge pairs \(a, b\), joined along the channels to \(8, 8, 4\), not \(8, 8, 3\)"
    with pytest.raises(ValueError, match=message):
        Pix2Pix(G, pair_discriminator(SHAPE, 2, filters=4))
    with pytest.raises(ValueError, match=r"as high and wide as it is given, got \(8, 8, 1\) to \(4, 4, 3\)"):
        Pix2Pix(Sequential([Conv2D(3, 2, 2), Tanh()], SHAPE), D)
    with pytest.raises(ValueError, match=r"must return logits, .* but Sigmoid .* leave that layer out"):
        Pix2Pix(G, Sequential([Flatten(), Dense(1), Sigmoid()], (8, 8, 4)))
    with pytest.raises(ValueError, match="the generator computes in float32, the discriminator in float64"):
        Pix2Pix(G, D.astype(np.float64))
    with pytest.raises(ValueError, match=r"image_shape is \(4, 4, 1\), but the network that was given is"):
        Pix2Pix(G, D, image_shape=(4, 4, 1))
    rule = Adam()
    with pytest.raises(ValueError, match="generator and discriminator each need an optimizer"):
        tiny(generator_optimizer=rule, discriminator_optimizer=rule)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"adversarial_weight": -1}, ValueError), ({"l1_weight": "100"}, TypeError),
        ({"l1_weight": np.inf}, ValueError), ({"averaging": 1}, ValueError), ({"loss": "l1"}, ValueError),
    ],
)  # fmt: skip
def test_bad_options_are_named(options, error):
    with pytest.raises(error, match=next(iter(options))):
        tiny(**options)


def test_networks_for_images_that_are_not_halved_so_often():
    message = (
        r"image_shape must be \(H, W, C\) with H and W multiples of 8, .* halved 3 times, got \(12, 8, 1\)"
    )
    with pytest.raises(ValueError, match=message):
        unet_generator((12, 8, 1), depth=3)
    with pytest.raises(ValueError, match=r"multiples of 4, .* got \(6, 8, 1\)"):
        pair_discriminator((6, 8, 1))
    with pytest.raises(ValueError, match=r"multiples of 16, .* got \(16, 16\)"):
        unet_generator((16, 16))
    for options in ({"depth": 0}, {"filters": 0}, {"channels": 1.5}):
        with pytest.raises((TypeError, ValueError), match=next(iter(options))):
            unet_generator((16, 16, 1), **options)
    with pytest.raises(ValueError, match="multiples of 16"):
        Pix2Pix(image_shape=(28, 28, 1))


@pytest.mark.parametrize("which", ["a", "b"])
def test_images_that_do_not_fit(which):
    model, (a, b) = tiny(), pairs()
    before, good = model.snapshot(), {"a": a, "b": b}[which]
    for bad, error, message in [
        (good[:, :4], ValueError, rf"{which} must have shape \(N, 8, 8, .*, got \(20, 4, 8"),
        (2 * good, ValueError, rf"{which} has pixels from .* but the generator draws from -1 to 1"),
        ((good * 100).astype(np.uint8), TypeError, f"{which} must hold floats, got uint8"),
        (np.full_like(good, np.nan), ValueError, f"{which} has NaN or infinite pixels"),
        (good[:0], ValueError, f"{which} is empty"),
        (good[:19], ValueError, "every a needs the b that it should become: got"),
    ]:
        pair = (bad, b) if which == "a" else (a, bad)
        for use in (model.evaluate, model.discriminate):
            with pytest.raises(error, match=message):
                use(*pair)
        with pytest.raises(error, match=message):
            model.fit(*pair, iterations=3, batch_size=4, progress=False)
    with pytest.raises(ValueError, match="a must have shape"):
        model.translate(b)
    after = model.snapshot()
    assert len(model.history) == 0 and all(np.array_equal(value, after[key]) for key, value in before.items())
