"""CycleGAN: its networks, who changes in a step, saving, learning, evaluation, errors."""

import copy

import numpy as np
import pytest

from numpygan import (
    Adam,
    BinaryCrossEntropyFromLogits,
    Conv2D,
    CycleGAN,
    Dense,
    Flatten,
    MeanSquaredError,
    Sequential,
    Sigmoid,
    Tanh,
)
from numpygan.checkpoint import load, save
from numpygan.datasets import load_domains
from numpygan.models import patch_discriminator, resnet_generator
from numpygan.training import DivergenceError

SHAPE, COLOUR = (8, 8, 1), (8, 8, 3)


def tiny(seed=0, shape_a=SHAPE, shape_b=SHAPE, **options):
    rng = np.random.default_rng(seed)
    return CycleGAN(
        resnet_generator(shape_a, shape_b[-1], filters=4, blocks=1, rng=rng, name="G"),
        resnet_generator(shape_b, shape_a[-1], filters=4, blocks=1, rng=rng, name="F"),
        patch_discriminator(shape_a, filters=4, rng=rng, name="D_A"),
        patch_discriminator(shape_b, filters=4, rng=rng, name="D_B"),
        rng=rng, **options,
    )  # fmt: skip


def images(n=20, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype(np.float32)


def test_the_default_networks_fit_each_other():
    model = CycleGAN(rng=0)
    assert model.G.input_shape == model.G.output_shape == model.F.input_shape == (28, 28, 1)
    assert model.D_A.output_shape == model.D_B.output_shape == (7, 7, 1)
    assert isinstance(model.adversarial_loss, MeanSquaredError)
    assert (model.cycle_weight, model.fakes_a.size) == (10, 50)
    for rule in model.optimizers.values():
        assert isinstance(rule, Adam) and rule.beta_1 == 0.5


def test_networks_are_made_for_the_one_that_is_given():
    G = resnet_generator(SHAPE, 3, filters=4, rng=0)
    for model in (
        CycleGAN(G, rng=0),
        CycleGAN(F=resnet_generator(COLOUR, 1, filters=4, rng=0, name="F"), rng=0),
    ):
        assert (model.G.input_shape, model.G.output_shape) == (SHAPE, COLOUR)
        assert (model.F.input_shape, model.F.output_shape) == (COLOUR, SHAPE)
        assert (model.D_A.input_shape, model.D_B.input_shape) == (SHAPE, COLOUR)


def test_a_patch_sees_a_part_of_the_image():
    """One logit of a PatchGAN hears of 18 x 18 pixels, and no others."""
    D = patch_discriminator((28, 28, 1), filters=4, rng=0)
    D.forward(images(1, (28, 28, 1)))
    dy = np.zeros((1, 7, 7, 1), np.float32)
    dy[0, 3, 3] = 1
    heard = np.argwhere(D.input_gradient(dy)[0, ..., 0])
    assert (heard.max(axis=0) - heard.min(axis=0) + 1).tolist() == [18, 18]


def test_one_optimiser_moves_both_generators_and_one_both_discriminators():
    model = tiny()
    for params, networks in (
        (model.generator_params, (model.G, model.F)), (model.discriminator_params, (model.D_A, model.D_B))
    ):  # fmt: skip
        assert params.size == sum(network.count_params() for network in networks)
        params += 1
        assert np.array_equal(params, np.concatenate([network.flat_params for network in networks]))


def test_a_generator_step_leaves_the_discriminators_bit_identical_and_the_other_way_round():
    model, a, b = tiny(identity_weight=5), images(), images(seed=1)
    model.train_on_batch(a, b)
    everything = ("discriminator_params", "discriminator_grads", "generator_params", "generator_grads")
    before = {name: getattr(model, name).copy() for name in everything}
    _, fake_a, fake_b = model.compute_generator_gradients(b, a)
    changed = [name for name in everything if not np.array_equal(before[name], getattr(model, name))]
    assert changed == ["generator_grads"] and before["discriminator_grads"].any()
    before["generator_grads"] = model.generator_grads.copy()
    model.compute_discriminator_gradients(a, b, fake_a, fake_b)
    changed = [name for name in everything if not np.array_equal(before[name], getattr(model, name))]
    assert changed == ["discriminator_grads"]


def test_nothing_in_a_float32_iteration_is_float64():
    model = tiny(identity_weight=0.1, adversarial_loss=BinaryCrossEntropyFromLogits())
    _, fake_a, fake_b = model.compute_generator_gradients(images(4), images(4))
    model.train_on_batch(images(4), images(4))
    assert fake_a.dtype == fake_b.dtype == model.fakes_a.images().dtype == np.float32

    def arrays(layer):
        yield from (value for value in vars(layer).values() if isinstance(value, np.ndarray))
        for inner in getattr(layer, "layers", ()):
            yield from arrays(inner)

    for network in model.networks.values():
        assert all(value.dtype != np.float64 for value in arrays(network))


def test_the_discriminators_are_shown_past_fakes():
    model, seen = tiny(buffer_size=4), []
    inner = model.compute_discriminator_gradients
    model.compute_discriminator_gradients = lambda *images: seen.append(images[3]) or inner(*images)
    for seed in range(6):
        model.train_on_batch(images(2, seed=seed), images(2, seed=9 + seed))
    everything = {image.tobytes(): k for k, batch in enumerate(seen) for image in batch}
    assert len(everything) < 12  # some came twice, at the time and later
    assert len(model.fakes_b.kept) == 4


def test_a_deep_copy_learns_for_itself():
    model, a, b = tiny(), images(), images(seed=1)
    model.fit(a, b, iterations=3, batch_size=4, progress=False)
    before, twin = model.snapshot(), copy.deepcopy(model)
    twin.fit(a, b, iterations=3, batch_size=4, progress=False)
    assert all(np.array_equal(array, model.snapshot()[name]) for name, array in before.items())
    model.fit(a, b, iterations=3, batch_size=4, progress=False)
    assert all(np.array_equal(array, twin.snapshot()[name]) for name, array in model.snapshot().items())


def test_a_shallow_copy_leaves_the_model_its_parameters():
    model, a = tiny(), images(4)
    before, twin = model.snapshot(), copy.copy(model)
    model.train_on_batch(a, a)
    for name, network in model.networks.items():
        assert not np.array_equal(network.flat_params, before[f"{name}/params"])
    assert np.shares_memory(model.generator_params, twin.G.flat_params)


@pytest.mark.parametrize("name", ["F", "D_A"])
def test_a_network_given_to_a_second_model_no_longer_learns_in_the_first(name):
    first, a = tiny(), images(2)
    second = CycleGAN(**{**tiny(1).networks, name: first.networks[name]}, rng=0)
    with pytest.raises(ValueError, match=f"Sequential '{name}' has since become part of another model"):
        first.train_on_batch(a, a)
    second.train_on_batch(a, a)


def test_one_network_in_two_places_is_refused():
    G, D = tiny().G, tiny().D_A
    with pytest.raises(ValueError, match="^G and F are the same network; make one for each place"):
        CycleGAN(G, G)
    with pytest.raises(ValueError, match="^D_A and D_B are the same network"):
        CycleGAN(G, tiny().F, D, D)


@pytest.mark.parametrize("key", ["identity_a", "identity_b"])
def test_identity_losses_are_recorded_where_there_are_any(key):
    assert (key in tiny(identity_weight=1).train_on_batch(images(2), images(2))) is True
    assert (key in tiny(identity_weight=0).train_on_batch(images(2), images(2))) is False


def test_the_identity_loss_weighs_half_as_much_as_the_cycle_where_there_can_be_one():
    assert [tiny(cycle_weight=w).identity_weight for w in (10, 3, 0)] == [5, 1.5, 0]
    assert tiny(shape_b=COLOUR).identity_weight == 0
    assert tiny(identity_weight=0).identity_weight == 0


def test_same_seed_same_parameters_to_the_bit():
    runs = [tiny(seed) for seed in (3, 3, 4)]
    for model in runs:
        model.fit(images(), images(15, seed=1), iterations=12, batch_size=4, progress=False)
    a, b, c = (model.generator_params for model in runs)
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_rates_fall_and_are_given_back():
    model, rates = tiny(), []
    model.train_on_batch = lambda a, b: {"rate": rates.append(model.generator_optimizer.learning_rate) or 0.0}
    model.fit(images(), images(), iterations=4, batch_size=2, progress=False, decay=1)
    np.testing.assert_allclose(
        rates, np.array([1, 0.75, 0.5, 0.25]) * model.generator_optimizer.learning_rate
    )
    model.fit(images(), images(), iterations=4, batch_size=2, progress=False, decay=0)
    assert len(set(rates[4:])) == 1


@pytest.mark.parametrize("trained", [False, True])
def test_what_is_saved_is_what_is_loaded(trained, tmp_path):
    loss = BinaryCrossEntropyFromLogits()
    model = tiny(shape_b=COLOUR, adversarial_loss=loss, cycle_weight=3, buffer_size=7)
    a, b = images(), images(12, COLOUR)
    if trained:
        model.fit(a, b, iterations=5, batch_size=4, progress=False)
    save(model, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert type(twin) is CycleGAN and type(twin.adversarial_loss) is BinaryCrossEntropyFromLogits
    assert twin.config() == model.config()
    for name, array in model.snapshot().items():
        assert np.array_equal(array, twin.snapshot()[name]), name
    assert len(twin.fakes_a.kept) == (7 if trained else 0)
    for each in (model, twin):
        each.fit(a, b, iterations=5, batch_size=4, progress=False)
    assert np.array_equal(model.to_b(a), twin.to_b(a)) and np.array_equal(model.to_a(b), twin.to_a(b))


def test_a_diverging_training_keeps_the_last_good_model():
    model = tiny(generator_optimizer=Adam(1e37), discriminator_optimizer=Adam(1e37))
    with pytest.raises(DivergenceError, match=r"stopped in iteration \d+: .* of .* in the .* is not finite"):
        model.fit(images(), images(), iterations=50, batch_size=4, progress=False)
    assert np.isfinite(model.generator_params).all() and np.isfinite(model.discriminator_params).all()


def test_evaluation_by_hand():
    model = tiny(averaging=0)
    model.G.predict, model.F.predict = (lambda x: x / 2), (lambda x: x / 4)
    a = np.full((3, *SHAPE), 0.8, np.float32)
    measured = model.evaluate(a, -a)
    expected = {"error_b": 1.2, "error_a": 1.0, "cycle_a": 0.7, "cycle_b": 0.7, "unchanged": 1.6}
    assert measured == pytest.approx(expected, rel=1e-6)
    assert "unchanged" not in tiny(shape_b=COLOUR).evaluate(images(2), images(2, COLOUR))


@pytest.mark.slow
def test_learns_to_paint_stripes_without_a_pair():
    a, b = load_domains("zebra")
    model = CycleGAN(rng=0)
    model.fit(a, b, iterations=300, progress=False)
    pair_a, pair_b = (images[:200] for images in load_domains("zebra", "evaluation"))
    measured = model.evaluate(pair_a, pair_b)
    assert measured["error_b"] < 0.5 * measured["unchanged"]


# --- errors -------------------------------------------------------------------------


def test_networks_that_do_not_fit():
    G, D = resnet_generator(SHAPE, 3, filters=4, rng=0), patch_discriminator(SHAPE, filters=4, rng=0)
    with pytest.raises(
        ValueError, match=r"G goes from \(8, 8, 1\) to \(8, 8, 3\), so F must go the other way"
    ):
        CycleGAN(G, resnet_generator(SHAPE, filters=4, rng=0, name="F"))
    with pytest.raises(ValueError, match=r"D_B must judge images of \(8, 8, 3\), not \(8, 8, 1\)"):
        CycleGAN(G, D_B=D)
    with pytest.raises(ValueError, match=r"D_A must judge images of \(8, 8, 1\), not \(8, 8, 3\)"):
        CycleGAN(G, D_A=patch_discriminator(COLOUR, filters=4, rng=0))
    with pytest.raises(ValueError, match="identity_weight must be 0, got 5.0"):
        CycleGAN(G, identity_weight=5)
    with pytest.raises(ValueError, match=r"D_A must return logits, .* but Sigmoid .* leave that layer out"):
        CycleGAN(D_A=Sequential([Flatten(), Dense(1), Sigmoid()], (28, 28, 1)))
    with pytest.raises(ValueError, match="all four networks must compute in one dtype"):
        CycleGAN(D_A=patch_discriminator((28, 28, 1), rng=0).astype(np.float64))
    rule = Adam()
    with pytest.raises(ValueError, match="generator and discriminator each need an optimizer"):
        CycleGAN(generator_optimizer=rule, discriminator_optimizer=rule)


def test_networks_of_ones_own_may_judge_the_whole_image():
    G, F = (Sequential([Conv2D(1, 3, padding="same"), Tanh()], SHAPE, rng=0, name=name) for name in "GF")
    D_A, D_B = (Sequential([Flatten(), Dense(1)], SHAPE, rng=0, name=name) for name in ("D_A", "D_B"))
    model = CycleGAN(G, F, D_A, D_B, rng=0)
    model.fit(images(), images(), iterations=3, batch_size=4, progress=False)
    assert model.to_b(images(2)).shape == (2, *SHAPE)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"cycle_weight": -1}, ValueError), ({"cycle_weight": "10"}, TypeError),
        ({"identity_weight": np.inf}, ValueError), ({"buffer_size": -1}, ValueError), ({"buffer_size": 2.5}, TypeError),
    ],
)  # fmt: skip
def test_bad_options_are_named(options, error):
    with pytest.raises(error, match=next(iter(options))):
        tiny(**options)


@pytest.mark.parametrize("shape", [(30, 28, 1), (28, 29, 1), (28, 28)])
def test_image_shapes_that_are_not_halved_twice(shape):
    for make in (resnet_generator, patch_discriminator):
        with pytest.raises(
            ValueError, match=r"\(H, W, C\) with H and W multiples of 4.*got \(" + str(shape[0])
        ):
            make(shape)


@pytest.mark.parametrize("domain", ["a", "b"])
def test_images_that_do_not_fit(domain):
    model, good = tiny(), images()
    before = model.snapshot()
    for bad, error, message in [
        (
            images(shape=(8, 4, 1)),
            ValueError,
            rf"{domain} must have shape \(N, 8, 8, 1\), got \(20, 8, 4, 1\)",
        ),
        (2 * good, ValueError, rf"{domain} has pixels from .* but the generator draws from -1 to 1"),
        ((good * 100).astype(np.uint8), TypeError, f"{domain} must hold floats, got uint8"),
        (np.full_like(good, np.nan), ValueError, f"{domain} has NaN or infinite pixels"),
        (good[:0], ValueError, f"{domain} is empty"),
    ]:
        pair = (bad, good) if domain == "a" else (good, bad)
        with pytest.raises(error, match=message):
            model.fit(*pair, iterations=3, batch_size=4, progress=False)
        with pytest.raises(error, match=message):
            model.evaluate(*pair)
        with pytest.raises(error, match=message):
            (model.to_b if domain == "a" else model.to_a)(bad)
    after = model.snapshot()
    assert len(model.history) == 0 and all(np.array_equal(value, after[key]) for key, value in before.items())


def test_arguments_of_fit_that_do_not_fit():
    model = tiny()
    for arguments, message in [
        ({"batch_size": 21}, "batch_size must be from 1 to the number of samples, 20, got 21"),
        ({"iterations": 0}, "iterations must be a positive integer, got 0"),
        ({"decay": 1.5}, r"decay must be in \(0, 1\], got 1.5"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.fit(images(), images(), **{"iterations": 3, "batch_size": 4, "progress": False} | arguments)
    with pytest.raises(ValueError, match="every a needs the b that it should become: got 3 and 4"):
        model.evaluate(images(3), images(4))


def test_a_saved_buffer_that_cannot_be(tmp_path):
    model = tiny(buffer_size=4)
    model.fit(images(), images(), iterations=3, batch_size=4, progress=False)
    save(model, tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as stored:
        arrays = dict(stored)
    for wrong, message in [
        (np.zeros((5, *SHAPE), np.float32), "5 past fakes, for a buffer of 4"),
        (np.zeros((4, 8, 8, 2), np.float32), "fakes_a/images is float32 .4, 8, 8, 2."),
        (np.zeros((4, *SHAPE)), "fakes_a/images is float64"),
        (np.full((4, *SHAPE), np.nan, np.float32), "fakes_a/images has NaN"),
        (np.float32(3), "is not a numpygan model"),
    ]:
        np.savez(tmp_path / "broken.npz", **{**arrays, "fakes_a/images": wrong})
        with pytest.raises(ValueError, match=message):
            load(tmp_path / "broken.npz")


@pytest.mark.parametrize("blocks", [-1, 1.5, True])
def test_blocks_that_cannot_be(blocks):
    with pytest.raises((TypeError, ValueError), match="G: blocks must be an integer of at least 0, got"):
        resnet_generator(blocks=blocks)
