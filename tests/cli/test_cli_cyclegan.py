"""`numpygan train cyclegan`: the run's folder, going on, evaluating it, the errors."""

import csv
import json

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.datasets import load_domains
from numpygan.models import CycleGAN
from numpygan.training import TranslationRecorder

TINY = [
    "train",
    "cyclegan",
    "--iterations",
    "4",
    "--batch-size",
    "2",
    "--filters",
    "4",
    "--sample-interval",
    "2",
]
RESULTS = ["checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples", "settings.json", "training.gif",
           "training.html", "translations.png"]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a tiny finished run."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_a_run_leaves_everything_it_promised(run):
    assert sorted(path.name for path in run.iterdir()) == RESULTS
    grids = sorted(path.name for path in (run / "samples").iterdir())
    assert grids == [f"iteration-{number:06d}.png" for number in (0, 2, 4)]
    for name in ("translations.png", "curves.png"):
        assert imread(run / name)[..., :3].std() > 0.05  # not blank
    with open(run / "losses.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 and float(rows[-1]["cycle_a"]) > 0 and float(rows[-1]["identity_b"]) > 0
    assert json.loads((run / "settings.json").read_text())["iterations_done"] == 4


def test_the_defaults_are_the_models_own(run):
    model, plain = load(run / "model.npz"), CycleGAN(rng=0)
    assert type(model) is CycleGAN and model.config() == plain.config()
    for name, rule in model.optimizers.items():
        assert rule.config() == plain.optimizers[name].config()
    assert model.D_A.count_params() == plain.D_A.count_params()


@pytest.mark.slow
def test_settings_reach_the_model(tmp_path):
    arguments = ["--domains", "colour", "--cycle-weight", "3", "--blocks", "1"]
    arguments += ["--learning-rate", "0.003", "--beta-1", "0.25"]
    assert main([*TINY, *arguments, "--out", str(tmp_path), "--quiet"]) == 0
    model = load(tmp_path / "model.npz")
    assert (model.G.output_shape, model.F.output_shape) == ((28, 28, 3), (28, 28, 1))
    assert (model.cycle_weight, model.identity_weight) == (3, 0)
    for rule in model.optimizers.values():
        assert (rule.learning_rate, rule.beta_1) == (0.003, 0.25)
    assert sum(type(layer).__name__ == "Residual" for layer in model.G.layers) == 1


@pytest.mark.slow
def test_it_says_what_it_does_and_how_well_it_went(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*TINY, "--iterations", "1"]) == 0
    text = capsys.readouterr().out
    assert "a CycleGAN on 5,000 plain digits and 5,000 of domain 'zebra': 1 iterations of batch 2" in text
    assert "ms an iteration this will take about" in text
    assert "a, left as it is, against b  0.1014" in text and "G(a) against b " in text
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["cyclegan-1"]


class PowerCut(BaseException):
    pass


@pytest.mark.slow
def test_a_run_that_was_cut_off_ends_like_one_that_was_not(tmp_path, monkeypatch, capsys):
    arguments = [*TINY, "--iterations", "8", "--identity-weight", "2", "--quiet"]
    assert main([*arguments, "--out", str(tmp_path / "whole")]) == 0
    after_iteration = TranslationRecorder.after_iteration

    def cut(self, iteration, model, history):
        if iteration == 7:
            raise PowerCut
        return after_iteration(self, iteration, model, history)

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(TranslationRecorder, "after_iteration", cut)
        main([*arguments, "--out", str(tmp_path / "cut"), "--checkpoint-every", "3"])
    assert len(load(tmp_path / "cut" / "checkpoint.npz").history) == 6
    assert main(["train", "cyclegan", "--quiet", "--resume", str(tmp_path / "cut")]) == 0
    assert "Resuming after iteration 6." in capsys.readouterr().out
    for path in (tmp_path / "whole").iterdir():
        if path.suffix in (".csv", ".png", ".gif"):
            assert path.read_bytes() == (tmp_path / "cut" / path.name).read_bytes(), path.name
    whole, cut = (load(tmp_path / folder / "model.npz").snapshot() for folder in ("whole", "cut"))
    assert all(array.tobytes() == cut[key].tobytes() for key, array in whole.items())


@pytest.mark.slow
def test_evaluate_reports_the_errors_of_the_translation(run, capsys):
    assert main(["evaluate", str(run), "--n", "150", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]["translated digits"]
    (run / "nearest.png").unlink()
    expected = load(run / "model.npz").evaluate(*(x[:150] for x in load_domains("zebra", "evaluation")))
    for name in ("error_a", "error_b", "cycle_a", "unchanged"):
        assert figures[name]["value"] == pytest.approx(expected[name], rel=1e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "no settings.json that names its domains"),
        ({"domains": "horses"}, "name must be one of 'zebra', 'thick', 'colour', got 'horses'"),
        ({"domains": "colour"}, "b must have shape (N, 28, 28, 1), got (150, 28, 28, 3)"),
    ],
)
def test_evaluate_needs_the_right_domains(settings, message, run, tmp_path, capsys):
    (tmp_path / "model.npz").write_bytes((run / "model.npz").read_bytes())
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    assert main(["evaluate", str(tmp_path), "--n", "150"]) == 2
    assert message in capsys.readouterr().err


def test_diagnose_reads_the_domains_of_the_run(run, tmp_path, capsys):
    assert main(["diagnose", str(run)]) == 0
    text = capsys.readouterr().out
    assert "CycleGAN after 4 iterations on zebra" in text and "too early to tell" in text
    assert main(["diagnose", str(run), "--data", "digits"]) == 2
    assert "learns from the domains that its run names: leave out --data" in capsys.readouterr().err


def test_sample_translates_digits(run, capsys):
    assert main(["sample", str(run), "--n", "6", "--seed", "1"]) == 0
    assert "6 new samples" in capsys.readouterr().out
    assert imread(run / "new-samples.png")[..., :3].std() > 0.05
    (run / "new-samples.png").unlink()


@pytest.mark.slow
def test_quick_ends_early(tmp_path):
    arguments = ["--quick", "--batch-size", "1", "--filters", "4", "--blocks", "1"]
    assert main(["train", "cyclegan", *arguments, "--out", str(tmp_path), "--quiet"]) == 0
    assert json.loads((tmp_path / "settings.json").read_text())["iterations_done"] == 40


def test_help_shows_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "cyclegan", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "--data" not in text
    for option, default in {
        "--domains {zebra,thick,colour}": "zebra", "--iterations": "2000", "--batch-size": "8",
        "--learning-rate": "0.002", "--beta-1": "0.5", "--cycle-weight": "10.0",
        "--identity-weight": "half of the cycle's, or 0 if only one domain is in colour", "--filters": "16", "--blocks": "2",
        "--seed": "0", "--sample-interval": "100",
    }.items():  # fmt: skip
        assert f"(default: {default})" in text[text.rindex(option) :][:250], option


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--domains", "horses"], "invalid choice: 'horses'"),
        (["--learning-rate", "-1"], "expected a positive number, got '-1'"),
        (["--cycle-weight", "-1"], "expected a number of at least 0, got '-1'"),
        (["--blocks", "0"], "expected an integer of at least 1, got '0'"),
        (["--data", "mnist"], "unrecognized arguments"),
        (["--domains", "colour", "--identity-weight", "5"], "identity_weight must be 0, got 5.0"),
        (["--batch-size", "5001"], "--batch-size 5001 is larger than a domain: 5,000"),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["train", "cyclegan", *arguments])
    except SystemExit as error:  # argparse's own way
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_divergence_is_reported_and_the_last_good_model_kept(tmp_path, capsys):
    assert main([*TINY, "--learning-rate", "1e37", "--out", str(tmp_path), "--quiet"]) == 1
    text = capsys.readouterr().out
    assert "stopped in iteration" in text and "is not finite" in text
    assert np.isfinite(load(tmp_path / "model.npz").generator_params).all()
