"""`numpygan train wgan`: the run's folder, its options, going on, the other commands."""

import csv
import json

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.models import WGAN

TINY = ["train", "wgan", "--iterations", "6", "--batch-size", "8", "--sample-interval", "3", "--hidden", "8"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_a_run_leaves_everything_it_promised(run):
    names = {
        "checkpoint.npz",
        "curves.png",
        "losses.csv",
        "model.npz",
        "samples",
        "samples.png",
        "settings.json",
    }
    assert names <= {path.name for path in run.iterdir()}
    with open(run / "losses.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 and {"distance", "penalty", "d_loss", "g_loss"} <= rows[0].keys()
    assert type(load(run / "model.npz")) is WGAN


@pytest.mark.slow
def test_settings_reach_the_model(tmp_path):
    options = [
        "--n-critic",
        "3",
        "--penalty",
        "0",
        "--clip",
        "0.05",
        "--learning-rate",
        "1e-3",
        "--beta-1",
        "0.5",
    ]
    assert main([*TINY, *options, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    model = load(tmp_path / "run" / "model.npz")
    assert (model.n_critic, model.penalty, model.clip) == (3, 0, 0.05)
    for rule in model.optimizers.values():
        assert (rule.learning_rate, rule.beta_1, rule.beta_2) == (1e-3, 0.5, 0.9)
    assert np.abs(model.discriminator.flat_params).max() <= np.float32(0.05)
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["n_critic"] == 3


def test_diagnose_and_step_know_it(run, capsys):
    assert main(["diagnose", str(run)]) == 0
    assert "WGAN after 6 iterations on digits" in capsys.readouterr().out
    assert main(["step", "wgan", "--batch-size", "6"]) == 0
    out = capsys.readouterr().out
    assert "how should your parameters change, for another slope?  t (3, 28, 28, 1)" in out
    assert out.count("discriminator learns") == 2 and out.count("generator learns") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--n-critic", "0"], "--n-critic"),
        (["--penalty", "-1"], "--penalty"),
        (["--batch-size", "6000"], "12000"),
    ],
)
def test_bad_options(options, said, tmp_path, capsys):
    try:
        status = main([*TINY, *options, "--out", str(tmp_path / "run"), "--quiet"])
    except SystemExit as error:
        status = error.code
    assert status != 0 and said in capsys.readouterr().err.replace(",", "")


@pytest.mark.slow
def test_r1_reaches_a_gan_and_batch_normalisation_is_refused(tmp_path, capsys):
    arguments = ["--iterations", "2", "--batch-size", "8", "--r1", "2", "--quiet"]
    assert main(["train", "gan", *arguments, "--out", str(tmp_path / "gan")]) == 0
    assert load(tmp_path / "gan" / "model.npz").r1 == 2
    arguments += ["--preset", "book"]
    assert main(["train", "dcgan", *arguments, "--out", str(tmp_path / "dcgan")]) != 0
    assert "a gradient penalty cannot be computed with BatchNormalization" in capsys.readouterr().err
