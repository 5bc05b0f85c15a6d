"""`numpygan lab`: the film where there is no display, the window where there is one."""

import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan import checkpoint
from numpygan.cli import main
from numpygan.cli.commands import build_parser
from numpygan.cli.lab import build
from numpygan.datasets import load_toy
from numpygan.interactive import lab_window as window

TINY = ["--iterations", "6", "--frames", "3", "--batch-size", "32", "--quiet"]
RESULTS = ["lab.gif", "lab.html", "lab.png", "losses.csv", "model.npz", "settings.json"]


@pytest.mark.slow
def test_it_leaves_a_film_a_picture_and_the_model(tmp_path, capsys):
    assert main(["lab", "ring", *TINY, "--out", str(tmp_path / "run")]) == 0
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert [name for name in names if name != "lab.mp4"] == RESULTS
    assert imread(tmp_path / "run" / "lab.png")[..., :3].std() > 0.1
    assert len((tmp_path / "run" / "losses.csv").read_text().splitlines()) == 7
    text = capsys.readouterr().out
    assert "Training a GAN on ring of eight Gaussians: 6 iterations of batch 32." in text
    assert str(tmp_path / "run" / "lab.html") in text
    gan = checkpoint.load(tmp_path / "run" / "model.npz")
    assert gan.generate(3).shape == (3, 2) and len(gan.history) == 6


@pytest.mark.slow
def test_the_same_seed_gives_the_same_losses(tmp_path):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        main(["lab", "peaks", *TINY, "--seed", seed, "--out", str(tmp_path / name)])
    a, b, c = ((tmp_path / name / "losses.csv").read_bytes() for name in "abc")
    assert a == b != c


def settings_of(*arguments):
    return build_parser().parse_args(["lab", "ring", *arguments])


def test_collapse_sets_the_learning_rates():
    rates = []
    for arguments in ((), ("--collapse",)):
        gan = build(settings_of(*arguments), load_toy("ring"))
        rates.append((gan.generator_optimizer.learning_rate, gan.discriminator_optimizer.learning_rate))
    assert rates == [(5e-4, 4e-3), (1e-2, 2e-4)]


def test_options_reach_the_gan():
    arguments = ["--loss", "least-squares", "--latent-dim", "3", "--hidden", "8", "--beta-1", "0"]
    gan = build(settings_of(*arguments), load_toy("ring"))
    assert type(gan.generator_loss).__name__ == "LeastSquaresFromLogits"
    assert gan.generator.input_shape == (3,) and gan.generator.layers[0].units == 8
    assert gan.generator_optimizer.beta_1 == 0


def test_help_shows_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["lab", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    defaults = {
        "iterations": "4000", "generator-rate": "0.0005", "discriminator-rate": "0.004", "beta-1": "0.5",
        "loss": "non-saturating", "batch-size": "256", "hidden": "64", "latent-dim": "2", "seed": "0",
        "frames": "40", "out": "runs/lab-1",
    }  # fmt: skip
    for option, default in defaults.items():
        assert re.search(rf"--{option} [^(]*\(default: {re.escape(default)}", text), option


@pytest.mark.parametrize(
    "arguments, match",
    [
        (["rings"], "unknown toy data 'rings'"),
        (["draw"], "there is no display"),
        (["nowhere.csv"], "nowhere.csv"),
        (["ring", "--batch-size", "30000"], "--batch-size 30000 is larger than the data"),
    ],
)
def test_bad_input_ends_with_status_2(arguments, match, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", *arguments]) == 2
    assert match in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_not_touched(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x")
    assert main(["lab", "ring", *TINY, "--out", str(tmp_path)]) == 2
    text = capsys.readouterr().err
    assert "is not empty" in text and "--resume" not in text  # there is no run in it to go on with


def test_points_of_your_own(tmp_path):
    np.save(tmp_path / "points.npy", np.random.default_rng(0).standard_normal((50, 2)) + 100)
    assert main(["lab", str(tmp_path / "points.npy"), *TINY, "--out", str(tmp_path / "run")]) == 0
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["iterations_done"] == 6


def test_divergence_keeps_what_was_learnt(tmp_path, capsys):
    diverging = ["--iterations", "50", "--discriminator-rate", "1e30"]
    assert main(["lab", "ring", *TINY, *diverging, "--out", str(tmp_path / "run")]) == 1
    assert "stopped in iteration" in capsys.readouterr().out
    assert (tmp_path / "run" / "lab.html").exists()


@pytest.mark.slow
def test_with_a_display_it_opens_the_window(tmp_path, monkeypatch):
    """The window as the user meets it, with a `show` that lets the timer tick a few times."""
    from matplotlib import pyplot

    opened = []

    class Watched(window.LabWindow):
        def __init__(self, *arguments, **settings):
            super().__init__(*arguments, **settings)
            opened.append(self)

    monkeypatch.setattr(window, "has_display", lambda: True)
    monkeypatch.setattr(window, "LabWindow", Watched)
    monkeypatch.setattr(pyplot, "show", lambda: [opened[0].advance() for _ in range(3)])
    assert main(["lab", "ring", *TINY, "--out", str(tmp_path / "run")]) == 0
    pyplot.close("all")
    assert len(opened[0].gan.history) == 6
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["lab.png", *RESULTS[3:]]
    monkeypatch.setattr(pyplot, "show", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["lab", "ring", *TINY, "--out", str(tmp_path / "cut")]) == 130
    assert (tmp_path / "cut" / "lab.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to send")
def test_ctrl_c_leaves_what_was_learnt(tmp_path):
    command = [sys.executable, "-m", "numpygan", "lab", "ring", "--iterations", "100000", "--frames", "2"]
    command += ["--out", str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        bar = ""
        while not re.search(r" [1-9]\d*/100000", bar):  # the training is under way
            assert (more := process.stderr.read(1)), bar
            bar += more
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 130, out
    assert (tmp_path / "run" / "lab.html").exists() and (tmp_path / "run" / "lab.png").exists()
    done = json.loads((tmp_path / "run" / "settings.json").read_text())["iterations_done"]
    assert 0 < done < 100_000


def test_what_was_learnt_is_kept_if_the_film_cannot_be_written(tmp_path, monkeypatch, capsys):
    def full(film, folder, name):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpygan.interactive.write_film", full)
    assert main(["lab", "ring", *TINY, "--out", str(tmp_path / "run")]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert len(checkpoint.load(tmp_path / "run" / "model.npz").history) == 6


@pytest.mark.slow
def test_a_run_of_points_can_be_diagnosed_and_looked_at_step_by_step(tmp_path, capsys):
    run = str(tmp_path / "run")
    assert main(["lab", "peaks", *TINY, "--out", run]) == 0
    assert main(["diagnose", run]) == 0
    assert "GAN after 6 iterations on peaks" in capsys.readouterr().out
    assert main(["step", run]) == 0
    assert "GAN, iteration 7, on 64 points" in capsys.readouterr().out
    assert main(["sample", run]) == 2
    assert f"{run} holds a GAN that generates no images, but samples of (1,)" in capsys.readouterr().err
