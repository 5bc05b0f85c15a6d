"""`numpygan diagnose RUN`, and the line that a training prints when something goes wrong."""

import numpy as np
import pytest

from numpygan.cli import main

TINY = ["train", "gan", "--batch-size", "16", "--hidden", "8", "--latent-dim", "4", "--quiet"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--iterations", "120", "--out", str(folder)]) == 0
    return folder


def test_it_says_what_the_run_is_and_what_it_shows(run, capsys):
    assert main(["diagnose", str(run)]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"{run}: GAN after 120 iterations on digits"
    assert rest[0][:2] in ("! ", "- ", "+ ") and rest[1].startswith("    ") and rest[2].startswith("    -> ")
    assert rest[-2].startswith("! problem, - worth knowing, + good") and rest[-1].startswith(
        "D(x), D(G(z)): the discr"
    )


def test_a_run_without_its_model_file_is_read_from_the_checkpoint(run, tmp_path, capsys):
    (tmp_path / "checkpoint.npz").write_bytes((run / "checkpoint.npz").read_bytes())
    assert main(["diagnose", str(tmp_path)]) == 0
    assert "after 120 iterations" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("model", ["ae", "vae"])
def test_autoencoders_too(model, tmp_path, capsys):
    arguments = [
        "--epochs",
        "1",
        "--hidden",
        "8",
        "--batch-size",
        "100",
        "--quiet",
        "--sample-interval",
        "1000",
    ]
    assert main(["train", model, *arguments, "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["diagnose", str(tmp_path)]) == 0
    assert "after 100 iterations on digits" in capsys.readouterr().out


def test_one_of_its_own_data(tmp_path, capsys):
    file = tmp_path / "grey.npy"
    np.save(file, np.random.default_rng(0).integers(0, 256, (40, 6, 5), dtype=np.uint8))
    folder = tmp_path / "run"
    assert main([*TINY, "--iterations", "3", "--data", str(file), "--out", str(folder)]) == 0
    capsys.readouterr()
    assert main(["diagnose", str(folder)]) == 0
    assert f"on {file}" in capsys.readouterr().out
    (folder / "settings.json").unlink()  # as while training is in progress
    assert main(["diagnose", str(folder)]) == 0
    assert f"on {file}" in capsys.readouterr().out
    file.unlink()
    assert main(["diagnose", str(folder)]) == 2  # the data is gone
    assert f"no longer at {file}: say where they are with --data" in capsys.readouterr().err


@pytest.mark.slow
def test_training_says_what_goes_wrong_and_learns_the_same(run, tmp_path, capsys):
    again = tmp_path / "again"
    assert main([*TINY, "--iterations", "120", "--out", str(again), "--diagnose-every", "7"]) == 0
    assert (again / "losses.csv").read_bytes() == (run / "losses.csv").read_bytes()
    capsys.readouterr()
    high = [*TINY, "--iterations", "240", "--learning-rate", "0.5", "--diagnose-every", "20"]
    assert main([*high, "--out", str(tmp_path / "high")]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("iteration ")]
    assert lines and "steps too large" in lines[0] and "Try: Reduce the learning rate tenfold" in lines[0]


def test_a_run_that_diverged_says_where(tmp_path, capsys):
    assert main([*TINY, "--iterations", "20", "--learning-rate", "1e37", "--out", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main(["diagnose", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "! diverged" in text and "stopped in iteration" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-run"], "no-such-run is not the folder of a run"),
        (["{run}", "--data", "no-such-data"], "--data no-such-data is none of"),
        (["{broken}"], "model.npz is not a numpygan model"),
        (["{run}", "--data", "{small}"], "learns from data of shape (N, 28, 28, 1), got (5, 4, 4, 1)"),
    ],
)
def test_bad_input_is_status_2(arguments, message, run, tmp_path, capsys):
    (tmp_path / "model.npz").write_bytes(b"not a model")
    np.save(tmp_path / "small.npy", np.zeros((5, 4, 4), np.uint8))
    names = {"run": run, "broken": tmp_path, "small": tmp_path / "small.npy"}
    assert main(["diagnose", *(text.format(**names) for text in arguments)]) == 2
    assert message in capsys.readouterr().err


def test_other_models_are_refused(tmp_path, capsys):
    from numpygan.checkpoint import save
    from numpygan.metrics import load_classifier

    save(load_classifier(), tmp_path / "model.npz")
    assert main(["diagnose", str(tmp_path)]) == 2
    assert (
        "holds a Classifier, expected one of Autoencoder, VAE, GAN, DCGAN, WGAN, ConditionalGAN, "
        "ConditionalVAE, CycleGAN, Pix2Pix" in capsys.readouterr().err
    )
