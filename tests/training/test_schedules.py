"""LinearDecay: by hand, over several trainings, and resumed to the bit; NewRates in a resumed run."""

import numpy as np
import pytest

from numpygan.training import Callback, DivergenceError, LinearDecay, NewRates
from numpygan.training.resume import Checkpoint
from tests.trainings import gan


class Rates(Callback):
    """Notes the rate that each iteration will use, after the callbacks before this one."""

    def __init__(self):
        self.seen = []

    def begin(self, model, history):
        self.seen.append(model.generator_optimizer.learning_rate)

    def after_iteration(self, iteration, model, history):
        self.seen.append(model.generator_optimizer.learning_rate)


def rates(iterations, decay, before=0):
    training, seen = gan(iterations), Rates()
    if before:
        gan_before = gan(before)
        gan_before.fit(training.model, progress=False)
    training.run(LinearDecay(iterations, decay=decay), seen)
    return np.array(seen.seen[:-1]) / 1e-3, training.model


@pytest.mark.parametrize("before", [0, 3])
def test_by_hand(before):
    used, model = rates(8, 0.5, before)
    np.testing.assert_allclose(used, [1, 1, 1, 1, 1, 0.75, 0.5, 0.25])
    assert model.generator_optimizer.learning_rate == model.discriminator_optimizer.learning_rate == 1e-3


def test_over_the_whole_of_it_and_over_the_last_one():
    np.testing.assert_allclose(rates(4, 1)[0], [1, 0.75, 0.5, 0.25])
    np.testing.assert_allclose(rates(4, 0.25)[0], [1, 1, 1, 1])


def test_each_optimiser_falls_from_its_own_rate():
    training = gan(4)
    training.model.discriminator_optimizer.learning_rate = 8e-3
    seen = []

    class Look(Callback):
        def after_iteration(self, iteration, model, history):
            seen.append([rule.learning_rate for rule in model.optimizers.values()])

    training.run(LinearDecay(4, decay=1), Look())
    np.testing.assert_allclose(seen[:3], np.outer([0.75, 0.5, 0.25], [1e-3, 8e-3]))


@pytest.mark.parametrize("cut", [3, 11, 16, 20])
def test_going_on_is_exact(cut, tmp_path):
    class CutOff(Callback):
        def after_iteration(self, iteration, model, history):
            if iteration == cut:
                raise KeyError

    one, path = gan(20), tmp_path / "run.npz"
    one.run(LinearDecay(20))
    with pytest.raises(KeyError):
        gan(20).run(LinearDecay(20), CutOff(), checkpoint=Checkpoint(path, every=2))
    two = gan(20)
    two.run(LinearDecay(20), resume=path)
    for name, array in one.outcome().items():
        assert array.tobytes() == two.outcome()[name].tobytes() or name == "samples", name
    assert two.model.generator_optimizer.learning_rate == 1e-3


@pytest.mark.parametrize("decay", [0, -0.5, 1.5, float("nan")])
def test_shares_that_cannot_be(decay):
    with pytest.raises(ValueError, match=r"LinearDecay: decay must be in \(0, 1\], got"):
        LinearDecay(10, decay=decay)


@pytest.mark.parametrize("iterations", [0, -1])
def test_iterations_that_cannot_be(iterations):
    with pytest.raises(ValueError, match="LinearDecay: iterations must be a positive integer"):
        LinearDecay(iterations)


def test_after_a_divergence_the_rates_are_as_at_first():
    class Runaway(Callback):
        def after_iteration(self, iteration, model, history):
            if iteration == 30:
                model.generator.flat_params[:] = np.nan

    training = gan(40)
    with pytest.raises(DivergenceError, match="stopped in iteration 31"):
        training.run(LinearDecay(40, decay=1), Runaway())
    assert training.model.generator_optimizer.learning_rate == 1e-3
    assert np.isfinite(training.model.generator.flat_params).all()


def test_after_an_error_in_a_callback_the_rates_are_as_at_first():
    class Fails(Callback):
        def after_iteration(self, iteration, model, history):
            if iteration == 3:
                raise KeyError("a callback's own mistake")

    training = gan(4)
    with pytest.raises(KeyError, match="own mistake"):
        training.run(LinearDecay(4, decay=1), Fails())
    assert training.model.generator_optimizer.learning_rate == 1e-3


def test_a_resumed_run_goes_on_at_new_rates_and_keeps_them(tmp_path):
    path, seen = tmp_path / "run.npz", Rates()
    gan(10).run(checkpoint=path)
    longer = gan(20)
    longer.run(NewRates({"generator_optimizer": 5e-4}), seen, checkpoint=path, resume=path)
    assert seen.seen == [5e-4] * 11
    assert longer.model.discriminator_optimizer.learning_rate == 1e-3
    again, seen = gan(25), Rates()
    again.run(seen, resume=path)
    assert seen.seen == [5e-4] * 6


def test_new_rates_of_a_run_as_if_the_optimiser_had_been_made_so():
    one, two = gan(10), gan(10)
    one.run(NewRates({"generator_optimizer": 5e-4}))
    two.model.generator_optimizer.learning_rate = 5e-4
    two.run()
    expected = two.outcome()
    for key, array in one.outcome().items():
        np.testing.assert_array_equal(array, expected[key], key)


def test_new_rates_that_make_no_sense():
    with pytest.raises(ValueError, match=r"NewRates: generator_optimizer must be in \(0, inf\), got 0"):
        NewRates({"generator_optimizer": 0})
    with pytest.raises(TypeError, match="NewRates: optimizer must be a number"):
        NewRates({"optimizer": "small"})
    training = gan(5)
    with pytest.raises(ValueError, match=r"no optimizer \['optimizer'\] among \['generator_optimizer', 'dis"):
        training.run(NewRates({"optimizer": 1e-3, "generator_optimizer": 1e-5}))
    assert training.model.generator_optimizer.learning_rate == 1e-3
