"""`numpygan results`: the table of results, over seeds, in several processes, cut off and resumed."""

import builtins
import json
import os
import signal
import threading

import numpy as np
import pytest

from numpygan.cli import evaluate, main, results, train
from numpygan.cli.interrupt import INTERRUPTED
from numpygan.training import Callback
from tests.cli.test_cli_evaluate import MODELS


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "TARGET", tmp_path / "results.json")
    monkeypatch.setattr(results, "PRESETS", {"vae": [*MODELS["vae"]]})
    return tmp_path


def rows_in(text):
    return [line for line in text.splitlines() if line.startswith("|")]


@pytest.mark.slow
def test_the_table_of_results(small, capsys):
    for _ in range(2):
        assert main(["results", "--quick", "--out", str(small), "--document"]) == 0
    text = capsys.readouterr().out
    assert text.count("Trained 1 epoch, 4 iterations in") == 1  # the second time it was there
    head, rule, row, real, shuffled = rows_in(text)[-5:]
    assert "Frechet distance" in head and "| vae, drawn digits | batch 500, Adam 0.001, 2 latents" in row
    assert {line.count("|") for line in (head, rule, row, real, shuffled)} == {
        9
    }  # no class was asked for, so there is no accuracy
    assert "[ ]: 95% interval." in text
    row = json.loads((small / "results.json").read_text())["vae"]
    assert row["frechet_distance"]["low"] < row["frechet_distance"]["high"]
    assert main(["results", "cyclops", "--out", str(small)]) == 2
    assert "there is no preset cyclops: choose from vae" in capsys.readouterr().err


@pytest.mark.slow
def test_results_over_seeds_are_medians_and_ranges(small, capsys):
    assert main(["results", "--quick", "--seeds", "2", "--out", str(small), "--document"]) == 0
    assert "[ ]: range over 2 seeds, after the median." in capsys.readouterr().out
    folders = [small / "vae" / f"seed-{seed}" for seed in range(2)]
    each = [evaluate.evaluate(folder, 200)[0]["figures"]["drawn digits"] for folder in folders]
    values = [figures["frechet_distance"]["value"] for figures in each]
    assert len(set(values)) == 2
    found = json.loads((small / "results.json").read_text())["vae"]["frechet_distance"]
    np.testing.assert_allclose(
        [found["value"], found["low"], found["high"]], [np.median(values), min(values), max(values)]
    )
    np.testing.assert_allclose(found["values"], values)


@pytest.mark.slow
def test_results_in_two_processes_are_the_same(small, capsys):
    pytest.importorskip("joblib")
    tables = []
    for jobs in ("1", "2"):
        command = ["results", "--quick", "--seeds", "2", "--jobs", jobs, "--out", str(small / jobs)]
        assert main(command) == 0
        tables.append([line.split("|")[5:] for line in rows_in(capsys.readouterr().out)])
    assert tables[0] == tables[1]


def test_the_callers_backend_of_joblib_is_taken(small, monkeypatch):
    joblib = pytest.importorskip("joblib")
    monkeypatch.setattr(results, "_row", lambda *one: (os.getpid(), threading.current_thread()))
    with joblib.parallel_config(backend="threading"):
        rows = results._each(2, [("vae", [], seed, small, True, None) for seed in range(2)])
    assert {process for process, _ in rows} == {os.getpid()}
    assert threading.main_thread() not in {thread for _, thread in rows}


def test_several_jobs_need_joblib(small, monkeypatch, capsys):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "joblib":
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["results", "--quick", "--jobs", "2", "--out", str(small)]) == 2
    assert "pip install joblib" in capsys.readouterr().err


@pytest.mark.slow
def test_results_that_were_cut_off_go_on(small, monkeypatch, capsys):
    options = ["results", "--quick", "--seeds", "2", "--out", str(small)]
    real, calls = train.fit, []

    def interrupted(model, *arrays, **arguments):
        calls.append(len(model.history))
        if len(calls) == 2:  # in the second run, Ctrl-C after the second iteration
            arguments["callbacks"] = [*arguments["callbacks"], CtrlC()]
        return real(model, *arrays, **arguments)

    monkeypatch.setattr(train, "fit", interrupted)
    assert main(options) == INTERRUPTED
    capsys.readouterr()
    assert main(options) == 0
    assert "Resuming after iteration 2" in capsys.readouterr().out
    assert calls == [0, 0, 2]
    assert main(options) == 0 and calls == [0, 0, 2]


class CtrlC(Callback):
    """A callback during whose work the user types Ctrl-C."""

    def after_iteration(self, iteration, model, history):
        if iteration == 2:
            signal.raise_signal(signal.SIGINT)
