"""`numpygan train cgan` and what the other commands do with a run of it."""

import json

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.models import ConditionalGAN

TINY = [
    "train",
    "cgan",
    "--preset",
    "dense",
    "--iterations",
    "4",
    "--batch-size",
    "8",
    "--sample-interval",
    "2",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a tiny finished run."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_a_run_leaves_everything_it_promised(run):
    names = ["accuracy.png", "checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples"]
    names += ["samples.png", "settings.json", "stages.png", "training.gif", "training.html"]
    assert sorted(path.name for path in run.iterdir()) == names
    model = load(run / "model.npz")
    assert type(model) is ConditionalGAN and len(model.classes) == 10
    height, width = imread(run / "samples.png").shape[:2]
    assert height > 1.15 * width  # ten rows of eight


def test_the_preset_says_what_was_not_given(run):
    settings = json.loads((run / "settings.json").read_text())
    assert (settings["iterations"], settings["batch_size"]) == (4, 8)  # given
    rule = load(run / "model.npz").generator_optimizer
    assert (settings["learning_rate"], settings["beta_1"]) == (rule.learning_rate, rule.beta_1)


@pytest.mark.slow
def test_it_says_how_often_the_digit_asked_for_is_drawn(tmp_path, capsys):
    assert main([*TINY, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    assert "The classifier sees the digit asked for in" in capsys.readouterr().out


@pytest.mark.slow
def test_a_run_cut_off_and_resumed_is_the_same(run, tmp_path):
    folder = tmp_path / "run"
    assert main([*TINY[:4], "--iterations", "2", *TINY[6:], "--out", str(folder), "--quiet"]) == 0
    assert main(["train", "cgan", "--resume", str(folder), "--iterations", "4", "--quiet"]) == 0
    one, two = load(run / "model.npz").snapshot(), load(folder / "model.npz").snapshot()
    assert all(np.array_equal(one[key], two[key]) for key in one)


def test_sample_draws_the_class_asked_for(run, tmp_path, capsys):
    picture = tmp_path / "sevens.png"
    assert main(["sample", str(run), "--class", "7", "--n", "4", "--out", str(picture)]) == 0
    assert "4 new samples of class 7" in capsys.readouterr().out
    assert main(["sample", str(run), "--out", str(picture)]) == 0
    assert "80 new samples" in capsys.readouterr().out
    height, width = imread(picture).shape[:2]
    assert height > 1.15 * width  # one class a row


@pytest.mark.parametrize("bad", ["10", "-1", "seven", "7.0"])
def test_a_class_that_is_not_there_is_named(run, bad, capsys):
    assert main(["sample", str(run), f"--class={bad}"]) == 2
    assert f"there is no class {bad!r}: expected one of 0, 1, 2" in capsys.readouterr().err


@pytest.mark.slow
def test_a_class_of_a_model_that_knows_none(tmp_path, capsys):
    folder = str(tmp_path / "run")
    assert main(["train", "gan", "--iterations", "2", "--quiet", "--out", folder]) == 0
    assert main(["sample", folder, "--class", "7"]) == 2
    assert "holds a GAN, which knows no classes: leave out --class" in capsys.readouterr().err


@pytest.mark.slow
def test_step_diagnose_and_evaluate(run, capsys):
    for model in ("cgan", str(run)):
        assert main(["step", model, "--batch-size", "8"]) == 0
        assert "generator, forward  (8, 110)" in capsys.readouterr().out
    assert main(["diagnose", str(run)]) == 0
    assert "ConditionalGAN after 4 iterations on digits" in capsys.readouterr().out
    assert main(["evaluate", str(run), "--n", "200", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    accuracy = report["figures"]["drawn digits"]["class_accuracy"]
    assert 0 <= accuracy["low"] <= accuracy["value"] <= accuracy["high"] <= 1
    assert report["preset"] == "cgan-dense"


def test_images_without_labels_are_refused(tmp_path, capsys):
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8))
    arguments = ["--data", str(tmp_path / "images.npy"), "--out", str(tmp_path / "run")]
    assert main([*TINY, *arguments]) == 2
    assert (
        "has no labels, which this model needs: put the pictures of each class into"
        in capsys.readouterr().err
    )
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("model", ["cgan", "cvae"])
def test_folders_of_pictures_are_classes(model, tmp_path, capsys):
    rng = np.random.default_rng(0)
    for name in ("cats", "dogs", "owls"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for k in range(12):
            pixels = rng.integers(0, 256, (8, 8), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pets" / name / f"{k}.png")
    folder = str(tmp_path / "run")
    short = ["--epochs", "1"] if model == "cvae" else ["--iterations", "3"]
    arguments = ["--batch-size", "6", "--data", str(tmp_path / "pets"), "--out", folder, "--quiet"]
    assert main(["train", model, *short, *arguments]) == 0
    assert load(tmp_path / "run" / "model.npz").classes.names == ("cats", "dogs", "owls")
    assert main(["sample", folder, "--class", "owls", "--n", "3", "--files", str(tmp_path / "owls")]) == 0
    assert len(list((tmp_path / "owls").iterdir())) == 3
    assert main(["step", folder, "--batch-size", "6"]) == 0
    assert main(["diagnose", folder]) == 0
    assert main(["sample", folder, "--class", "cows"]) == 2
    assert "no class 'cows': expected one of cats, dogs, owls" in capsys.readouterr().err


@pytest.mark.slow
def test_a_conditional_vae_from_training_to_sevens(tmp_path, capsys):
    folder = str(tmp_path / "run")
    arguments = ["--quick", "--epochs", "1", "--hidden", "8", "--latent-dim", "2", "--quiet", "--out", folder]
    assert main(["train", "cvae", *arguments]) == 0
    out = capsys.readouterr().out
    assert "On 2,000 digits not trained on: loss" in out and "reconstructions.png" in out
    assert main(["sample", folder, "--class", "7"]) == 0
    assert main(["step", folder, "--batch-size", "8"]) == 0
    assert "decoder, forward  (8, 12)" in capsys.readouterr().out
    assert main(["diagnose", folder]) == 0
    assert main(["evaluate", folder, "--n", "200"]) == 0
    assert "class accuracy" in capsys.readouterr().out
