"""`--checkpoint-every`, `--resume`, and two runs in one folder."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from numpygan import checkpoint
from numpygan.checkpoint import load
from numpygan.cli import main, run_folder
from numpygan.training import SampleRecorder
from numpygan.training.resume import Checkpoint, read_notes

RUNS = {
    "gan": ["--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5"],
    "vae": ["--quick", "--epochs", "3", "--hidden", "8", "--batch-size", "500", "--patience", "2"],
}


class PowerCut(BaseException):
    pass


def train(name, folder, *extra):
    return main(["train", name, *RUNS[name], "--quiet", "--out", str(folder), *extra])


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_was_cut_off_ends_like_one_that_was_not(name, tmp_path, monkeypatch, capsys):
    assert train(name, tmp_path / "whole") == 0

    after_iteration = SampleRecorder.after_iteration

    def cut(self, iteration, model, history):
        if iteration == 8:
            raise PowerCut
        return after_iteration(self, iteration, model, history)

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(SampleRecorder, "after_iteration", cut)
        train(name, tmp_path / "cut", "--checkpoint-every", "3")
    assert len(load(tmp_path / "cut" / "checkpoint.npz").history) == 6
    assert main(["sample", str(tmp_path / "cut")]) == 0  # the model so far
    (tmp_path / "cut" / "new-samples.png").unlink()
    (tmp_path / "cut" / ".checkpoint-abcd1234.npz").write_text("half a file, as a killed process leaves it")
    assert main(["train", name, "--quiet", "--resume", str(tmp_path / "cut")]) == 0
    assert "Resuming after iteration 6." in capsys.readouterr().out
    for path in (tmp_path / "whole").iterdir():
        other = tmp_path / "cut" / path.name
        if path.suffix in (".csv", ".png", ".gif"):
            assert path.read_bytes() == other.read_bytes(), path.name
    whole, cut = (load(tmp_path / folder / "model.npz").snapshot() for folder in ("whole", "cut"))
    assert all(array.tobytes() == cut[key].tobytes() for key, array in whole.items())
    assert sorted(p.name for p in (tmp_path / "whole").iterdir()) == sorted(
        p.name for p in (tmp_path / "cut").iterdir()
    )


@pytest.mark.slow
def test_resuming_what_has_ended_only_writes_the_results_again(tmp_path):
    assert train("gan", tmp_path / "run") == 0
    before = (tmp_path / "run" / "losses.csv").read_bytes()
    (tmp_path / "run" / "losses.csv").unlink()
    assert main(["train", "gan", "--resume", str(tmp_path / "run"), "--quiet"]) == 0
    assert (tmp_path / "run" / "losses.csv").read_bytes() == before


@pytest.mark.slow
def test_settings_of_0_and_1_are_not_lost(tmp_path):
    """0 == False and 1 == True, but they are no switches."""
    tiny = ["--beta", "0", "--latent-dim", "1", "--hidden", "1", "--epochs", "1"]
    assert (
        main(["train", "vae", "--quick", *tiny, "--batch-size", "500", "--quiet", "--out", str(tmp_path)])
        == 0
    )
    before = json.loads((tmp_path / "settings.json").read_text())
    assert main(["train", "vae", "--quiet", "--resume", str(tmp_path)]) == 0
    after = json.loads((tmp_path / "settings.json").read_text())
    expected = {"beta": 0.0, "latent_dim": 1, "hidden": 1, "epochs": 1}
    assert expected.items() <= before.items() and expected.items() <= after.items()


def longer(name, folder, *extra):
    return main(["train", name, "--quiet", "--resume", str(folder), *extra])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "key", "few", "many"), [("gan", "iterations", 7, 12), ("ae", "epochs", 1, 20)]
)
def test_a_run_that_has_ended_is_made_longer(name, key, few, many, tmp_path):
    """The many of ae are the default: that they were typed must be noticed all the same."""
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(0, 256, (70, 4, 4), dtype=np.uint8))
    options = [
        "--data",
        str(tmp_path / "images.npy"),
        "--batch-size",
        "9",
        "--hidden",
        "4",
        "--sample-interval",
        "5",
    ]
    for folder, length in (("once", many), ("twice", few)):
        arguments = [
            "train",
            name,
            *options,
            "--quiet",
            f"--{key}",
            str(length),
            "--out",
            str(tmp_path / folder),
        ]
        assert main(arguments) == 0
    assert longer(name, tmp_path / "twice", f"--{key}={many}") == 0
    once, twice = (load(tmp_path / folder / "model.npz") for folder in ("once", "twice"))
    assert all(array.tobytes() == twice.snapshot()[name].tobytes() for name, array in once.snapshot().items())
    for file in ("losses.csv", "training.gif"):
        assert (tmp_path / "once" / file).read_bytes() == (tmp_path / "twice" / file).read_bytes()
    assert read_notes(tmp_path / "twice" / "checkpoint.npz")[key] == many


def is_refused(name, folder, arguments, message, capsys):
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert longer(name, folder, *arguments) == 2
    assert message in capsys.readouterr().err
    assert before == {path: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.mark.slow
def test_what_would_not_make_it_longer(tmp_path, capsys):
    assert train("gan", tmp_path) == 0
    for arguments, message in [
        (["--iterations", "11"], "was to make 12 iterations: --iterations 11 would not make it longer"),
        (
            ["--hidden", "128"],
            "takes --hidden from the run: leave it out (what may change is --data, --learning-rate,",
        ),  # the default, but typed
    ]:
        is_refused("gan", tmp_path, arguments, message, capsys)


@pytest.mark.slow
def test_a_run_goes_on_with_other_learning_rates_and_says_so(tmp_path, capsys):
    changed = [
        "--learning-rate",
        "0.0005",
        "--discriminator-learning-rate",
        "0.001",
        "--sample-interval",
        "4",
    ]
    assert train("gan", tmp_path) == 0
    assert longer("gan", tmp_path, "--iterations", "20", *changed) == 0
    text = capsys.readouterr().out
    for line in (
        "--iterations was 12, is 20 from here on",
        "--learning-rate was 0.002, is 0.0005 from here on",
        "--discriminator-learning-rate was not set, is 0.001 from here on",
        "--sample-interval was 5, is 4 from here on",
    ):
        assert f"  {line}\n" in text
    model = load(tmp_path / "checkpoint.npz")
    rates = {name: rule.learning_rate for name, rule in model.optimizers.items()}
    assert rates == {"generator_optimizer": 0.0005, "discriminator_optimizer": 0.001}
    assert longer("gan", tmp_path, "--iterations", "25") == 0  # with these rates, and silent about them
    assert "learning-rate" not in capsys.readouterr().out
    assert json.loads((tmp_path / "settings.json").read_text())["learning_rate"] == 0.0005
    assert load(tmp_path / "model.npz").generator_optimizer.learning_rate == 0.0005


@pytest.mark.slow
def test_an_autoencoder_goes_on_with_another_rate_and_patience(tmp_path, capsys):
    tiny = ["--epochs", "2", "--hidden", "4", "--batch-size", "500", "--quiet", "--out", str(tmp_path)]
    assert main(["train", "ae", *tiny]) == 0
    assert longer("ae", tmp_path, "--epochs", "3", "--learning-rate", "0.01", "--patience", "9") == 0
    assert "--patience was not set, is 9 from here on" in capsys.readouterr().out
    assert load(tmp_path / "model.npz").optimizer.learning_rate == 0.01


@pytest.mark.slow
def test_several_checkpoints_are_kept(tmp_path):
    assert train("gan", tmp_path, "--keep-checkpoints", "every:4") == 0
    kept = sorted(tmp_path.glob("checkpoint-*.npz"))
    assert [path.name for path in kept] == [f"checkpoint-{n:06d}.npz" for n in (4, 8, 12)]
    assert [len(load(path).history) for path in kept] == [4, 8, 12]
    whole = load(tmp_path / "model.npz").snapshot()
    kept[0].replace(tmp_path / "checkpoint.npz")  # to go back to it
    (tmp_path / "model.npz").unlink()
    assert longer("gan", tmp_path) == 0
    again = load(tmp_path / "model.npz").snapshot()
    assert all(array.tobytes() == again[key].tobytes() for key, array in whole.items())


@pytest.mark.parametrize("wrong", ["5000", "every:", "every:0", "last:3", "every:x"])
def test_checkpoints_to_keep_that_make_no_sense(wrong, capsys):
    with pytest.raises(SystemExit):
        main(["train", "gan", "--keep-checkpoints", wrong])
    assert "--keep-checkpoints: expected" in capsys.readouterr().err


@pytest.mark.slow
def test_what_cannot_be_made_longer(tmp_path, capsys):
    tiny = ["--iterations", "4", "--batch-size", "2", "--filters", "2", "--blocks", "1", "--quiet"]
    assert main(["train", "cyclegan", *tiny, "--out", str(tmp_path / "cyclegan")]) == 0
    assert train("vae", tmp_path / "vae") == 0
    for name, arguments, message in [
        ("cyclegan", ["--iterations", "9"], "its learning rates decay from half-time on"),
        ("cyclegan", ["--learning-rate", "0.1"], "takes --learning-rate from the run: leave it out"),
        ("vae", ["--epochs", "30"], "is a --quick run: start a new one"),
    ]:
        is_refused(name, tmp_path / name, arguments, message, capsys)


@pytest.mark.parametrize(
    ("model", "longer"),
    [("gan", "more iterations"), ("vae", "more epochs"), ("cyclegan", "may be changed --quick")],
)
def test_help_promises_longer_runs_where_there_are_any(model, longer, capsys):
    with pytest.raises(SystemExit):
        main(["train", model, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert longer in text and ("make it longer" in text) == ("more" in longer)


@pytest.mark.slow
def test_what_cannot_be_resumed(tmp_path, capsys):
    run = tmp_path / "run"
    assert train("gan", run) == 0
    for arguments, message in [
        (["gan", "--resume", str(tmp_path / "no")], "no: there is no such folder in"),
        (["gan", "--resume", str(tmp_path)], "there is no checkpoint.npz in it"),
        (["vae", "--resume", str(run)], "is a run of `numpygan train gan`, not vae"),
        (
            ["gan", "--resume", str(run), "--hidden", "9"],
            "takes --hidden from the run: leave it out",
        ),
        (["gan", "--resume", str(run), "--checkpoint-every", "0"], "expected an integer of at least 1"),
    ]:
        try:
            assert main(["train", *arguments]) == 2
        except SystemExit as error:
            assert error.code == 2
        assert message in capsys.readouterr().err
    (run / "checkpoint.npz").write_bytes((run / "checkpoint.npz").read_bytes()[:-100])
    assert main(["train", "gan", "--resume", str(run)]) == 2
    assert "checkpoint.npz is not a numpygan model" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("extra", [(), ("--overwrite",)])
def test_two_runs_in_one_folder(extra, tmp_path, capsys):
    with run_folder.locked(tmp_path):
        assert train("gan", tmp_path, *extra) == 2
    assert f"another run is writing to {tmp_path}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert train("gan", tmp_path, *extra) == 0
    assert not (tmp_path / run_folder.LOCK).exists()


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to_is_to_be_copied(tmp_path, monkeypatch, capsys):
    assert train("gan", tmp_path) == 0

    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(run_folder.tempfile, "TemporaryFile", refuse)
    assert longer("gan", tmp_path, "--iterations", "20") == 2
    assert (text := capsys.readouterr().err).endswith(
        f"{tmp_path}: Permission denied; copy the run to a folder that you can write to, and resume the copy\n"
    )
    assert "--out" not in text


def test_a_full_disk_is_one_clear_line(tmp_path, monkeypatch, capsys):
    def full(self, model, training, arrays):
        raise OSError(28, f"cannot write {self.path}: No space left on device")

    monkeypatch.setattr(Checkpoint, "write", full)
    assert train("gan", tmp_path) == 2
    assert (
        "cannot write" in (text := capsys.readouterr().err)
        and "No space left" in text
        and text.count("\n") == 1
    )


@pytest.mark.skipif(os.name == "nt", reason="a console Ctrl-C cannot be sent to one process there")
@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [["train", "gan"], ["train", "vae"], ["train", "ae"], ["train", "dcgan"], ["check"], ["sample"]],
)
def test_ctrl_c_at_any_moment(arguments, tmp_path):
    if arguments == ["sample"]:
        assert train("gan", tmp_path / "done") == 0
        arguments = ["sample", str(tmp_path / "done"), "--n", "3000"]
    for number, seconds in enumerate((0, 0.1, 0.4, 1.0, 2.5)):
        folder = tmp_path / str(number)
        out = ["--out", str(folder)] if arguments[0] == "train" else []
        command = [sys.executable, "-m", "numpygan", *arguments, *out]
        unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=unbuffered, **pipes) as process:
            if arguments[0] == "sample":
                time.sleep(1)  # it says nothing until it has ended
            else:
                process.stdout.readline()
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            try:
                _, complaints = process.communicate(timeout=300)
            finally:
                process.kill()
        assert "Traceback" not in complaints
        if arguments[0] == "train" or complaints:  # the others may have ended by then
            assert process.returncode == 130, complaints
        if (folder / "checkpoint.npz").exists():
            checkpoint.load(folder / "checkpoint.npz")
