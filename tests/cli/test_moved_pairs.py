"""Pairs (`--pairs`) and two domains (`--a`, `--b`) that have moved, alone or with the run."""

import json
import shutil

import numpy as np
import pytest

from numpygan.cli import main

pytestmark = pytest.mark.slow  # the quick suite finds pairs by their settings alone, in test_moved_data.py

TINY_PAIRS = ["--batch-size", "4", "--filters", "2", "--hold-out", "0.25", "--quiet"]
RUNS = {  # by model: the options that name its data, and further ones
    "pix2pix": ({"pairs": "own"}, ["--iterations", "2"]),
    "cyclegan": ({"a": "own/a", "b": "own/b"}, ["--iterations", "2", "--blocks", "1"]),
}
LOOKING = ["diagnose"], ["step", "--batch-size", "4"], ["evaluate", "--n", "70"], ["sample", "--n", "4"]


def typed(named, folder=""):
    """Return named data as options: ["--pairs", "own"]."""
    return [word for key, path in named.items() for word in (f"--{key}", f"{folder}{path}")]


def write_pairs(folder, seed=0, n=72):
    image = pytest.importorskip("PIL.Image")
    rng = np.random.default_rng(seed)
    for name in "ab":
        (folder / name).mkdir(parents=True)
        for k in range(n):
            pixels = rng.integers(0, 256, (16, 16), dtype=np.uint8)
            image.fromarray(pixels).save(folder / name / f"{k:02}.png")


@pytest.fixture(scope="module")
def trained_on_pairs(tmp_path_factory):
    """A folder with own/a, own/b and a run of each model on them, whose paths were typed there."""
    folder = tmp_path_factory.mktemp("pairs")
    write_pairs(folder / "own")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, (named, more) in RUNS.items():
            assert main(["train", name, *typed(named), *more, *TINY_PAIRS, "--out", f"runs/{name}"]) == 0
    return folder


@pytest.fixture
def paired(trained_on_pairs, tmp_path, monkeypatch):
    """A copy of that folder; the original is out of reach, so that its full paths lead nowhere."""
    copy = shutil.copytree(trained_on_pairs, tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    hidden = trained_on_pairs.rename(trained_on_pairs.with_name("hidden"))
    yield copy
    hidden.rename(trained_on_pairs)


@pytest.mark.parametrize("model", RUNS)
def test_pairs_and_domains_from_another_folder(model, trained_on_pairs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = shutil.copytree(trained_on_pairs / "runs" / model, tmp_path / "run")
    for command in LOOKING:
        assert main([command[0], str(run), *command[1:]]) == 0
    more = ["--iterations", "3"] if model == "pix2pix" else []
    assert main(["train", model, "--resume", str(run), "--quiet", *more]) == 0


@pytest.mark.parametrize("model", RUNS)
def test_pairs_and_domains_that_moved_with_the_run(model, paired, capsys):
    run = paired / "runs" / model
    for command in LOOKING:
        assert main([command[0], str(run), *command[1:]]) == 0
    assert main(["train", model, "--resume", str(run), "--quiet"]) == 0
    assert "was not trained on" not in capsys.readouterr().err


@pytest.mark.parametrize("model", RUNS)
def test_pairs_and_domains_that_moved_apart(model, paired, capsys):
    (paired / "own").rename(paired / "moved")
    run, (named, _) = str(paired / "runs" / model), RUNS[model]
    now = typed({key: path.replace("own", "moved") for key, path in named.items()}, f"{paired}/")
    for command in (
        *([name, run, *more] for name, *more in LOOKING),
        ["train", model, "--resume", run, "--quiet"],
    ):
        assert main(command) == 2
        assert capsys.readouterr().err.endswith(f": say where they are with --{next(iter(named))}\n")
        assert main([*command, *now]) == 0
        assert "was not trained on" not in capsys.readouterr().err
    assert main(["step", run, "--batch-size", "4"]) == 0  # from now on they are known to be there


def test_pairs_that_are_others(paired, capsys):
    write_pairs(paired / "others", seed=1)
    for model, (named, _) in RUNS.items():
        run = str(paired / "runs" / model)
        others = typed({key: path.replace("own", "others") for key, path in named.items()}, f"{paired}/")
        assert main(["diagnose", run, *others]) == 0
        assert capsys.readouterr().err.startswith(f"numpygan: {run} was not trained on ")
    b = ["--b", f"{paired}/others/b"]  # one of the two domains is enough
    assert main(["diagnose", run, *b]) == 0
    assert capsys.readouterr().err == f"numpygan: {run} was not trained on {b[1]}\n"


@pytest.mark.parametrize("model", RUNS)
def test_an_older_run_says_only_what_was_typed(model, paired, monkeypatch, capsys):
    path = paired / "runs" / model / "settings.json"
    settings = json.loads(path.read_text())
    older = {key: value for key, value in settings.items() if not key.endswith(("_path", "_from_run"))}
    assert len(older) < len(settings)
    path.write_text(json.dumps(older))
    assert main(["step", f"{paired}/runs/{model}", "--batch-size", "4"]) == 2
    assert "say where they are with" in capsys.readouterr().err
    monkeypatch.chdir(paired)
    assert main(["step", f"runs/{model}", "--batch-size", "4"]) == 0


def test_options_that_name_nothing_of_a_run(paired, capsys):
    for command in (
        ["diagnose", f"{paired}/runs/pix2pix", "--a", "x"],
        ["sample", f"{paired}/runs/cyclegan", "--pairs", "x"],
        ["step", f"{paired}/runs/pix2pix", "--b", "x"],
        ["evaluate", f"{paired}/runs/cyclegan", "--pairs", "x"],
        ["step", "gan", "--pairs", "x"],
        ["train", "pix2pix", "--resume", f"{paired}/runs/pix2pix", "--data", "shapes"],
    ):
        assert main(command) == 2
        assert "leave it out" in capsys.readouterr().err
