"""`numpygan train pix2pix`: the run's folder, own pairs, evaluating and sampling it, the errors."""

import csv
import json
import os

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.cli.commands import parse
from numpygan.cli.specs import SPECS
from numpygan.datasets import load_doodles
from numpygan.models import Pix2Pix

TINY = ["train", "pix2pix", "--quick", "--iterations", "4", "--batch-size", "4", "--sample-interval", "2"]
RESULTS = ["checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples", "settings.json", "training.gif",
           "training.html", "translations.png"]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a tiny finished run."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder with two folders of 20 pictures of 16 x 16: a in grey, b in colour."""
    folder, rng = tmp_path_factory.mktemp("own"), np.random.default_rng(0)
    for name, shape in (("edges", (16, 16)), ("photos", (16, 16, 3))):
        (folder / name).mkdir()
        for k in range(20):
            Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(folder / name / f"{k}.png")
    return folder


def test_a_run_leaves_everything_it_promised(run):
    assert sorted(path.name for path in run.iterdir()) == RESULTS
    grids = sorted(path.name for path in (run / "samples").iterdir())
    assert grids == [f"iteration-{number:06d}.png" for number in (0, 2, 4)]
    for name in ("translations.png", "curves.png"):
        assert imread(run / name)[..., :3].std() > 0.05  # not blank
    with open(run / "losses.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 and float(rows[-1]["l1"]) > 0 and float(rows[-1]["d_loss"]) > 0
    assert json.loads((run / "settings.json").read_text())["iterations_done"] == 4


def test_the_defaults_are_the_models_own(run):
    model, plain = load(run / "model.npz"), Pix2Pix(rng=0)
    assert type(model) is Pix2Pix and model.config() == plain.config()
    for name, rule in model.optimizers.items():
        assert rule.config() == plain.optimizers[name].config()
    for name, network in model.networks.items():
        assert network.count_params() == plain.networks[name].count_params()


@pytest.mark.slow
def test_settings_reach_the_model(tmp_path, capsys):
    arguments = ["--data", "shapes", "--l1-weight", "3", "--adversarial-weight", "0.5", "--averaging", "0"]
    arguments += ["--learning-rate", "0.003", "--beta-1", "0.25", "--filters", "4"]
    assert main([*TINY, *arguments, "--out", str(tmp_path), "--quiet"]) == 0
    text = capsys.readouterr().out
    assert "Training a Pix2Pix on 1,000 doodles of shapes and their pictures: 4 iterations" in text
    assert "On 1,000 pairs not trained on: mean absolute error 0." in text
    model = load(tmp_path / "model.npz")
    assert (model.l1_weight, model.adversarial_weight, model.averages) == (3, 0.5, {})
    assert model.generator.layers[0].output_shape == (16, 16, 4)
    for rule in model.optimizers.values():
        assert (rule.learning_rate, rule.beta_1) == (0.003, 0.25)


@pytest.mark.slow
def test_own_pairs(own, tmp_path, capsys):
    arguments = [*TINY, "--pairs", str(own), "--hold-out", "0.2", "--quiet"]
    assert main([*arguments, "--out", str(tmp_path / "there")]) == 0
    text = capsys.readouterr().out
    assert f"on 16 pairs from {own}" in text and "20 pairs, in edges/ and photos/" in text
    assert "On 4 pairs not trained on" in text
    model = load(tmp_path / "there" / "model.npz")
    assert (model.generator.input_shape, model.generator.output_shape) == ((16, 16, 1), (16, 16, 3))
    assert main(["diagnose", str(tmp_path / "there")]) == 0
    assert f"after 4 iterations on {own}" in capsys.readouterr().out
    assert main(["sample", str(tmp_path / "there"), "--n", "6"]) == 0
    assert main([*arguments, "--swap", "--size", "8", "--out", str(tmp_path / "back")]) == 0
    model = load(tmp_path / "back" / "model.npz")
    assert (model.generator.input_shape, model.generator.output_shape) == ((8, 8, 3), (8, 8, 1))


@pytest.mark.slow
def test_a_longer_run_continues_as_the_same_run(own, tmp_path, capsys):
    arguments = ["train", "pix2pix", "--pairs", str(own), "--batch-size", "4", "--filters", "4", "--quiet"]
    assert main([*arguments, "--iterations", "4", "--out", str(tmp_path / "whole")]) == 0
    assert main([*arguments, "--iterations", "2", "--out", str(tmp_path / "parts")]) == 0
    longer = ["--iterations", "4", "--resume", str(tmp_path / "parts"), "--quiet"]
    assert main(["train", "pix2pix", *longer]) == 0
    assert "Resuming after iteration 2." in capsys.readouterr().out
    whole, parts = (load(tmp_path / folder / "model.npz").snapshot() for folder in ("whole", "parts"))
    assert all(array.tobytes() == parts[key].tobytes() for key, array in whole.items())


@pytest.mark.slow
def test_evaluate_reports_error_and_distance(run, capsys):
    assert main(["evaluate", str(run), "--n", "150", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    figures = report["figures"]["translated doodles"]
    (run / "nearest.png").unlink()
    expected = load(run / "model.npz").evaluate(*load_doodles("digits", "evaluation", n=150))
    assert figures["error_b"]["value"] == pytest.approx(expected["error_b"], rel=1e-4)
    held_out = report["figures"]["held-out images"]
    assert figures["frechet_distance"]["value"] > held_out["frechet_distance"]["value"]


@pytest.mark.slow
def test_evaluate_needs_pairs_that_are_held_out(own, tmp_path, capsys):
    arguments = [*TINY, "--pairs", str(own), "--hold-out", "0", "--quiet", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert "not trained on" not in capsys.readouterr().out
    assert main(["evaluate", str(tmp_path), "--n", "150"]) == 2
    assert "were held out, so there are none to compare with" in capsys.readouterr().err


@pytest.mark.slow
def test_sample_draws_pictures_of_held_out_doodles(run, tmp_path):
    for name in ("one", "two"):
        out = ["--out", str(tmp_path / f"{name}.png"), "--seed", "3", "--n", "6"]
        assert main(["sample", str(run), *out]) == 0
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert main(["sample", str(run), "--files", str(tmp_path / "files"), "--n", "3", "--seed", "3"]) == 0
    assert imread(tmp_path / "files" / "0003.png").shape == (32, 32, 3)
    assert main(["sample", str(run), "--class", "3"]) == 2


@pytest.mark.slow
def test_step_shows_pairs(run, capsys):
    assert main(["step", str(run), "--batch-size", "4"]) == 0
    text = capsys.readouterr().out
    assert "Pix2Pix, iteration 5, on 4 pairs" in text
    assert "1. generator learns" in text and "2. discriminator learns" in text
    assert main(["diagnose", str(run), "--data", "mnist"]) == 2
    assert "--data must be one of digits, shapes for a Pix2Pix, got 'mnist'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "mnist"], "invalid choice: 'mnist'"),
        (["--l1-weight", "-1"], "expected a number of at least 0, got '-1'"),
        (["--batch-size", "10001"], "--batch-size 10001 is larger than the data: 10,000 pairs"),
        (["--pairs", "nowhere"], "nowhere is no folder: pairs are a folder of pictures"),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["train", "pix2pix", *arguments])
    except SystemExit as error:  # argparse's own way
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_pictures_that_cannot_be_halved_are_refused_with_a_cure(own, tmp_path, capsys):
    out = tmp_path / "run"
    assert main([*TINY, "--pairs", str(own), "--size", "15", "--out", str(out)]) == 2
    assert (
        "pictures of 15 x 15 cannot be halved twice, as the networks do: --size 32" in capsys.readouterr().err
    )
    assert not out.exists()
    assert main([*TINY, "--pairs", str(own), "--size", "32", "--out", str(out), "--quiet"]) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("options", [["pix2pix", "--pairs", "."], ["cyclegan", "--a", "a", "--b", "b"]])
def test_names_of_broken_pictures_do_not_steer_the_terminal(options, tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).mkdir()
        for k in range(12):
            Image.fromarray(np.full((8, 8), 20 * k, np.uint8)).save(tmp_path / name / f"{k}.png")
        (tmp_path / name / "\x1b[2J.png").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    settings, _ = parse(["train", *options, "--skip-broken", "--batch-size", "2"])
    notes = "\n".join(SPECS[settings.model].load(settings).notes)
    assert "?[2J.png" in notes and "\x1b" not in notes
