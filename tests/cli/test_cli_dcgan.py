"""`numpygan train dcgan`: the run's folder, the presets, the errors."""

import json

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.cli.specs.dcgan import OF_PRESET
from numpygan.datasets import load_shapes
from numpygan.models import DCGAN, small_generator
from numpygan.models.dcgan_presets import PRESETS
from numpygan.training.resume import read_notes

TINY = ["train", "dcgan", "--iterations", "4", "--batch-size", "8", "--sample-interval", "2"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a tiny finished run."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_a_run_leaves_everything_it_promised(run):
    names = ["checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples", "samples.png"]
    names += ["settings.json", "stages.png", "training.gif", "training.html"]
    assert sorted(path.name for path in run.iterdir()) == names
    grids = sorted(path.name for path in (run / "samples").iterdir())
    assert grids == [f"iteration-{number:06d}.png" for number in (0, 2, 4)]
    assert imread(run / "samples.png")[..., :3].std() > 0.05  # not blank
    assert len((run / "losses.csv").read_text().splitlines()) == 5


def test_the_settings_say_which_networks_and_rate_were_taken(run):
    settings = json.loads((run / "settings.json").read_text())
    rule = load(run / "model.npz").generator_optimizer
    assert (settings["preset"], settings["learning_rate"], settings["r1"]) == ("small", rule.learning_rate, 0)


def test_the_default_networks_are_the_small_ones(run):
    model = load(run / "model.npz")
    assert type(model) is DCGAN
    small = DCGAN(rng=0)
    for name, network in model.networks.items():
        assert network.count_params() == small.networks[name].count_params()
    for name, rule in model.optimizers.items():
        assert rule.config() == small.optimizers[name].config()


@pytest.mark.slow
def test_the_preset_of_the_book(tmp_path):
    out = tmp_path / "book"
    arguments = ["--iterations", "1", "--batch-size", "2", "--preset", "book", "--latent-dim", "7"]
    assert main([*TINY, *arguments, "--out", str(out), "--quiet"]) == 0
    model, book = load(out / "model.npz"), DCGAN.book(rng=0)
    assert model.generator.input_shape == (7,)
    assert model.discriminator.count_params() == book.discriminator.count_params()
    assert model.generator_optimizer.config() == book.generator_optimizer.config()


@pytest.mark.slow
def test_settings_reach_the_optimisers(tmp_path):
    arguments = ["--iterations", "1", "--learning-rate", "0.003", "--beta-1", "0.25"]
    assert main([*TINY, *arguments, "--out", str(tmp_path), "--quiet"]) == 0
    for rule in load(tmp_path / "model.npz").optimizers.values():
        assert (rule.learning_rate, rule.beta_1) == (0.003, 0.25)


@pytest.mark.slow
def test_it_says_what_it_does_and_numbers_the_folders(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*TINY, "--iterations", "1"]) == 0
    text = capsys.readouterr().out
    assert "Training a DCGAN on 10,000 handwritten digits: 1 iterations of batch 8" in text
    assert "ms an iteration this will take about" in text
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["dcgan-1"]


def test_sample_draws_from_it(run, tmp_path):
    pictures = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in pictures:
        assert main(["sample", str(run), "--count", "4", "--seed", "1", "--out", str(path)]) == 0
    assert np.array_equal(*map(imread, pictures))


@pytest.mark.slow
def test_quick_ends_early(tmp_path):
    assert main(["train", "dcgan", "--quick", "--batch-size", "2", "--out", str(tmp_path), "--quiet"]) == 0
    assert json.loads((tmp_path / "settings.json").read_text())["iterations_done"] == 60


def test_help_shows_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "dcgan", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for option, default in {
        "--preset {small,colour,large-colour,book}": "colour or large-colour for pictures in colour, small for others",
        "--iterations": "5000",
        "--latent-dim": "100", "--seed": "0", "--sample-interval": "250",
    }.items():  # fmt: skip
        assert f"(default: {default})" in text[text.rindex(option) :][:600], option
    for key in OF_PRESET:
        each = ", ".join(f"{name} {getattr(preset, key):g}" for name, preset in PRESETS.items())
        assert f"--{key.replace('_', '-')}: {each}" in text, key


@pytest.fixture
def in_colour(tmp_path):
    """A file of 80 small pictures in colour."""
    images, _ = load_shapes(80, size=16, scale=(0, 1))
    np.save(tmp_path / "shapes.npy", np.round(255 * images).astype(np.uint8))
    return tmp_path / "shapes.npy"


def test_pictures_in_colour_have_a_preset_of_their_own(in_colour, tmp_path):
    arguments = ["train", "dcgan", "--data", str(in_colour), "--iterations", "2", "--quiet"]
    assert main([*arguments, "--out", str(tmp_path / "run")]) == 0
    settings = json.loads((tmp_path / "run" / "settings.json").read_text())
    preset = PRESETS["colour"]
    assert settings["preset"] == "colour" and settings["iterations"] == 2
    for key in OF_PRESET:
        assert settings[key] == getattr(preset, key), key
    model, default = load(tmp_path / "run" / "model.npz"), DCGAN(image_shape=(16, 16, 3), rng=0)
    assert model.config() == default.config()
    for name, network in model.networks.items():
        assert network.output_shape == default.networks[name].output_shape
        assert network.count_params() == default.networks[name].count_params()
    for name, rule in model.optimizers.items():
        assert rule.config() == default.optimizers[name].config()


def test_what_is_typed_wins_over_the_preset(in_colour, tmp_path):
    arguments = ["--data", str(in_colour), "--preset", "small", "--r1", "0.5", "--learning-rate", "0.002"]
    assert main([*TINY, *arguments, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    model = load(tmp_path / "run" / "model.npz")
    small = small_generator((16, 16, 3), rng=0)
    assert model.generator.count_params() == small.count_params()
    assert (model.r1, model.generator_optimizer.learning_rate) == (0.5, 0.002)


@pytest.mark.slow
def test_a_run_of_older_defaults_is_resumed_as_it_was(in_colour, tmp_path):
    """Before there was a preset for colour, pictures in colour were learnt by the small networks."""
    older = ["--data", str(in_colour), "--preset", "small", "--batch-size", "16", "--sample-interval", "2"]
    for out, iterations in (("whole", "6"), ("part", "3")):
        arguments = ["train", "dcgan", *older, "--iterations", iterations, "--quiet"]
        assert main([*arguments, "--out", str(tmp_path / out)]) == 0
    assert read_notes(tmp_path / "part" / "checkpoint.npz")["preset"] == "small"
    assert main(["train", "dcgan", "--resume", str(tmp_path / "part"), "--iterations", "6", "--quiet"]) == 0
    whole, part = (load(tmp_path / out / "model.npz") for out in ("whole", "part"))
    assert (part.config(), part.generator.count_params()) == (whole.config(), whole.generator.count_params())
    assert np.array_equal(whole.generator.flat_params, part.generator.flat_params)


def test_a_batch_of_the_preset_may_be_larger_than_the_data(tmp_path, capsys):
    images, _ = load_shapes(16, size=8, scale=(0, 1))
    np.save(tmp_path / "few.npy", np.round(255 * images).astype(np.uint8))
    assert main(["train", "dcgan", "--data", str(tmp_path / "few.npy"), "--out", str(tmp_path / "run")]) == 2
    assert "--batch-size 16 is larger than the data: 15 images" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--preset", "large"], "invalid choice: 'large'"),
        (["--learning-rate", "-1"], "expected a positive number, got '-1'"),
        (["--beta-1", "1"], "expected a number in [0, 1), got '1'"),
        (["--latent-dim", "0"], "expected an integer of at least 1, got '0'"),
        (["--hidden", "8"], "unrecognized arguments"),
        (["--batch-size", "10001"], "--batch-size 10001 is larger than the data: 10,000"),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["train", "dcgan", *arguments])
    except SystemExit as error:  # argparse's own way
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_divergence_is_reported_and_the_last_good_model_kept(tmp_path, capsys):
    assert main([*TINY, "--learning-rate", "1e37", "--out", str(tmp_path), "--quiet"]) == 1
    text = capsys.readouterr().out
    assert "stopped in iteration" in text and "is not finite" in text
    assert main(["sample", str(tmp_path)]) == 0
