"""Whatever can be saved can be loaded: the rest is refused before anything is written, and before any training."""

import re

import numpy as np
import pytest

from numpygan import GAN, Dense, Flatten, MaxPooling2D, Reshape, Sequential, Tanh, UpSampling2D, limits
from numpygan.checkpoint import load, save
from numpygan.cli import main
from numpygan.training import Callback, Checkpoint, DivergenceError
from tests.trainings import gan, images


def gan_with_pooling():
    """A model with something for each limit: chains in chains, pooling, shapes, generators' states of 128 bits."""
    inner = Sequential([Dense(4, name="inner")], name="chain")
    layers = [Sequential([inner], name="outer"), Dense(4), Reshape((2, 2, 1)), UpSampling2D(2), Tanh()]
    G = Sequential(layers, (3,), rng=0, name="generator")
    D = Sequential([MaxPooling2D(2, 1), Flatten(), Dense(1)], (4, 4, 1), rng=1, name="discriminator")
    return GAN(G, D, rng=2)


LOWERED = {  # below what this model needs
    "ARRAYS": 5, "DESCRIPTION": 500, "DIGITS": 5, "LAYERS": 7, "DEPTH": 2, "NAME": 10, "FULL_NAME": 15,
    "DIMENSIONS": 2, "SIZE": 3, "ACTIVATIONS": 10, "WINDOW_READS": 0,
}  # fmt: skip


def lower(patch, name):
    patch.setattr(limits, name, LOWERED[name])
    if name in ("ACTIVATIONS", "WINDOW_READS"):
        patch.setattr(limits, "PER_NUMBER", 0)


def refusal(name, path):
    return rf"the model cannot be saved to {re.escape(str(path))}: .* increase numpygan\.limits\.{name} both"


@pytest.mark.parametrize("name", LOWERED)
def test_what_is_too_large_is_not_saved_and_a_higher_limit_helps(name, tmp_path, monkeypatch):
    model, path = gan_with_pooling(), tmp_path / "model.npz"
    path.write_bytes(b"older")
    with monkeypatch.context() as patch:
        lower(patch, name)
        with pytest.raises(ValueError, match=refusal(name, path)):
            save(model, path)
    assert path.read_bytes() == b"older" and len(list(tmp_path.iterdir())) == 1
    save(model, path)
    with monkeypatch.context() as patch:  # `load` refuses it under the same limit
        lower(patch, name)
        with pytest.raises(ValueError, match="is not a numpygan model: "):
            load(path)
    load(path)


@pytest.mark.parametrize("name", LOWERED)
def test_fit_says_so_before_the_first_iteration(name, tmp_path, monkeypatch):
    model, path = gan_with_pooling(), tmp_path / "run.npz"
    before = model.snapshot()
    lower(monkeypatch, name)
    with pytest.raises(ValueError, match=refusal(name, path)):
        model.fit(images(), iterations=5, batch_size=8, progress=False, checkpoint=path)
    assert not len(model.history) and not list(tmp_path.iterdir())
    assert all(np.array_equal(array, before[key]) for key, array in model.snapshot().items())


def test_columns_of_a_history(tmp_path):
    model = gan_with_pooling()
    model.history.append({f"c{k}": 0.0 for k in range(limits.COLUMNS + 1)})
    with pytest.raises(ValueError, match=r"its history has 1,001 columns, .* numpygan\.limits\.COLUMNS"):
        save(model, tmp_path / "model.npz")


class Remembers(Callback):
    def __init__(self, value):
        self.value = value

    def state(self):
        return {"value": self.value}

    def resume(self, state, model, history):
        self.value = state["value"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "is an array of bool"),
        ("text", "is an array of <U4"),
        (None, "is an array of object"),
        (1j, "is an array of complex128"),
        (np.zeros(3, ">f4"), "is an array of >f4"),
        (np.zeros((1,) * 9), r"has 9 dimensions, more than 8"),
    ],
)
def test_what_a_callback_remembers_must_be_numbers(value, said, tmp_path):
    training = gan()
    with pytest.raises(ValueError, match=f"training/Remembers-1/value {said}"):
        training.run(Remembers(value), checkpoint=tmp_path / "run.npz")
    assert not len(training.model.history) and not list(tmp_path.iterdir())


def test_numbers_of_any_usual_kind_are_read_again(tmp_path):
    for value in (3, 0.5, np.float16(2), np.zeros((2, 0)), np.arange(6).reshape(2, 3).T, np.uint8(7)):
        training, again = gan(3), gan(3)
        training.run(Remembers(value), checkpoint=tmp_path / "run.npz")
        callback = Remembers(None)
        again.run(callback, resume=tmp_path / "run.npz")
        np.testing.assert_array_equal(callback.value, value)


# --- what is not finite ---


class Breaks(Callback):
    """Makes a parameter infinite after an iteration, as an optimiser's update may."""

    def __init__(self, iteration):
        self.iteration = iteration

    def after_iteration(self, iteration, model, history):
        if iteration == self.iteration:
            model.generator.flat_params[0] = np.inf


def test_a_model_that_is_not_finite_is_not_saved(tmp_path):
    model = gan_with_pooling()
    model.generator.flat_params[0] = np.nan
    with pytest.raises(ValueError, match="generator/params has NaN or infinite values"):
        save(model, tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("iteration", [7, 12])
def test_the_last_checkpoint_that_can_be_loaded_stays(iteration, tmp_path):
    """The next iteration would notice it, but a checkpoint may be due first, or the run may have ended."""
    training, path = gan(12), tmp_path / "run.npz"
    with pytest.raises(DivergenceError, match=rf"stopped after iteration {iteration}: .* smaller learning"):
        training.run(Breaks(iteration), checkpoint=Checkpoint(path, every=1))
    assert len(load(path).history) == iteration - 1
    assert np.isfinite(training.model.generator.flat_params).all()


# --- the command line ---


def test_train_refuses_it_before_there_is_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(limits, "ACTIVATIONS", 10)
    monkeypatch.setattr(limits, "PER_NUMBER", 0)
    assert main(["train", "gan", "--quick", "--out", str(tmp_path / "run")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("numpygan: a checkpoint of this model could not be loaded: ")
    assert "the limit is ACTIVATIONS in SECURITY.md" in error and error.count("\n") == 1
    assert not (tmp_path / "run").exists()
