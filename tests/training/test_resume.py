import functools
import json
import os
import signal

import numpy as np
import pytest

from numpygan.checkpoint import Checkpoint, load, save
from numpygan.saving.archive import read_archive, write_archive
from numpygan.training import Callback
from numpygan.training.resume import iterations_made, learnt_from, read_notes
from tests.trainings import ALL, autoencoder, gan, images, vae


class PowerCut(Exception):
    pass


class CutOff(Callback):
    """Ends a training in the middle of what follows an iteration, or as Ctrl-C would."""

    def __init__(self, iteration, ctrl_c=False):
        self.iteration, self.ctrl_c = iteration, ctrl_c

    def after_iteration(self, iteration, model, history):
        if iteration == self.iteration:
            if self.ctrl_c:
                signal.raise_signal(signal.SIGINT)
            else:
                raise PowerCut


def assert_same(a, b):
    assert a.keys() == b.keys()
    for name, array in a.items():
        assert array.dtype == b[name].dtype and array.tobytes() == b[name].tobytes(), name


def cut_off(make, path, iteration, every=1):
    training = make()
    with pytest.raises(PowerCut):
        training.run(CutOff(iteration), checkpoint=Checkpoint(path, every=every))
    return training


@pytest.fixture(scope="module")
def in_one_go():
    outcomes = {}
    for name, make in ALL.items():
        training = make()
        training.run()
        outcomes[name] = training.outcome()
    return outcomes


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("iteration", "every"), [(1, 1), (21, 1), (30, 8), (5, 100)])
def test_going_on_is_as_if_it_had_never_stopped(name, iteration, every, in_one_go, tmp_path):
    path = tmp_path / "run.npz"
    cut_off(ALL[name], path, iteration, every)
    training = ALL[name]()
    training.run(checkpoint=Checkpoint(path, every=every), resume=path)
    assert_same(training.outcome(), in_one_go[name])


@pytest.mark.parametrize("name", ALL)
def test_checkpoints_change_nothing(name, in_one_go, tmp_path):
    training = ALL[name]()
    training.run(checkpoint=tmp_path / "run.npz")
    assert_same(training.outcome(), in_one_go[name])
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]


@pytest.mark.parametrize("name", ALL)
def test_after_ctrl_c_too_and_with_a_model_made_from_the_file(name, in_one_go, tmp_path):
    path = tmp_path / "run.npz"
    training = ALL[name]()
    history = training.run(CutOff(17, ctrl_c=True), checkpoint=path)
    assert history.interrupted and len(history) == 17
    loaded = load(path)
    assert len(loaded.history) == 17 and loaded.history.interrupted
    training = ALL[name]()
    training.model = loaded
    training.run(resume=path)
    assert_same(training.outcome(), in_one_go[name])
    assert training.model.history.interrupted is False


def test_a_training_that_has_ended_stays_ended(in_one_go, tmp_path):
    path = tmp_path / "run.npz"
    autoencoder().run(checkpoint=path)
    training = autoencoder()
    history = training.run(resume=path)
    assert history.stopped_by.startswith("val_loss has not fallen")
    assert_same(training.outcome(), in_one_go["autoencoder"])
    longer = vae(epochs=2)
    longer.run(checkpoint=path)
    again = vae(epochs=2)
    again.run(resume=path)
    assert_same(again.outcome(), longer.outcome())


def test_it_can_be_made_longer(in_one_go, tmp_path):
    path = tmp_path / "run.npz"
    gan(iterations=20).run(checkpoint=path)
    training = gan(iterations=40)
    training.run(resume=path)
    assert_same(training.outcome(), in_one_go["gan"])


def test_fit_again_counts_from_there(tmp_path):
    path = tmp_path / "run.npz"
    one, two = gan(10), gan(10)
    for training in (one, two):
        training.run()
    one.run()
    with pytest.raises(PowerCut):
        two.run(CutOff(15), checkpoint=Checkpoint(path, every=2))
    two = gan(10)
    two.run(resume=path)
    assert_same(one.outcome(), two.outcome())


def test_a_model_goes_on_with_its_random_numbers(tmp_path):
    one = gan()
    one.run()
    save(one.model, tmp_path / "model.npz")
    two = load(tmp_path / "model.npz")
    assert two.generator.rng is not two.rng and two.generator.layers[2].rng is two.generator.rng
    x = images()
    for model in (one.model, two):
        model.fit(x, iterations=10, batch_size=8, progress=False)
    np.testing.assert_array_equal(one.model.generate(3), two.generate(3))
    assert_same(one.model.snapshot(), two.snapshot())


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "SFC64", "Philox", "MT19937"])
def test_every_kind_of_generator(kind, tmp_path):
    model = gan().model
    model.rng = np.random.Generator(getattr(np.random, kind)(5))
    model.rng.random(3, np.float32)
    save(model, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    assert twin.rng.bit_generator.state["bit_generator"] == kind
    np.testing.assert_array_equal(model.rng.random(1000, np.float32), twin.rng.random(1000, np.float32))


def test_another_training_is_refused_and_nothing_changes(tmp_path):
    path = tmp_path / "run.npz"
    cut_off(gan, path, 10)
    training = gan()
    model, before = training.model, training.model.snapshot()
    for kwargs, message in [
        ({"x": images(seed=9)}, "it was trained on float32 .50, 4, 4, 1. with the check sum"),
        ({"batch_size": 9}, "in batches of 8, not on .* in batches of 9"),
        (
            {"callbacks": []},
            r"it had the callbacks .'SampleRecorder-1', 'StopOnPlateau-1'.: give fit the same",
        ),
    ]:
        arguments = {
            "x": images(),
            "batch_size": 8,
            "callbacks": training.callbacks,
            "progress": False,
        } | kwargs
        with pytest.raises(ValueError, match=f"run.npz is a checkpoint of another run: .*{message}"):
            model.fit(iterations=40, resume=path, **arguments)
    with pytest.raises(ValueError, match="its model is 'GAN', not 'VAE'"):
        vae().run(resume=path)
    training.model.discriminator_optimizer.beta_1 = 0.7
    with pytest.raises(ValueError, match="its discriminator_optimizer.beta_1 is 0.9, not 0.7"):
        training.run(resume=path)
    assert_same(model.snapshot(), before)
    assert len(model.history) == 0


def test_a_saved_model_is_no_checkpoint(tmp_path):
    save(gan().model, tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"model\.npz is not a numpygan model: it lacks 'training'"):
        gan().run(resume=tmp_path / "model.npz")
    with pytest.raises(OSError, match=r"missing\.npz"):
        gan().run(resume=tmp_path / "missing.npz")


def test_a_changed_learning_rate_is_kept(tmp_path):
    class Halve(Callback):
        def after_iteration(self, iteration, model, history):
            if iteration == 5:
                model.generator_optimizer.learning_rate /= 2

    one, path = gan(), tmp_path / "run.npz"
    one.run(Halve())
    with pytest.raises(PowerCut):
        gan().run(Halve(), CutOff(10), checkpoint=Checkpoint(path, every=1))
    two = gan()
    two.run(Halve(), resume=path)
    assert_same(one.outcome(), two.outcome())


def test_notes_are_kept(tmp_path):
    path = tmp_path / "run.npz"
    gan(1).run(checkpoint=Checkpoint(path, notes={"colour": "grey"}))
    assert read_notes(path) == {"colour": "grey"}


def test_some_are_kept_and_each_can_be_resumed(tmp_path):
    path, whole = tmp_path / "run.npz", gan()
    whole.run(checkpoint=Checkpoint(path, every=100, keep_every=10))
    kept = [tmp_path / f"run-{n:06d}.npz" for n in (10, 20, 30, 40)]
    assert sorted(tmp_path.iterdir()) == [*kept, path]
    assert [iterations_made(each) for each in (*kept, path)] == [10, 20, 30, 40, 40]
    again = gan()
    again.run(resume=kept[1])
    assert_same(whole.outcome(), again.outcome())
    with pytest.raises(ValueError, match="keep_every must be a positive integer, got 0"):
        Checkpoint(path, keep_every=0)


def test_what_a_checkpoint_has_learnt_from(tmp_path):
    gan(1).run(checkpoint=tmp_path / "run.npz")
    x = images()
    assert learnt_from(tmp_path / "run.npz", x)
    assert learnt_from(tmp_path / "run.npz", np.concatenate([x, x]))  # of which a run may take the beginning
    for others in (x[:-1], images(seed=8), x.astype(np.float64), x[:, :2]):
        assert not learnt_from(tmp_path / "run.npz", others)


def test_how_often(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        Checkpoint, "write", lambda self, model, training, arrays: written.append(len(model.history))
    )
    gan(10).run(checkpoint=Checkpoint(tmp_path / "a.npz", every=4))
    assert written == [0, 4, 8, 10]
    with pytest.raises(ValueError, match="every must be a positive integer, got 0"):
        Checkpoint(tmp_path / "a.npz", every=0)


def test_left_to_itself_it_takes_a_hundredth_of_the_time(tmp_path, monkeypatch):
    checkpoint, clock = Checkpoint(tmp_path / "a.npz"), [1000.0]
    monkeypatch.setattr("numpygan.training.resume.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "numpygan.training.resume.write_archive", lambda *_: clock.__setitem__(0, clock[0] + 0.5)
    )
    checkpoint.write(gan().model, {}, {})
    clock[0] += 49.9
    assert not checkpoint.due(1)
    clock[0] += 0.2
    assert checkpoint.due(2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_old_checkpoint_and_the_model_whole(tmp_path):
    import resource

    path = tmp_path / "run.npz"
    gan(10).run(checkpoint=path)
    before = path.read_bytes()
    training = gan(10)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(
            OSError, match=r"cannot write .*run\.npz: File too large; the file that was there is unch"
        ):
            training.run(checkpoint=Checkpoint(path, every=5))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    one = gan(10)
    one.run()
    training = gan(10)
    training.run(resume=path)
    assert_same(training.outcome(), one.outcome())


def change_place(**values):
    return lambda about, arrays: about["training"].update(values)


def no_order(about, arrays):
    arrays["training/order"] = np.zeros(50, np.int64)


def few_frames(about, arrays):
    arrays["training/SampleRecorder-1/images"] = np.zeros((1, 3, 4, 4, 1), np.float32)


def wrong_state(about, arrays):
    about["generators"]["states"][0]["state"]["state"] = -1


def list_for_number(about, arrays):
    about["generators"]["states"][0]["state"]["state"] = [1]


def wrong_position(about, arrays):
    state = np.random.MT19937(0).state
    state["state"] = {"key": state["state"]["key"].tolist(), "pos": 10**9}
    about["generators"]["states"][0] = state


def negative_t(about, arrays):
    arrays["generator_optimizer/t"] = np.array(-1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_place(position=-1), "position -1 in the data"),
        (change_place(position=51), "position 51"),
        (change_place(position=1.5), "position 1.5"),
        (no_order, "or their order, is impossible"),
        (change_place(first=11), "began after iteration 11 of 10"),
        (few_frames, "the frames of SampleRecorder are"),
        (wrong_state, "not a numpygan model"),
        (list_for_number, "is not a PCG64 generator"),
        (wrong_position, "position of its random generator is out of range"),
        (negative_t, "generator_optimizer/t is negative"),
        (lambda about, arrays: arrays.pop("training/order"), "lacks 'training/order'"),
        (lambda about, arrays: about["histories"]["history"].update(columns=["a"]), "must be 1 columns"),
        (lambda about, arrays: about["generators"]["owners"].pop(), "owners of random generators"),
        (lambda about, arrays: about["generators"]["states"][0].update(bit_generator="os"), "'os'"),
    ],
)
def test_damaged_checkpoints_are_refused(change, message, tmp_path):
    path = tmp_path / "run.npz"
    cut_off(gan, path, 11)
    with np.load(path) as stored:
        arrays = dict(stored)
    about = json.loads(bytes(arrays.pop("about")))
    change(about, arrays)
    np.savez(path, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **arrays)
    with pytest.raises(ValueError, match=message) as caught:
        gan().run(resume=path)
    assert "run.npz is not a numpygan model" in str(caught.value)


def is_refused_and_nothing_changes(path, damage, message):
    about, arrays = read_archive(path)
    damage(about)
    write_archive(path, about, dict(arrays))
    training = gan(10)
    before = training.model.snapshot()
    with pytest.raises(ValueError, match=message):
        training.run(resume=path)
    assert_same(training.model.snapshot(), before)
    assert len(training.model.history) == 0


@pytest.mark.parametrize(
    ("part", "key"), [(("histories", "history"), "stopped_by"), (("training",), "stopped")]
)
def test_what_a_file_lacks_is_missed_before_anything_changes(part, key, tmp_path):
    path = tmp_path / "run.npz"
    gan(10).run(checkpoint=path)
    is_refused_and_nothing_changes(
        path, lambda about: functools.reduce(dict.get, part, about).pop(key), f"lacks '{key}'"
    )


def test_frames_go_on_in_the_list_that_the_model_shows(tmp_path):
    path = tmp_path / "run.npz"
    model, x = gan().model, images()
    model.fit(x, iterations=10, batch_size=8, sample_interval=5, progress=False, checkpoint=path)
    twin = gan().model
    twin.fit(x, iterations=20, batch_size=8, sample_interval=5, progress=False, resume=path)
    assert [number for number, _ in twin.samples] == [0, 5, 10, 15, 20]


@pytest.mark.parametrize("first", [99, -1, True, 2.0, None])
def test_an_impossible_beginning_is_refused_and_nothing_changes(first, tmp_path):
    path = tmp_path / "run.npz"
    gan(10).run(checkpoint=path)
    message = f"it says that it began after iteration {first} of 10"
    is_refused_and_nothing_changes(path, lambda about: about["training"].update(first=first), message)


@pytest.mark.parametrize("made", [0, 5])
def test_a_callback_that_refuses_its_state_leaves_the_model_as_it_was(made, tmp_path):
    class Refusing(Callback):
        def state(self):
            return {"number": 7}

        def resume(self, state, model, history):
            raise ValueError("7 is not my number")

    def a_model():
        model = gan().model
        if made:
            model.fit(images(), iterations=made, batch_size=8, progress=False)
        return model

    path = tmp_path / "run.npz"
    gan(12).model.fit(
        images(), iterations=12, batch_size=8, progress=False, callbacks=[Refusing()], checkpoint=path
    )
    model, untouched = a_model(), a_model()
    with pytest.raises(ValueError, match="7 is not my number"):
        model.fit(images(), iterations=12, batch_size=8, progress=False, callbacks=[Refusing()], resume=path)
    assert model.history.columns == untouched.history.columns
    for each in (model, untouched):  # the random numbers to come are the same, too
        each.fit(images(), iterations=3, batch_size=8, progress=False)
    assert_same(model.snapshot(), untouched.snapshot())
