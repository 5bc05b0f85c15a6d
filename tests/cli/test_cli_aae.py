"""`numpygan train aae` and `numpygan train began`, and what the other commands do with their runs."""

import csv
import json

import numpy as np
import pytest

from numpygan.checkpoint import load, save
from numpygan.cli import main
from numpygan.models import BEGAN, AdversarialAutoencoder, NormalPrior, RingPrior, dense_encoder

AAE = ["train", "aae", "--quick", "--epochs", "1", "--hidden", "8", "--sample-interval", "10"]
SIZE = ["--batch-size", "8", "--latent-dim", "4", "--code", "4", "--filters", "2"]
TINY_BEGAN = ["train", "began", "--iterations", "6", "--sample-interval", "3", *SIZE]
PLAIN = {"checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples", "samples.png", "settings.json"}


@pytest.fixture(scope="module")
def aae(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "aae"
    assert main([*AAE, "--latent-dim", "2", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def began(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "began"
    assert main([*TINY_BEGAN, "--out", str(folder), "--quiet"]) == 0
    return folder


def columns_of(run):
    with open(run / "losses.csv", encoding="utf-8") as file:
        return set(next(csv.DictReader(file)))


def test_an_adversarial_autoencoder_leaves_everything_it_promised(aae):
    names = PLAIN | {"manifold.png", "plane.png", "plane.html", "reconstructions.png"}
    assert names <= {path.name for path in aae.iterdir()}
    assert {"loss", "d_loss", "e_loss", "D(z)", "D(E(x))"} <= columns_of(aae)
    model = load(aae / "model.npz")
    assert type(model) is AdversarialAutoencoder and type(model.prior) is NormalPrior


def test_a_began_leaves_everything_it_promised(began):
    assert PLAIN | {"stages.png"} <= {path.name for path in began.iterdir()}
    assert {"d_loss", "g_loss", "real", "convergence", "k"} <= columns_of(began)
    assert type(load(began / "model.npz")) is BEGAN


@pytest.mark.slow
def test_its_learning_rates_may_change_in_a_resumed_run(tmp_path, capsys):
    options = ["--data", str(tmp_path / "x.npy"), "--latent-dim", "2", "--batch-size", "20", "--epochs"]
    np.save(tmp_path / "x.npy", np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8))
    run = ["--quiet", "--out", str(tmp_path / "run")]
    assert main(["train", "aae", "--hidden", "4", *options, "1", *run]) == 0
    changed = ["--epochs", "2", "--game-learning-rate", "5e-4", "--diagnose-every", "7"]
    assert main(["train", "aae", "--resume", str(tmp_path / "run"), *changed, "--quiet"]) == 0
    assert "--game-learning-rate was 0.002, is 0.0005 from here on" in capsys.readouterr().out
    rates = [rule.learning_rate for rule in load(tmp_path / "run" / "model.npz").optimizers.values()]
    assert rates == [2e-3, 5e-4, 5e-4]


@pytest.mark.slow
def test_settings_reach_an_adversarial_autoencoder(tmp_path):
    options = ["--prior", "ring", "--learning-rate", "2e-3", "--game-learning-rate", "5e-4"]
    assert main([*AAE, *options, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    model = load(tmp_path / "run" / "model.npz")
    assert type(model.prior) is RingPrior and model.latent_dim == 2
    rates = [rule.learning_rate for rule in model.optimizers.values()]
    assert rates == [2e-3, 5e-4, 5e-4] and model.encoder_optimizer.beta_1 == 0
    assert not (tmp_path / "run" / "manifold.png").exists()  # the plane of a normal prior


@pytest.mark.slow
def test_settings_reach_a_began(tmp_path):
    options = ["--gamma", "0.6", "--k-rate", "0.01", "--learning-rate", "1e-3", "--averaging", "0.9"]
    options += ["--discriminator-learning-rate", "2e-3"]
    assert main([*TINY_BEGAN, *options, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    model = load(tmp_path / "run" / "model.npz")
    assert (model.gamma, model.k_rate, model.averaging) == (0.6, 0.01, 0.9)
    assert (model.latent_dim, model.discriminator.layers[0].output_shape) == (4, (4,))
    rates = model.generator_optimizer.learning_rate, model.discriminator_optimizer.learning_rate
    assert rates == (1e-3, 2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("prior, latents", [("normal", 8), ("ring", 2)])
def test_the_prior_sets_the_number_of_latents(prior, latents, tmp_path):
    arguments = [*AAE, "--prior", prior, "--out", str(tmp_path / "run"), "--quiet"]
    assert main(arguments) == 0
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["latent_dim"] == latents


@pytest.mark.slow
def test_a_run_cut_off_and_resumed_is_the_same(began, tmp_path):
    folder = tmp_path / "run"
    assert (
        main(["train", "began", "--iterations", "2", *TINY_BEGAN[4:], "--out", str(folder), "--quiet"]) == 0
    )
    assert main(["train", "began", "--resume", str(folder), "--iterations", "6", "--quiet"]) == 0
    one, two = load(began / "model.npz").snapshot(), load(folder / "model.npz").snapshot()
    assert all(np.array_equal(one[key], two[key]) for key in one)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aae", "began"])
def test_the_other_commands_know_it(name, request, tmp_path, capsys):
    run = str(request.getfixturevalue(name))
    kind = {"aae": "AdversarialAutoencoder", "began": "BEGAN"}[name]
    assert main(["diagnose", run]) == 0
    assert f"{kind} after" in capsys.readouterr().out
    assert main(["sample", run, "--n", "4", "--out", str(tmp_path / "new.png")]) == 0
    assert main(["evaluate", run, "--n", "200", "--json"]) == 0
    out = capsys.readouterr().out
    figures = json.loads(out[out.index("{") :])["figures"]["drawn digits"]
    assert "frechet_distance" in figures and ("reconstruction_error" in figures) == (name == "aae")
    assert main(["explore", run, "--side", "5", "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ("nearest codes are of class" if name == "aae" else "rebuilds it with a mean error") in page


def test_sample_draws_the_class_asked_for(tmp_path, monkeypatch, capsys):
    encoder = dense_encoder((28, 28, 1), 2, hidden=4, rng=0)
    folder, asked = tmp_path / "run", []
    folder.mkdir()
    save(AdversarialAutoencoder(encoder, classes=["cat", "dog", "owl"], rng=0), folder / "model.npz")
    noise = AdversarialAutoencoder.noise

    def noted(self, n, labels=None, *, rng=None):
        asked.append((n, np.asarray(labels).tolist()))
        return noise(self, n, labels, rng=rng)

    monkeypatch.setattr(AdversarialAutoencoder, "noise", noted)
    assert main(["sample", str(folder), "--class", "owl", "--n", "3"]) == 0
    assert "3 new samples of class owl" in capsys.readouterr().out
    assert main(["sample", str(folder)]) == 0  # 8 of each class
    assert asked == [(3, [2] * 3), (24, [0] * 8 + [1] * 8 + [2] * 8)]
    assert main(["sample", str(folder), "--class", "cow"]) == 2
    assert "no class 'cow': expected one of cat, dog, owl" in capsys.readouterr().err


def test_a_run_without_classes_says_so(aae, capsys):
    assert main(["sample", str(aae), "--class", "7"]) == 2
    assert (
        "holds an AdversarialAutoencoder, which knows no classes: leave out --class"
        in capsys.readouterr().err
    )


def test_one_iteration_in_slow_motion(capsys):
    assert main(["step", "aae", "--batch-size", "6"]) == 0
    out = capsys.readouterr().out
    learns = [line for line in out.splitlines() if "learn" in line]
    assert "encoder" in out and "discriminator" in out and len(learns) >= 3
    assert main(["step", "began", "--batch-size", "6"]) == 0
    out = capsys.readouterr().out
    assert out.index("1. generator learns") < out.index("2. discriminator learns")
    assert out.count("discriminator, both questions") == 1  # which tells G what to draw, and D what not to


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*AAE, "--prior", "ring", "--latent-dim", "3"], "a RingPrior is for codes of 2 latents"),
        ([*AAE, "--prior", "square"], "invalid choice: 'square'"),
        ([*TINY_BEGAN, "--gamma", "1"], "expected a number between 0 and 1, got '1'"),
        ([*TINY_BEGAN, "--k-rate", "-1"], "expected a number in [0, 1), got '-1'"),
    ],
)
def test_bad_options(arguments, said, tmp_path, capsys):
    try:
        status = main([*arguments, "--out", str(tmp_path / "run"), "--quiet"])
    except SystemExit as error:
        status = error.code
    assert status != 0 and said in capsys.readouterr().err
