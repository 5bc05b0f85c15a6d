"""Workers in lockstep: values in order, errors that surface, and no thread left behind."""

import os
import signal
import threading
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

from numpygan.models import threads
from numpygan.models.threads import run_workers, single_threaded_blas

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


@pytest.mark.parametrize("K", [2, 3])
def test_everybody_gets_everybodys_things_in_order(K):
    def work(worker):
        return threading.get_ident(), [worker.all_gather((worker.k, visit)) for visit in range(50)]

    results = run_workers(K, work)
    assert len({thread for thread, _ in results}) == K and results[0][0] == threading.get_ident()
    for _, things in results:
        assert things == [[(k, visit) for k in range(K)] for visit in range(50)]


def test_the_mean_is_the_same_for_all_to_the_bit():
    arrays = np.random.default_rng(0).standard_normal((3, 1000)).astype(np.float32)
    means = run_workers(3, lambda worker: worker.all_reduce_mean(arrays[worker.k]))
    np.testing.assert_allclose(means[0], arrays.mean(axis=0), atol=1e-6)
    assert all(mean.dtype == np.float32 and mean.tobytes() == means[0].tobytes() for mean in means)


@pytest.mark.parametrize("n", [2, 7, 9])
def test_parts_cover_the_whole_in_order(n):
    parts = run_workers(3, lambda worker: list(range(n))[worker.shard(n)])
    assert sum(parts, []) == list(range(n)) and max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("who", [0, 1, 2])
@pytest.mark.parametrize("visits", [0, 1, 5])
def test_an_error_ends_all_and_is_the_one_that_is_raised(who, visits, error):
    went_on = []

    def work(worker):
        for _ in range(visits):
            worker.all_gather()
        if worker.k == who:
            raise error("mine")
        worker.all_gather()
        went_on.append(worker.k)

    with pytest.raises(error, match="mine"):
        run_workers(3, work)
    assert not went_on


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs to signal one thread")
def test_ctrl_c_reaches_who_waits():
    interrupted = threading.Event()

    def work(worker):
        if worker.k == 0:
            try:
                worker.all_gather()
                worker.all_gather()  # nobody comes
            finally:
                interrupted.set()
        worker.all_gather()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        assert interrupted.wait(10)
        for _ in range(2):
            worker.all_gather()

    with pytest.raises(KeyboardInterrupt):
        run_workers(2, work)


def test_an_error_after_the_last_meeting_is_raised_too():
    def work(worker):
        worker.all_gather()
        return 1 / (1 - worker.k)

    with pytest.raises(ZeroDivisionError):
        run_workers(2, work)


def test_all_threads_treat_overflow_alike():
    with np.errstate(over="raise", invalid="ignore"):
        expected = np.geterr()
        assert run_workers(2, lambda worker: np.geterr()) == [expected, expected]


def test_all_threads_report_overflow_to_the_same_function():
    told = []
    with np.errstate(over="call", call=lambda kind, flag: told.append((kind, threading.get_ident()))):
        run_workers(2, lambda worker: np.exp(np.full(3, 1000.0)) if worker.k else None)
    assert [kind for kind, _ in told] == ["overflow"] and told[0][1] != threading.get_ident()


def test_blas_is_held_to_one_thread_and_let_go():
    usual = threads.blas_threads()
    with single_threaded_blas() as count:
        assert count == usual
        assert threads.blas_threads() == 1
    assert threads.blas_threads() == usual
    with single_threaded_blas(lambda cores: 1) as count:
        assert count == 1
        assert threads.blas_threads() == usual


@pytest.mark.parametrize("outer", [1, 2])
def test_whoever_has_all_cores_may_ask_for_them_again(outer, monkeypatch):
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    monkeypatch.setattr(threads, "_blas", lambda: SimpleNamespace(limit=lambda limits: nullcontext()))
    counts = []

    def nested():
        with single_threaded_blas(lambda cores: outer), single_threaded_blas() as count:
            counts.append(count)

    thread = threading.Thread(target=nested, daemon=True)
    thread.start()
    thread.join(10)
    assert counts == [2]


def test_a_blas_that_cannot_be_told_means_one_thread(monkeypatch):
    monkeypatch.setattr(threads, "_blas", lambda: SimpleNamespace(lib_controllers=[]))
    assert threads.blas_threads() == 1
    with single_threaded_blas() as count:
        assert count == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_forked_while_a_thread_holds_blas_is_not_stuck(monkeypatch):
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    monkeypatch.setattr(threads, "_blas", lambda: SimpleNamespace(limit=lambda limits: nullcontext()))
    held, released = threading.Event(), threading.Event()

    def hold():
        with single_threaded_blas():
            held.set()
            released.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends a child that waits for ever
        with single_threaded_blas() as count:
            os._exit(0 if count == 2 else 1)
    _, status = os.waitpid(child, 0)
    released.set()
    holder.join()
    assert status == 0
