"""The callback: it says when something changes, and changes nothing itself."""

import numpy as np
import pytest

from numpygan import checkpoint
from numpygan.diagnosis import NAMES, Diagnosis
from numpygan.training import Callback
from numpygan.training.resume import Checkpoint
from tests.diagnosis.histories import balanced
from tests.trainings import ALL, images


@pytest.mark.parametrize("name", ["gan", "dcgan", "vae", "autoencoder"])
def test_a_watched_training_is_the_same_to_the_bit(name):
    low = -1 if "gan" in name else 0
    plain, watched = ALL[name](), ALL[name]()
    plain.run()
    diagnosis = Diagnosis(images(low=low), every=3, show=lambda line: None)
    watched.run(diagnosis)
    assert diagnosis.findings
    mine, its = plain.outcome(), watched.outcome()
    assert mine.keys() == its.keys()
    for key in mine:
        np.testing.assert_array_equal(mine[key], its[key], err_msg=key)


class Scripted(Diagnosis):
    """Finds one thing after the other."""

    def __init__(self, script, **kwargs):
        super().__init__(images(), every=10, **kwargs)
        self.script = script

    def _measure(self, model):
        from numpygan.diagnosis.measurements import Measurements

        sick = bool(self.script) and self.script.pop(0)
        return Measurements(first_steps={"optimizer": 3.16} if sick else {})


def watch(script, lines):
    diagnosis = Scripted([False, *script], show=lines.append)  # the first look is at the start
    history = balanced()
    diagnosis.begin(None, history)
    for iteration in range(1, 10 * len(script) + 1):
        assert diagnosis.after_iteration(iteration, None, history) is None  # it never stops a training
    return diagnosis


def test_it_speaks_when_something_changes_and_only_then():
    lines = []
    diagnosis = watch([False, False, True, True, True, True, False, False, False], lines)
    assert lines == diagnosis.messages and len(lines) == 2
    assert (
        lines[0].startswith("iteration 40: no bias correction. The first step")
        and "Try: Divide m" in lines[0]
    )
    assert lines[1] == "iteration 80: resolved: no bias correction; nothing wrong now"


def test_it_keeps_quiet_about_what_it_sees_once():
    lines = []
    watch([False, True, False, True, False, False], lines)
    assert lines == []


def test_it_prints_if_not_told_otherwise(capsys):
    diagnosis = Scripted([False, True, True])
    diagnosis.begin(None, balanced())
    for iteration in (10, 20):
        diagnosis.after_iteration(iteration, None, balanced())
    assert capsys.readouterr().out.startswith("iteration 20: no bias correction")


def test_going_on_remembers_what_was_said():
    lines = []
    diagnosis = watch([True, True], lines)
    other = Scripted([True, True, False, False], show=lines.append)
    other.resume({key: np.asarray(value) for key, value in diagnosis.state().items()}, None, balanced())
    for iteration in (30, 40, 50, 60):
        other.after_iteration(iteration, None, balanced())
    assert [line.split(":")[0] for line in lines] == ["iteration 20", "iteration 60"]


@pytest.mark.parametrize("bad", [[-2, 0], [0, len(NAMES)], [0]])
def test_a_state_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match="Scripted state: troubles must be two numbers"):
        Scripted([]).resume({"troubles": np.array(bad), "start_gradient": np.array(1.0)}, None, balanced())


def test_a_training_that_was_cut_off_goes_on_with_it(tmp_path):
    class PowerCut(Callback):
        def __init__(self, at=None):
            self.at = at

        def after_iteration(self, iteration, model, history):
            if iteration == self.at:
                raise RuntimeError("dark")

    whole, first = ALL["gan"](), ALL["gan"]()
    whole.run(Diagnosis(images(), every=10))
    path = tmp_path / "run.npz"
    before = Diagnosis(images(), every=10)
    with pytest.raises(RuntimeError, match="dark"):
        first.run(before, PowerCut(25), checkpoint=Checkpoint(path, every=5))
    second = ALL["gan"]()
    second.model = checkpoint.load(path)
    after = Diagnosis(images(), every=10)
    second.run(after, PowerCut(), resume=path)
    assert after._start_gradient == before._start_gradient > 0
    mine, its = whole.outcome(), second.outcome()
    for key in mine:
        np.testing.assert_array_equal(mine[key], its[key], err_msg=key)


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="Diagnosis: every must be a positive integer, got 0"):
        Diagnosis(images(), every=0)
