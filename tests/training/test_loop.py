import csv
import os
import signal
import threading

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.training import Batches, Callback, History, SampleRecorder, StopOnPlateau, train
from numpygan.training.signals import ENDING, finish_iteration_on_interrupt
from tests.trainings import gan


class Counter:
    """The smallest model: it counts, and its loss is what the test wants it to be."""

    def __init__(self, loss=lambda n: 1 / n):
        self.n, self.loss = 0, loss

    def train_on_batch(self, batch):
        self.n += 1
        return {"loss": self.loss(self.n)}

    def snapshot(self):
        return self.n

    def restore(self, n):
        self.n = n


def run(model, iterations, **kwargs):
    batches = Batches(np.arange(10), 3, np.random.default_rng(0))
    return train(model, batches, iterations, History(), progress=False, **kwargs)


def test_batches_show_every_sample_once_per_pass():
    batches = Batches(np.arange(10), 3, np.random.default_rng(0))
    for _ in range(4):
        seen = np.concatenate([next(batches) for _ in range(3)])
        assert len(set(seen)) == 9  # the tenth does not fill a batch


def test_batches_of_everything():
    assert sorted(next(Batches(np.arange(4), 4, np.random.default_rng(0)))) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "a positive integer"), (-1, "a positive"), (11, "from 1 to the number of samples, 10")],
)
def test_impossible_batch_sizes(size, expected):
    with pytest.raises(ValueError, match=f"batch_size must be {expected}.*, got {size}"):
        Batches(np.arange(10), size, np.random.default_rng(0))


def test_history_columns_and_csv(tmp_path):
    history = run(Counter(), 4)
    np.testing.assert_array_equal(history["loss"], [1, 1 / 2, 1 / 3, 1 / 4])
    history.to_csv(tmp_path / "losses.csv")
    with open(tmp_path / "losses.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["iteration", "loss"] and rows[1] == ["1", "1"[:1] + ".0"] and len(rows) == 5
    assert float(rows[3][1]) == 1 / 3
    assert repr(history) == "History of 4 rows: loss"
    with pytest.raises(ValueError, match="no column 'x'"):
        history["x"]
    with pytest.raises(ValueError, match="has columns"):
        history.append({"other": 1.0})


def test_a_row_that_is_not_all_numbers_is_not_added_by_half():
    history = History()
    history.append({"a": 1.0, "b": 2.0})
    with pytest.raises(TypeError):
        history.append({"a": 3.0, "b": None})
    assert history.table().tolist() == [[1.0], [2.0]]


def test_callbacks_are_called_in_order_and_can_stop():
    calls = []

    class Watch(Callback):
        def begin(self, model, history):
            calls.append("begin")

        def after_iteration(self, iteration, model, history):
            calls.append(iteration)
            return "enough" if iteration == 3 else None

        def end(self, model, history):
            calls.append("end")

    history = run(Counter(), 10, callbacks=[Watch()])
    assert calls == ["begin", 1, 2, 3, "end"]
    assert history.stopped_by == "enough" and not history.interrupted


def test_plateau_stops_when_flat_and_not_before():
    falling = run(Counter(lambda n: 100 - n), 60, callbacks=[StopOnPlateau("loss", window=5, patience=2)])
    assert len(falling) == 60 and falling.stopped_by is None
    # falls until 20, flat after: windows 20-25 and 25-30 equal the one before
    flat = run(
        Counter(lambda n: max(100 - n, 80)), 60, callbacks=[StopOnPlateau("loss", window=5, patience=2)]
    )
    assert len(flat) == 35 and "loss has been flat at 80.000" in flat.stopped_by


def test_plateau_must_be_unbroken():
    steps = Counter(lambda n: float(n // 10))  # two equal windows of 5, then a jump
    history = run(steps, 60, callbacks=[StopOnPlateau("loss", window=5, patience=2, tolerance=0.1)])
    assert len(history) == 60


def test_callback_arguments_are_checked():
    with pytest.raises(ValueError, match="window must be a positive integer"):
        StopOnPlateau(window=0)
    with pytest.raises(ValueError, match="patience must be a positive integer"):
        StopOnPlateau(patience=0)
    with pytest.raises(ValueError, match="tolerance must be positive"):
        StopOnPlateau(tolerance=0)
    with pytest.raises(ValueError, match="no 'g_loss' among"):
        run(Counter(), 10, callbacks=[StopOnPlateau("g_loss", window=5)])
    for slip in (StopOnPlateau, print):
        with pytest.raises(TypeError, match="callbacks must be a list of Callback objects, got"):
            run(Counter(), 10, callbacks=[slip])
    for bad in ({"every": 0}, {"every": 1, "n": 0}):
        with pytest.raises(ValueError, match="must be a positive integer"):
            SampleRecorder(**bad)


def interrupt_at(number):
    class Interrupt(Callback):
        def after_iteration(self, iteration, model, history):
            if iteration == number:
                signal.raise_signal(signal.SIGINT)

    return Interrupt()


def test_ctrl_c_finishes_the_iteration_and_keeps_what_was_learnt():
    before = signal.getsignal(signal.SIGINT)
    model = Counter()
    history = run(model, 10, callbacks=[interrupt_at(4)])
    assert model.n == len(history) == 4
    assert history.interrupted and history.stopped_by == "interrupted after iteration 4"
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_interrupts_at_once():
    with pytest.raises(KeyboardInterrupt), finish_iteration_on_interrupt() as flag:
        os.getpid()
        signal.raise_signal(signal.SIGINT)
        assert flag.is_set()
        signal.raise_signal(signal.SIGINT)


@pytest.fixture
def handled():
    """Handle SIGTERM and, where there is one, SIGHUP, as a program of the user's may; list what comes."""
    got = []
    before = {signum: signal.signal(signum, lambda signum, frame: got.append(signum)) for signum in ENDING}
    yield got
    for signum, handler in before.items():
        signal.signal(signum, handler)


class Send(Callback):
    """Sends signals after the fourth iteration, and notes what had been delivered when the run ended."""

    def __init__(self, signums, delivered):
        self.signums, self.delivered, self.at_the_end = signums, delivered, None

    def after_iteration(self, iteration, model, history):
        if iteration == 4:
            for signum in self.signums:
                signal.raise_signal(signum)

    def end(self, model, history):
        self.at_the_end = list(self.delivered)


@pytest.mark.parametrize("signum", ENDING)
def test_what_ends_the_process_waits_for_the_iteration_and_the_checkpoint(signum, handled, tmp_path):
    send, training = Send([signum, signum], handled), gan(12)
    history = training.run(send, checkpoint=tmp_path / "run.npz")
    assert send.at_the_end == [] and handled == [signum]
    name = signal.Signals(signum).name
    assert history.interrupted and history.stopped_by == f"ended by {name} after iteration 4"
    assert len(history) == len(load(tmp_path / "run.npz").history) == 4


def test_it_is_delivered_after_an_error_too(handled):
    class Fails(Callback):
        def after_iteration(self, iteration, model, history):
            signal.raise_signal(signal.SIGTERM)
            raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        run(Counter(), 5, callbacks=[Fails()])
    assert handled == [signal.SIGTERM]


def test_a_signal_that_is_ignored_stays_ignored(handled):
    signal.signal(ENDING[-1], signal.SIG_IGN)  # as nohup does
    history = run(Counter(), 6, callbacks=[Send(ENDING[-1:], handled)])
    assert len(history) == 6 and not history.interrupted and handled == []


def test_training_works_outside_the_main_thread():
    result = []
    thread = threading.Thread(target=lambda: result.append(len(run(Counter(), 3))))
    thread.start()
    thread.join()
    assert result == [3]


def test_progress_bar_shows_losses(capsys):
    batches = Batches(np.arange(10), 3, np.random.default_rng(0))
    train(Counter(), batches, 40, History(), progress=True, show=("loss",))
    shown = capsys.readouterr().err
    assert "40/40" in shown and "loss=" in shown and "it/s" in shown


@pytest.mark.parametrize("iterations", [10.0, 2.5, "3", True, None])
def test_iterations_that_are_no_integer_change_nothing(iterations):
    class Begun(Callback):
        def begin(self, model, history):
            raise AssertionError("the training has begun")

    with pytest.raises(TypeError, match="iterations must be a positive integer, got"):
        run(Counter(), iterations, callbacks=[Begun()])


@pytest.mark.parametrize("size", [2.5, 2.0, True, "2"])
def test_batch_sizes_that_are_no_integers(size):
    with pytest.raises(TypeError, match="fit: batch_size must be a positive integer, got"):
        Batches(np.arange(10), size, np.random.default_rng(0))


@pytest.mark.parametrize(
    "make", [SampleRecorder, lambda n: StopOnPlateau(window=n), lambda n: StopOnPlateau(patience=n)]
)
def test_callbacks_count_in_integers(make):
    with pytest.raises(TypeError, match="must be a positive integer, got 2.5"):
        make(2.5)


def test_samples_of_a_model_that_draws_nothing():
    with pytest.raises(
        ValueError, match="needs a model that generates from noise, got Counter: use ReconstructionRecorder"
    ):
        run(Counter(), 3, callbacks=[SampleRecorder(1)])
