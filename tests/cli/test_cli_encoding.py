"""`numpygan train ae` and `numpygan train vae`."""

import csv
import json

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan import checkpoint
from numpygan.cli import main

TINY = ["--quick", "--epochs", "2", "--hidden", "16", "--batch-size", "500", "--quiet"]
ALWAYS = [
    "checkpoint.npz", "curves.png", "epochs.csv", "losses.csv", "model.npz", "reconstructions.png", "samples", "settings.json",
    "training.gif", "training.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folders of tiny finished runs: ae with 2 latents, and vae with 2 and with 3."""
    folder = tmp_path_factory.mktemp("runs")
    for name, latents in (("ae", 2), ("vae", 2), ("vae", 3)):
        out = str(folder / f"{name}{latents}")
        assert main(["train", name, *TINY, "--latent-dim", str(latents), "--out", out]) == 0
    return folder


def test_runs_leave_everything_they_promised(runs):
    extra = {
        "ae2": ["plane.html", "plane.png"],
        "vae2": ["manifold.png", "plane.html", "plane.png", "samples.png"],
        "vae3": ["samples.png"],
    }
    for name, files in extra.items():
        assert sorted(path.name for path in (runs / name).iterdir()) == sorted([*ALWAYS, *files])
        for picture in (runs / name).glob("*.png"):
            assert imread(picture)[..., :3].std() > 0.02, picture
        with open(runs / name / "epochs.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["epoch"] for row in rows] == ["1", "2"] and float(rows[1]["val_loss"]) > 0
        settings = json.loads((runs / name / "settings.json").read_text())
        assert settings["iterations_done"] == 8 and settings["epochs"] == 2


def test_models_come_back_as_they_were_saved(runs, tmp_path):
    x = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)
    for name in ("ae2", "vae2", "vae3"):
        model = checkpoint.load(runs / name / "model.npz")
        checkpoint.save(model, tmp_path / "again.npz")
        twin = checkpoint.load(tmp_path / "again.npz")
        np.testing.assert_array_equal(model.reconstruct(x), twin.reconstruct(x))
        assert model.optimizer.t == twin.optimizer.t == 8
        before = model.snapshot()
        for name, array in twin.snapshot().items():
            np.testing.assert_array_equal(array, before[name])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_run(runs, tmp_path):
    assert main(["train", "vae", *TINY, "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "losses.csv").read_bytes() == (runs / "vae2" / "losses.csv").read_bytes()


def test_a_vae_draws_and_an_autoencoder_says_that_it_cannot(runs, capsys):
    assert main(["sample", str(runs / "vae3"), "--n", "5"]) == 0
    assert (runs / "vae3" / "new-samples.png").exists()
    (runs / "vae3" / "new-samples.png").unlink()
    assert main(["sample", str(runs / "ae2")]) == 2
    assert "holds an Autoencoder, which cannot generate" in capsys.readouterr().err


@pytest.mark.slow
def test_it_says_what_it_does_and_how_well_it_went(tmp_path, capsys):
    assert main(["train", "vae", *TINY, "--out", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "Training a VAE on 2,000 handwritten digits: 8 iterations of batch 500" in text
    assert "On 2,000 digits not trained on: loss" in text and "nats per image" in text
    assert str(tmp_path / "manifold.png") in text


def test_patience_stops_early(tmp_path, capsys):
    arguments = [
        "train",
        "ae",
        *TINY[:1],
        *TINY[3:],
        "--epochs",
        "5",
        "--learning-rate",
        "3",
        "--patience",
        "1",
    ]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    assert "Stopped early: val_loss has not fallen below" in capsys.readouterr().out


@pytest.mark.slow
def test_divergence_keeps_the_last_good_model(tmp_path, capsys):
    assert main(["train", "ae", *TINY, "--learning-rate", "1e37", "--out", str(tmp_path)]) == 1
    assert "is not finite" in capsys.readouterr().out
    assert np.isfinite(checkpoint.load(tmp_path / "model.npz").flat_params).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["vae", "--latent-dim", "0"], "expected an integer of at least 1, got '0'"),
        (["vae", "--beta", "-1"], "expected a number of at least 0, got '-1'"),
        (["ae", "--beta", "1"], "unrecognized arguments"),
        (["ae", "--epochs", "0"], "expected an integer of at least 1, got '0'"),
        (["ae", "--batch-size", "10001"], "--batch-size 10001 is larger than the data"),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["train", *arguments])
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_saved_options_that_make_no_sense_are_named(runs, tmp_path):
    for name, wrong in (("vae2", {"likelihood": {"kind": "Poisson"}}), ("ae2", {"loss": "Sequential"})):
        with np.load(runs / name / "model.npz") as stored:
            arrays = dict(stored)
        about = json.loads(bytes(arrays["about"]))
        about["config"] |= wrong
        arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
        np.savez(tmp_path / "broken.npz", **arrays)
        with pytest.raises(ValueError, match="is not a known (likelihood|loss)"):
            checkpoint.load(tmp_path / "broken.npz")
